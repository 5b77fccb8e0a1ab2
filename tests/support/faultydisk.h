// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qrandom.h>
#include <QtCore/qtypes.h>

#include <atomic>
#include <mutex>

namespace rivulet::test {

/// What a disk may say to a write or a sync.
enum class DiskFault {
    Full,       ///< no room: nothing is written
    WriteError, ///< a write fails
    ShortWrite, ///< a write fails after its first half
    SyncError,  ///< a sync fails
};

/// The disk as SQLite sees it in this process: counts what is written, and fails when it is told to. It is
/// SQLite's own file layer with that in between. Any thread.
class FaultyDisk
{
public:
    /// The one disk, SQLite's default from the first call on: to be made before the first connection.
    static FaultyDisk &instance();

    /// From now on some of the calls that `fault` concerns fail: on the average one of `every`, as chance
    /// with that seed has it; with 1, all of them.
    void failOneOf(int every, DiskFault fault, quint32 seed);
    void works();
    /// How many calls failed since failOneOf().
    [[nodiscard]] int failures() const { return m_failures; }

    /// Bytes that were written since resetCounters(): to write-ahead logs, and to databases by checkpoints.
    void resetCounters();
    [[nodiscard]] qint64 loggedBytes() const { return m_logged; }
    [[nodiscard]] qint64 checkpointedBytes() const { return m_checkpointed; }
    [[nodiscard]] int syncs() const { return m_syncs; }

    /// For the file layer: whether a call that `fault` concerns fails now.
    [[nodiscard]] bool failsNow(DiskFault fault);
    void noteWrite(bool toLog, qint64 bytes) { (toLog ? m_logged : m_checkpointed) += bytes; }
    void noteSync() { ++m_syncs; }

private:
    FaultyDisk();

    mutable std::mutex m_mutex;
    QRandomGenerator m_random;
    DiskFault m_fault = DiskFault::Full;
    int m_every = 0; ///< 0 while it works
    std::atomic<int> m_failures = 0;
    std::atomic<qint64> m_logged = 0;
    std::atomic<qint64> m_checkpointed = 0;
    std::atomic<int> m_syncs = 0;
};

} // namespace rivulet::test
