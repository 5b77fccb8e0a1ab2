// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faultydisk.h"

#include <sqlite3.h>

#include <new>

namespace rivulet::test {

namespace {

// SQLite's interface of files is a C struct of functions, each of which gets the file first. A file of ours
// is followed in memory by the one of the system.

struct File
{
    sqlite3_file base{};
    bool isLog = false;
    bool isDatabase = false;
};

sqlite3_vfs *system()
{
    static sqlite3_vfs *vfs = sqlite3_vfs_find(nullptr);
    return vfs;
}

File *ours(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file);
}

sqlite3_file *theirs(sqlite3_file *file)
{
    return reinterpret_cast<sqlite3_file *>(ours(file) + 1);
}

/// Hands a call on to the system's file.
template<auto Method, typename... Arguments>
int passOn(sqlite3_file *file, Arguments... arguments)
{
    sqlite3_file *const real = theirs(file);
    return (real->pMethods->*Method)(real, arguments...);
}

int closeFile(sqlite3_file *file)
{
    const int code = passOn<&sqlite3_io_methods::xClose>(file);
    ours(file)->~File();
    return code;
}

int writeFile(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    FaultyDisk &disk = FaultyDisk::instance();
    if (disk.failsNow(DiskFault::Full))
        return SQLITE_FULL;
    if (disk.failsNow(DiskFault::WriteError))
        return SQLITE_IOERR_WRITE;
    if (disk.failsNow(DiskFault::ShortWrite)) {
        passOn<&sqlite3_io_methods::xWrite>(file, data, size / 2, offset);
        return SQLITE_IOERR_WRITE;
    }
    if (ours(file)->isLog || ours(file)->isDatabase)
        disk.noteWrite(ours(file)->isLog, size);
    return passOn<&sqlite3_io_methods::xWrite>(file, data, size, offset);
}

int syncFile(sqlite3_file *file, int flags)
{
    FaultyDisk &disk = FaultyDisk::instance();
    if (disk.failsNow(DiskFault::SyncError))
        return SQLITE_IOERR_FSYNC;
    disk.noteSync();
    return passOn<&sqlite3_io_methods::xSync>(file, flags);
}

const sqlite3_io_methods methods{
    .iVersion = 2, // without memory maps
    .xClose = closeFile,
    .xRead =
        [](sqlite3_file *file, void *data, int size, sqlite3_int64 offset) {
            return passOn<&sqlite3_io_methods::xRead>(file, data, size, offset);
        },
    .xWrite = writeFile,
    .xTruncate = [](sqlite3_file *file,
                    sqlite3_int64 size) { return passOn<&sqlite3_io_methods::xTruncate>(file, size); },
    .xSync = syncFile,
    .xFileSize = [](sqlite3_file *file,
                    sqlite3_int64 *size) { return passOn<&sqlite3_io_methods::xFileSize>(file, size); },
    .xLock = [](sqlite3_file *file, int level) { return passOn<&sqlite3_io_methods::xLock>(file, level); },
    .xUnlock = [](sqlite3_file *file,
                  int level) { return passOn<&sqlite3_io_methods::xUnlock>(file, level); },
    .xCheckReservedLock =
        [](sqlite3_file *file, int *result) {
            return passOn<&sqlite3_io_methods::xCheckReservedLock>(file, result);
        },
    .xFileControl =
        [](sqlite3_file *file, int what, void *argument) {
            return passOn<&sqlite3_io_methods::xFileControl>(file, what, argument);
        },
    .xSectorSize = [](sqlite3_file *file) { return passOn<&sqlite3_io_methods::xSectorSize>(file); },
    .xDeviceCharacteristics =
        [](sqlite3_file *file) { return passOn<&sqlite3_io_methods::xDeviceCharacteristics>(file); },
    .xShmMap =
        [](sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
            return passOn<&sqlite3_io_methods::xShmMap>(file, page, size, extend, memory);
        },
    .xShmLock = [](sqlite3_file *file, int offset, int count,
                   int flags) { return passOn<&sqlite3_io_methods::xShmLock>(file, offset, count, flags); },
    .xShmBarrier = [](sqlite3_file *file) { theirs(file)->pMethods->xShmBarrier(theirs(file)); },
    .xShmUnmap = [](sqlite3_file *file,
                    int remove) { return passOn<&sqlite3_io_methods::xShmUnmap>(file, remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    File *const mine = new (file) File{};
    mine->isLog = (flags & SQLITE_OPEN_WAL) != 0;
    mine->isDatabase = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int code = system()->xOpen(system(), name, theirs(file), flags, outFlags);
    // Without methods it is not closed.
    mine->base.pMethods = theirs(file)->pMethods ? &methods : nullptr;
    return code;
}

} // namespace

FaultyDisk::FaultyDisk()
{
    // All but opening is the system's own: its functions take what is theirs from their argument.
    static sqlite3_vfs vfs = *system();
    vfs.zName = "faulty";
    vfs.szOsFile += static_cast<int>(sizeof(File));
    vfs.pNext = nullptr;
    vfs.xOpen = openFile;
    sqlite3_vfs_register(&vfs, 1);
}

FaultyDisk &FaultyDisk::instance()
{
    static FaultyDisk disk;
    return disk;
}

void FaultyDisk::failOneOf(int every, DiskFault fault, quint32 seed)
{
    const std::lock_guard lock(m_mutex);
    m_every = every;
    m_fault = fault;
    m_random.seed(seed);
    m_failures = 0;
}

void FaultyDisk::works()
{
    const std::lock_guard lock(m_mutex);
    m_every = 0;
}

void FaultyDisk::resetCounters()
{
    m_logged = 0;
    m_checkpointed = 0;
    m_syncs = 0;
}

bool FaultyDisk::failsNow(DiskFault fault)
{
    const std::lock_guard lock(m_mutex);
    if (m_every == 0 || fault != m_fault || m_random.bounded(m_every) != 0)
        return false;
    ++m_failures;
    return true;
}

} // namespace rivulet::test
