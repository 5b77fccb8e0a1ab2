// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fixtures.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

struct Run
{
    int exitCode = -1;
    QByteArray out;
    QByteArray error;
};

// Runs the real program to its end.
Run run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(RIVULET_CLI), arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        QTest::qFail(qPrintable(u"the program did not end by itself: "_s + process.errorString()), __FILE__,
                     __LINE__);
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString stream(const QString &name)
{
    return QStringLiteral(RIVULET_TEST_DATA "/streams/openai-chat-") + name;
}

Run replay(const QString &file, const QStringList &options = {})
{
    return run(QStringList{u"replay"_s, u"--dialect"_s, u"openai-chat"_s} + options + QStringList{file});
}

} // namespace

class tst_Replay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dialectsAreListedOneALine()
    {
        const Run listed = run({u"dialects"_s});
        QCOMPARE(listed.exitCode, 0);
        QVERIFY(listed.out.split('\n').contains("openai-chat"));
        QVERIFY(listed.out.endsWith('\n'));
    }

    void helpAndVersionArePrinted()
    {
        QVERIFY(run({u"--help"_s}).out.contains("replay"));
        QCOMPARE(run({u"--version"_s}).out, "rivulet-cli " RIVULET_VERSION "\n");
        const Run help = run({u"replay"_s, u"--help"_s});
        QCOMPARE(help.exitCode, 0);
        QVERIFY(help.out.contains("--split-each"));
    }

    void wrongUsageIsExplainedOnStandardError_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        const QString file = stream(u"plain.sse"_s);
        const auto row = [](const char *name, const QStringList &arguments, const char *words) {
            QTest::newRow(name) << arguments << QByteArray(words);
        };
        row("no command", {}, "command");
        row("unknown command", {u"play"_s}, "play");
        row("no file", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s}, "FILE");
        row("no dialect", {u"replay"_s, file}, "dialect");
        row("unknown dialect", {u"replay"_s, u"--dialect"_s, u"morse"_s, file}, "morse");
        row("unknown option", {u"replay"_s, u"--speed"_s, file}, "speed");
        row("missing file", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s, u"/nowhere/x.sse"_s},
            "/nowhere/x.sse");
        row("pieces of nothing", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s, u"--split"_s, u"0"_s, file},
            "--split");
        row("no status", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s, u"--status"_s, u"ok"_s, file},
            "--status");
        row("unknown form", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s, u"--framing"_s, u"tar"_s, file},
            "tar");
        row("two outputs", {u"replay"_s, u"--dialect"_s, u"openai-chat"_s, u"--json"_s, u"--summary"_s, file},
            "--summary");
    }

    void wrongUsageIsExplainedOnStandardError()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        const Run wrong = run(arguments);
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY(wrong.out.isEmpty());
        QVERIFY2(wrong.error.startsWith("rivulet-cli: ") && wrong.error.contains(words),
                 wrong.error.constData());
    }

    void theExitCodeTellsHowItEnded_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("complete") << u"plain.sse"_s << 0;
        QTest::newRow("no end marker") << u"no-end-marker.sse"_s << 3;
        QTest::newRow("cut off") << u"cut-off.sse"_s << 3;
        QTest::newRow("an error inside") << u"error-after-text.sse"_s << 4;
        QTest::newRow("no stream at all") << u"web-page.html"_s << 4;
    }

    void theExitCodeTellsHowItEnded()
    {
        QFETCH(QString, name);
        QFETCH(int, exitCode);
        for (const QStringList &options : {QStringList{}, {u"--json"_s}, {u"--summary"_s}})
            QCOMPARE(replay(stream(name), options).exitCode, exitCode);
    }

    void theTextIsPrintedPlainAndTheErrorBesideIt()
    {
        const Run failed = replay(stream(u"error-after-text.sse"_s));
        QCOMPARE(failed.out, "So far\n");
        QCOMPARE(failed.error, "rivulet-cli: The server had an error\n");
    }

    void eventsArePrintedOneALine()
    {
        const QByteArrayList lines = replay(stream(u"plain.sse"_s), {u"--json"_s}).out.trimmed().split('\n');
        QCOMPARE(lines.first(), R"({"event":"started","id":"chatcmpl-1","model":"model-1"})");
        QCOMPARE(lines.last(),
                 R"({"event":"usage","input_tokens":9,"output_tokens":4,"reasoning_tokens":1,)"
                 R"("cached_tokens":2})");
        for (const QByteArray &line : lines)
            QVERIFY(QJsonDocument::fromJson(line).isObject());
    }

    void theSummaryIsTheSameForEverySplit_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("whole") << QStringList{};
        QTest::newRow("pieces of 7") << QStringList{u"--split"_s, u"7"_s};
        QTest::newRow("single bytes") << QStringList{u"--split-each"_s};
    }

    void theSummaryIsTheSameForEverySplit()
    {
        QFETCH(QStringList, options);
        for (const QString &name : {u"plain.sse"_s, u"tools-parallel.sse"_s, u"error-field.sse"_s}) {
            QCOMPARE(replay(stream(name), QStringList{u"--summary"_s} + options).out,
                     readFile(stream(name) + u".summary"_s));
        }
    }

    void theHeadCanBeGiven()
    {
        const Run failed =
            replay(stream(u"error-document.json"_s),
                   {u"--status"_s, u"429"_s, u"--content-type"_s, u"text/plain"_s, u"--summary"_s});
        QCOMPARE(failed.exitCode, 4);
        const QJsonObject error = QJsonDocument::fromJson(failed.out)["error"_L1].toObject();
        QCOMPARE(error["status"_L1].toInt(), 429);
        QCOMPARE(error["message"_L1].toString(), u"model is loading"_s);
    }

    void storedPayloadsGetTheirFramingBack()
    {
        QTemporaryFile payloads;
        QVERIFY(payloads.open());
        payloads.write("{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\r\n\n[DONE]");
        payloads.close();
        const Run replayed = replay(payloads.fileName(), {u"--framing"_s, u"payloads"_s});
        QCOMPARE(replayed.exitCode, 0);
        QCOMPARE(replayed.out, "Hi\n");
    }

    void recordedStreamsReplay_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const QString &path : fixtureFiles(u"openai-chat"_s, {u"*.sse"_s, u"*.txt"_s}))
            QTest::newRow(qPrintable(path)) << path;
    }

    void recordedStreamsReplay()
    {
        QFETCH(QString, path);
        QStringList options{u"--summary"_s};
        if (path.endsWith(".txt"_L1))
            options += {u"--framing"_s, u"payloads"_s};
        const Run whole = replay(fixturesDir() + u'/' + path, options);
        QVERIFY2(whole.exitCode == 0 || whole.exitCode == 3 || whole.exitCode == 4, whole.error.constData());
        const Run split = replay(fixturesDir() + u'/' + path, options + QStringList{u"--split-each"_s});
        QCOMPARE(split.out, whole.out);
        QCOMPARE(split.exitCode, whole.exitCode);
    }
};

QTEST_GUILESS_MAIN(tst_Replay)
#include "tst_replay.moc"
