// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/processtransport.h"

#include "net/transport/requestrules.h"
#include "tests/support/calllog.h"
#include "tests/support/oneconsent.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <memory>

#ifdef Q_OS_UNIX
#include <csignal>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts patient{.head = 20s, .idle = 20s};
const QString shell = u"/bin/sh"_s;

// A program of a few lines; what follows `script` are its $1, $2 and so on.
ProcessRequest program(const QString &script, const QByteArrayList &lines = {})
{
    return {.program = shell, .arguments = {u"-c"_s, script}, .lines = lines};
}

// A request under way and what came of it.
struct Exchange
{
    Exchange(Transport &transport, const ProcessRequest &request, const TransportTimeouts &timeouts = patient)
        : call(transport.open(request, timeouts, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

// Whether a process runs; one that is dead and not yet collected does not.
bool isAlive(qint64 process)
{
#ifdef Q_OS_LINUX
    QFile state(u"/proc/%1/stat"_s.arg(process));
    if (!state.open(QIODevice::ReadOnly))
        return false;
    // Nothing, where it has gone since the file was opened.
    const QByteArray line = state.readAll();
    return !line.isEmpty() && line.sliced(line.lastIndexOf(')') + 2, 1) != "Z";
#else
    return kill(static_cast<pid_t>(process), 0) == 0;
#endif
}

} // namespace

class TestProcessTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void deliversTheOutputAndTheEnd();
    void handsArgumentsOverAsTheyAre();
    void writesTheFirstLinesAndThenEachMessage();
    void endsTheInputAfterTheLinesWhereAskedTo();
    void aMessageStaysOneLine();
    void deliversEachPieceWhenItComes();
    void deliversTenMegabytesWithoutALineEnd();
    void startsInTheHomeOrInTheFolderOfTheRequest();
    void givesAMinimalEnvironment();
    void addsWhatTheRequestAddsAndKeepsWhatItNames();
    void leadsASessionOfItsOwn();
    void inheritsNoOpenFile();

    void asksBeforeItRuns();
    void runsNothingThatWasNotAllowed();
    void runsNothingWithoutAnyoneToAsk();
    void runsNothingOnceItWasAborted();
    void refusesWhatIsNoProgram_data();
    void refusesWhatIsNoProgram();
    void carriesNothingElse();

    void aCodeIsAFailureInTheProgramsOwnWords();
    void aSignalIsAFailure();
    void keepsOnlyTheEndOfAFloodOfErrors();
    void wordsOfErrorsHaveNoTerminalSequences();
    void outputBeforeAFailureIsDelivered();
    void whatAProgramLeavesBehindEndsWithIt();

    void holdsTheProgramBackWhilePaused();
    void holdsTheEndBackWhilePaused();
    void givesUpOnASilentProgram();
    void aPausedCallDoesNotRunIntoItsIdleLimit();

    void abortEndsTheWholeTree();
    void deletingACallEndsTheWholeTree();
    void killsWhatDoesNotListen();
    void deletingTheTransportKillsAtOnce();
    void aProgramEndsWithAnApplicationThatWasKilled();
    void signalsNothingInsideOpenOrAfterAbort();
    void aCallMayBeDeletedInsideItsSignals_data();
    void aCallMayBeDeletedInsideItsSignals();
    void aCallOutlivesItsTransport();

private:
    OneConsent m_yes{true};
};

void TestProcessTransport::initTestCase()
{
#ifndef Q_OS_UNIX
    QSKIP("these programs are scripts of a Unix shell");
#endif
}

void TestProcessTransport::deliversTheOutputAndTheEnd()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"echo one; echo two"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.opened);
    QVERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "one\ntwo\n");
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestProcessTransport::handsArgumentsOverAsTheyAre()
{
    const QStringList hostile{u"a b"_s, u"$(touch x)"_s, u"; exit 9"_s, u"'"_s, u"\""_s, u""_s, u"grün\n"_s};
    ProcessTransport transport(&m_yes);
    ProcessRequest request = program(u"for each; do printf '%s|' \"$each\"; done"_s);
    request.arguments += u"name"_s;
    request.arguments += hostile;
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(QString::fromUtf8(exchange.log.body), hostile.join(u'|') + u'|');
}

