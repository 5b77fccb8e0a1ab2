// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"

#include "models/chat/history.h"
#include "models/chat/turnrunner.h"

#include <QtCore/qhash.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What people call a token where the server does not count: close enough for a rate.
constexpr double charactersPerToken = 4.0;

struct Decided
{
    ApprovalPart::Answer answer;
    ApprovalDecision::Verdict verdict;
};

Decided decidedBy(ChatSession::Verdict verdict)
{
    switch (verdict) {
    case ChatSession::Verdict::AllowOnce:
        return {ApprovalPart::Answer::AllowedOnce, ApprovalDecision::Verdict::AllowOnce};
    case ChatSession::Verdict::AllowAlways:
        return {ApprovalPart::Answer::AllowedAlways, ApprovalDecision::Verdict::AllowAlways};
    case ChatSession::Verdict::Deny:
        break;
    }
    return {ApprovalPart::Answer::Denied, ApprovalDecision::Verdict::Deny};
}

/// Whether it tells of tools or agents rather than of the answer's words.
bool isWork(const StreamEvent &event)
{
    const auto &what = event.payload;
    return std::holds_alternative<event::ToolCall>(what) || std::holds_alternative<event::Approval>(what)
        || std::holds_alternative<event::ToolResult>(what) || std::holds_alternative<event::Status>(what)
        || std::holds_alternative<event::Artifact>(what);
}

bool isAsking(const Message &message)
{
    return std::ranges::any_of(message.parts, [](const Part &part) {
        const auto *question = std::get_if<ApprovalPart>(&part);
        return question && !question->answer;
    });
}

/// Whether the answer broke off in the middle of its words.
bool isPartial(const Message &message)
{
    if (message.role != ChatRole::Assistant || message.text().isEmpty())
        return false;
    switch (message.state) {
    case Message::State::CutOff:
    case Message::State::Stopped:
    case Message::State::Redirected:
    case Message::State::Failed:
        return true;
    case Message::State::Complete:
        return message.finish == FinishReason::Length || message.finish == FinishReason::Pause;
    case Message::State::Streaming:
        break;
    }
    return false;
}

/// An answer that is being written.
struct Live
{
    Message message;
    ChatSession::Phase phase = ChatSession::Phase::Connecting; ///< by what arrived
    TurnStatus status;
    bool paused = false;
    QDateTime since;
    QDateTime firstDelta;
    qsizetype characters = 0;

    [[nodiscard]] TurnId turn() const { return turnOf(message.id); }

    /// What is to be shown of it.
    [[nodiscard]] ChatSession::Phase shownPhase() const
    {
        using Phase = ChatSession::Phase;
        switch (status.phase) {
        case TurnPhase::Stalled:
            return paused ? Phase::Paused : Phase::Stalled;
        case TurnPhase::Dropped:
            return Phase::Offline;
        case TurnPhase::Waiting:
            return Phase::Retrying;
        case TurnPhase::Resuming:
            return paused ? Phase::Paused : Phase::Resuming;
        default:
            return paused ? Phase::Paused : phase;
        }
    }
};

/// A conversation that is open, or that something runs in.
struct Thread
{
    ConversationSummary summary;
    MessageTree tree;
    QList<Message> branch; ///< of the tree; a live answer's own content is in `live`
    std::optional<Live> live;
    std::unique_ptr<MessageQueue, QScopedPointerDeleteLater> queue{new MessageQueue};
    QString draft;

    [[nodiscard]] ConversationId id() const { return summary.id; }
    void put(const Message &message)
    {
        tree.put(message);
        branch = tree.branch();
    }
};
using ThreadPointer = std::shared_ptr<Thread>;

} // namespace

struct ChatSession::Private
{
    ChatSession &q;
    TurnRunner &runner;
    ConversationStore &store;
    Clock clock;
    Wording wording{};
    Provider provider{};

    ThreadPointer open = std::make_shared<Thread>();
    QHash<TurnId, ThreadPointer> running;
    quint64 opening = 0; // counts open() and startNew(), so that a slow load that was left is dropped
    bool loading = false;
    ConversationSummary awaited{};     // what is being loaded
    std::optional<MessageId> sought{}; // the message to be shown then
    bool flushing = false;
    QList<ThreadPointer> completed{}; // while flushing: whose answers turned out to be whole

