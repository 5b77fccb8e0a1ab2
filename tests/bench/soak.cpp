// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/soak.h"

#include "models/chat/chatsession.h"
#include "net/transport/transportswitch.h"
#include "tests/bench/enginestage.h"
#include "tests/bench/serverprocess.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qrandom.h>
#include <QtCore/qtemporarydir.h>

#include <unistd.h>

#include <cstdio>

namespace rivulet::bench {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int streams = 8;
constexpr int perSecond = 50;
constexpr qint64 wordsEach = 250; ///< five seconds: many answers show a leak sooner than long ones

// What one more or less may be open of at a glance: connections that end, a file of the database's.
constexpr qsizetype slack = 4;

double residentMegabytes()
{
    QFile file(u"/proc/self/statm"_s);
    require(file.open(QIODevice::ReadOnly), "the system does not say how much memory is used");
    const QByteArrayList pages = file.readAll().split(' ');
    return pages.value(1).toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

qsizetype openFiles()
{
    return QDir(u"/proc/self/fd"_s).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
}

/// What was seen in a stretch of time, looked at once a second.
struct Stretch
{
    std::vector<double> megabytes;
    std::vector<qsizetype> files;

    void look()
    {
        megabytes.push_back(residentMegabytes());
        files.push_back(openFiles());
    }
};

class Soak
{
public:
    Soak()
        : m_server(0, perSecond, wordsEach), m_store(m_folder.filePath(u"rivulet.db"_s)),
          m_engine([this] { return std::make_unique<BenchTurns>(m_store, makeTransport(nullptr)); }),
          m_frames(m_engine), m_session(m_engine, m_store)
    {
        m_session.setProvider({.id = u"here"_s, .baseUrl = m_server.url(), .model = u"m"_s});
        QObject::connect(&m_engine, &TurnRunner::ended, &m_engine,
                         [this](TurnId, const TurnOutcome &outcome) {
                             m_whole += outcome.end == TurnEnd::Complete;
                             m_failed += outcome.end == TurnEnd::Failed || outcome.end == TurnEnd::CutOff;
                         });
        QObject::connect(&m_live, &QTimer::timeout, &m_engine, [this] { live(); });
        m_live.start(100ms);
    }

    Stretch runFor(std::chrono::seconds time)
    {
        Stretch seen;
        for (; time > 0s; time -= 1s) {
            bool isOver = false;
            QTimer::singleShot(1s, qApp, [&isOver] { isOver = true; });
            runUntil([&isOver] { return isOver; });
            seen.look();
        }
        return seen;
    }

    [[nodiscard]] int whole() const { return m_whole; }
    [[nodiscard]] int stopped() const { return m_stopped; }
    [[nodiscard]] int redirected() const { return m_redirected; }
    [[nodiscard]] int failed() const { return m_failed; }

private:
    // Once in a while something happens to the newest answer, which is the one that is open; the others go
    // on out of sight.
    void live()
    {
        if (m_session.isBusy()) {
            const int dice = m_random.bounded(100);
            if (dice == 0) {
                m_session.stop();
                ++m_stopped;
            } else if (dice == 1) {
                require(m_session.redirect(u"something else"_s), "a redirect was refused");
                ++m_redirected;
            }
        }
        m_running.removeIf(
            [this](ConversationId conversation) { return !m_session.isRunning(conversation); });
        if (m_running.size() == streams)
            return;
        m_session.startNew();
        require(m_session.send(u"go on"_s), "the session is busy");
        m_running.append(ConversationId{m_session.conversation()});
    }

    QTemporaryDir m_folder;
    ServerProcess m_server;
    SqliteStore m_store;
    Engine m_engine;
    Frames m_frames;
    ChatSession m_session;
    QTimer m_live;
    QRandomGenerator m_random{1};
    QList<ConversationId> m_running;
    int m_whole = 0;
    int m_stopped = 0;
    int m_redirected = 0;
    int m_failed = 0;
};

} // namespace

bool soak(std::chrono::minutes time)
{
    const std::chrono::seconds part = std::chrono::seconds(time) / 5;
    Soak soak;
    // It settles in the first fifth; what it then has is compared with the last.
    (void)soak.runFor(part / 2);
    Stretch first = soak.runFor(part - part / 2);
    (void)soak.runFor(3 * part);
    Stretch last = soak.runFor(part);
    const double before = percentile(first.megabytes, 0.5);
    const double after = percentile(last.megabytes, 0.5);
    const qsizetype filesBefore = percentile(first.files, 1);
    const qsizetype filesAfter = percentile(last.files, 1);
    const double growth = after / before - 1;
    std::printf("%d streams for %lld minutes: %d answers came to their end, %d were stopped, %d redirected, "
                "%d failed\n"
                "memory: %.1f MB after the first fifth, %.1f MB in the last: %+.1f %% (less than 5 %%)\n"
                "open files: %lld at most after the first fifth, %lld in the last\n",
                streams, static_cast<long long>(time.count()), soak.whole(), soak.stopped(),
                soak.redirected(), soak.failed(), before, after, growth * 100,
                static_cast<long long>(filesBefore), static_cast<long long>(filesAfter));
    return growth < 0.05 && filesAfter <= filesBefore + slack && soak.failed() == 0;
}

} // namespace rivulet::bench
