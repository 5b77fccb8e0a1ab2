// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"

#include "models/chat/chatsessionprivate.h"

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

} // namespace

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
    if (!live || !d->wording)
        return {};
    const auto &reason = live->status.reason ? live->status.reason : live->standInReason;
    return reason ? d->wording(*reason) : QString();
}

bool ChatSession::isStandIn() const
{
    const Live *live = d->live();
    return live && live->standInReason;
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
    return isStandIn() ? d->live()->message.provider : d->provider.name;
}

QString ChatSession::model() const
{
    return isStandIn() ? d->live()->asked : d->provider.model;
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

void ChatSession::setProviders(Providers find)
{
    d->findProvider = std::move(find);
}

void ChatSession::joinInterrupted()
{
    const QDateTime oldest = d->clock().addSecs(-std::chrono::seconds(longestJoin).count());
    d->store.resumable(oldest).then(this, [this](const StoreResult<QList<ConversationSummary>> &found) {
        const QList<ConversationSummary> conversations = found.value_or(QList<ConversationSummary>());
        for (const ConversationSummary &conversation : conversations) {
            const ConversationId id = conversation.id;
            d->interrupted.insert(id, conversation);
            d->load(conversation, [this, id](const StoreResult<ThreadPointer> &loaded) {
                // Who opens it meanwhile joins it then.
                if (!loaded || !d->interrupted.contains(id) || (d->loading && d->awaited.id == id))
                    return;
                const ConversationSummary summary = d->interrupted.take(id);
                if (d->runningIn(id))
                    return;
                if (d->open->id() == id) {
                    d->joinIfRecent(d->open);
                    return;
                }
                (*loaded)->summary = summary;
                d->joinIfRecent(*loaded);
            });
        }
    });
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
    if (const ThreadPointer running = d->runningIn(conversation.id)) {
        d->setLoading(false);
        d->show(running);
        d->reveal(message);
        return;
    }
    d->awaited = conversation;
    d->sought = message;
    d->setLoading(true);
    d->load(conversation, [this, opening](const StoreResult<ThreadPointer> &loaded) {
        if (opening != d->opening)
            return;
        d->setLoading(false);
        if (!loaded) {
            Q_EMIT openFailed(loaded.error());
            return;
        }
        if (const ThreadPointer running = d->runningIn(d->awaited.id)) {
            d->show(running);
            d->reveal(d->sought);
            return;
        }
        const ThreadPointer &thread = *loaded;
        thread->summary = d->awaited;
        if (d->sought && thread->tree.show(*d->sought))
            thread->branch = thread->tree.branch();
        d->show(thread);
        d->reveal(d->sought);
        if (d->interrupted.remove(thread->id()))
            d->joinIfRecent(thread);
    });
}

void ChatSession::forget(ConversationId conversation)
{
    d->interrupted.remove(conversation);
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
    if (d->interrupted.contains(conversation.id))
        d->interrupted.insert(conversation.id, conversation);
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
    if (d->join(d->open))
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

} // namespace rivulet
