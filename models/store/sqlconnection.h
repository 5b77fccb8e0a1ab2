// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qvariant.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlerror.h>
#include <QtSql/qsqlquery.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

/// One connection to an SQLite file, with the settings that every connection of ours has: foreign keys, no
/// trust in the file's schema, defensive mode. Failures come back as values. It belongs to the thread that
/// opened it, and so do all queries made of it; they are to be gone before it is.
class SqlConnection
{
public:
    enum class Mode {
        ReadWrite, ///< creates the file where there is none, readable by its owner only
        ReadOnly,  ///< sees what other connections write
        Immutable, ///< read-only without locks and without the write-ahead log: a folder that can not be
                   ///< written
    };

    enum class Durability {
        Process, ///< survives the end of the process
        Power,   ///< survives the end of power
    };

    /// Opens `path`. Does not yet read it: a file that is no database fails with the first query.
    [[nodiscard]] static StoreResult<std::unique_ptr<SqlConnection>>
    open(const QString &path, Mode mode, std::chrono::milliseconds busyTimeout);

    ~SqlConnection();
    Q_DISABLE_COPY_MOVE(SqlConnection)

    /// Ends whatever statement runs as soon as `wanted` says so, as Io; asked often, on this thread.
    void interruptIf(std::function<bool()> wanted);
    /// How long a statement waits for another program's lock.
    void setBusyTimeout(std::chrono::milliseconds timeout);

    /// Prepares `sql`, for run().
    [[nodiscard]] StoreResult<QSqlQuery> prepare(const QString &sql) const;
    /// Binds `values` in their order and executes.
    [[nodiscard]] StoreResult<void> run(QSqlQuery &query, const QVariantList &values = {}) const;
    /// Prepares and executes once.
    [[nodiscard]] StoreResult<QSqlQuery> query(const QString &sql, const QVariantList &values = {}) const;
    /// Executes once and forgets the rows.
    [[nodiscard]] StoreResult<void> exec(const QString &sql, const QVariantList &values = {}) const;
    /// The first column of the first row, invalid where there is none.
    [[nodiscard]] StoreResult<QVariant> value(const QString &sql, const QVariantList &values = {}) const;
    /// A transaction. Everything that writes stands between begin() and commit(), or rollback() on failure.
    [[nodiscard]] StoreResult<void> begin(Durability durability) const;
    [[nodiscard]] StoreResult<void> commit() const;
    void rollback() const;
    /// Moves to the next row. False at the end; a failure on the way is an error, not the end.
    [[nodiscard]] StoreResult<bool> next(QSqlQuery &query) const;

private:
    SqlConnection(const QString &path, const QSqlDatabase &database);
    [[nodiscard]] StoreError errorOf(const QSqlError &error) const;
    [[nodiscard]] StoreResult<void> configure();

    QString m_path;
    QSqlDatabase m_database;
    std::function<bool()> m_isInterrupted;
};

} // namespace rivulet
