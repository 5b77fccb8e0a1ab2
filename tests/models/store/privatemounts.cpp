// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/store/privatemounts.h"

#include <QtCore/qfile.h>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace rivulet::test {

namespace {

bool writeTo(const char *path, const QByteArray &text)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

/// In a chroot the root is no mount point, so every mount is taken by its own path.
void makeAllMountsPrivate()
{
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
        return;
    QFile mounts(QStringLiteral("/proc/self/mountinfo"));
    if (!mounts.open(QIODevice::ReadOnly))
        return;
    const QList<QByteArray> lines = mounts.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> fields = line.split(' ');
        if (fields.size() > 4)
            mount(nullptr, fields.at(4).constData(), nullptr, MS_PRIVATE, nullptr);
    }
}

} // namespace

bool enterPrivateMounts()
{
    const uid_t user = getuid();
    const gid_t group = getgid();
    if (user == 0 && unshare(CLONE_NEWNS) == 0) {
        makeAllMountsPrivate();
        return true;
    }
    // Others may do so as the root of a user namespace of their own, where the system has them.
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    writeTo("/proc/self/setgroups", "deny");
    const bool mapped = writeTo("/proc/self/uid_map", QByteArray("0 ") + QByteArray::number(user) + " 1")
        && writeTo("/proc/self/gid_map", QByteArray("0 ") + QByteArray::number(group) + " 1");
    makeAllMountsPrivate();
    return mapped;
}

SmallDisk::SmallDisk(const QString &folder, int kibibytes) : m_folder(QFile::encodeName(folder))
{
    const QByteArray size = "size=" + QByteArray::number(kibibytes) + 'k';
    m_mounted = mount("tmpfs", m_folder.constData(), "tmpfs", 0, size.constData()) == 0;
}

SmallDisk::~SmallDisk()
{
    if (m_mounted)
        umount2(m_folder.constData(), MNT_DETACH);
}

bool SmallDisk::isMounted() const
{
    return m_mounted;
}

bool SmallDisk::setReadOnly(bool readOnly)
{
    unsigned long flags = MS_REMOUNT;
    if (readOnly)
        flags |= MS_RDONLY;
    return mount(nullptr, m_folder.constData(), nullptr, flags, nullptr) == 0;
}

ReadOnlyFile::ReadOnlyFile(const QString &file) : m_file(QFile::encodeName(file))
{
    const char *path = m_file.constData();
    m_mounted = mount(path, path, nullptr, MS_BIND, nullptr) == 0
        && mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
}

ReadOnlyFile::~ReadOnlyFile()
{
    umount2(m_file.constData(), MNT_DETACH);
}

bool ReadOnlyFile::isMounted() const
{
    return m_mounted;
}

} // namespace rivulet::test
