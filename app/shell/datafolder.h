// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qtypes.h>

#include <chrono>
#include <expected>
#include <memory>

QT_FORWARD_DECLARE_CLASS(QLockFile)

namespace rivulet {

/// Why the data folder is not ours.
struct DataFolderRefusal
{
    enum class Kind {
        Owned,  ///< another process owns it: the one below
        Failed, ///< the lock file can not be made: no permission, no room
    };
    Kind kind = Kind::Owned;
    qint64 process = 0; ///< where Owned: its process id, 0 where it is not known
    QString host;       ///< where Owned: the computer it runs on, which matters on a shared file system
    QString program;    ///< where Owned: the name of the program

    friend bool operator==(const DataFolderRefusal &, const DataFolderRefusal &) = default;
};

/// Owning the data folder: one process at a time, by a lock file. The lock ends with the object, and with
/// the process: one that was left behind by a crash or a lost power is taken over.
class DataFolder
{
public:
    /// Takes the folder, which must exist, or tells who has it. Where another process has it, blocks until
    /// it lets go, but no longer than `patience`.
    [[nodiscard]] static std::expected<DataFolder, DataFolderRefusal>
    take(const QString &folder, std::chrono::milliseconds patience = std::chrono::milliseconds(0));

    DataFolder(DataFolder &&) noexcept;
    DataFolder &operator=(DataFolder &&) noexcept;
    ~DataFolder();

    [[nodiscard]] const QString &path() const { return m_path; }

private:
    DataFolder(QString path, std::unique_ptr<QLockFile> lock);

    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace rivulet
