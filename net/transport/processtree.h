// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/exchangerequest.h"

#include <QtCore/qobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>

#include <chrono>

QT_FORWARD_DECLARE_CLASS(QSocketNotifier)

namespace rivulet {

/// A local program with all that it starts, which end together. Its output is read only when asked for, so
/// that a full pipe holds the program back. One thread.
class ProcessTree final : public QObject
{
    Q_OBJECT

public:
    /// `grace` is the time between the request to end and the kill.
    explicit ProcessTree(std::chrono::milliseconds grace, QObject *parent);
    /// Kills what still runs.
    ~ProcessTree() override;

    /// Starts the program; call once.
    void start(const ProcessRequest &request);

    /// Writes one line to its standard input.
    void write(const QByteArray &line);
    /// Ends its standard input after what was written.
    void closeInput();

    /// Whether readyRead() comes; at first it does.
    void setReading(bool reading);
    /// The next piece of its standard output, without waiting; empty where there is none now.
    [[nodiscard]] QByteArray read();
    /// How much output waits where it can not be held back; 0 where it can.
    [[nodiscard]] qint64 unreadBytes() const;

    /// The end of what it wrote to standard error, at most 16 KiB.
    [[nodiscard]] QByteArray lastWords() const { return m_lastWords; }

    /// Asks the tree to end, kills it after the grace, and deletes this object once it is gone. Signals
    /// nothing more.
    void end();

Q_SIGNALS:
    /// The program runs.
    void started();
    /// read() may have more.
    void readyRead();
    /// The program could not be started; nothing else comes.
    void startFailed(const QString &reason);
    /// The program has ended; read() has the rest of its output. What it started may still run.
    void exited(int code, bool crashed);

private:
    void keepLastWords();
    void killAtOnce();
    void deleteOnceGone();

    QProcess m_process;
    QTimer m_grace;
    QByteArray m_lastWords;
    bool m_ending = false;
#ifdef Q_OS_WIN
    Qt::HANDLE m_job = nullptr;
    bool m_reading = true;
#else
    void closeOutput();

    QSocketNotifier *m_notifier = nullptr;
    int m_output = -1;
    qint64 m_leader = 0; ///< its process, its group and its session
#endif
};

} // namespace rivulet
