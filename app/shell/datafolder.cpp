// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/datafolder.h"

#include <QtCore/qlockfile.h>

#include <chrono>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

std::expected<DataFolder, DataFolderRefusal> DataFolder::take(const QString &folder,
                                                              std::chrono::milliseconds patience)
{
    auto lock = std::make_unique<QLockFile>(folder + "/lock"_L1);
    // It never gets stale by age: only by the death of its process, or of the boot it ran in.
    lock->setStaleLockTime(std::chrono::milliseconds::zero());
    if (lock->tryLock(patience))
        return DataFolder(folder, std::move(lock));

    DataFolderRefusal refusal;
    if (lock->error() == QLockFile::LockFailedError)
        lock->getLockInfo(&refusal.process, &refusal.host, &refusal.program);
    else
        refusal.kind = DataFolderRefusal::Kind::Failed;
    return std::unexpected(refusal);
}

DataFolder::DataFolder(QString path, std::unique_ptr<QLockFile> lock)
    : m_path(std::move(path)), m_lock(std::move(lock))
{}

DataFolder::DataFolder(DataFolder &&) noexcept = default;
DataFolder &DataFolder::operator=(DataFolder &&) noexcept = default;
DataFolder::~DataFolder() = default;

} // namespace rivulet
