// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/backup.h"

#include "models/store/sqlconnection.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <chrono>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto backupTimeout = std::chrono::milliseconds(1'000);

QString folderOf(const QString &path)
{
    return QFileInfo(path).absolutePath() + u"/backups"_s;
}

/// `<folder>/<name of the database>-<what>.db`
QString fileFor(const QString &path, const QString &what)
{
    return u"%1/%2-%3.db"_s.arg(folderOf(path), QFileInfo(path).completeBaseName(), what);
}

QString fileOfDay(const QString &path, QDate day)
{
    return fileFor(path, day.toString(u"yyyyMMdd"_s));
}

QStringList filesLike(const QString &path, const QString &pattern)
{
    const QDir folder(folderOf(path));
    QStringList files;
    const QFileInfoList found =
        folder.entryInfoList({QFileInfo(fileFor(path, pattern)).fileName()}, QDir::Files, QDir::Name);
    for (const QFileInfo &file : found)
        files.prepend(file.absoluteFilePath());
    return files;
}

QStringList dailyBackups(const QString &path)
{
    return filesLike(path, u"[0-9]"_s.repeated(8));
}

StoreResult<void> check(const QString &file)
{
    const auto connection = SqlConnection::open(file, SqlConnection::Mode::Immutable, backupTimeout);
    if (!connection)
        return std::unexpected(connection.error());
    const auto verdict = (*connection)->value(u"PRAGMA quick_check(1)"_s);
    if (!verdict)
        return std::unexpected(verdict.error());
    if (verdict->toString() != "ok"_L1)
        return std::unexpected(StoreError{StoreError::Kind::Corrupt, verdict->toString()});
    return {};
}

/// What is not whole yet has another name.
StoreResult<void> writeCopy(const SqlConnection &connection, const QString &file)
{
    const QString partial = file + u".partial"_s;
    QFile::remove(partial);
    QDir().mkpath(QFileInfo(file).absolutePath());
    QFile target(partial); // SQLite writes into an empty file, and its permissions stay
    if (!target.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                     QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return std::unexpected(StoreError{StoreError::Kind::ReadOnly, target.errorString()});
    }
    target.close();
    auto done = connection.exec(u"VACUUM INTO ?"_s, {partial});
    if (done)
        done = check(partial);
    if (done) {
        QFile::remove(file);
        if (!QFile::rename(partial, file))
            done = std::unexpected(StoreError{StoreError::Kind::Io, u"The backup can not be renamed."_s});
    }
    if (!done)
        QFile::remove(partial);
    return done;
}

} // namespace

QStringList backupsOf(const QString &path)
{
    return dailyBackups(path) + filesLike(path, u"schema*"_s);
}

bool isBackupDue(const QString &path, QDate day)
{
    return !QFileInfo::exists(fileOfDay(path, day));
}

StoreResult<void> backUp(const QString &path, QDate day, std::function<bool()> isCancelled)
{
    const auto connection = SqlConnection::open(path, SqlConnection::Mode::ReadOnly, backupTimeout);
    if (!connection)
        return std::unexpected(connection.error());
    (*connection)->interruptIf(std::move(isCancelled));
    if (auto done = writeCopy(**connection, fileOfDay(path, day)); !done)
        return done;
    const QStringList backups = dailyBackups(path);
    for (qsizetype i = keptBackups; i < backups.size(); ++i)
        QFile::remove(backups.at(i));
    return {};
}

StoreResult<void> backUpBeforeMigration(const SqlConnection &connection, const QString &path, int version)
{
    return writeCopy(connection, fileFor(path, u"schema%1"_s.arg(version)));
}

std::optional<QString> newestSoundBackup(const QString &path)
{
    const QStringList backups = backupsOf(path);
    for (const QString &file : backups) {
        if (check(file))
            return file;
    }
    return std::nullopt;
}

} // namespace rivulet
