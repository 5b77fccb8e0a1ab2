// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/processtree.h"

#include "net/transport/descriptorlimit.h"

#include <QtCore/qdir.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <utility>

#ifdef Q_OS_WIN
#include <qt_windows.h>
#else
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LastWordsSize = 16 * 1024;
constexpr qint64 PieceSize = 64 * 1024;
constexpr int ReapTime = 1000; // milliseconds; what was killed is gone long before

#ifdef Q_OS_WIN
constexpr auto NameCase = Qt::CaseInsensitive;
constexpr const char16_t *KeptNames[] = {u"PATH",      u"PATHEXT",      u"SystemRoot",  u"SystemDrive",
                                         u"windir",    u"ComSpec",      u"TEMP",        u"TMP",
                                         u"APPDATA",   u"LOCALAPPDATA", u"ProgramData", u"ProgramFiles*",
                                         u"HOMEDRIVE", u"HOMEPATH",     u"USERPROFILE", u"USERNAME"};
#else
constexpr auto NameCase = Qt::CaseSensitive;
constexpr const char16_t *KeptNames[] = {u"PATH", u"HOME", u"USER",   u"LOGNAME",
                                         u"LANG", u"LC_*", u"TMPDIR", u"XDG_*"};
#endif

bool matches(const QString &name, const QString &wildcard)
{
    const auto options = NameCase == Qt::CaseInsensitive ? QRegularExpression::CaseInsensitiveOption
                                                         : QRegularExpression::NoPatternOption;
    return QRegularExpression(QRegularExpression::wildcardToRegularExpression(
                                  wildcard, QRegularExpression::NonPathWildcardConversion),
                              options)
        .match(name)
        .hasMatch();
}

// A program is not told more about its user than it needs: environments are full of keys.
QProcessEnvironment environmentFor(const ProcessRequest &request)
{
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment environment;
    for (const QString &name : own.keys()) {
        const bool kept =
            std::ranges::any_of(
                KeptNames, [&](const char16_t *known) { return matches(name, QString::fromUtf16(known)); })
            || std::ranges::any_of(request.environmentPatternsKept,
                                   [&](const QString &pattern) { return matches(name, pattern); });
        if (kept)
            environment.insert(name, own.value(name));
    }
    for (const auto &[name, value] : request.environment.asKeyValueRange())
        environment.insert(name, value);
    return environment;
}

} // namespace

ProcessTree::ProcessTree(std::chrono::milliseconds grace, QObject *parent) : QObject(parent)
{
    m_grace.setSingleShot(true);
    m_grace.setInterval(grace);
    connect(&m_grace, &QTimer::timeout, this, [this] {
        killAtOnce();
        deleteOnceGone();
    });
    connect(&m_process, &QProcess::started, this, &ProcessTree::started);
    connect(&m_process, &QProcess::readyReadStandardError, this, &ProcessTree::keepLastWords);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart && !m_ending)
            Q_EMIT startFailed(m_process.errorString());
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        keepLastWords();
        if (m_ending)
            deleteOnceGone();
        else
            Q_EMIT exited(code, status == QProcess::CrashExit);
    });
}

void ProcessTree::write(const QByteArray &line)
{
    if (!m_process.isWritable())
        return;
    QByteArray whole = line;
    whole.replace('\r', ' ').replace('\n', ' ');
    m_process.write(whole + '\n');
}

void ProcessTree::closeInput()
{
    m_process.closeWriteChannel();
}

void ProcessTree::keepLastWords()
{
    m_lastWords += m_process.readAllStandardError();
    m_lastWords = m_lastWords.last(std::min(m_lastWords.size(), LastWordsSize));
}

#ifdef Q_OS_WIN

// Written after the documentation and not tried yet. A child that the program starts before it is put
// into the job escapes it.

ProcessTree::~ProcessTree()
{
    killAtOnce();
    if (m_process.state() != QProcess::NotRunning)
        m_process.waitForFinished(ReapTime);
    if (m_job)
        CloseHandle(m_job);
}

void ProcessTree::start(const ProcessRequest &request)
{
    m_job = CreateJobObjectW(nullptr, nullptr);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit{};
    limit.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(m_job, JobObjectExtendedLimitInformation, &limit, sizeof(limit));
    m_process.setProgram(request.program);
    m_process.setArguments(request.arguments);
    m_process.setWorkingDirectory(request.workingFolder.isEmpty() ? QDir::homePath() : request.workingFolder);
    m_process.setProcessEnvironment(environmentFor(request));
    connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] {
        if (m_reading)
            Q_EMIT readyRead();
    });
    m_process.start();
    const HANDLE leader =
        OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, FALSE, static_cast<DWORD>(m_process.processId()));
    if (leader) {
        AssignProcessToJobObject(m_job, leader);
        CloseHandle(leader);
    }
}

