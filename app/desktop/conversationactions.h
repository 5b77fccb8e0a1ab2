// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/transcript/conversationlistmodel.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <optional>

namespace rivulet {

class ChatSession;

/// What the user does to conversations as a whole, and the list that shows it. An id that is not known does
/// nothing. GUI thread.
class ConversationActions : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    Q_PROPERTY(Undoable undoable READ undoable NOTIFY undoableChanged FINAL)
    Q_PROPERTY(QString undoTitle READ undoTitle NOTIFY undoableChanged FINAL)

public:
    /// What undo() would take back.
    enum class Undoable { Nothing, Archived, Removed };
    Q_ENUM(Undoable)

    /// All of them outlive it. Nothing is listed before load().
    ConversationActions(ConversationStore &store, ChatSession &session, ConversationListModel &list,
                        QObject *parent = nullptr);
    /// Deletes for good what was removed last.
    ~ConversationActions() override;

    /// Reads the list from the store; loaded() says when, whether or not it could be read.
    void load();

    [[nodiscard]] Undoable undoable() const;
    /// The title of the conversation that this is about; may be empty.
    [[nodiscard]] QString undoTitle() const;

    Q_INVOKABLE void startNew();
    Q_INVOKABLE void open(qint64 id);
    /// Opens the conversation, archived or not, and shows that message of it.
    Q_INVOKABLE void openAt(qint64 id, qint64 message);
    /// A blank title changes nothing.
    Q_INVOKABLE void rename(qint64 id, const QString &title);
    Q_INVOKABLE void setPinned(qint64 id, bool pinned);
    Q_INVOKABLE void setUnread(qint64 id, bool unread);
    /// Puts the conversation away, unpinned, and leaves it where it is open; or takes it back.
    Q_INVOKABLE void setArchived(qint64 id, bool archived);
    /// Makes and opens a copy with all branches; what runs in the first one goes on there alone.
    Q_INVOKABLE void duplicate(qint64 id);
    /// Makes and opens a conversation that begins as this one went up to that message, and no other branch.
    Q_INVOKABLE void fork(qint64 id, qint64 message);
    /// Takes the conversation out of the list; it is deleted for good a little later.
    Q_INVOKABLE void remove(qint64 id);
    Q_INVOKABLE void undo();

Q_SIGNALS:
    void loaded();
    void undoableChanged();
    /// The conversation is out of the list; it is deleted for good unless restored() comes.
    void removed(rivulet::ConversationId conversation);
    /// The conversation that was removed() is back.
    void restored(rivulet::ConversationId conversation);
    /// A conversation could not be copied.
    void failed(const rivulet::StoreError &error);

private:
    struct Step
    {
        Undoable what = Undoable::Nothing;
        ConversationSummary before;
        bool wasOpen = false;
    };

    void copy(qint64 id, const QString &title, std::optional<MessageId> last);
    void change(qint64 id, void (*how)(ConversationSummary &, bool), bool value);
    void offerUndo(Step step);
    void settle();

    ConversationStore &m_store;
    ChatSession &m_session;
    ConversationListModel &m_list;
    std::optional<Step> m_step;
    QTimer m_undoTime;
};

} // namespace rivulet