    [[nodiscard]] Live *live() const { return open->live ? &*open->live : nullptr; }
    [[nodiscard]] bool isOpen(const Thread &thread) const { return &thread == open.get(); }

    void show(const ThreadPointer &thread);
    void markRead();
    void reveal(std::optional<MessageId> message);
    void setLoading(bool now);
    void keepUnsent(const Thread &thread);
    void watchQueue();
    void restoreDraft();
    Message say(Thread &thread, const QString &text, std::optional<MessageId> parent);
    [[nodiscard]] TurnSpec answer(const ThreadPointer &thread);
    void ask(const ThreadPointer &thread) { runner.start(answer(thread)); }
    void sendNext(const ThreadPointer &thread);
    void flushFor(ConversationId conversation);

    void follow(TurnId id, const TurnStatus &status);
    void enter(Thread &thread, Phase phase);
    void deliver(TurnId id, const StreamEvents &events);
    void stop(const ThreadPointer &thread);
    Message end(const ThreadPointer &thread, const TurnOutcome &outcome);
};

ChatSession::ChatSession(TurnRunner &runner, ConversationStore &store, QObject *parent, Clock clock)
    : QObject(parent), d(new Private{.q = *this, .runner = runner, .store = store, .clock = std::move(clock)})
{
    connect(&runner, &TurnRunner::phaseChanged, this,
            [this](TurnId id, const TurnStatus &status) { d->follow(id, status); });
    connect(&runner, &TurnRunner::events, this,
            [this](TurnId id, const StreamEvents &events) { d->deliver(id, events); });
    connect(&runner, &TurnRunner::ended, this, [this](TurnId id, const TurnOutcome &outcome) {
        const ThreadPointer thread = d->running.value(id);
        if (!thread)
            return;
        (void)d->end(thread, outcome);
        // What went wrong is for the user to see before more is sent into it.
        if (outcome.end != TurnEnd::Complete)
            thread->queue->setHeld(true);
        else if (d->flushing)
            d->completed.append(thread);
        else
            d->sendNext(thread);
    });
    d->watchQueue();
    d->restoreDraft();
}

ChatSession::~ChatSession() = default;

qint64 ChatSession::conversation() const
{
    return static_cast<qint64>(d->open->id());
}

QString ChatSession::title() const
{
    return d->open->summary.title;
}

bool ChatSession::isEmpty() const
{
    return d->open->branch.isEmpty();
}

bool ChatSession::isLoading() const
{
    return d->loading;
}

ChatSession::Phase ChatSession::phase() const
{
    if (const Live *live = d->live())
        return live->shownPhase();
    if (isEmpty())
        return Phase::Idle;
    switch (d->open->branch.constLast().state) {
    case Message::State::Streaming:
    case Message::State::Complete:
        return Phase::Idle;
    case Message::State::CutOff:
        return Phase::CutOff;
    case Message::State::Stopped:
    case Message::State::Redirected:
        return Phase::Stopped;
    case Message::State::Failed:
        return Phase::Failed;
    }
    return Phase::Idle;
}

bool ChatSession::isBusy() const
{
    return d->live() != nullptr;
}

bool ChatSession::isPaused() const
{
    const Live *live = d->live();
    return live && live->paused;
}

QDateTime ChatSession::phaseSince() const
{
    const Live *live = d->live();
    return live ? live->since : QDateTime();
}

QDateTime ChatSession::retryAt() const
{
    const Live *live = d->live();
    return live && live->status.phase == TurnPhase::Waiting ? live->since.addDuration(live->status.wait)
                                                            : QDateTime();
}

QString ChatSession::trouble() const
{
    const Live *live = d->live();
    return live && live->status.reason && d->wording ? d->wording(*live->status.reason) : QString();
}

bool ChatSession::isContinuable() const
{
    return !isBusy() && !isEmpty() && isPartial(d->open->branch.constLast());
}

MessageQueue *ChatSession::queue() const
{
    return d->open->queue.get();
}

QString ChatSession::draft() const
{
    return d->open->draft;
}

void ChatSession::setDraft(const QString &text)
{
    // While another conversation is being read, this one is still open.
    if (d->open->draft == text)
        return;
    d->open->draft = text;
    d->keepUnsent(*d->open);
}

