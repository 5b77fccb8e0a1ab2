// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsessionprivate.h"
#include "models/chat/history.h"

#include <algorithm>
#include <utility>

namespace rivulet {

// Reads a conversation from the store.
void ChatSession::Private::load(const ConversationSummary &conversation,
                                const std::function<void(const StoreResult<ThreadPointer> &)> &done)
{
    const auto thread = std::make_shared<Thread>();
    thread->summary = conversation;
    store.messages(conversation.id).then(&q, [this, thread, done](const StoreResult<QList<Message>> &loaded) {
        if (!loaded) {
            done(std::unexpected(loaded.error()));
            return;
        }
        thread->tree = MessageTree(*loaded);
        thread->branch = thread->tree.branch();
        store.unsent(thread->id()).then(&q, [thread, done](const StoreResult<Unsent> &words) {
            if (words) {
                thread->draft = words->draft;
                thread->queue.reset(new MessageQueue(words->queue));
            }
            done(thread);
        });
    });
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
    const TurnSpec spec{.id = turnOf(answer.id),
                        .provider = provider,
                        .request = requestFor(thread->branch, answer),
                        .fallback = fallbackOf(*thread, answer)};
    run(thread, {.message = answer, .asked = answer.model});
    if (spec.fallback)
        thread->live->fallback = spec.fallback->provider;
    Q_EMIT q.conversationTouched(thread->summary);
    return spec;
}

// Who is asked if the provider does not answer.
std::optional<Fallback> ChatSession::Private::fallbackOf(const Thread &thread, const Message &answer) const
{
    if (!findProvider || provider.fallback.id.isEmpty() || provider.fallback.id == provider.id)
        return std::nullopt;
    const std::optional<Provider> other = findProvider(provider.fallback.id);
    if (!other)
        return std::nullopt;
    Message instead = answer;
    rivulet::handOver(instead, *other);
    return Fallback{
        .provider = *other, .request = requestFor(thread.branch, instead), .after = provider.fallback.after};
}

// The conversation as it is held while something runs in it; null where nothing does.
ThreadPointer ChatSession::Private::runningIn(ConversationId conversation) const
{
    const auto found = std::ranges::find_if(
        running, [conversation](const ThreadPointer &thread) { return thread->id() == conversation; });
    return found == running.cend() ? nullptr : *found;
}

void ChatSession::Private::joinIfRecent(const ThreadPointer &thread)
{
    if (thread->live || thread->branch.isEmpty())
        return;
    if (thread->branch.constLast().created.secsTo(clock()) < std::chrono::seconds(longestJoin).count())
        (void)join(thread);
}

// Joins the stream of the last answer again. False where there is none to join. Of several places only one
// has the stream, and which one it was is not known.
bool ChatSession::Private::join(const ThreadPointer &thread)
{
    Message answer = thread->branch.constLast();
    const auto who = answer.resume && findProvider ? findProvider(answer.providerId) : std::nullopt;
    if (answer.state != Message::State::CutOff || !who || dialectName(*who) != answer.dialect
        || !who->replicas.isEmpty())
        return false;
    answer.state = Message::State::Streaming;
    answer.error.reset();
    const TurnSpec spec{.id = turnOf(answer.id),
                        .provider = *who,
                        .request = requestFor(thread->branch.first(thread->branch.size() - 1), answer),
                        .resume = answer.resume};
    run(thread, {.message = answer, .asked = answer.model, .phase = Phase::Resuming});
    runner.start(spec);
    return true;
}

// From now on the last answer of the branch is being written.
void ChatSession::Private::run(const ThreadPointer &thread, Live live)
{
    live.since = clock();
    const Message answer = live.message;
    const bool isNew = !thread->tree.find(answer.id);
    store.putMessage(answer);
    thread->put(answer);
    thread->live = std::move(live);
    running.insert(turnOf(answer.id), thread);
    if (isOpen(*thread)) {
        if (isNew)
            Q_EMIT q.messageAdded(answer);
        else
            Q_EMIT q.opened(q.messages());
        Q_EMIT q.phaseChanged();
    }
    Q_EMIT q.runningChanged(thread->id(), true);
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
    if (status.standIn && !thread->live->standInReason)
        handOver(thread, status);
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

// The fallback answers in the place of its provider; the store knows by the journal.
void ChatSession::Private::handOver(const ThreadPointer &thread, const TurnStatus &status)
{
    Live &live = *thread->live;
    if (!live.fallback)
        return;
    rivulet::handOver(live.message, *live.fallback);
    live.asked = live.message.model;
    live.phase = Phase::Connecting;
    live.since = clock();
    live.standInReason = status.reason.value_or(NetError{});
    thread->put(live.message);
    if (!isOpen(*thread))
        return;
    Q_EMIT q.opened(q.messages());
    Q_EMIT q.providerChanged();
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
        Q_EMIT q.providerChanged();
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
