// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/markdown/specexamples.h"
#include "tests/models/markdown/streammirror.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtCore/QDir>
#include <QtTest/QTest>

#include <random>

using namespace rivulet;
using namespace rivulet::test;

namespace {

/// Ids depend on what was shown on the way; all else must not.
QList<Row> withoutIds(QList<Row> rows)
{
    for (Row &row : rows)
        row.id = 0;
    return rows;
}

/// Feeds the text in every way that `plan` has and expects the same rows at the end, and no breach of what
/// patches promise on the way.
void expectSameForEverySplit(const QByteArray &markdown, MarkdownOptions options, const SplitPlan &plan = {})
{
    MarkdownStream whole(options);
    whole.append({markdown.data(), size_t(markdown.size())});
    whole.finish();
    const QList<Row> rows = withoutIds(whole.rows());
    const QByteArray html = toHtml(whole).toUtf8();
    const auto check = [&](const Split &split) {
        StreamMirror mirror(options);
        for (const QByteArrayView piece : split.pieces)
            mirror.append(piece.toByteArray());
        mirror.finish();
        const QByteArray where = ", " + split.name + " of\n" + markdown;
        QVERIFY2(mirror.breach().isEmpty(), QByteArray(mirror.breach() + where).constData());
        const QByteArray actual = toHtml(mirror.stream()).toUtf8();
        QVERIFY2(actual == html, QByteArray("gives\n" + actual + "instead of\n" + html + where).constData());
        QVERIFY2(withoutIds(mirror.rows()) == rows, QByteArray("other rows" + where).constData());
    };
    everySplit(markdown, check, plan);
}

constexpr SplitPlan fewSplits{.singleCuts = 60, .randomSplits = 6};

} // namespace

class TestSplit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void specifiedExampleIsTheSameForEverySplit_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QByteArray>("markdown");
        for (const QString &path : fixtureFiles(QStringLiteral("markdown"), {QStringLiteral("*.txt")})) {
            const QString name = QFileInfo(path).baseName();
            for (const SpecExample &example : specExamples(fixture(path)))
                QTest::addRow("%s %d", qPrintable(name), example.number) << example.markdown;
        }
    }
    void specifiedExampleIsTheSameForEverySplit()
    {
        QFETCH(QByteArray, markdown);
        expectSameForEverySplit(markdown, {}, {.randomSplits = 3});
        expectSameForEverySplit(markdown.trimmed(), MarkdownOptions::commonMark(), fewSplits);
    }

    void examplesInAnyOrderAreTheSameForEverySplit()
    {
        RIVULET_REQUIRE_FIXTURES();
        QList<SpecExample> examples = specExamples(fixture(QStringLiteral("markdown/gfm-0.29.spec.txt")));
        std::mt19937 random(20261121);
        for (int round = 0; round < 150 && !QTest::currentTestFailed(); ++round) {
            QByteArray markdown;
            for (auto count = 2 + random() % 4; count > 0; --count) {
                const QByteArray &piece = examples[qsizetype(random() % size_t(examples.size()))].markdown;
                markdown += random() % 3 == 0 ? piece.trimmed() : piece;
                if (random() % 2 == 0)
                    markdown += '\n';
            }
            expectSameForEverySplit(markdown, {}, fewSplits);
        }
    }

    void shuffledLinesAreTheSameForEverySplit()
    {
        RIVULET_REQUIRE_FIXTURES();
        QList<QByteArray> lines;
        for (const SpecExample &example : specExamples(fixture(QStringLiteral("markdown/gfm-0.29.spec.txt"))))
            lines += example.markdown.split('\n');
        std::mt19937 random(7);
        for (int round = 0; round < 300 && !QTest::currentTestFailed(); ++round) {
            QByteArray markdown;
            for (auto count = 2 + random() % 10; count > 0; --count)
                markdown +=
                    lines[qsizetype(random() % size_t(lines.size()))] + (random() % 8 == 0 ? "\r\n" : "\n");
            expectSameForEverySplit(markdown, {}, fewSplits);
        }
    }

    void ownDocumentIsTheSameForEverySplit_data()
    {
        QTest::addColumn<QByteArray>("markdown");
        const QDir folder(QStringLiteral(RIVULET_TEST_DATA "/markdown"));
        const QStringList names = folder.entryList({QStringLiteral("*.md")}, QDir::Files, QDir::Name);
        QVERIFY(!names.isEmpty());
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << readFile(folder.filePath(name));
    }
    void ownDocumentIsTheSameForEverySplit()
    {
        QFETCH(QByteArray, markdown);
        expectSameForEverySplit(markdown, {}, {.singleCuts = 400, .randomSplits = 20});
    }

    void lineEndsOfEveryKindAreTheSame()
    {
        const QByteArray feeds = "# a\n\nb\nc\n\n```\nd\n\ne\n```\n- f\n\n  g\n";
        MarkdownStream expected;
        expected.append(feeds.toStdString());
        expected.finish();
        for (const char *end : {"\r\n", "\r"}) {
            QByteArray markdown = feeds;
            markdown.replace("\n", end);
            expectSameForEverySplit(markdown, {});
            MarkdownStream actual;
            actual.append(markdown.toStdString());
            actual.finish();
            QCOMPARE(toHtml(actual), toHtml(expected));
        }
    }
};

QTEST_APPLESS_MAIN(TestSplit)
#include "tst_split.moc"
