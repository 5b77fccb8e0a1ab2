// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/storeworker.h"

#include "models/store/backup.h"
#include "models/store/database.h"
#include "models/store/journalcodec.h"
#include "models/store/rescue.h"
#include "net/wire/logging.h"

#include <QtCore/qdatetime.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// While it holds, a lock was waited for once; from then on reading is not to wait for it again and again.
constexpr auto busyTimeoutWhileHolding = std::chrono::milliseconds(50);

// What comes meanwhile goes first.
constexpr auto pauseBetweenIndexing = std::chrono::milliseconds(10);

constexpr auto timeBetweenBackupChecks = std::chrono::hours(1);

template<typename... F>
struct Overloaded : F...
{
    using F::operator()...;
};

/// What only the user can say again survives a power cut; what streams is worth a commit, not a sync.
bool needsPower(const Message &message)
{
    return message.role == ChatRole::User || message.state != Message::State::Streaming;
}

/// How such an answer ends is for the session to say, which knows what was seen of it, and how its turn went
/// for the engine: whichever comes first, the other one is yet to come.
bool endsByTheUser(const Message &message)
{
    return message.state == Message::State::Stopped || message.state == Message::State::Redirected;
}

void replaceOrAppend(QList<Message> &messages, const Message &message)
{
    const auto it = std::ranges::lower_bound(messages, message.id, {}, &Message::id);
    if (it != messages.end() && it->id == message.id)
        *it = message;
    else
        messages.insert(it, message);
}

} // namespace

StoreWorker::StoreWorker(const QString &path, const SqliteStoreOptions &options)
    : m_path(path), m_options(options), m_soon(this), m_commitDue(this), m_retryDue(this), m_indexDue(this),
      m_backupDue(this)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    m_commitDue.setSingleShot(true);
    m_commitDue.setTimerType(Qt::PreciseTimer);
    m_commitDue.setInterval(m_options.commitInterval);
    m_retryDue.setSingleShot(true);
    m_retryDue.setInterval(m_options.retryInterval);
    m_indexDue.setSingleShot(true);
    m_indexDue.setInterval(pauseBetweenIndexing);
    m_backupDue.setSingleShot(true);
    for (QTimer *timer : {&m_soon, &m_commitDue}) {
        connect(timer, &QTimer::timeout, this, [this] {
            work();
            flush();
        });
    }
    connect(&m_retryDue, &QTimer::timeout, this, &StoreWorker::retry);
    connect(&m_indexDue, &QTimer::timeout, this, &StoreWorker::indexMore);
    connect(&m_backupDue, &QTimer::timeout, this, &StoreWorker::backUpDaily);
}

StoreWorker::~StoreWorker() = default;

void StoreWorker::work()
{
    std::vector<StoreInbox::Item> items = m_inbox.take();
    std::vector<StoreInbox::Words> said;
    for (StoreInbox::Item &item : items) {
        if (auto *words = std::get_if<StoreInbox::Words>(&item)) {
            said.push_back(std::move(*words));
            continue;
        }
        append(std::exchange(said, {}));
        std::get<StoreInbox::Work>(item)();
    }
    append(said);
}

void StoreWorker::commitInTime()
{
    if (!m_commitDue.isActive())
        m_commitDue.start();
}

void StoreWorker::open()
{
    m_backupDue.start(m_options.backupDelay);
    if (openForWriting())
        attempt();
}

