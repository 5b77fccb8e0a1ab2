// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/QProcess>
#include <QtCore/QString>
#include <QtTest/QTest>

#include <csignal>
#include <memory>

namespace rivulet::test {

/// rivulet-cli as a child process with a home of its own and no desktop session. The test's event loop runs
/// meanwhile, so that a server in the test can answer it.
class Program
{
public:
    Program(const QString &home, const QStringList &arguments,
            const QHash<QString, QString> &environment = {})
    {
        auto variables = QProcessEnvironment::systemEnvironment();
        variables.insert(QStringLiteral("RIVULET_HOME"), home);
        variables.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        variables.remove(QStringLiteral("XDG_RUNTIME_DIR"));
        for (const auto &[name, value] : environment.asKeyValueRange())
            variables.insert(name, value);
        m_process.setProcessEnvironment(variables);
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process,
                         [this] { m_output += m_process.readAllStandardOutput(); });
        QObject::connect(&m_process, &QProcess::readyReadStandardError, &m_process,
                         [this] { m_errors += m_process.readAllStandardError(); });
        m_process.start(QStringLiteral(RIVULET_CLI), arguments);
        m_process.waitForStarted();
    }

    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Program)

    /// Writes a line to its standard input.
    void say(const QByteArray &line) { m_process.write(line + '\n'); }

    /// Nothing more will be written.
    void endInput() { m_process.closeWriteChannel(); }

    /// Writes to its standard input and closes that.
    void type(const QByteArray &text)
    {
        m_process.write(text);
        m_process.closeWriteChannel();
    }

    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

    /// The exit code, once it has one; -1 where it crashed or never ended.
    int exitCode()
    {
        if (!QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 20'000))
            return -1;
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    /// What it wrote so far.
    [[nodiscard]] const QByteArray &output() const { return m_output; }
    [[nodiscard]] const QByteArray &errors() const { return m_errors; }

private:
    QByteArray m_output;
    QByteArray m_errors;
    QProcess m_process;
};

} // namespace rivulet::test