void TestProcessTransport::writesTheFirstLinesAndThenEachMessage()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport,
                      program(u"while read -r line; do echo \"<$line>\"; done"_s, {"first", "second"}));
    QTRY_COMPARE(exchange.log.body, "<first>\n<second>\n");

    exchange.call->send({"third"});
    QTRY_COMPARE(exchange.log.body, "<first>\n<second>\n<third>\n");
    QVERIFY(!exchange.log.isOver());
}

void TestProcessTransport::endsTheInputAfterTheLinesWhereAskedTo()
{
    ProcessTransport transport(&m_yes);
    ProcessRequest request = program(u"cat; echo end"_s, {"line"});
    request.closeInput = true;
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "line\nend\n");
}

void TestProcessTransport::aMessageStaysOneLine()
{
    ProcessTransport transport(&m_yes);
    ProcessRequest request = program(u"while read -r line; do echo \"<$line>\"; done"_s, {"a\nb\r\nc"});
    request.closeInput = true;
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "<a b  c>\n");
}

void TestProcessTransport::deliversEachPieceWhenItComes()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"while read -r line; do printf '%s' \"$line\"; done"_s));
    for (const char *piece : {"a", "b", "c"}) {
        const QByteArray before = exchange.log.body;
        exchange.call->send({piece});
        QTRY_COMPARE(exchange.log.body, before + piece);
    }
}

void TestProcessTransport::deliversTenMegabytesWithoutALineEnd()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"head -c 10485760 /dev/zero"_s));

    QTRY_VERIFY_WITH_TIMEOUT(exchange.log.finished, 20'000);
    QCOMPARE(exchange.log.body.size(), 10 * 1024 * 1024);
}

void TestProcessTransport::startsInTheHomeOrInTheFolderOfTheRequest()
{
    ProcessTransport transport(&m_yes);
    Exchange home(transport, program(u"pwd -P"_s));
    QTRY_VERIFY(home.log.finished);
    QCOMPARE(QString::fromUtf8(home.log.body.trimmed()), QDir::home().canonicalPath());

    const QTemporaryDir folder;
    ProcessRequest request = program(u"pwd -P"_s);
    request.workingFolder = folder.path();
    Exchange elsewhere(transport, request);
    QTRY_VERIFY(elsewhere.log.finished);
    QCOMPARE(QString::fromUtf8(elsewhere.log.body.trimmed()), QDir(folder.path()).canonicalPath());
}

void TestProcessTransport::givesAMinimalEnvironment()
{
    qputenv("SOME_API_KEY", "secret-1234");
    qputenv("LC_TIME", "C");
    qputenv("XDG_TEST", "kept");
    qputenv("NOT_LANG", "no");
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, {.program = u"/usr/bin/env"_s});

    QTRY_VERIFY(exchange.log.finished);
    const QByteArrayList lines = exchange.log.body.split('\n');
    QVERIFY(lines.contains("PATH=" + qgetenv("PATH")));
    QVERIFY(lines.contains("LC_TIME=C"));
    QVERIFY(lines.contains("XDG_TEST=kept"));
    QVERIFY(!exchange.log.body.contains("secret-1234"));
    QVERIFY(!exchange.log.body.contains("NOT_LANG"));
    for (const QByteArray &line : lines) {
        const QByteArray name = line.first(std::max<qsizetype>(0, line.indexOf('=')));
        const bool known = name.isEmpty() || name.startsWith("LC_") || name.startsWith("XDG_")
            || QByteArrayList{"PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR"}.contains(name);
        QVERIFY2(known, line.constData());
    }
}

void TestProcessTransport::addsWhatTheRequestAddsAndKeepsWhatItNames()
{
    qputenv("TOOL_ONE", "1");
    qputenv("TOOL_TWO", "2");
    qputenv("OTHER_TOOL_ONE", "no");
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport,
                      {.program = u"/usr/bin/env"_s,
                       .environment = {{u"ADDED"_s, u"a=b c"_s}, {u"TOOL_TWO"_s, u"changed"_s}},
                       .environmentPatternsKept = {u"TOOL_*"_s}});

    QTRY_VERIFY(exchange.log.finished);
    const QByteArrayList lines = exchange.log.body.split('\n');
    QVERIFY(lines.contains("ADDED=a=b c"));
    QVERIFY(lines.contains("TOOL_ONE=1"));
    QVERIFY(lines.contains("TOOL_TWO=changed"));
    QVERIFY(!exchange.log.body.contains("OTHER_TOOL_ONE"));
}

