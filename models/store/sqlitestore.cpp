// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/sqlitestore.h"

#include "models/store/storeworker.h"
#include "net/providers/provider.h"
#include "net/wire/logging.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qpromise.h>
#include <QtCore/qthread.h>

#include <concepts>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

/// Has `work` done on the worker's thread, after all that was asked for or journalled before.
template<typename Work>
void post(StoreWorker *worker, Work &&work)
{
    // A promise can only be moved, and a function is copied.
    const auto kept = std::make_shared<std::decay_t<Work>>(std::forward<Work>(work));
    worker->inbox().add([kept] { (*kept)(); });
    QMetaObject::invokeMethod(worker, &StoreWorker::work, Qt::QueuedConnection);
}

template<typename T>
QFuture<StoreResult<T>> ask(StoreWorker *worker, const std::invocable<StoreWorker &> auto &question)
{
    QPromise<StoreResult<T>> promise;
    promise.start();
    QFuture<StoreResult<T>> future = promise.future();
    post(worker, [worker, question, answer = std::move(promise)]() mutable {
        answer.addResult(question(*worker));
        answer.finish();
    });
    return future;
}

class StoreJournal final : public TurnJournal
{
public:
    explicit StoreJournal(StoreWorker *worker) : m_worker(worker) {}

    void begin(TurnId, std::function<void()> ready) override
    {
        QPromise<void> promise;
        promise.start();
        promise.future().then(&m_home, std::move(ready));
        post(m_worker, [worker = m_worker, waiting = std::move(promise)]() mutable {
            worker->beginTurn(std::move(waiting));
        });
    }

    void append(TurnId turn, const StreamEvents &events, const std::optional<ResumeToken> &place) override
    {
        if (m_worker->inbox().add(StoreInbox::Words{turn, events, place}))
            QMetaObject::invokeMethod(m_worker, &StoreWorker::commitInTime, Qt::QueuedConnection);
    }

    void handOver(TurnId turn, const Provider &provider) override
    {
        post(m_worker, [worker = m_worker, turn, provider] { worker->handOver(turn, provider); });
    }

    void finish(TurnId turn, const TurnOutcome &outcome) override
    {
        post(m_worker, [worker = m_worker, turn, outcome] { worker->finishTurn(turn, outcome); });
    }

private:
    StoreWorker *m_worker;
    QObject m_home; ///< lives on the engine thread: what is ready is told there, and nowhere once it is gone
};

} // namespace

struct SqliteStore::Private
{
    StoreHealth health;
    // On the heap, because a disk that never answers takes them with it.
    std::chrono::milliseconds shutdownTimeout;
    std::unique_ptr<QThread> thread;
    std::unique_ptr<StoreWorker> worker;
};

SqliteStore::SqliteStore(const QString &path, const SqliteStoreOptions &options, QObject *parent)
    : ConversationStore(parent), d(new Private{.shutdownTimeout = options.shutdownTimeout})
{
    d->thread = std::make_unique<QThread>();
    d->thread->setObjectName(u"store"_s);
    d->worker = std::make_unique<StoreWorker>(path, options);
    d->worker->moveToThread(d->thread.get());
    connect(d->worker.get(), &StoreWorker::healthChanged, this, [this](const StoreHealth &health) {
        d->health = health;
        Q_EMIT healthChanged(health);
    });
    d->thread->start();
    post(d->worker.get(), [worker = d->worker.get()] { worker->open(); });
}

SqliteStore::~SqliteStore()
{
    post(d->worker.get(), [worker = d->worker.get(), thread = d->thread.get()] {
        worker->close();
        thread->quit();
    });
    if (!d->thread->wait(QDeadlineTimer(d->shutdownTimeout))) {
        qCCritical(lcStore) << "the disk does not answer: what was not written yet is lost";
        d->worker->disconnect(this);
        [[maybe_unused]] const auto *worker = d->worker.release();
        [[maybe_unused]] const auto *thread = d->thread.release();
    }
}

std::unique_ptr<TurnJournal> SqliteStore::makeJournal()
{
    return std::make_unique<StoreJournal>(d->worker.get());
}

QFuture<StoreResult<QList<ConversationSummary>>> SqliteStore::conversations()
{
    return ask<QList<ConversationSummary>>(d->worker.get(),
                                           [](StoreWorker &worker) { return worker.conversations(); });
}

QFuture<StoreResult<QList<ConversationSummary>>> SqliteStore::resumable(const QDateTime &oldest)
{
    return ask<QList<ConversationSummary>>(
        d->worker.get(), [oldest](StoreWorker &worker) { return worker.resumable(oldest); });
}

QFuture<StoreResult<QList<Message>>> SqliteStore::messages(ConversationId id)
{
    return ask<QList<Message>>(d->worker.get(), [id](StoreWorker &worker) { return worker.messages(id); });
}

QFuture<StoreResult<Unsent>> SqliteStore::unsent(ConversationId id)
{
    return ask<Unsent>(d->worker.get(), [id](StoreWorker &worker) { return worker.unsent(id); });
}

void SqliteStore::putConversation(const ConversationSummary &conversation)
{
    post(d->worker.get(),
         [worker = d->worker.get(), conversation] { worker->putConversation(conversation); });
}

void SqliteStore::putMessage(const Message &message)
{
    post(d->worker.get(), [worker = d->worker.get(), message] { worker->putMessage(message); });
}

void SqliteStore::putUnsent(ConversationId id, const Unsent &words)
{
    post(d->worker.get(), [worker = d->worker.get(), id, words] { worker->putUnsent(id, words); });
}

void SqliteStore::removeConversation(ConversationId id)
{
    post(d->worker.get(), [worker = d->worker.get(), id] { worker->removeConversation(id); });
}

StoreHealth SqliteStore::health() const
{
    return d->health;
}

} // namespace rivulet