double ChatSession::tokensPerSecond() const
{
    const Live *live = d->live();
    if (!live || !live->firstDelta.isValid())
        return 0;
    const auto elapsed = live->firstDelta.msecsTo(d->clock());
    return elapsed <= 0
        ? 0
        : static_cast<double>(live->characters) / charactersPerToken * 1000.0 / static_cast<double>(elapsed);
}

QString ChatSession::providerName() const
{
    return d->provider.name;
}

QString ChatSession::model() const
{
    return d->provider.model;
}

QList<Message> ChatSession::messages() const
{
    QList<Message> all = d->open->branch;
    if (const Live *live = d->live())
        all.last() = live->message;
    return all;
}

BranchPlace ChatSession::placeOf(MessageId id) const
{
    return d->open->tree.placeOf(id);
}

bool ChatSession::isAnyRunning() const
{
    return !d->running.isEmpty();
}

bool ChatSession::isRunning(ConversationId conversation) const
{
    return std::ranges::any_of(
        d->running, [conversation](const ThreadPointer &thread) { return thread->id() == conversation; });
}

void ChatSession::setProvider(const Provider &provider)
{
    if (d->provider == provider)
        return;
    d->provider = provider;
    Q_EMIT providerChanged();
}

void ChatSession::setWording(Wording wording)
{
    d->wording = std::move(wording);
}

void ChatSession::startNew()
{
    ++d->opening;
    d->setLoading(false);
    if (conversation() == 0 && isEmpty())
        return;
    d->show(std::make_shared<Thread>());
    d->restoreDraft();
}

void ChatSession::open(const ConversationSummary &conversation, std::optional<MessageId> message)
{
    if (conversation.id == d->open->id() && !d->loading) {
        d->markRead();
        d->reveal(message);
        return;
    }
    const quint64 opening = ++d->opening;
    // What runs here is newer than what of it could be read from the disk.
    const auto running = std::ranges::find_if(
        d->running, [&](const ThreadPointer &thread) { return thread->id() == conversation.id; });
    if (running != d->running.end()) {
        d->setLoading(false);
        d->show(*running);
        d->reveal(message);
        return;
    }
    d->awaited = conversation;
    d->sought = message;
    d->setLoading(true);
    const auto thread = std::make_shared<Thread>();
    d->store.messages(conversation.id)
        .then(this, [this, opening, thread](const StoreResult<QList<Message>> &loaded) {
            if (opening != d->opening)
                return;
            if (!loaded) {
                d->setLoading(false);
                Q_EMIT openFailed(loaded.error());
                return;
            }
            thread->tree = MessageTree(*loaded);
            thread->branch = thread->tree.branch();
            d->store.unsent(d->awaited.id)
                .then(this, [this, opening, thread](const StoreResult<Unsent> &words) {
                    if (opening != d->opening)
                        return;
                    thread->summary = d->awaited;
                    if (words) {
                        thread->draft = words->draft;
                        thread->queue.reset(new MessageQueue(words->queue));
                    }
                    d->setLoading(false);
                    if (d->sought && thread->tree.show(*d->sought))
                        thread->branch = thread->tree.branch();
                    d->show(thread);
                    d->reveal(d->sought);
                });
        });
}

void ChatSession::forget(ConversationId conversation)
{
    d->flushFor(conversation);
    const QList<ThreadPointer> running = d->running.values();
    for (const ThreadPointer &thread : running) {
        if (thread->id() == conversation)
            d->stop(thread);
    }
    if (conversation == d->open->id() || (d->loading && conversation == d->awaited.id))
        startNew();
}

void ChatSession::update(const ConversationSummary &conversation)
{
    d->store.putConversation(conversation);
    if (conversation.id == d->awaited.id)
        d->awaited = conversation;
    for (const ThreadPointer &thread : std::as_const(d->running)) {
        if (thread->id() == conversation.id)
            thread->summary = conversation;
    }
    if (conversation.id == d->open->id()) {
        d->open->summary = conversation;
        Q_EMIT titleChanged();
    }
    Q_EMIT conversationTouched(conversation);
}

void ChatSession::expectMessage()
{
    if (!isBusy())
        d->runner.expect(d->provider);
}

bool ChatSession::send(const QString &text)
{
    if (d->loading || text.trimmed().isEmpty())
        return false;
    if (isBusy()) {
        d->open->queue->append(text);
        return true;
    }
    (void)d->say(*d->open, text, isEmpty() ? std::nullopt : std::optional(d->open->branch.constLast().id));
    d->ask(d->open);
    return true;
}