void TestProcessTransport::leadsASessionOfItsOwn()
{
#ifndef Q_OS_LINUX
    QSKIP("reads what Linux says about processes");
#endif
    ProcessTransport transport(&m_yes);
    // The fields after the name: state, parent, group, session.
    Exchange exchange(transport, program(u"echo $$; cat /proc/$$/stat"_s));
    QTRY_VERIFY(exchange.log.finished);
    const QByteArrayList lines = exchange.log.body.split('\n');
    const QByteArrayList fields = lines.at(1).sliced(lines.at(1).lastIndexOf(')') + 2).split(' ');
    QCOMPARE(fields.at(2), lines.at(0));
    QCOMPARE(fields.at(3), lines.at(0));
}

void TestProcessTransport::inheritsNoOpenFile()
{
#ifndef Q_OS_LINUX
    QSKIP("reads what Linux says about processes");
#endif
    // Without the flag that closes it in children, as careless libraries leave it.
    QFile held(QCoreApplication::applicationFilePath());
    QVERIFY(held.open(QIODevice::ReadOnly));
    const int careless = dup(held.handle());
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"ls /proc/$$/fd"_s));
    QTRY_VERIFY(exchange.log.finished);
    ::close(careless);
    QVERIFY(!exchange.log.body.split('\n').contains(QByteArray::number(careless)));
}

void TestProcessTransport::asksBeforeItRuns()
{
    const QTemporaryDir folder;
    const QString mark = folder.filePath(u"mark"_s);
    OneConsent later(true, false);
    ProcessTransport transport(&later);
    ProcessRequest request = program(u"touch \"$1\"; cat"_s, {"first"});
    request.arguments += {u"name"_s, mark};
    Exchange exchange(transport, request);
    QCOMPARE(later.asked, QList{request});
    exchange.call->send({"sent meanwhile"});
    // Another program that does as much has ended.
    ProcessTransport other(&m_yes);
    Exchange witness(other, program(u"touch /dev/null"_s));
    QTRY_VERIFY(witness.log.finished);
    QVERIFY(!QFile::exists(mark));
    QVERIFY(exchange.log.isEmpty());

    later.answer();
    QTRY_COMPARE(exchange.log.body, "first\nsent meanwhile\n");
}

void TestProcessTransport::runsNothingThatWasNotAllowed()
{
    const QTemporaryDir folder;
    OneConsent no(false);
    ProcessTransport transport(&no);
    ProcessRequest request = program(u"touch mark"_s);
    request.workingFolder = folder.path();
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange.log.error->code, transportcode::ProgramNotAllowed);
    QVERIFY(!exchange.log.opened);
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestProcessTransport::runsNothingWithoutAnyoneToAsk()
{
    ProcessTransport transport(nullptr);
    Exchange exchange(transport, program(u"echo ran"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->code, transportcode::ProgramNotAllowed);
    QVERIFY(exchange.log.body.isEmpty());
}

void TestProcessTransport::runsNothingOnceItWasAborted()
{
    const QTemporaryDir folder;
    OneConsent later(true, false);
    ProcessTransport transport(&later);
    ProcessRequest request = program(u"touch mark"_s);
    request.workingFolder = folder.path();
    Exchange exchange(transport, request);
    exchange.call->abort();
    later.answer();

    // Another program that does as much has ended.
    OneConsent yes(true);
    ProcessTransport other(&yes);
    Exchange witness(other, program(u"touch /dev/null"_s));
    QTRY_VERIFY(witness.log.finished);
    QVERIFY(QDir(folder.path()).isEmpty());
    QVERIFY(exchange.log.isEmpty());
}

void TestProcessTransport::refusesWhatIsNoProgram_data()
{
    QTest::addColumn<ProcessRequest>("request");
    QTest::newRow("nothing") << ProcessRequest{};
    QTest::newRow("a name") << ProcessRequest{.program = u"sh"_s};
    QTest::newRow("a relative path") << ProcessRequest{.program = u"./sh"_s};
    QTest::newRow("a command line") << ProcessRequest{.program = u"/bin/sh -c true"_s};
    QTest::newRow("nothing there") << ProcessRequest{.program = u"/nowhere/program"_s};
    QTest::newRow("a folder") << ProcessRequest{.program = u"/bin"_s};
    QTest::newRow("a file that can not run") << ProcessRequest{.program = u"/etc/passwd"_s};
    QTest::newRow("a cut argument") << ProcessRequest{.program = shell, .arguments = {u"a\0b"_s}};
    QTest::newRow("a cut variable") << ProcessRequest{.program = shell, .environment = {{u"A"_s, u"a\0b"_s}}};
    QTest::newRow("two variables in one")
        << ProcessRequest{.program = shell, .environment = {{u"A=1\nB"_s, u"2"_s}}};
    QTest::newRow("no such folder") << ProcessRequest{.program = shell, .workingFolder = u"/nowhere"_s};
    QTest::newRow("a relative folder") << ProcessRequest{.program = shell, .workingFolder = u"."_s};
}

void TestProcessTransport::refusesWhatIsNoProgram()
{
    QFETCH(ProcessRequest, request);
    OneConsent yes(true);
    ProcessTransport transport(&yes);
    Exchange exchange(transport, request);
    QVERIFY(exchange.log.isEmpty());

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange.log.error->code, transportcode::BadProgram);
    QVERIFY(yes.asked.isEmpty());
}