void ProcessTree::setReading(bool reading)
{
    m_reading = reading;
}

QByteArray ProcessTree::read()
{
    m_process.setReadChannel(QProcess::StandardOutput);
    return m_process.read(PieceSize);
}

qint64 ProcessTree::unreadBytes() const
{
    return m_process.bytesAvailable();
}

// The end of its input is all that asks a console program to leave.
void ProcessTree::end()
{
    m_ending = true;
    m_reading = false;
    m_process.closeWriteChannel();
    m_grace.start();
}

void ProcessTree::killAtOnce()
{
    if (m_job)
        TerminateJobObject(m_job, 1);
    if (m_process.state() != QProcess::NotRunning)
        m_process.kill();
}

void ProcessTree::deleteOnceGone()
{
    if (m_process.state() == QProcess::NotRunning && !m_grace.isActive())
        deleteLater();
}

#else

ProcessTree::~ProcessTree()
{
    m_ending = true;
    killAtOnce();
    if (m_process.state() != QProcess::NotRunning)
        m_process.waitForFinished(ReapTime);
    closeOutput();
}

void ProcessTree::start(const ProcessRequest &request)
{
    // QProcess reads all there is into memory; a pipe of our own is read when we want, and else stays full.
    int ends[2] = {-1, -1};
#ifdef Q_OS_LINUX
    const int failed = pipe2(ends, O_CLOEXEC);
#else
    const int failed = pipe(ends);
#endif
    if (failed) {
        QMetaObject::invokeMethod(
            this, [this, reason = qt_error_string(errno)] { Q_EMIT startFailed(reason); },
            Qt::QueuedConnection);
        return;
    }
    for (const int each : ends)
        fcntl(each, F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    m_output = ends[0];
    m_notifier = new QSocketNotifier(m_output, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &ProcessTree::readyRead);

    m_process.setProgram(request.program);
    m_process.setArguments(request.arguments);
    m_process.setWorkingDirectory(request.workingFolder.isEmpty() ? QDir::homePath() : request.workingFolder);
    m_process.setProcessEnvironment(environmentFor(request));
    m_process.setStandardOutputFile(QProcess::nullDevice());
    using Flag = QProcess::UnixProcessFlag;
    m_process.setUnixProcessParameters(Flag::CreateNewSession | Flag::CloseFileDescriptors
                                       | Flag::ResetSignalHandlers);
    m_process.setChildProcessModifier([output = ends[1]] {
        dup2(output, STDOUT_FILENO);
        restoreDescriptorLimit();
#ifdef Q_OS_LINUX
        // Where we are killed, so that nobody is left to end it.
        prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    });
    m_process.start();
    m_leader = m_process.processId();
    ::close(ends[1]);
}

void ProcessTree::setReading(bool reading)
{
    if (m_notifier)
        m_notifier->setEnabled(reading);
}

QByteArray ProcessTree::read()
{
    if (m_output < 0)
        return {};
    QByteArray piece(PieceSize, Qt::Uninitialized);
    ssize_t size = 0;
    do {
        size = ::read(m_output, piece.data(), static_cast<size_t>(piece.size()));
    } while (size < 0 && errno == EINTR);
    if (size > 0) {
        piece.truncate(size);
        return piece;
    }
    if (size == 0 || errno != EAGAIN)
        closeOutput();
    return {};
}

qint64 ProcessTree::unreadBytes() const
{
    return 0;
}

void ProcessTree::end()
{
    if (std::exchange(m_ending, true))
        return;
    closeOutput();
    m_process.closeWriteChannel();
    if (m_leader > 0) {
        const auto group = static_cast<pid_t>(m_leader);
        // A child that has just been forked does not lead its group yet.
        if (kill(-group, SIGTERM) != 0 && m_process.state() != QProcess::NotRunning)
            kill(group, SIGTERM);
        m_grace.start();
    }
    deleteOnceGone();
}

void ProcessTree::killAtOnce()
{
    if (m_leader <= 0)
        return;
    const auto group = static_cast<pid_t>(m_leader);
    kill(-group, SIGKILL);
    if (m_process.state() != QProcess::NotRunning)
        m_process.kill();
}

void ProcessTree::deleteOnceGone()
{
    if (m_process.state() != QProcess::NotRunning)
        return;
    // As long as a group has members its number is not given to another one.
    const bool alone = m_leader <= 0 || (kill(-static_cast<pid_t>(m_leader), 0) != 0 && errno == ESRCH);
    if (alone || !m_grace.isActive()) {
        m_leader = 0;
        deleteLater();
    }
}

void ProcessTree::closeOutput()
{
    delete std::exchange(m_notifier, nullptr);
    if (m_output >= 0)
        ::close(std::exchange(m_output, -1));
}

#endif

} // namespace rivulet