void StoreWorker::close()
{
    if (m_database)
        m_database->setBusyTimeout(std::min(m_options.busyTimeout, std::chrono::milliseconds(2'000)));
    if (isHolding())
        retry();
    flush();
    m_retryDue.stop();
    m_indexDue.stop();
    m_backupDue.stop();
    m_isClosing = true;
    if (m_backup)
        m_backup->wait();
    if (hasWork()) {
        qCCritical(lcStore) << "closed with" << m_changes.size() << "changes and" << m_running.size()
                            << "answers that could not be written";
    } else if (isWritable()) {
        StoreResult<void> done = m_database->begin(Database::Durability::Power);
        if (done)
            done = m_database->markClosed();
        if (done)
            done = m_database->commit();
        if (!done)
            m_database->rollback();
    }
    m_database.reset();
}

void StoreWorker::putConversation(const ConversationSummary &conversation)
{
    enqueue(conversation);
}

void StoreWorker::putMessage(const Message &message)
{
    if (message.state == Message::State::Streaming) {
        Running &running = m_running[turnOf(message.id)];
        running.message = message;
        running.unwritten.clear();
        running.writtenStream.clear();
    } else if (m_running.remove(turnOf(message.id)) > 0) {
        m_trimDue = true;
        if (endsByTheUser(message))
            m_sealed.insert(turnOf(message.id), message);
    } else if (endsByTheUser(message) && m_measured.contains(turnOf(message.id))) {
        Message measured = message;
        measured.metrics = m_measured.take(turnOf(message.id));
        enqueue(std::move(measured));
        return;
    }
    enqueue(message);
}

void StoreWorker::putUnsent(ConversationId id, const Unsent &words)
{
    if (isBeingRemoved(id))
        return;
    const auto queue = m_queues.constFind(id);
    bool onlyDraft = queue != m_queues.constEnd() && *queue == words.queue;
    m_queues.insert(id, words.queue);
    // It goes behind the conversation that it belongs to, which may be younger than the words it replaces.
    std::erase_if(m_changes, [&](const Change &change) {
        const auto *earlier = std::get_if<UnsentWords>(&change);
        if (!earlier || earlier->conversation != id)
            return false;
        onlyDraft = onlyDraft && earlier->onlyDraft;
        return true;
    });
    m_changes.emplace_back(UnsentWords{id, words, onlyDraft});
    if (!onlyDraft)
        commitSoon();
    else if (!isHolding() && !m_commitDue.isActive())
        m_commitDue.start();
}

void StoreWorker::removeConversation(ConversationId id)
{
    m_queues.remove(id);
    // What was to be written of it need not be.
    std::erase_if(m_changes, [id](const Change &change) {
        return std::visit(Overloaded{[id](const ConversationSummary &put) { return put.id == id; },
                                     [id](const Message &put) { return put.conversation == id; },
                                     [id](const UnsentWords &put) { return put.conversation == id; },
                                     [](const Removal &) { return false; }},
                          change);
    });
    const auto stopped =
        m_running.removeIf([id](const auto &entry) { return entry.value().message.conversation == id; });
    m_trimDue = m_trimDue || stopped > 0;
    m_sealed.removeIf([id](const auto &entry) { return entry.value().conversation == id; });
    enqueue(Removal{id});
}

void StoreWorker::beginTurn(QPromise<void> ready)
{
    m_waiting.push_back(std::move(ready));
    // Turns that begin together share a sync.
    if (!m_soon.isActive())
        m_soon.start();
}

// What comes in one go is joined before it is taken.
void StoreWorker::append(const std::vector<StoreInbox::Words> &said)
{
    QHash<TurnId, StoreInbox::Words> byTurn;
    for (const StoreInbox::Words &words : said) {
        StoreInbox::Words &all = byTurn[words.turn];
        all.turn = words.turn;
        all.events.append(words.events);
        all.place = words.place;
    }
    for (StoreInbox::Words &words : byTurn)
        append(std::move(words));
}

void StoreWorker::append(StoreInbox::Words &&words)
{
    const auto it = m_running.find(words.turn);
    if (it == m_running.end())
        return; // its conversation was removed
    StreamEvents &events = words.events;
    coalesce(events);
    for (const StreamEvent &event : std::as_const(events))
        apply(it->message, event);
    it->message.resume = std::move(words.place);
    // What joins can only join the last one: the work is that of what came, however much is held.
    StreamEvents &unwritten = it->unwritten;
    if (!unwritten.isEmpty())
        events.prepend(unwritten.takeLast());
    coalesce(events);
    unwritten.append(std::move(events));
    if (isWritable())
        commitInTime();
}

void StoreWorker::handOver(TurnId turn, const Provider &provider)
{
    const auto it = m_running.find(turn);
    if (it == m_running.end())
        return;
    rivulet::handOver(it->message, provider);
    it->unwritten.clear();
    it->writtenStream.clear();
    enqueue(it->message);
}

void StoreWorker::finishTurn(TurnId turn, const TurnOutcome &outcome)
{
    const auto it = m_running.find(turn);
    if (it == m_running.end()) {
        if (const auto sealed = m_sealed.find(turn); sealed != m_sealed.end()) {
            Message message = std::move(*sealed);
            m_sealed.erase(sealed);
            message.metrics = outcome.metrics;
            enqueue(std::move(message));
        }
        return;
    }
    Message message = std::move(it->message);
    m_running.erase(it);
    m_trimDue = true;
    apply(message, outcome);
    if (endsByTheUser(message))
        m_measured.insert(turn, outcome.metrics);
    enqueue(std::move(message));
}

StoreResult<QList<ConversationSummary>> StoreWorker::conversations()
{
    flush();
    const auto stored = read([](Database &database) { return database.conversations(); });
    if (!stored && m_changes.empty())
        return stored;
    QList<ConversationSummary> list = stored.value_or(QList<ConversationSummary>());
    for (const Change &change : m_changes) {
        const auto drop = [&list](ConversationId id) {
            list.removeIf([id](const ConversationSummary &entry) { return entry.id == id; });
        };
        if (const auto *put = std::get_if<ConversationSummary>(&change)) {
            drop(put->id);
            list.append(*put);
        } else if (const auto *removal = std::get_if<Removal>(&change)) {
            drop(removal->id);
        }
    }
    std::ranges::stable_sort(list, [](const ConversationSummary &a, const ConversationSummary &b) {
        return a.changed != b.changed ? a.changed > b.changed : a.id > b.id;
    });
    return list;
}

StoreResult<QList<ConversationSummary>> StoreWorker::resumable(const QDateTime &oldest)
{
    flush();
    return read([&oldest](Database &database) { return database.resumable(oldest); });
}

StoreResult<QList<Message>> StoreWorker::messages(ConversationId id)
{
    flush();
    const auto stored = read([id](Database &database) { return database.messages(id); });
    QList<Message> list = stored.value_or(QList<Message>());
    // What is held may be all there is of a conversation, or only the end of one that can not be read.
    bool whole = stored.has_value();
    for (const Change &change : m_changes) {
        if (const auto *put = std::get_if<ConversationSummary>(&change)) {
            whole = whole || (put->id == id && stored.error().kind == StoreError::Kind::NotFound);
        } else if (const auto *message = std::get_if<Message>(&change)) {
            if (message->conversation != id)
                continue;
            replaceOrAppend(list, *message);
            whole = whole || !message->parent;
        } else if (const auto *removal = std::get_if<Removal>(&change); removal && removal->id == id) {
            list.clear();
            whole = false;
        }
    }
    if (!whole)
        return stored ? std::unexpected(StoreError{StoreError::Kind::NotFound, {}}) : stored;
    for (Message &message : list) {
        if (message.state != Message::State::Streaming)
            continue;
        const auto running = m_running.constFind(turnOf(message.id));
        if (running != m_running.constEnd())
            message = running->message;
        else
            closeAsCutOff(message);
    }
    return list;
}

StoreResult<Unsent> StoreWorker::unsent(ConversationId id)
{
    flush();
    auto words = read([id](Database &database) { return database.unsent(id); });
    for (const Change &change : m_changes) {
        if (const auto *put = std::get_if<UnsentWords>(&change); put && put->conversation == id)
            words = put->words;
        else if (const auto *removal = std::get_if<Removal>(&change); removal && removal->id == id)
            words = Unsent{};
    }
    if (words)
        m_queues.insert(id, words->queue);
    return words;
}

void StoreWorker::enqueue(Change change)
{
    const auto replaces = [&change](const Change &earlier) {
        return std::visit(Overloaded{[](const ConversationSummary &a, const ConversationSummary &b) {
                                         return a.id == b.id;
                                     },
                                     [](const Message &a, const Message &b) { return a.id == b.id; },
                                     [](const auto &, const auto &) { return false; }},
                          earlier, change);
    };
    const auto earlier = std::ranges::find_if(m_changes, replaces);
    if (earlier == m_changes.end())
        m_changes.push_back(std::move(change));
    else
        *earlier = std::move(change);
    commitSoon();
}

void StoreWorker::commitSoon()
{
    if (!isHolding() && !m_soon.isActive())
        m_soon.start();
}

bool StoreWorker::isBeingRemoved(ConversationId id) const
{
    bool removed = false;
    for (const Change &change : m_changes) {
        if (const auto *put = std::get_if<ConversationSummary>(&change))
            removed = removed && put->id != id;
        else if (const auto *removal = std::get_if<Removal>(&change))
            removed = removed || removal->id == id;
    }
    return removed;
}

void StoreWorker::flush()
{
    m_soon.stop();
    m_commitDue.stop();
    if (!isHolding() && hasWork())
        attempt();
    for (QPromise<void> &waiting : std::exchange(m_waiting, {}))
        waiting.finish();
}

void StoreWorker::retry()
{
    m_retryDue.stop();
    const StoreError::Kind reason = m_health.error ? m_health.error->kind : StoreError::Kind::Io;
    const bool passes = reason == StoreError::Kind::Locked || reason == StoreError::Kind::Full;
    if (!(isWritable() && passes) && !openForWriting())
        return;
    attempt();
}

void StoreWorker::attempt()
{
    StoreResult<void> done = write();
    if (!done && done.error().kind == StoreError::Kind::Corrupt && rescueFile()) {
        if (!openForWriting())
            return;
        done = write();
    }
    if (!done) {
        hold(done.error());
        return;
    }
    m_changes.clear();
    for (Running &running : m_running) {
        if (!running.unwritten.isEmpty())
            running.writtenStream = running.message.resume ? running.message.resume->stream : QString();
        running.unwritten.clear();
    }
    m_trimDue = false;
    if (isHolding()) {
        m_database->setBusyTimeout(m_options.busyTimeout);
        m_indexDue.start();
    }
    report(soundHealth());
}

StoreResult<void> StoreWorker::write()
{
    const bool lasting = std::ranges::any_of(m_changes, [](const Change &change) {
        return std::visit(Overloaded{[](const Message &put) { return needsPower(put); },
                                     [](const UnsentWords &put) { return !put.onlyDraft; },
                                     [](const auto &) { return true; }},
                          change);
    });
    StoreResult<void> done =
        m_database->begin(lasting ? Database::Durability::Power : Database::Durability::Process);
    if (!done)
        return done;
    done = writeChanges();
    if (done)
        done = writeJournal();
    if (done)
        done = m_database->commit();
    if (!done)
        m_database->rollback();
    return done;
}

StoreResult<void> StoreWorker::writeChanges()
{
    for (const Change &change : m_changes) {
        auto done = std::visit(
            Overloaded{
                [this](const ConversationSummary &put) { return m_database->putConversation(put); },
                [this](const Message &put) { return m_database->putMessage(put, m_lastRow); },
                [this](const UnsentWords &put) { return m_database->putUnsent(put.conversation, put.words); },
                [this](const Removal &removal) { return m_database->removeConversation(removal.id); }},
            change);
        if (!done)
            return done;
    }
    return {};
}

StoreResult<void> StoreWorker::writeJournal()
{
    for (auto [turn, running] : m_running.asKeyValueRange()) {
        if (running.unwritten.isEmpty())
            continue;
        const qint64 row = ++m_lastRow;
        JournalPiece piece{.events = running.unwritten, .place = running.message.resume};
        if (piece.place && piece.place->stream == running.writtenStream)
            piece.place->stream.clear();
        if (auto done = m_database->appendJournal(row, running.message.id, encodeJournal(piece)); !done)
            return done;
        if (running.firstRow == 0)
            running.firstRow = row;
    }
    if (!m_trimDue)
        return {};
    qint64 oldest = m_lastRow + 1;
    for (const Running &running : std::as_const(m_running)) {
        if (running.firstRow != 0)
            oldest = std::min(oldest, running.firstRow);
    }
    return m_database->trimJournal(oldest);
}

void StoreWorker::indexMore()
{
    if (!isWritable() || isHolding())
        return;
    StoreResult<bool> more = false;
    StoreResult<void> done = m_database->begin(Database::Durability::Process);
    if (done) {
        more = m_database->indexMore();
        done = more ? m_database->commit() : std::unexpected(more.error());
        if (!done)
            m_database->rollback();
    }
    if (!done)
        hold(done.error());
    else if (*more)
        m_indexDue.start();
}

void StoreWorker::backUpDaily()
{
    m_backupDue.start(timeBetweenBackupChecks);
    const QDate today = m_options.now().date();
    if (!isWritable() || isHolding() || (m_backup && m_backup->isRunning()) || !isBackupDue(m_path, today))
        return;
    if (const auto all = m_database->conversations(); !all || all->isEmpty())
        return;
    m_backup.reset(QThread::create([path = m_path, today, isClosing = &m_isClosing] {
        const auto done = backUp(path, today, [isClosing] { return isClosing->load(); });
        if (!done && !*isClosing)
            qCWarning(lcStore) << "no backup today:" << done.error().detail;
    }));
    m_backup->setObjectName(u"backup"_s);
    m_backup->start(QThread::LowPriority);
}

bool StoreWorker::isWritable() const
{
    return m_database && m_database->access() == Database::Access::ReadWrite;
}

bool StoreWorker::isHolding() const
{
    return m_health.state == StoreHealth::State::Holding;
}

bool StoreWorker::hasWork() const
{
    return !m_changes.empty() || m_trimDue || std::ranges::any_of(m_running, [](const Running &running) {
        return !running.unwritten.isEmpty();
    });
}

bool StoreWorker::openForWriting()
{
    m_database.reset();
    finishRescue(m_path);
    auto opened = openAndRecover();
    if (!opened && opened.error().kind == StoreError::Kind::Corrupt && rescueFile())
        opened = openAndRecover();
    if (opened) {
        m_database = *std::move(opened);
        m_indexDue.start();
        return true;
    }
    if (auto readable = Database::open(m_path, Database::Access::ReadOnly, busyTimeoutWhileHolding))
        m_database = *std::move(readable);
    hold(opened.error());
    return false;
}

StoreResult<std::unique_ptr<Database>> StoreWorker::openAndRecover()
{
    auto opened = Database::open(m_path, Database::Access::ReadWrite,
                                 isHolding() ? busyTimeoutWhileHolding : m_options.busyTimeout);
    if (!opened)
        return opened;
    Database &database = **opened;
    QSet<MessageId> running;
    for (const Running &answer : std::as_const(m_running))
        running.insert(answer.message.id);
    StoreResult<void> done = database.begin(Database::Durability::Power);
    if (done)
        done = database.recover(running);
    if (done)
        done = database.commit();
    if (!done) {
        database.rollback();
        return std::unexpected(done.error());
    }
    return opened;
}

bool StoreWorker::rescueFile()
{
    m_database.reset();
    const auto moved = rescue(m_path, QDateTime::currentDateTimeUtc());
    if (!moved) {
        qCCritical(lcStore) << "the corrupt database could not be rescued:" << moved.error().detail;
        return false;
    }
    m_movedTo = *moved;
    qCWarning(lcStore) << "the database was corrupt and is now" << m_movedTo;
    // The journal of what runs may be among what was lost: it is written again as a whole.
    for (Running &running : m_running) {
        running.unwritten.clear();
        running.writtenStream.clear();
        enqueue(running.message);
    }
    return true;
}

void StoreWorker::hold(const StoreError &error)
{
    if (m_database)
        m_database->setBusyTimeout(busyTimeoutWhileHolding);
    // A later version's file stays what it is; everything else may pass.
    if (error.kind != StoreError::Kind::TooNew)
        m_retryDue.start();
    report({.state = StoreHealth::State::Holding, .error = error});
}

void StoreWorker::report(const StoreHealth &health)
{
    if (m_health == health)
        return;
    m_health = health;
    if (health.error)
        qCWarning(lcStore) << "holding:" << health.error->detail;
    Q_EMIT healthChanged(health);
}

StoreHealth StoreWorker::soundHealth() const
{
    if (m_movedTo.isEmpty())
        return {.state = StoreHealth::State::Good};
    return {.state = StoreHealth::State::Rescued, .movedTo = m_movedTo};
}

template<typename Reader>
std::invoke_result_t<Reader, Database &> StoreWorker::read(Reader reader)
{
    if (!m_database)
        return std::unexpected(m_health.error.value_or(StoreError{}));
    auto result = reader(*m_database);
    if (result || result.error().kind != StoreError::Kind::Corrupt || !isWritable())
        return result;
    if (!rescueFile()) {
        hold(result.error());
        return result;
    }
    if (!openForWriting())
        return result;
    attempt();
    return m_database ? reader(*m_database) : result;
}

} // namespace rivulet