void TestProcessTransport::carriesNothingElse()
{
    ProcessTransport transport(&m_yes);
    const std::unique_ptr<TransportCall> call(
        transport.open(HttpRequest{.url = QUrl(u"https://example.com/"_s)}, patient, nullptr));
    CallLog log(call.get());
    QTRY_VERIFY(log.isOver());
    QCOMPARE(log.error->code, transportcode::NotCarried);
}

void TestProcessTransport::aCodeIsAFailureInTheProgramsOwnWords()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"echo 'you are not logged in' >&2; exit 3"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Server);
    QCOMPARE(exchange.log.error->code, transportcode::ProgramFailed);
    QCOMPARE(exchange.log.error->message, u"/bin/sh left with code 3:\nyou are not logged in"_s);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestProcessTransport::aSignalIsAFailure()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"kill -SEGV $$"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->code, transportcode::ProgramCrashed);
}

void TestProcessTransport::keepsOnlyTheEndOfAFloodOfErrors()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(
        transport,
        program(u"head -c 20000000 /dev/zero | tr '\\0' 'x' >&2; echo 'the reason' >&2; exit 1"_s));

    QTRY_VERIFY_WITH_TIMEOUT(exchange.log.isOver(), 20'000);
    QVERIFY(exchange.log.error);
    QVERIFY(exchange.log.error->message.endsWith("xthe reason"_L1));
    QCOMPARE_LE(exchange.log.error->message.size(), 4096);
}

void TestProcessTransport::wordsOfErrorsHaveNoTerminalSequences()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(
        transport,
        program(
            u"printf '\\033[31mred\\033[0m \\033]8;;http://evil/\\007link\\033]8;;\\007\\001 \\342\\200\\246' >&2; exit 1"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->message, u"/bin/sh left with code 1:\nred link …"_s);
}

void TestProcessTransport::outputBeforeAFailureIsDelivered()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"head -c 200000 /dev/zero; kill -9 $$"_s));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.body.size(), 200'000);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestProcessTransport::whatAProgramLeavesBehindEndsWithIt()
{
    ProcessTransport transport(&m_yes);
    // The child holds the output open: its end must not be waited for.
    Exchange exchange(transport, program(u"sleep 1000 & echo $!"_s));

    QTRY_VERIFY(exchange.log.finished);
    const qint64 child = exchange.log.body.trimmed().toLongLong();
    QVERIFY(child > 0);
    QTRY_VERIFY(!isAlive(child));
}