bool ChatSession::redirect(const QString &text)
{
    if (d->loading || text.trimmed().isEmpty())
        return false;
    d->flushFor(d->open->id());
    const Live *live = d->live();
    if (!live)
        return send(text);
    const ThreadPointer thread = d->open;
    const TurnId turn = live->turn();
    const Delivered delivered = deliveredOf(live->message);
    const Message sealed =
        d->end(thread, {.end = TurnEnd::Redirected, .reason = FinishReason::Stopped, .delivered = delivered});
    d->store.putMessage(sealed);
    (void)d->say(*thread, text, sealed.id);
    d->runner.redirect(turn, delivered, d->answer(thread), text);
    return true;
}

void ChatSession::stop()
{
    if (!isBusy())
        return;
    const ThreadPointer thread = d->open;
    d->flushFor(thread->id());
    if (thread->live)
        d->stop(thread);
    thread->queue->setHeld(true);
}

void ChatSession::setPaused(bool paused)
{
    Live *live = d->live();
    if (!live || std::exchange(live->paused, paused) == paused)
        return;
    d->runner.setPaused(live->turn(), paused);
    if (live->shownPhase() == Phase::Paused || !paused)
        live->since = live->status.phase == TurnPhase::Waiting ? live->since : d->clock();
    Q_EMIT phaseChanged();
}

void ChatSession::tryNow()
{
    if (const Live *live = d->live())
        d->runner.tryNow(live->turn());
}

void ChatSession::sendQueued()
{
    const ThreadPointer thread = d->open;
    thread->queue->setHeld(false);
    d->sendNext(thread);
}

void ChatSession::decide(const QString &approvalId, Verdict verdict)
{
    Live *live = d->live();
    if (!live)
        return;
    const Decided what = decidedBy(verdict);
    if (!rivulet::decide(live->message, approvalId, what.answer))
        return;
    const MessageId id = live->message.id;
    d->runner.decide(live->turn(), {.id = approvalId, .verdict = what.verdict});
    if (live->phase == Phase::Asking && !isAsking(live->message))
        d->enter(*d->open, Phase::Working);
    Q_EMIT decided(id, approvalId, what.answer);
}

void ChatSession::retry()
{
    if (isBusy() || d->loading || isEmpty())
        return;
    const ThreadPointer thread = d->open;
    if (thread->branch.constLast().role == ChatRole::Assistant) {
        // The old answer stays as a sibling; the reader sees the new one in its place.
        thread->branch.removeLast();
        Q_EMIT opened(thread->branch);
    }
    thread->summary.changed = d->clock();
    d->store.putConversation(thread->summary);
    d->ask(thread);
}

void ChatSession::goOn()
{
    if (d->loading || !isContinuable())
        return;
    d->open->summary.changed = d->clock();
    d->store.putConversation(d->open->summary);
    d->ask(d->open);
}

bool ChatSession::edit(qint64 id, const QString &text)
{
    // What is hidden has nowhere to be edited: its branch would have to be shown first.
    const QList<Message> shown = d->open->branch;
    const auto old = std::ranges::find(shown, MessageId{id}, &Message::id);
    if (d->loading || text.trimmed().isEmpty() || old == shown.end() || old->role != ChatRole::User)
        return false;
    const auto parent = old->parent;
    stop();
    QList<Message> &branch = d->open->branch;
    branch.resize(old - shown.begin());
    Q_EMIT opened(branch);
    (void)d->say(*d->open, text, parent);
    d->ask(d->open);
    return true;
}

QString ChatSession::textOf(qint64 id) const
{
    const Message *message = d->open->tree.find(MessageId{id});
    return message ? message->text() : QString();
}

void ChatSession::showSibling(qint64 id, int step)
{
    if (isBusy() || d->loading || !d->open->tree.showSibling(MessageId{id}, step))
        return;
    d->open->branch = d->open->tree.branch();
    Q_EMIT opened(d->open->branch);
    Q_EMIT phaseChanged();
}

void ChatSession::Private::show(const ThreadPointer &thread)
{
    const ThreadPointer left = std::exchange(open, thread);
    left->queue->disconnect(&q);
    watchQueue();
    Q_EMIT q.conversationChanged();
    Q_EMIT q.titleChanged();
    Q_EMIT q.opened(q.messages());
    Q_EMIT q.emptyChanged();
    Q_EMIT q.phaseChanged();
    Q_EMIT q.draftChanged();
    Q_EMIT q.tokensPerSecondChanged();
    markRead();
}

