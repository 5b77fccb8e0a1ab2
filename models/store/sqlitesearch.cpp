// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/sqlitesearch.h"

#include "models/store/database.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qpromise.h>
#include <QtCore/qthread.h>

#include <atomic>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto busyTimeout = std::chrono::milliseconds(1'000);

} // namespace

struct SqliteSearch::Private
{
    explicit Private(const QString &file) : path(file) {}

    QString path;
    std::atomic<quint64> newest = 0; ///< the number of the search that is wanted
    QThread thread;
    QObject reader; ///< lives on the thread

    /// Any thread but the caller's.
    StoreResult<SearchPage> run(quint64 number, const SearchQuery &query, int limit,
                                std::optional<MessageId> from)
    {
        if (!QFileInfo::exists(path))
            return SearchPage{};
        auto database = Database::open(path, Database::Access::ReadOnly, busyTimeout);
        if (!database)
            return std::unexpected(database.error());
        (*database)->interruptIf([this, number] { return newest != number; });
        return (*database)->search(query, limit, from);
    }
};

SqliteSearch::SqliteSearch(const QString &path, QObject *parent)
    : ConversationSearch(parent), d(new Private(path))
{
    d->thread.setObjectName(u"search"_s);
    d->reader.moveToThread(&d->thread);
    d->thread.start();
}

SqliteSearch::~SqliteSearch()
{
    ++d->newest;
    d->thread.quit();
    d->thread.wait();
}

QFuture<StoreResult<SearchPage>> SqliteSearch::search(const SearchQuery &query, int limit,
                                                      std::optional<MessageId> from)
{
    const quint64 number = ++d->newest;
    QPromise<StoreResult<SearchPage>> promise;
    promise.start();
    QFuture<StoreResult<SearchPage>> future = promise.future();
    auto work = [d = d.get(), number, query, limit, from, answer = std::move(promise)]() mutable {
        if (d->newest != number)
            return; // cancels the future
        auto page = d->run(number, query, limit, from);
        if (d->newest != number)
            return;
        answer.addResult(std::move(page));
        answer.finish();
    };
    QMetaObject::invokeMethod(&d->reader, std::move(work), Qt::QueuedConnection);
    return future;
}

} // namespace rivulet