void TestProcessTransport::holdsTheProgramBackWhilePaused()
{
    const QTemporaryDir folder;
    ProcessTransport transport(&m_yes);
    ProcessRequest request =
        program(u"i=0; while [ $i -lt 20 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i > count; done"_s);
    request.workingFolder = folder.path();
    Exchange exchange(transport, request);
    exchange.call->pause();
    const qsizetype taken = exchange.log.body.size();

    // It has stopped once it wrote nothing for a while.
    const auto count = [&] {
        QFile file(folder.filePath(u"count"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(count() > 0, 30'000);
    int written = -1;
    QElapsedTimer quiet;
    quiet.start();
    QTRY_VERIFY([&] {
        if (std::exchange(written, count()) != written)
            quiet.restart();
        return quiet.hasExpired(300);
    }());
    QCOMPARE_LT(written, 20);
    QCOMPARE(exchange.log.body.size(), taken);

    exchange.call->resume();
    QTRY_VERIFY_WITH_TIMEOUT(exchange.log.finished, 30'000);
    QCOMPARE(exchange.log.body.size(), 20 * 65536);
}

void TestProcessTransport::holdsTheEndBackWhilePaused()
{
    const QTemporaryDir folder;
    ProcessTransport transport(&m_yes);
    ProcessRequest request = program(u"echo rest; touch mark"_s);
    request.workingFolder = folder.path();
    Exchange exchange(transport, request);
    exchange.call->pause();
    QTRY_VERIFY(exchange.log.opened);
    QTRY_VERIFY(!QDir(folder.path()).isEmpty());
    QVERIFY(exchange.log.body.isEmpty());
    QVERIFY(!exchange.log.isOver());

    exchange.call->resume();
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "rest\n");
}

void TestProcessTransport::givesUpOnASilentProgram()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"echo $$; exec sleep 1000"_s), {.head = 20s, .idle = 200ms});

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.error->code, transportcode::Silent);
    QTRY_VERIFY(!isAlive(exchange.log.body.trimmed().toLongLong()));
}

void TestProcessTransport::aPausedCallDoesNotRunIntoItsIdleLimit()
{
    const QTemporaryDir folder;
    ProcessTransport transport(&m_yes);
    ProcessRequest request = program(u"echo rest; touch mark"_s);
    request.workingFolder = folder.path();
    Exchange paused(transport, request, {.head = 20s, .idle = 100ms});
    paused.call->pause();
    QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder.path()).isEmpty(), 30'000);

    // Another call's limit, longer, measures the time.
    Exchange clock(transport, program(u"exec sleep 1000"_s), {.head = 20s, .idle = 300ms});
    QTRY_VERIFY_WITH_TIMEOUT(clock.log.error, 30'000);

    QVERIFY(!paused.log.isOver());
    paused.call->resume();
    QTRY_VERIFY_WITH_TIMEOUT(paused.log.finished, 30'000);
    QCOMPARE(paused.log.body, "rest\n");
}

// A program with a child and a grandchild, all of which it names.
const QString tree = u"sh -c 'sh -c \"echo \\$\\$; exec sleep 1000\" & echo $$; wait' & echo $$; wait"_s;

QList<qint64> membersOf(const CallLog &log)
{
    QList<qint64> members;
    for (const QByteArray &line : log.body.split('\n')) {
        if (!line.isEmpty())
            members.append(line.toLongLong());
    }
    return members;
}

void TestProcessTransport::abortEndsTheWholeTree()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(tree));
    QTRY_COMPARE(exchange.log.body.count('\n'), 3);
    const QList<qint64> members = membersOf(exchange.log);
    QVERIFY(std::ranges::all_of(members, isAlive));

    exchange.call->abort();
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::none_of(members, isAlive), 2'000);
    QVERIFY(!exchange.log.isOver());
}

void TestProcessTransport::deletingACallEndsTheWholeTree()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(tree));
    QTRY_COMPARE(exchange.log.body.count('\n'), 3);
    const QList<qint64> members = membersOf(exchange.log);

    exchange.call.reset();
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::none_of(members, isAlive), 2'000);
}

void TestProcessTransport::killsWhatDoesNotListen()
{
    ProcessTransport transport(&m_yes, 200ms);
    Exchange exchange(transport, program(u"trap '' TERM HUP; sleep 1000 & echo $!; echo $$; wait"_s));
    QTRY_COMPARE(exchange.log.body.count('\n'), 2);
    const QList<qint64> members = membersOf(exchange.log);

    exchange.call->abort();
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::none_of(members, isAlive), 2'000);
}

