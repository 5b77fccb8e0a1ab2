// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"

#include "models/chat/history.h"
#include "models/chat/turnrunner.h"

#include <QtCore/qhash.h>

#include <algorithm>
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

} // namespace

struct ChatSession::Private
{
    /// An answer that is being written, in whichever conversation.
    struct Live
    {
        Message message;
        Phase phase = Phase::Connecting;
        QDateTime since;
        QDateTime firstDelta;
        qsizetype characters = 0;
    };

    TurnRunner &runner;
    ConversationStore &store;
    Clock clock;
    Provider provider;

    ConversationSummary conversation;
    QList<Message> messages; // the shown branch; a live answer's own content is in `live`
    QHash<TurnId, Live> live;
    quint64 opening = 0; // counts open() and startNew(), so that a slow load that was left is dropped
    bool loading = false;
    ConversationSummary awaited;              // what is being loaded
    QHash<MessageId, Message> endedMeanwhile; // final answers whose conversation may have been read before

    Live *shownLive()
    {
        const auto it = messages.isEmpty() ? live.end() : live.find(turnOf(messages.constLast().id));
        return it == live.end() ? nullptr : &*it;
    }

    void show(ChatSession &session, const ConversationSummary &summary, QList<Message> branch);
    void setLoading(ChatSession &session, bool now);
    void ask(ChatSession &session);
    void enter(ChatSession &session, Live &turn, Phase phase);
    void deliver(ChatSession &session, TurnId id, const StreamEvents &events);
    void stop(ChatSession &session, TurnId id);
    Message end(ChatSession &session, TurnId id, const TurnOutcome &outcome);
};

ChatSession::ChatSession(TurnRunner &runner, ConversationStore &store, QObject *parent, Clock clock)
    : QObject(parent), d(new Private{.runner = runner, .store = store, .clock = std::move(clock)})
{
    connect(&runner, &TurnRunner::phaseChanged, this, [this](TurnId id, const TurnStatus &status) {
        const auto it = d->live.find(id);
        if (it != d->live.end() && status.phase == TurnPhase::Accepted)
            d->enter(*this, *it, Phase::Waiting);
    });
    connect(&runner, &TurnRunner::events, this,
            [this](TurnId id, const StreamEvents &events) { d->deliver(*this, id, events); });
    connect(&runner, &TurnRunner::ended, this, [this](TurnId id, const TurnOutcome &outcome) {
        if (d->live.contains(id))
            (void)d->end(*this, id, outcome);
    });
}

ChatSession::~ChatSession() = default;

qint64 ChatSession::conversation() const
{
    return static_cast<qint64>(d->conversation.id);
}

QString ChatSession::title() const
{
    return d->conversation.title;
}

bool ChatSession::isEmpty() const
{
    return d->messages.isEmpty();
}

bool ChatSession::isLoading() const
{
    return d->loading;
}

