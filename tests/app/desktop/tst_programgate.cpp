// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/programgate.h"

#include "app/desktop/preferences.h"
#include "app/shell/providercredentials.h"
#include "net/transport/requestrules.h"
#include "tests/support/faketransport.h"
#include "tests/support/sessionsecrets.h"

#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <optional>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const ProcessRequest agent{.program = u"/usr/bin/agent"_s,
                           .arguments = {u"--deep"_s, u"--session"_s, u"1"_s},
                           .configured = 1,
                           .workingFolder = u"/home/me"_s};

struct Stage
{
    QTemporaryDir folder;
    Preferences preferences{folder.filePath(u"settings.json"_s)};
    ProgramGate gate{preferences};
    std::unique_ptr<ProgramConsent> consent = gate.makeConsent();
    QObject context;

    /// Asks, and waits until the gate has heard it.
    std::shared_ptr<std::optional<bool>> ask(const ProcessRequest &request)
    {
        auto answer = std::make_shared<std::optional<bool>>();
        consent->ask(request, &context, [answer](bool allowed) { *answer = allowed; });
        QCoreApplication::processEvents();
        return answer;
    }
};

} // namespace

class tst_ProgramGate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingRunsBeforePeopleHaveAnswered()
    {
        Stage stage;
        QSignalSpy changed(&stage.gate, &ProgramGate::questionChanged);
        const auto answer = stage.ask(agent);
        QVERIFY(!*answer);
        QVERIFY(stage.gate.isAsking());
        QCOMPARE(changed.count(), 1);
        QCOMPARE(stage.gate.command(), u"/usr/bin/agent --deep"_s);
        QCOMPARE(stage.gate.folder(), u"/home/me"_s);

        stage.gate.allow();
        QTRY_COMPARE(*answer, true);
        QVERIFY(!stage.gate.isAsking());
        QCOMPARE(stage.gate.command(), QString());
    }

    void whatItRunsForIsTold()
    {
        Stage stage;
        (void)stage.ask(agent);
        QCOMPARE(stage.gate.purpose(), ProgramGate::Purpose::Server);
        stage.gate.refuse();
        stage.consent = stage.gate.makeConsent(ProgramGate::Purpose::Key);
        (void)stage.ask(agent);
        QCOMPARE(stage.gate.purpose(), ProgramGate::Purpose::Key);
    }

    void aProgramThatPrintsAKeyIsAskedAboutWhenATurnNeedsIt()
    {
        Stage stage;
        SessionSecrets secrets;
        FakeTransport transport;
        const std::unique_ptr<ProgramConsent> consent = stage.gate.makeConsent(ProgramGate::Purpose::Key);
        ProviderCredentials credentials(secrets, transport, {}, consent.get());
        const Provider provider{
            .id = u"here"_s,
            .baseUrl = QUrl(u"https://api.example.com/v1"_s),
            .credential = credential::Command{.program = u"/bin/echo"_s, .arguments = {u"printed key"_s}}};
        QList<KeyResult> keys;
        const auto ask = [&] {
            credentials.key(provider, &stage.context, [&keys](const KeyResult &key) { keys.append(key); });
        };
        ask();
        QTRY_VERIFY(stage.gate.isAsking());
        QCOMPARE(stage.gate.command(), u"/bin/echo \"printed key\""_s);
        stage.gate.refuse();
        QTRY_COMPARE(keys.size(), 1);
        QCOMPARE(keys[0].error().code, transportcode::ProgramNotAllowed);

        ask();
        QTRY_VERIFY(stage.gate.isAsking());
        stage.gate.allow();
        QTRY_COMPARE(keys.size(), 2);
        QCOMPARE(keys[1], "printed key"_ba);
        const AllowedProgram allowed{
            .program = u"/bin/echo"_s, .arguments = {u"printed key"_s}, .folder = {}};
        QCOMPARE(stage.preferences.settings().allowedPrograms, QList<AllowedProgram>{allowed});

        // After a restart, nobody is asked again.
        ProviderCredentials later(secrets, transport, {}, consent.get());
        later.key(provider, &stage.context, [&keys](const KeyResult &key) { keys.append(key); });
        QTRY_COMPARE(keys.size(), 3);
        QCOMPARE(keys[2], "printed key"_ba);
        QVERIFY(!stage.gate.isAsking());
    }

    void whatWasAllowedIsNotAskedAgain()
    {
        Stage stage;
        (void)stage.ask(agent);
        stage.gate.allow();

        ProcessRequest later = agent;
        later.arguments = {u"--deep"_s, u"--session"_s, u"2"_s};
        const auto answer = stage.ask(later);
        QTRY_COMPARE(*answer, true);
        QVERIFY(!stage.gate.isAsking());
        QCOMPARE(stage.preferences.settings().allowedPrograms.size(), 1);
    }

    void anotherCommandIsAskedAgain_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("argument");
        QTest::addColumn<QString>("folder");
        QTest::newRow("program") << u"/tmp/agent"_s << u"--deep"_s << u"/home/me"_s;
        QTest::newRow("argument") << u"/usr/bin/agent"_s << u"--rm"_s << u"/home/me"_s;
        QTest::newRow("folder") << u"/usr/bin/agent"_s << u"--deep"_s << u"/"_s;
    }

    void anotherCommandIsAskedAgain()
    {
        QFETCH(const QString, program);
        QFETCH(const QString, argument);
        QFETCH(const QString, folder);
        Stage stage;
        (void)stage.ask(agent);
        stage.gate.allow();
        (void)stage.ask(
            {.program = program, .arguments = {argument}, .configured = 1, .workingFolder = folder});
        QVERIFY(stage.gate.isAsking());
    }

    void aRefusalHoldsForThisTimeOnly()
    {
        Stage stage;
        const auto answer = stage.ask(agent);
        stage.gate.refuse();
        QTRY_COMPARE(*answer, false);
        QVERIFY(stage.preferences.settings().allowedPrograms.isEmpty());
        (void)stage.ask(agent);
        QVERIFY(stage.gate.isAsking());
    }

    void oneAnswerIsForAllWhoAskAboutTheSame()
    {
        Stage stage;
        const auto one = stage.ask(agent);
        const auto two = stage.ask(agent);
        const auto other = stage.ask({.program = u"/usr/bin/other"_s});
        stage.gate.allow();
        QTRY_COMPARE(*one, true);
        QTRY_COMPARE(*two, true);
        QVERIFY(!*other);
        QCOMPARE(stage.gate.command(), u"/usr/bin/other"_s);
        stage.gate.refuse();
        QTRY_COMPARE(*other, false);
    }

    void theCommandShowsWhatCanNotBeSeen_data()
    {
        QTest::addColumn<QString>("argument");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << u"--model=small"_s << u"--model=small"_s;
        QTest::newRow("empty") << u""_s << u"\"\""_s;
        QTest::newRow("a space") << u"a b"_s << u"\"a b\""_s;
        QTest::newRow("quotes") << u"a\"b\\"_s << u"\"a\\\"b\\\\\""_s;
        QTest::newRow("a new line") << u"a\nb"_s << u"\"a\\u{a}b\""_s;
        QTest::newRow("turned around") << u"a\u202egnp"_s << u"\"a\\u{202e}gnp\""_s;
    }

    void theCommandShowsWhatCanNotBeSeen()
    {
        QFETCH(const QString, argument);
        QFETCH(const QString, shown);
        Stage stage;
        (void)stage.ask({.program = u"/a"_s, .arguments = {argument}, .configured = 1});
        QCOMPARE(stage.gate.command(), QString(u"/a "_s + shown));
    }

    void anotherThreadMayAsk()
    {
        Stage stage;
        std::optional<bool> answer;
        Qt::HANDLE answeredOn = nullptr;
        QThread thread;
        QObject asker;
        asker.moveToThread(&thread);
        thread.start();
        QMetaObject::invokeMethod(&asker, [&] {
            stage.consent->ask(agent, &asker, [&](bool allowed) {
                answeredOn = QThread::currentThreadId();
                answer = allowed;
                thread.quit();
            });
        });
        QTRY_VERIFY(stage.gate.isAsking());
        stage.gate.allow();
        QVERIFY(thread.wait());
        QCOMPARE(answer, true);
        QVERIFY(answeredOn != QThread::currentThreadId());
    }

    void whoeverIsGoneIsNotAnswered()
    {
        Stage stage;
        bool answered = false;
        {
            QObject gone;
            stage.consent->ask(agent, &gone, [&answered](bool) { answered = true; });
            QCoreApplication::processEvents();
        }
        stage.gate.allow();
        QCoreApplication::processEvents();
        QVERIFY(!answered);
    }

    void theEndOfTheGateIsARefusal()
    {
        QTemporaryDir folder;
        Preferences preferences(folder.filePath(u"settings.json"_s));
        auto gate = std::make_unique<ProgramGate>(preferences);
        QFuture<bool> answer = gate->request(agent);
        QCoreApplication::processEvents();
        gate.reset();
        QVERIFY(answer.isFinished());
        QCOMPARE(answer.result(), false);
    }
};

QTEST_GUILESS_MAIN(tst_ProgramGate)
#include "tst_programgate.moc"