void TestProcessTransport::deletingTheTransportKillsAtOnce()
{
    auto transport = std::make_unique<ProcessTransport>(&m_yes, 1h);
    Exchange exchange(*transport, program(u"trap '' TERM HUP; sleep 1000 & echo $!; echo $$; wait"_s));
    QTRY_COMPARE(exchange.log.body.count('\n'), 2);
    const QList<qint64> members = membersOf(exchange.log);
    exchange.call->abort();
    QVERIFY(std::ranges::all_of(members, isAlive));

    transport.reset();
    QTRY_VERIFY(std::ranges::none_of(members, isAlive));
}

void TestProcessTransport::aProgramEndsWithAnApplicationThatWasKilled()
{
#ifndef Q_OS_LINUX
    QSKIP("only Linux tells a program that its parent has died");
#endif
    QProcess application;
    application.start(QCoreApplication::applicationDirPath() + u"/programrunner"_s, QStringList());
    QTRY_VERIFY(application.canReadLine());
    const qint64 program = application.readLine().trimmed().toLongLong();
    QVERIFY(isAlive(program));

    application.kill();
    QTRY_VERIFY(!isAlive(program));
    QTRY_COMPARE(application.state(), QProcess::NotRunning);
}

void TestProcessTransport::signalsNothingInsideOpenOrAfterAbort()
{
    ProcessTransport transport(&m_yes);
    Exchange exchange(transport, program(u"echo one; while read -r line; do echo \"$line\"; done"_s));
    QVERIFY(exchange.log.isEmpty());
    QTRY_COMPARE(exchange.log.body, "one\n");

    exchange.call->send({"two"});
    exchange.call->abort();
    exchange.call->abort();
    exchange.call->send({"three"});
    exchange.call->resume();
    Exchange witness(transport, program(u"echo"_s));
    QTRY_VERIFY(witness.log.finished);
    QCOMPARE(exchange.log.body, "one\n");
    QVERIFY(!exchange.log.isOver());
}

void TestProcessTransport::aCallMayBeDeletedInsideItsSignals_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QByteArray>("signal");
    QTest::newRow("opened") << u"exec sleep 1000"_s << QByteArray(SIGNAL(opened()));
    QTest::newRow("bytes") << u"echo x; exec sleep 1000"_s << QByteArray(SIGNAL(bytes(QByteArray, qint64)));
    QTest::newRow("finished") << u"true"_s << QByteArray(SIGNAL(finished()));
    QTest::newRow("failed") << u"false"_s << QByteArray(SIGNAL(failed(rivulet::NetError)));
}

/// Deletes a call when one of its signals comes.
class Deleter : public QObject
{
    Q_OBJECT

public:
    explicit Deleter(TransportCall *call) : m_call(call) {}
    [[nodiscard]] bool isDone() const { return !m_call; }

public Q_SLOTS:
    void now() { m_call.reset(); }

private:
    std::unique_ptr<TransportCall> m_call;
};

void TestProcessTransport::aCallMayBeDeletedInsideItsSignals()
{
    QFETCH(QString, script);
    QFETCH(QByteArray, signal);
    ProcessTransport transport(&m_yes);
    TransportCall *call = transport.open(program(script), patient, nullptr);
    Deleter deleter(call);
    QVERIFY(connect(call, signal.constData(), &deleter, SLOT(now())));
    QTRY_VERIFY(deleter.isDone());
}

void TestProcessTransport::aCallOutlivesItsTransport()
{
    auto transport = std::make_unique<ProcessTransport>(&m_yes);
    Exchange running(*transport, program(u"echo x; exec sleep 1000"_s));
    QTRY_COMPARE(running.log.body, "x\n");
    Exchange asking(*transport, program(u"echo x"_s));
    transport.reset();

    running.call->send({"nobody is there"});
    running.call->pause();
    running.call->resume();
    running.call->abort();
    QTRY_VERIFY(asking.log.isOver());
    QVERIFY(asking.log.error);
}

QTEST_GUILESS_MAIN(TestProcessTransport)
#include "tst_processtransport.moc"
