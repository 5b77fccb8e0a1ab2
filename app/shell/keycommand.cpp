// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keycommand.h"

#include "app/shell/secret.h"
#include "net/transport/programconsent.h"
#include "net/transport/requestrules.h"

#include <QtCore/qdir.h>
#include <QtCore/qprocess.h>

#include <algorithm>
#include <array>
#include <utility>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What a password manager needs: its user's folders and words, and the way to the agents and windows that
// ask for a passphrase. Other variables may hold other programs' keys.
QProcessEnvironment minimalEnvironment()
{
    static constexpr auto names = std::to_array<QLatin1StringView>({
        "PATH"_L1,
        "HOME"_L1,
        "USER"_L1,
        "LOGNAME"_L1,
        "LANG"_L1,
        "LC_ALL"_L1,
        "LC_CTYPE"_L1,
        "LC_MESSAGES"_L1,
        "TMPDIR"_L1,
        "XDG_RUNTIME_DIR"_L1,
        "XDG_CONFIG_HOME"_L1,
        "XDG_DATA_HOME"_L1,
        "DBUS_SESSION_BUS_ADDRESS"_L1,
        "DISPLAY"_L1,
        "XAUTHORITY"_L1,
        "WAYLAND_DISPLAY"_L1,
        "GNUPGHOME"_L1,
        "SSH_AUTH_SOCK"_L1,
        "PASSWORD_STORE_DIR"_L1,
#ifdef Q_OS_WIN
        "SystemRoot"_L1,
        "USERPROFILE"_L1,
        "USERNAME"_L1,
        "APPDATA"_L1,
        "LOCALAPPDATA"_L1,
        "ProgramData"_L1,
        "TEMP"_L1,
        "TMP"_L1,
#endif
    });
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment environment;
    for (const QLatin1StringView name : names) {
        if (own.contains(name))
            environment.insert(name, own.value(name));
    }
    return environment;
}

// Never with anything of its output: that could be the key.
KeyResult failure(const QString &message)
{
    return std::unexpected(
        NetError{.kind = NetError::Kind::Auth, .code = KeyCommand::FailedCode, .message = message});
}

// A key goes into a header.
bool isKey(const QByteArray &line)
{
    return !line.isEmpty() && std::ranges::none_of(line, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

} // namespace

KeyCommand::KeyCommand(credential::Command command, ProgramConsent *consent, std::chrono::milliseconds limit,
                       QObject *parent)
    : QObject(parent), m_command(std::move(command)), m_consent(consent)
{
    m_limit.setSingleShot(true);
    m_limit.setInterval(limit);
    connect(&m_limit, &QTimer::timeout, this,
            [this] { settle(failure(u"The program that prints the key did not end in time"_s)); });
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.setWorkingDirectory(QDir::homePath());
#ifdef Q_OS_UNIX
    // No terminal is asked for a passphrase behind our window, and what it starts ends with it.
    m_process.setUnixProcessParameters(QProcess::UnixProcessFlag::CreateNewSession
                                       | QProcess::UnixProcessFlag::CloseFileDescriptors);
#endif
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &KeyCommand::read);
    connect(&m_process, &QProcess::finished, this, &KeyCommand::end);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            settle(failure(u"The program that prints the key did not start"_s));
    });
}

KeyCommand::~KeyCommand()
{
    m_process.disconnect(this);
    kill();
    wipe(m_output);
}

void KeyCommand::key(QObject *context, std::function<void(const KeyResult &)> done)
{
    m_waiters.add(context, std::move(done));
    if (!std::exchange(m_busy, true))
        QMetaObject::invokeMethod(this, &KeyCommand::ask, Qt::QueuedConnection);
}

void KeyCommand::drop(const QByteArray &key)
{
    if (m_key == key)
        m_key.clear();
}

void KeyCommand::ask()
{
    if (!m_key.isEmpty())
        return settle(m_key);
    const ProcessRequest request{.program = m_command.program,
                                 .arguments = m_command.arguments,
                                 .configured = m_command.arguments.size()};
    if (const auto refusal = refusalOf(request))
        return settle(std::unexpected(*refusal));
    const auto goOn = [this](bool allowed) {
        if (allowed)
            return run();
        settle(std::unexpected(NetError{.kind = NetError::Kind::Refused,
                                        .code = transportcode::ProgramNotAllowed,
                                        .message = u"It was not allowed to run "_s + m_command.program}));
    };
    if (m_consent)
        m_consent->ask(request, this, goOn);
    else
        goOn(false);
}

void KeyCommand::run()
{
    // The answer may have taken long. A program that asks for a passphrase would surprise people then.
    if (!m_waiters.anybody()) {
        m_busy = false;
        return;
    }
    // One that was killed may not be gone yet; its last words are nobody's.
    if (m_process.state() != QProcess::NotRunning) {
        return settle(failure(u"The program that prints the key runs still"_s));
    }
    m_running = true;
    m_limit.start();
    m_process.setProcessEnvironment(minimalEnvironment());
    m_process.start(m_command.program, m_command.arguments, QIODevice::ReadOnly);
}

void KeyCommand::read()
{
    QByteArray piece = m_process.readAllStandardOutput();
    if (m_running)
        m_output += piece;
    wipe(piece);
    if (m_running && m_output.size() > LongestOutput) {
        settle(failure(u"The program that prints the key printed too much"_s));
    }
}

void KeyCommand::end(int code, QProcess::ExitStatus how)
{
    read();
    if (!m_running)
        return;
    if (how == QProcess::CrashExit) {
        return settle(failure(u"The program that prints the key was ended by a signal"_s));
    }
    if (code != 0) {
        return settle(failure(u"The program that prints the key left with %1"_s.arg(code)));
    }
    QByteArray line = m_output.first(std::max<qsizetype>(m_output.indexOf('\n'), 0)).trimmed();
    if (!m_output.contains('\n'))
        line = m_output.trimmed();
    if (!isKey(line)) {
        return settle(failure(u"The first line that the program printed is no key"_s));
    }
    m_key = line;
    settle(m_key);
}

// Ends the program and what it started.
void KeyCommand::kill()
{
#ifdef Q_OS_UNIX
    if (const qint64 leader = m_process.processId(); leader > 0)
        ::kill(-static_cast<pid_t>(leader), SIGKILL);
#endif
    m_process.kill();
}

// Later, so that a waiter may end this object without ending the process inside its own signal.
void KeyCommand::settle(const KeyResult &result)
{
    m_limit.stop();
    if (std::exchange(m_running, false) && m_process.state() != QProcess::NotRunning)
        kill();
    wipe(m_output);
    const auto tell = [this, result] {
        m_busy = false;
        auto all = std::exchange(m_waiters, {});
        all.tell(result);
    };
    QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
}

} // namespace rivulet
