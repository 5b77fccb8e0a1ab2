// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlogging.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <memory>
#include <optional>

namespace rivulet {

/// How a log is kept; the defaults are what people run.
struct LogOptions
{
    qint64 fileSize = 1024 * 1024; ///< bytes; a file that would pass this is rotated first
    int files = 4; ///< how many are kept, the current one among them; with 0 nothing is written to disk
    qint64 backlog = 4 * 1024 * 1024; ///< bytes that may wait for the disk; what comes past it is counted
    std::optional<QtMsgType> echo;    ///< messages at least this serious go to standard error too

    friend bool operator==(const LogOptions &, const LogOptions &) = default;
};

/// Everything that Qt's logging says, on disk: a JSON object a line (time in UTC, level, category, thread,
/// message), secrets blotted out, in a bounded set of files that only this user can read.
///
/// Logging never blocks and never throws: messages are queued, and a thread of the log's own blots, writes
/// and flushes them at once. After a fatal message the program waits for the disk, but at most a second.
class Log
{
public:
    /// Logs to `<folder>/<name>.log`, and older files `<name>.1.log` upwards, until it is destroyed. One
    /// log at a time. Where the folder can not be written, messages are dropped and error() says why.
    Log(const QString &folder, const QString &name, const LogOptions &options = {});
    ~Log();
    Q_DISABLE_COPY_MOVE(Log)

    /// The current file.
    [[nodiscard]] QString file() const;
    /// The files that exist, the newest first.
    [[nodiscard]] QStringList files() const;

    /// Waits until what was logged before is on its way to the disk. False where that took longer.
    bool flush(std::chrono::milliseconds limit = std::chrono::seconds(1)) const;

    /// Why the last message could not be written; empty while all is well.
    [[nodiscard]] QString error() const;

private:
    class Writer;
    std::shared_ptr<Writer> m_writer;
};

} // namespace rivulet