// What is open is being read.
void ChatSession::Private::markRead()
{
    if (!std::exchange(open->summary.unread, false))
        return;
    store.putConversation(open->summary);
    Q_EMIT q.conversationTouched(open->summary);
}

void ChatSession::Private::reveal(std::optional<MessageId> message)
{
    if (!message || !open->tree.find(*message))
        return;
    if (!std::ranges::contains(open->branch, *message, &Message::id)) {
        if (open->live || !open->tree.show(*message))
            return;
        open->branch = open->tree.branch();
        Q_EMIT q.opened(open->branch);
        Q_EMIT q.phaseChanged();
    }
    Q_EMIT q.revealed(static_cast<qint64>(*message));
}

void ChatSession::Private::setLoading(bool now)
{
    if (std::exchange(loading, now) != now)
        Q_EMIT q.loadingChanged();
}

void ChatSession::Private::keepUnsent(const Thread &thread)
{
    store.putUnsent(thread.id(), {.draft = thread.draft, .queue = thread.queue->messages()});
}

// Only what is shown can be edited.
void ChatSession::Private::watchQueue()
{
    QObject::connect(open->queue.get(), &MessageQueue::edited, &q, [this] { keepUnsent(*open); });
}

// What was being typed in a conversation that has no message yet.
void ChatSession::Private::restoreDraft()
{
    store.unsent({}).then(&q, [this, thread = open](const StoreResult<Unsent> &words) {
        if (!words || !isOpen(*thread) || thread->id() != ConversationId{} || !thread->draft.isEmpty())
            return;
        thread->draft = words->draft;
        Q_EMIT q.draftChanged();
    });
}

// Adds what the user says below `parent`.
Message ChatSession::Private::say(Thread &thread, const QString &text, std::optional<MessageId> parent)
{
    const QDateTime now = clock();
    const bool isFirst = thread.id() == ConversationId{};
    if (isFirst) {
        // The new conversation's words are now this one's.
        store.putUnsent({}, {});
        thread.summary = {
            .id = ConversationId{nextId()}, .title = titleFrom(text), .created = now, .changed = now};
    }
    thread.summary.changed = now;
    // What is gone on with is not put away any more.
    thread.summary.archived = false;
    const Message said{.id = MessageId{nextId()},
                       .conversation = thread.id(),
                       .parent = parent,
                       .role = ChatRole::User,
                       .parts = {TextPart{text}},
                       .created = now};
    store.putConversation(thread.summary);
    store.putMessage(said);
    const bool wasEmpty = thread.branch.isEmpty();
    thread.put(said);
    if (!isOpen(thread))
        return said;
    if (isFirst) {
        Q_EMIT q.conversationChanged();
        Q_EMIT q.titleChanged();
    }
    Q_EMIT q.messageAdded(said);
    if (wasEmpty)
        Q_EMIT q.emptyChanged();
    return said;
}

// Makes the answer to the last message of the branch, and what asks for it.
TurnSpec ChatSession::Private::answer(const ThreadPointer &thread)
{
    const QDateTime now = clock();
    const Message answer{.id = MessageId{nextId()},
                         .conversation = thread->id(),
                         .parent = thread->branch.constLast().id,
                         .role = ChatRole::Assistant,
                         .state = Message::State::Streaming,
                         .provider = provider.name,
                         .providerId = provider.id,
                         .dialect = dialectName(provider),
                         .model = provider.model,
                         .created = now};
    const TurnSpec spec{
        .id = turnOf(answer.id), .provider = provider, .request = requestFor(thread->branch, answer)};
    store.putMessage(answer);
    thread->put(answer);
    thread->live = Live{.message = answer, .since = now};
    running.insert(spec.id, thread);
    if (isOpen(*thread)) {
        Q_EMIT q.messageAdded(answer);
        Q_EMIT q.phaseChanged();
    }
    Q_EMIT q.runningChanged(thread->id(), true);
    Q_EMIT q.conversationTouched(thread->summary);
    return spec;
}

