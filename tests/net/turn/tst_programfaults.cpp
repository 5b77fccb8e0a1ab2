// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"
#include "net/wire/jsontext.h"
#include "tests/net/turn/faultstage.h"
#include "tests/support/oneconsent.h"

#include <QtCore/QFile>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

#include <csignal>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

// How long a tree of programs that does not listen may last.
constexpr auto wholeGrace = 10s;

/// A turn with a program that says a few words and then fails in its own way.
struct ProgramStage : FaultStage
{
    explicit ProgramStage(quint32 seed) : FaultStage(seed, DialectId::StreamJson)
    {
        transport = makeTransport(&consent);
        words = someWords(dice);
        for (const QString &word : std::as_const(words)) {
            events.append(
                compactJson({{u"type"_s, u"content_block_delta"_s},
                             {u"index"_s, 0},
                             {u"delta"_s, QJsonObject{{u"type"_s, u"text_delta"_s}, {u"text"_s, word}}}})
                + '\n');
        }
        provider.baseUrl = {};
        provider.options = {{u"form"_s, u"simple"_s}};
        provider.program = u"/bin/sh"_s;
    }

    /// Says the first `count` words, and then does what `script` says; its folder is $here.
    void run(qsizetype count, const QString &script)
    {
        QFile said(folder.filePath(u"said"_s));
        QVERIFY(said.open(QIODevice::WriteOnly));
        said.write(events.first(count).join());
        provider.arguments = {u"-c"_s, u"here='%1'; cat \"$here/said\"; %2"_s.arg(folder.path(), script)};
    }

    [[nodiscard]] QString textAfter(qsizetype count) const { return words.first(count).join(QString()); }

    /// The processes that the script noted, once there are so many.
    [[nodiscard]] QList<pid_t> processes(qsizetype count) const
    {
        QList<pid_t> found;
        const auto areThere = [&] {
            QFile file(folder.filePath(u"pids"_s));
            if (!file.open(QIODevice::ReadOnly))
                return false;
            found.clear();
            const QByteArrayList lines = file.readAll().trimmed().split('\n');
            for (const QByteArray &line : lines)
                found.append(line.toInt());
            return found.size() == count && !found.contains(0);
        };
        [&] { QTRY_VERIFY(areThere()); }();
        return found;
    }

    OneConsent consent{true};
    QTemporaryDir folder;
    QStringList words;
    QByteArrayList events;
};

// Whether one of them runs; a dead one that nobody has collected does not.
bool isAnyAlive(const QList<pid_t> &processes)
{
    return std::ranges::any_of(processes, [](pid_t process) {
#ifdef Q_OS_LINUX
        QFile state(u"/proc/%1/stat"_s.arg(process));
        if (!state.open(QIODevice::ReadOnly))
            return false;
        const QByteArray line = state.readAll();
        return !line.isEmpty() && line.sliced(line.lastIndexOf(')') + 2, 1) != "Z";
#else
        return kill(process, 0) == 0;
#endif
    });
}

} // namespace

/// Every way in which a local program can fail its turn: what it said stays, it is not run again by itself,
/// and nothing of it is left running.
class ProgramFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_program_that_crashes_leaves_what_it_said_data() { addSeeds(); }
    void a_program_that_crashes_leaves_what_it_said()
    {
        QFETCH(const quint32, seed);
        ProgramStage stage(seed);
        const int said = stage.dice.roll(0, static_cast<int>(stage.words.size()));
        static constexpr std::array signals{SIGKILL, SIGSEGV, SIGABRT};
        stage.run(said, u"kill -%1 $$"_s.arg(signals.at(size_t(stage.dice.roll(0, 2)))));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->text, stage.textAfter(said));
        QCOMPARE(exchange->outcome.end, said > 0 ? TurnEnd::CutOff : TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, transportcode::ProgramCrashed);
        QCOMPARE(exchange->countOf(TurnPhase::Connecting), 1);
        QCOMPARE(exchange->late, 0);
    }

    void a_program_that_hangs_is_given_up_and_ended_with_all_it_started_data() { addSeeds(); }
    void a_program_that_hangs_is_given_up_and_ended_with_all_it_started()
    {
        QFETCH(const quint32, seed);
        ProgramStage stage(seed);
        const int said = stage.dice.roll(1, static_cast<int>(stage.words.size()));
        const bool listens = stage.dice.toss();
        stage.run(said,
                  (listens ? QString() : u"trap '' TERM HUP INT; "_s)
                      + u"sleep 1000 & echo $! >\"$here/pids\"; echo $$ >>\"$here/pids\"; wait; wait"_s);
        const auto exchange = stage.ask();
        QTRY_COMPARE(exchange->text, stage.textAfter(said));
        const QList<pid_t> processes = stage.processes(2);
        stage.clock.advance(599s);
        QCOMPARE(exchange->ends, 0);
        stage.clock.advance(1s);
        QCOMPARE(exchange->ends, 1);
        QCOMPARE(exchange->outcome.end, TurnEnd::CutOff);
        QCOMPARE(exchange->outcome.error->kind, NetError::Kind::Timeout);
        QTRY_VERIFY_WITH_TIMEOUT(!isAnyAlive(processes), wholeGrace);
        QCOMPARE(exchange->text, stage.textAfter(said));
        QCOMPARE(exchange->late, 0);
    }

    void stop_ends_a_program_with_all_it_started_data() { addSeeds(); }
    void stop_ends_a_program_with_all_it_started()
    {
        QFETCH(const quint32, seed);
        ProgramStage stage(seed);
        const int said = stage.dice.roll(1, static_cast<int>(stage.words.size()));
        // One that it started has ended, and was not collected.
        stage.run(
            said,
            u"true & sleep 1000 & echo $! >\"$here/pids\"; echo $$ >>\"$here/pids\"; exec sleep 1000"_s);
        const auto exchange = stage.ask();
        QTRY_COMPARE(exchange->text, stage.textAfter(said));
        const QList<pid_t> processes = stage.processes(2);
        exchange->turn->stop({.text = exchange->text.size()});
        QCOMPARE(exchange->outcome.end, TurnEnd::Stopped);
        exchange->turn.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!isAnyAlive(processes), wholeGrace);
        QCOMPARE(exchange->late, 0);
    }

    void complaints_without_end_hold_nothing_up_data() { addSeeds(); }
    void complaints_without_end_hold_nothing_up()
    {
        QFETCH(const quint32, seed);
        ProgramStage stage(seed);
        const auto said = stage.words.size();
        const int megabytes = stage.dice.roll(1, 8);
        stage.run(said,
                  uR"(head -c %1000000 /dev/zero | tr '\0' x >&2; echo '{"type":"message_stop"}')"_s.arg(
                      megabytes));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->text, stage.textAfter(said));
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->late, 0);
    }

    void a_line_without_end_is_too_large_and_ends_the_program()
    {
        ProgramStage stage(1);
        const auto said = stage.words.size();
        stage.run(said, u"echo $$ >\"$here/pids\"; exec tr '\\0' x </dev/zero"_s);
        const auto exchange = stage.ask();
        QTRY_COMPARE_WITH_TIMEOUT(exchange->ends, 1, 60s);
        QCOMPARE(exchange->text, stage.textAfter(said));
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->kind, NetError::Kind::TooLarge);
        QCOMPARE(exchange->countOf(TurnPhase::Connecting), 1);
        QTRY_VERIFY_WITH_TIMEOUT(!isAnyAlive(stage.processes(1)), wholeGrace);
    }
};

QTEST_GUILESS_MAIN(ProgramFaultsTest)

#include "tst_programfaults.moc"
