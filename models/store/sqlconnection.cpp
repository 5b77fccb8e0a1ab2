// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/sqlconnection.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qurl.h>
#include <QtSql/qsqldriver.h>

#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

sqlite3 *handleOf(const QSqlDatabase &database)
{
    const QVariant handle = database.driver()->handle();
    return qstrcmp(handle.typeName(), "sqlite3*") == 0 ? *static_cast<sqlite3 *const *>(handle.constData())
                                                       : nullptr;
}

StoreError::Kind kindOf(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return StoreError::Kind::Locked;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return StoreError::Kind::ReadOnly;
    case SQLITE_FULL:
        return StoreError::Kind::Full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return StoreError::Kind::Corrupt;
    default:
        return StoreError::Kind::Io;
    }
}

/// What is typed into this file is private: it is made readable by its owner only, and SQLite gives the
/// files beside it the same permissions. Where this fails, SQLite will say why.
void createPrivately(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists())
        return;
    QDir().mkpath(info.absolutePath());
    QFile file(path);
    file.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

QString uriOf(const QString &path)
{
    return QUrl::fromLocalFile(QFileInfo(path).absoluteFilePath()).toString(QUrl::FullyEncoded)
        + u"?immutable=1"_s;
}

} // namespace

SqlConnection::SqlConnection(const QString &path, const QSqlDatabase &database)
    : m_path(path), m_database(database)
{}

StoreResult<std::unique_ptr<SqlConnection>> SqlConnection::open(const QString &path, Mode mode,
                                                                std::chrono::milliseconds busyTimeout)
{
    if (QFileInfo(path).isDir())
        return std::unexpected(StoreError{StoreError::Kind::Corrupt, u"A folder is in the file's place."_s});
    if (mode == Mode::ReadWrite)
        createPrivately(path);

    static std::atomic<int> count = 0;
    std::unique_ptr<SqlConnection> connection(
        new SqlConnection(path, QSqlDatabase::addDatabase(u"QSQLITE"_s, u"rivulet-store-%1"_s.arg(++count))));
    QSqlDatabase &database = connection->m_database;
    QStringList options{u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(busyTimeout.count())};
    if (mode != Mode::ReadWrite)
        options.append(u"QSQLITE_OPEN_READONLY"_s);
    if (mode == Mode::Immutable)
        options.append(u"QSQLITE_OPEN_URI"_s);
    database.setConnectOptions(options.join(u';'));
    database.setDatabaseName(mode == Mode::Immutable ? uriOf(path) : path);
    if (!database.open())
        return std::unexpected(connection->errorOf(database.lastError()));
    if (auto configured = connection->configure(); !configured)
        return std::unexpected(configured.error());
    return connection;
}

SqlConnection::~SqlConnection()
{
    const QString name = m_database.connectionName();
    m_database = {};
    QSqlDatabase::removeDatabase(name);
}

StoreResult<void> SqlConnection::configure()
{
    // The C interface below is used on a handle that Qt's driver opened: both have to be one library. Equal
    // versions make the calls safe, and one copy of a static object proves that there are not two of them.
    const auto source = value(u"SELECT sqlite_source_id()"_s);
    if (!source)
        return std::unexpected(source.error());
    sqlite3 *handle = handleOf(m_database);
    sqlite3_vfs *vfs = nullptr;
    const bool same = handle && source->toString() == QLatin1StringView(sqlite3_sourceid())
        && sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, static_cast<void *>(&vfs))
            == SQLITE_OK
        && vfs == sqlite3_vfs_find(nullptr);
    if (!same) {
        return std::unexpected(
            StoreError{StoreError::Kind::Io, u"Qt's SQLite driver brings another SQLite than ours."_s});
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (auto done = exec(u"PRAGMA trusted_schema = OFF"_s); !done)
        return done;
    return exec(u"PRAGMA foreign_keys = ON"_s);
}

void SqlConnection::interruptIf(std::function<bool()> wanted)
{
    constexpr int stepsBetween = 1'000; // of SQLite's virtual machine: a fraction of a millisecond
    m_isInterrupted = std::move(wanted);
    sqlite3_progress_handler(
        handleOf(m_database), stepsBetween,
        [](void *self) { return static_cast<SqlConnection *>(self)->m_isInterrupted() ? 1 : 0; }, this);
}

void SqlConnection::setBusyTimeout(std::chrono::milliseconds timeout)
{
    sqlite3_busy_timeout(handleOf(m_database), static_cast<int>(timeout.count()));
}

StoreResult<QSqlQuery> SqlConnection::prepare(const QString &sql) const
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return std::unexpected(errorOf(query.lastError()));
    return query;
}

StoreResult<void> SqlConnection::run(QSqlQuery &query, const QVariantList &values) const
{
    for (int i = 0; i < values.size(); ++i)
        query.bindValue(i, values.at(i));
    if (!query.exec())
        return std::unexpected(errorOf(query.lastError()));
    return {};
}

StoreResult<QSqlQuery> SqlConnection::query(const QString &sql, const QVariantList &values) const
{
    auto query = prepare(sql);
    if (!query)
        return query;
    if (auto done = run(*query, values); !done)
        return std::unexpected(done.error());
    return query;
}

StoreResult<void> SqlConnection::exec(const QString &sql, const QVariantList &values) const
{
    auto done = query(sql, values);
    if (!done)
        return std::unexpected(done.error());
    return {};
}

StoreResult<QVariant> SqlConnection::value(const QString &sql, const QVariantList &values) const
{
    auto rows = query(sql, values);
    if (!rows)
        return std::unexpected(rows.error());
    const auto row = next(*rows);
    if (!row)
        return std::unexpected(row.error());
    return *row ? rows->value(0) : QVariant();
}

StoreResult<bool> SqlConnection::next(QSqlQuery &query) const
{
    if (query.next())
        return true;
    if (query.lastError().isValid())
        return std::unexpected(errorOf(query.lastError()));
    return false;
}

StoreResult<void> SqlConnection::begin(Durability durability) const
{
    const QString synchronous =
        durability == Durability::Power ? u"PRAGMA synchronous = FULL"_s : u"PRAGMA synchronous = NORMAL"_s;
    if (auto done = exec(synchronous); !done)
        return done;
    return exec(u"BEGIN IMMEDIATE"_s);
}

StoreResult<void> SqlConnection::commit() const
{
    return exec(u"COMMIT"_s);
}

void SqlConnection::rollback() const
{
    // SQLite rolls back by itself after some failures; then there is nothing left to do.
    [[maybe_unused]] const auto done = exec(u"ROLLBACK"_s);
}

StoreError SqlConnection::errorOf(const QSqlError &error) const
{
    const int code = error.nativeErrorCode().toInt();
    StoreError::Kind kind = kindOf(code);
    // SQLite names these by what it tried, not by what was in the way.
    if ((code & 0xff) == SQLITE_CANTOPEN && !QFileInfo(QFileInfo(m_path).absolutePath()).isWritable())
        kind = StoreError::Kind::ReadOnly;
    sqlite3 *handle = handleOf(m_database);
    if ((code & 0xff) == SQLITE_IOERR && handle && sqlite3_system_errno(handle) == ENOSPC)
        kind = StoreError::Kind::Full;
    return {kind, error.databaseText()};
}

} // namespace rivulet