ChatSession::Phase ChatSession::phase() const
{
    if (const Private::Live *turn = d->shownLive())
        return turn->phase;
    if (d->messages.isEmpty())
        return Phase::Idle;
    switch (d->messages.constLast().state) {
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
    return d->shownLive() != nullptr;
}

QDateTime ChatSession::phaseSince() const
{
    const Private::Live *turn = d->shownLive();
    return turn ? turn->since : QDateTime();
}

double ChatSession::tokensPerSecond() const
{
    const Private::Live *turn = d->shownLive();
    if (!turn || !turn->firstDelta.isValid())
        return 0;
    const auto elapsed = turn->firstDelta.msecsTo(d->clock());
    return elapsed <= 0
        ? 0
        : static_cast<double>(turn->characters) / charactersPerToken * 1000.0 / static_cast<double>(elapsed);
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
    QList<Message> all = d->messages;
    if (const Private::Live *turn = d->shownLive())
        all.last() = turn->message;
    return all;
}

bool ChatSession::isRunning(ConversationId conversation) const
{
    return std::ranges::any_of(d->live, [conversation](const Private::Live &turn) {
        return turn.message.conversation == conversation;
    });
}

void ChatSession::setProvider(const Provider &provider)
{
    if (d->provider == provider)
        return;
    d->provider = provider;
    Q_EMIT providerChanged();
}

void ChatSession::startNew()
{
    ++d->opening;
    d->setLoading(*this, false);
    if (d->conversation.id == ConversationId{} && d->messages.isEmpty())
        return;
    d->show(*this, {}, {});
}

void ChatSession::open(const ConversationSummary &conversation)
{
    if (conversation.id == d->conversation.id && !d->loading)
        return;
    const quint64 opening = ++d->opening;
    d->awaited = conversation;
    d->endedMeanwhile.clear();
    d->setLoading(*this, true);
    d->store.messages(conversation.id).then(this, [this, opening](const StoreResult<QList<Message>> &loaded) {
        if (opening != d->opening)
            return;
        d->setLoading(*this, false);
        if (!loaded) {
            Q_EMIT openFailed(loaded.error());
            return;
        }
        // What runs here, or has ended since, is newer than what of it was read from the disk.
        QList<Message> branch = shownBranch(*loaded);
        for (Message &message : branch) {
            const auto it = d->live.constFind(turnOf(message.id));
            message = it != d->live.constEnd() ? it->message : d->endedMeanwhile.value(message.id, message);
        }
        d->show(*this, d->awaited, branch);
    });
}

void ChatSession::forget(ConversationId conversation)
{
    d->runner.flush();
    QList<TurnId> running;
    for (const auto &[id, turn] : std::as_const(d->live).asKeyValueRange()) {
        if (turn.message.conversation == conversation)
            running.append(id);
    }
    for (const TurnId id : std::as_const(running))
        d->stop(*this, id);
    if (conversation == d->conversation.id || (d->loading && conversation == d->awaited.id))
        startNew();
}

void ChatSession::rename(const ConversationSummary &conversation)
{
    d->store.putConversation(conversation);
    if (conversation.id == d->awaited.id)
        d->awaited = conversation;
    if (conversation.id == d->conversation.id) {
        d->conversation = conversation;
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
    if (isBusy() || d->loading || text.trimmed().isEmpty())
        return false;
    const QDateTime now = d->clock();
    const bool wasEmpty = d->messages.isEmpty();
    if (wasEmpty) {
        d->conversation = {
            .id = ConversationId{nextId()}, .title = titleFrom(text), .created = now, .changed = now};
    }
    d->conversation.changed = now;

    const Message said{.id = MessageId{nextId()},
                       .conversation = d->conversation.id,
                       .parent = wasEmpty ? std::nullopt : std::optional(d->messages.constLast().id),
                       .role = ChatRole::User,
                       .parts = {TextPart{text}},
                       .created = now};
    d->store.putConversation(d->conversation);
    d->store.putMessage(said);
    d->messages.append(said);
    if (wasEmpty) {
        Q_EMIT conversationChanged();
        Q_EMIT titleChanged();
    }
    Q_EMIT messageAdded(said);
    if (wasEmpty)
        Q_EMIT emptyChanged();
    d->ask(*this);
    return true;
}

void ChatSession::stop()
{
    // What waits in the mailbox has arrived before the click: it is handed over first, then the box is shut.
    d->runner.flush();
    if (const Private::Live *turn = d->shownLive())
        d->stop(*this, turnOf(turn->message.id));
}

void ChatSession::decide(const QString &approvalId, Verdict verdict)
{
    Private::Live *turn = d->shownLive();
    if (!turn)
        return;
    const Decided what = decidedBy(verdict);
    if (!rivulet::decide(turn->message, approvalId, what.answer))
        return;
    const MessageId id = turn->message.id;
    d->runner.decide(turnOf(id), {.id = approvalId, .verdict = what.verdict});
    if (turn->phase == Phase::Asking && !isAsking(turn->message))
        d->enter(*this, *turn, Phase::Working);
    Q_EMIT decided(id, approvalId, what.answer);
}

void ChatSession::retry()
{
    if (isBusy() || d->loading || d->messages.isEmpty())
        return;
    if (d->messages.constLast().role == ChatRole::Assistant) {
        // The old answer stays in the store as a sibling; the reader sees the new one in its place.
        d->messages.removeLast();
        Q_EMIT opened(d->messages);
    }
    d->conversation.changed = d->clock();
    d->store.putConversation(d->conversation);
    d->ask(*this);
}

void ChatSession::Private::show(ChatSession &session, const ConversationSummary &summary,
                                QList<Message> branch)
{
    conversation = summary;
    messages = std::move(branch);
    Q_EMIT session.conversationChanged();
    Q_EMIT session.titleChanged();
    Q_EMIT session.opened(messages);
    Q_EMIT session.emptyChanged();
    Q_EMIT session.phaseChanged();
    Q_EMIT session.tokensPerSecondChanged();
}

void ChatSession::Private::setLoading(ChatSession &session, bool now)
{
    if (std::exchange(loading, now) != now)
        Q_EMIT session.loadingChanged();
}

/// Starts the answer to the last message of the shown branch, which is the user's.
void ChatSession::Private::ask(ChatSession &session)
{
    const QDateTime now = clock();
    const Message answer{.id = MessageId{nextId()},
                         .conversation = conversation.id,
                         .parent = messages.constLast().id,
                         .role = ChatRole::Assistant,
                         .state = Message::State::Streaming,
                         .provider = provider.name,
                         .providerId = provider.id,
                         .dialect = dialectName(provider),
                         .model = provider.model,
                         .created = now};
    const TurnSpec spec{
        .id = turnOf(answer.id), .provider = provider, .request = requestFor(messages, answer)};
    store.putMessage(answer);
    messages.append(answer);
    live.insert(spec.id, {.message = answer, .since = now});
    runner.start(spec);
    Q_EMIT session.messageAdded(answer);
    Q_EMIT session.phaseChanged();
    Q_EMIT session.runningChanged(conversation.id, true);
    Q_EMIT session.conversationTouched(conversation);
}

void ChatSession::Private::enter(ChatSession &session, Live &turn, Phase phase)
{
    if (turn.phase == phase)
        return;
    turn.phase = phase;
    turn.since = clock();
    if (shownLive() == &turn)
        Q_EMIT session.phaseChanged();
}

void ChatSession::Private::deliver(ChatSession &session, TurnId id, const StreamEvents &events)
{
    const auto it = live.find(id);
    if (it == live.end())
        return;
    Live &turn = *it;
    std::optional<Phase> phase;
    const qsizetype before = turn.characters;
    for (const StreamEvent &event : events) {
        apply(turn.message, event);
        if (const auto *text = std::get_if<event::Text>(&event.payload)) {
            turn.characters += text->text.size();
            phase = Phase::Writing;
        } else if (const auto *reasoning = std::get_if<event::Reasoning>(&event.payload)) {
            turn.characters += reasoning->text.size();
            phase = Phase::Thinking;
        } else if (isWork(event)) {
            phase = isAsking(turn.message) ? Phase::Asking : Phase::Working;
        }
    }
    if (turn.characters > before && !turn.firstDelta.isValid())
        turn.firstDelta = clock();
    if (shownLive() == &turn) {
        Q_EMIT session.delivered(MessageId{static_cast<qint64>(id)}, events);
        Q_EMIT session.tokensPerSecondChanged();
    }
    // Looked up again: whoever listens may have stopped the turn.
    const auto still = live.find(id);
    if (phase && still != live.end())
        enter(session, *still, *phase);
}

void ChatSession::Private::stop(ChatSession &session, TurnId id)
{
    const Delivered delivered = deliveredOf(live[id].message);
    runner.stop(id, delivered);
    const Message stopped =
        end(session, id, {.end = TurnEnd::Stopped, .reason = FinishReason::Stopped, .delivered = delivered});
    // The turn may have ended on the engine thread a moment before, with more than was shown: what the user
    // saw has the last word.
    store.putMessage(stopped);
}

Message ChatSession::Private::end(ChatSession &session, TurnId id, const TurnOutcome &outcome)
{
    const bool shown = shownLive() == &live[id];
    Message message = live.take(id).message;
    apply(message, outcome);
    if (loading)
        endedMeanwhile.insert(message.id, message);
    // What the user decided is in no event, so that the journal has not got it.
    if (hasDecisions(message))
        store.putMessage(message);
    if (shown) {
        messages.last() = message;
        Q_EMIT session.messageEnded(message);
        Q_EMIT session.phaseChanged();
        Q_EMIT session.tokensPerSecondChanged();
    }
    Q_EMIT session.runningChanged(message.conversation, session.isRunning(message.conversation));
    return message;
}

} // namespace rivulet
