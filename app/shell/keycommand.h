// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/credential.h"
#include "net/providers/keywaiters.h"

#include <QtCore/qobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <functional>

namespace rivulet {

class ProgramConsent;

/// The key that a local program prints on its first line, such as a password manager's.
///
/// - It is started by its absolute path with a list of arguments, never through a shell, with nothing to
///   read, and with a minimal environment: what such programs need to reach their user's agents, and no more.
/// - It runs only after ProgramConsent allowed it, and not where by then nobody waits for the key any more.
/// - It has 30 s and may print 64 KiB. Its errors are thrown away: they could hold the key.
/// - It runs once for all who wait, and not again before its key was dropped.
///
/// One thread.
class KeyCommand final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds Limit{30'000};
    static constexpr qint64 LongestOutput = 64 * 1024;
    /// NetError::code of what goes wrong with the program; the message says what.
    static constexpr auto FailedCode = QLatin1StringView("key_command_failed");

    /// Nothing runs yet. `consent` outlives the object; null refuses the program.
    KeyCommand(credential::Command command, ProgramConsent *consent, std::chrono::milliseconds limit = Limit,
               QObject *parent = nullptr);
    /// Kills the program.
    ~KeyCommand() override;

    [[nodiscard]] const credential::Command &command() const { return m_command; }

    /// Gets the key. `done` is called once, later, on the calling thread; not at all once `context` is gone.
    /// Errors: Refused for what is no program and for one that was not allowed to run (see
    /// net/transport/requestrules.h), and Auth with FailedCode for one that does not start, fails, takes too
    /// long, or prints too much or no key.
    void key(QObject *context, std::function<void(const KeyResult &key)> done);

    /// The key that key() would give at once; empty where the program has to run for it.
    [[nodiscard]] const QByteArray &known() const { return m_key; }

    /// Forgets the key, where it is still this one: the server did not accept it.
    void drop(const QByteArray &key);

private:
    void ask();
    void run();
    void read();
    void end(int code, QProcess::ExitStatus how);
    void kill();
    void settle(const KeyResult &result);

    credential::Command m_command;
    ProgramConsent *m_consent;
    QProcess m_process;
    QTimer m_limit;
    KeyWaiters m_waiters;
    QByteArray m_output;
    QByteArray m_key;
    bool m_busy = false;
    bool m_running = false;
};

} // namespace rivulet
