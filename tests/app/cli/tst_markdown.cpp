// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

namespace {

struct Run
{
    int exitCode = -1;
    QByteArray out;
    QByteArray error;
};

// Runs the real program on a text to its end.
Run run(const QStringList &arguments, const QByteArray &markdown = {})
{
    QTemporaryFile file;
    if (!file.open() || file.write(markdown) != markdown.size() || !file.flush())
        QTest::qFail("cannot write the text", __FILE__, __LINE__);
    QProcess process;
    process.start(QStringLiteral(RIVULET_CLI), arguments + QStringList{file.fileName()});
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        QTest::qFail(qPrintable(u"the program did not end by itself: "_s + process.errorString()), __FILE__,
                     __LINE__);
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class tst_Markdown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void htmlIsInTheFormOfTheSpecifications()
    {
        const Run html = run({u"html"_s}, "# A *b*\n\n- ~~c~~\n");
        QCOMPARE(html.out, "<h1>A <em>b</em></h1>\n<ul>\n<li><del>c</del></li>\n</ul>\n");
        QCOMPARE(html.exitCode, 0);
    }

    void flavorAndExtensionsChooseTheMarkup()
    {
        const QByteArray markdown = "~~a~~ www.b.org\n";
        QCOMPARE(run({u"html"_s, u"--flavor"_s, u"commonmark"_s}, markdown).out, "<p>~~a~~ www.b.org</p>\n");
        QCOMPARE(run({u"html"_s, u"--flavor"_s, u"gfm"_s}, markdown).out,
                 "<p><del>a</del> <a href=\"http://www.b.org\">www.b.org</a></p>\n");
        QCOMPARE(
            run({u"html"_s, u"--flavor"_s, u"gfm"_s, u"--ext"_s, u"table,strikethrough"_s}, markdown).out,
            "<p><del>a</del> www.b.org</p>\n");
    }

    void rawHtmlIsEscapedUnlessItIsAllowed()
    {
        QCOMPARE(run({u"html"_s}, "<b>x</b>\n").out, "<p>&lt;b&gt;x&lt;/b&gt;</p>\n");
        QCOMPARE(run({u"html"_s, u"--allow-html"_s}, "<b>x</b>\n").out, "<p><b>x</b></p>\n");
    }

    void htmlIsTheSameForEverySplit()
    {
        const QByteArray markdown = "a **b\n\n| c |\n|---|\n| d |\n\n[e]: /f\n[e]\n";
        const QByteArray whole = run({u"html"_s}, markdown).out;
        QCOMPARE(run({u"html"_s, u"--split-each"_s}, markdown).out, whole);
        QCOMPARE(run({u"html"_s, u"--split"_s, u"7"_s}, markdown).out, whole);
    }

    void rowsAreAnArray()
    {
        const Run rows = run({u"rows"_s}, "> 3. a `b`\n");
        const QJsonArray array = QJsonDocument::fromJson(rows.out).array();
        QCOMPARE(array.size(), 1);
        const QJsonObject row = array.first().toObject();
        QCOMPARE(row["kind"_L1].toString(), u"paragraph"_s);
        QCOMPARE(row["text"_L1].toString(), u"a b"_s);
        QCOMPARE(row["source"_L1].toArray(), (QJsonArray{5, 10}));
        const QJsonArray containers = row["containers"_L1].toArray();
        QCOMPARE(containers.size(), 2);
        QCOMPARE(containers[0]["kind"_L1].toString(), u"quote"_s);
        QCOMPARE(containers[1]["number"_L1].toInt(), 3);
        const QJsonObject code = row["runs"_L1].toArray().first().toObject();
        QCOMPARE(code["kind"_L1].toString(), u"code"_s);
        QCOMPARE(code["begin"_L1].toInt(), 2);
    }

    void traceHasALineForEachAppend()
    {
        const Run trace = run({u"rows"_s, u"--trace"_s, u"--split"_s, u"4"_s}, "# Head\n\ntext\n");
        const QList<QByteArray> lines = trace.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 5); // four pieces and the end
        const QJsonObject last = QJsonDocument::fromJson(lines.last()).object();
        QCOMPARE(last["append"_L1].toInt(), 5);
        QCOMPARE(last["rows_total"_L1].toInt(), 2);
        QCOMPARE(last["first_touched"_L1].toInt(), 1);
        for (const char *member : {"rows_touched", "retyped", "reverted", "bytes_scanned"})
            QVERIFY2(last.contains(QLatin1StringView(member)), member);
    }

    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("flavor") << QStringList{u"html"_s, u"--flavor"_s, u"wiki"_s};
        QTest::newRow("extension") << QStringList{u"html"_s, u"--ext"_s, u"sidenotes"_s};
        QTest::newRow("split") << QStringList{u"rows"_s, u"--split"_s, u"none"_s};
        QTest::newRow("both splits") << QStringList{u"rows"_s, u"--split"_s, u"2"_s, u"--split-each"_s};
        QTest::newRow("two files") << QStringList{u"rows"_s, u"a.md"_s};
    }
    void wrongUsageIsExplained()
    {
        QFETCH(QStringList, arguments);
        const Run wrong = run(arguments);
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY(wrong.out.isEmpty());
        QVERIFY(wrong.error.startsWith("rivulet-cli: "));
    }
};

QTEST_GUILESS_MAIN(tst_Markdown)
#include "tst_markdown.moc"
