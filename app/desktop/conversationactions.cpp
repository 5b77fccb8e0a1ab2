// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/conversationactions.h"

#include "models/chat/chatsession.h"
#include "models/chat/conversationcopy.h"
#include "models/chat/messagetree.h"

#include <chrono>
#include <utility>

namespace rivulet {

using namespace std::chrono_literals;

namespace {

// How long a step can be undone: long enough to notice, short enough to mean it.
constexpr auto undoTime = 8s;

} // namespace

ConversationActions::ConversationActions(ConversationStore &store, ChatSession &session,
                                         ConversationListModel &list, QObject *parent)
    : QObject(parent), m_store(store), m_session(session), m_list(list)
{
    m_undoTime.setSingleShot(true);
    m_undoTime.setInterval(undoTime);
    connect(&m_undoTime, &QTimer::timeout, this, &ConversationActions::settle);
    connect(&session, &ChatSession::conversationTouched, &list, &ConversationListModel::put);
    connect(&session, &ChatSession::runningChanged, &list, &ConversationListModel::setRunning);
    connect(&session, &ChatSession::conversationChanged, &list,
            [this] { m_list.setCurrent(ConversationId{m_session.conversation()}); });
}

ConversationActions::~ConversationActions()
{
    settle();
}

void ConversationActions::load()
{
    m_store.conversations().then(this, [this](const StoreResult<QList<ConversationSummary>> &stored) {
        // What was begun while the list was read is newer than the list.
        if (stored)
            m_list.fill(*stored);
        Q_EMIT loaded();
    });
}

ConversationActions::Undoable ConversationActions::undoable() const
{
    return m_step ? m_step->what : Undoable::Nothing;
}

QString ConversationActions::undoTitle() const
{
    return m_step ? m_step->before.title : QString();
}

void ConversationActions::startNew()
{
    m_session.startNew();
}

void ConversationActions::open(qint64 id)
{
    if (const ConversationSummary *conversation = m_list.find(ConversationId{id}))
        m_session.open(*conversation);
}

void ConversationActions::openAt(qint64 id, qint64 message)
{
    if (const ConversationSummary *conversation = m_list.find(ConversationId{id}))
        m_session.open(*conversation, MessageId{message});
}

void ConversationActions::rename(qint64 id, const QString &title)
{
    const ConversationSummary *conversation = m_list.find(ConversationId{id});
    const QString trimmed = title.simplified();
    if (!conversation || trimmed.isEmpty() || conversation->title == trimmed)
        return;
    ConversationSummary renamed = *conversation;
    renamed.title = trimmed;
    m_session.update(renamed);
}

void ConversationActions::setPinned(qint64 id, bool pinned)
{
    change(id, [](ConversationSummary &conversation, bool value) { conversation.pinned = value; }, pinned);
}

void ConversationActions::setUnread(qint64 id, bool unread)
{
    change(id, [](ConversationSummary &conversation, bool value) { conversation.unread = value; }, unread);
}

void ConversationActions::setArchived(qint64 id, bool archived)
{
    const ConversationSummary *conversation = m_list.find(ConversationId{id});
    if (!conversation || conversation->archived == archived)
        return;
    const Step step{Undoable::Archived, *conversation, m_session.conversation() == id};
    change(
        id,
        [](ConversationSummary &changed, bool value) {
            changed.archived = value;
            changed.pinned = false;
        },
        archived);
    if (!archived)
        return;
    if (step.wasOpen)
        m_session.startNew();
    offerUndo(step);
}

void ConversationActions::duplicate(qint64 id)
{
    copy(id, tr("%1 (copy)"), std::nullopt);
}

void ConversationActions::fork(qint64 id, qint64 message)
{
    copy(id, tr("%1 (fork)"), MessageId{message});
}

/// `title` has a place for that of the original.
void ConversationActions::copy(qint64 id, const QString &title, std::optional<MessageId> last)
{
    const ConversationSummary *original = m_list.find(ConversationId{id});
    if (!original)
        return;
    m_store.messages(original->id)
        .then(this, [this, from = *original, title, last](const StoreResult<QList<Message>> &messages) {
            if (!messages) {
                Q_EMIT failed(messages.error());
                return;
            }
            const QDateTime now = QDateTime::currentDateTimeUtc();
            const ConversationSummary made{.id = ConversationId{nextId()},
                                           .title = from.title.isEmpty() ? QString() : title.arg(from.title),
                                           .created = now,
                                           .changed = now};
            m_store.putConversation(made);
            const QList<Message> copied =
                copiedInto(made.id, last ? MessageTree(*messages).branchTo(*last) : *messages);
            for (const Message &message : copied)
                m_store.putMessage(message);
            m_list.put(made);
            m_session.open(made);
        });
}

void ConversationActions::remove(qint64 id)
{
    if (!m_list.find(ConversationId{id}))
        return;
    const bool wasOpen = m_session.conversation() == id;
    // What runs in it ends first: that may change the conversation once more.
    m_session.forget(ConversationId{id});
    Step step{Undoable::Removed, *m_list.find(ConversationId{id}), wasOpen};
    m_list.remove(ConversationId{id});
    Q_EMIT removed(ConversationId{id});
    offerUndo(std::move(step));
}

void ConversationActions::undo()
{
    const auto step = std::exchange(m_step, std::nullopt);
    if (!step)
        return;
    m_undoTime.stop();
    if (step->what == Undoable::Removed) {
        m_list.put(step->before);
        Q_EMIT restored(step->before.id);
    } else if (const ConversationSummary *archived = m_list.find(step->before.id)) {
        ConversationSummary back = *archived;
        back.archived = false;
        back.pinned = step->before.pinned;
        m_session.update(back);
    }
    if (step->wasOpen)
        open(static_cast<qint64>(step->before.id));
    Q_EMIT undoableChanged();
}

void ConversationActions::change(qint64 id, void (*how)(ConversationSummary &, bool), bool value)
{
    const ConversationSummary *conversation = m_list.find(ConversationId{id});
    if (!conversation)
        return;
    ConversationSummary changed = *conversation;
    how(changed, value);
    if (changed != *conversation)
        m_session.update(changed);
}

void ConversationActions::offerUndo(Step step)
{
    settle();
    m_step = std::move(step);
    m_undoTime.start();
    Q_EMIT undoableChanged();
}

/// Makes the last step final.
void ConversationActions::settle()
{
    const auto step = std::exchange(m_step, std::nullopt);
    if (!step)
        return;
    m_undoTime.stop();
    if (step->what == Undoable::Removed)
        m_store.removeConversation(step->before.id);
    Q_EMIT undoableChanged();
}

} // namespace rivulet