// What waits in the mailbox has arrived before the click: it is handed over first, then the box is shut. An
// answer of `conversation` that turns out to be whole by then does not send what waits behind it: the click
// was not meant for that.
void ChatSession::Private::flushFor(ConversationId conversation)
{
    flushing = true;
    runner.flush();
    flushing = false;
    const QList<ThreadPointer> done = std::exchange(completed, {});
    for (const ThreadPointer &thread : done) {
        if (thread->id() != conversation)
            sendNext(thread);
    }
}

// Sends what waits, where nothing is in its way.
void ChatSession::Private::sendNext(const ThreadPointer &thread)
{
    if (thread->live)
        return;
    const std::optional<QueuedMessage> next = thread->queue->takeNext();
    if (!next)
        return;
    // As a message first, so that it is kept in one place or in both, but never in none.
    (void)say(*thread, next->text,
              thread->branch.isEmpty() ? std::nullopt : std::optional(thread->branch.constLast().id));
    keepUnsent(*thread);
    ask(thread);
}

void ChatSession::Private::follow(TurnId id, const TurnStatus &status)
{
    const ThreadPointer thread = running.value(id);
    if (!thread)
        return;
    Live &live = *thread->live;
    const Phase before = live.shownPhase();
    live.status = status;
    if (status.phase == TurnPhase::Connecting)
        live.phase = Phase::Connecting;
    else if (status.phase == TurnPhase::Accepted)
        live.phase = Phase::Waiting;
    if (live.shownPhase() == before && status.phase != TurnPhase::Waiting)
        return;
    live.since = clock();
    if (isOpen(*thread))
        Q_EMIT q.phaseChanged();
}

void ChatSession::Private::enter(Thread &thread, Phase phase)
{
    Live &live = *thread.live;
    if (live.phase == phase)
        return;
    live.phase = phase;
    live.since = clock();
    if (isOpen(thread))
        Q_EMIT q.phaseChanged();
}

void ChatSession::Private::deliver(TurnId id, const StreamEvents &events)
{
    const ThreadPointer thread = running.value(id);
    if (!thread)
        return;
    Live &live = *thread->live;
    std::optional<Phase> phase;
    const qsizetype before = live.characters;
    for (const StreamEvent &event : events) {
        apply(live.message, event);
        if (const auto *text = std::get_if<event::Text>(&event.payload)) {
            live.characters += text->text.size();
            phase = Phase::Writing;
        } else if (const auto *reasoning = std::get_if<event::Reasoning>(&event.payload)) {
            live.characters += reasoning->text.size();
            phase = Phase::Thinking;
        } else if (isWork(event)) {
            phase = isAsking(live.message) ? Phase::Asking : Phase::Working;
        }
    }
    if (live.characters > before && !live.firstDelta.isValid())
        live.firstDelta = clock();
    if (isOpen(*thread)) {
        Q_EMIT q.delivered(MessageId{static_cast<qint64>(id)}, events);
        Q_EMIT q.tokensPerSecondChanged();
    }
    // Whoever listens may have stopped the turn.
    if (phase && running.contains(id))
        enter(*thread, *phase);
}

void ChatSession::Private::stop(const ThreadPointer &thread)
{
    const TurnId turn = thread->live->turn();
    const Delivered delivered = deliveredOf(thread->live->message);
    runner.stop(turn, delivered);
    const Message stopped =
        end(thread, {.end = TurnEnd::Stopped, .reason = FinishReason::Stopped, .delivered = delivered});
    // The turn may have ended on the engine thread a moment before, with more than was shown: what the user
    // saw has the last word.
    store.putMessage(stopped);
}

Message ChatSession::Private::end(const ThreadPointer &thread, const TurnOutcome &outcome)
{
    Message message = std::exchange(thread->live, std::nullopt)->message;
    running.remove(turnOf(message.id));
    apply(message, outcome);
    thread->put(message);
    // What the user decided is in no event, so that the journal has not got it.
    if (hasDecisions(message))
        store.putMessage(message);
    if (isOpen(*thread)) {
        Q_EMIT q.messageEnded(message);
        Q_EMIT q.phaseChanged();
        Q_EMIT q.tokensPerSecondChanged();
    } else if (outcome.end != TurnEnd::Stopped && outcome.end != TurnEnd::Redirected) {
        thread->summary.unread = true;
        store.putConversation(thread->summary);
        Q_EMIT q.conversationTouched(thread->summary);
    }
    Q_EMIT q.runningChanged(thread->id(), q.isRunning(thread->id()));
    return message;
}

} // namespace rivulet
