// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

namespace rivulet::test {

/// Moves this process into a mount namespace of its own, where it may mount as it likes without anyone
/// noticing. To be called before there is a second thread. False where the system does not permit it.
[[nodiscard]] bool enterPrivateMounts();

/// A small file system in memory over a folder, for as long as this object lives.
class SmallDisk
{
public:
    SmallDisk(const QString &folder, int kibibytes);
    ~SmallDisk();
    Q_DISABLE_COPY_MOVE(SmallDisk)

    [[nodiscard]] bool isMounted() const;
    [[nodiscard]] bool setReadOnly(bool readOnly);

private:
    QByteArray m_folder;
    bool m_mounted = false;
};

/// Makes one file read-only for everyone, root included, for as long as this object lives.
class ReadOnlyFile
{
public:
    explicit ReadOnlyFile(const QString &file);
    ~ReadOnlyFile();
    Q_DISABLE_COPY_MOVE(ReadOnlyFile)

    [[nodiscard]] bool isMounted() const;

private:
    QByteArray m_file;
    bool m_mounted = false;
};

} // namespace rivulet::test
