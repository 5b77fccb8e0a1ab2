// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"
#include "models/export.h"
#include "models/transcript/notice.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtCore/qset.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <optional>

namespace rivulet {

/// What is found of what is being typed, the newest first. Each setText() begins another search, which takes
/// the place of the one before; the hits of that stay until the new ones are there, so that nothing flickers.
/// Further pages come as a view asks for them. GUI thread; the looking is done elsewhere.
class RIVULET_MODELS_EXPORT SearchModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged FINAL)
    Q_PROPERTY(State state READ state NOTIFY stateChanged FINAL)
    Q_PROPERTY(bool running READ isRunning NOTIFY stateChanged FINAL)
    Q_PROPERTY(bool indexing READ isIndexing NOTIFY stateChanged FINAL)
    Q_PROPERTY(rivulet::Notice trouble READ trouble NOTIFY stateChanged FINAL)
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// What the rows are an answer to.
    enum class State {
        Idle,    ///< nothing is looked for
        Pending, ///< something is looked for, and nothing is known yet
        Found,   ///< these are the hits
        Nothing, ///< there are none
        Failed,  ///< it could not be looked for: trouble() says why
    };
    Q_ENUM(State)

    enum class Role {
        ConversationId = Qt::UserRole, ///< `conversationId`: as a number
        MessageId,                     ///< `messageId`: as a number
        Title,                         ///< `title`: of the conversation, may be empty
        FromUser,                      ///< `fromUser`: bool, the user said it
        Created,                       ///< `created`: in local time
        Snippet,                       ///< `snippet`: one line, as plain text
        /// `markup`: the same line for Text.StyledText: escaped, and bold where it matches.
        Markup,
        Words, ///< `words`: the first match as it stands there; empty where only filters matched
    };
    Q_ENUM(Role)

    /// `search` outlives the model. `wording` finds the words of trouble().
    SearchModel(ConversationSearch &search, ErrorWording wording, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    [[nodiscard]] int count() const { return int(m_hits.size()); }
    [[nodiscard]] QString text() const { return m_text; }
    /// Looks for it at once; see parseSearch(). What says nothing ends the search.
    void setText(const QString &text);
    [[nodiscard]] State state() const { return m_state; }
    /// The answer to what was typed last is still on its way.
    [[nodiscard]] bool isRunning() const { return m_running; }
    /// Older messages are still being made searchable: more may be found later.
    [[nodiscard]] bool isIndexing() const { return m_indexing; }
    [[nodiscard]] Notice trouble() const { return m_trouble; }

    /// Looks for the same again.
    Q_INVOKABLE void retry();

    /// Leaves that conversation out from now on, for it is deleted, or about to be. What else was found
    /// stays.
    void leaveOut(ConversationId conversation);
    /// Takes it in again, and looks for the same again where it was left out.
    void takeBack(ConversationId conversation);

Q_SIGNALS:
    void textChanged();
    void stateChanged();
    void countChanged();

private:
    void ask(std::optional<MessageId> from);
    void take(const SearchPage &page, bool isFirst);
    void fail(const StoreError &error);
    void clear();

    ConversationSearch &m_search;
    ErrorWording m_wording;
    QString m_text;
    SearchQuery m_query;
    QList<SearchHit> m_hits;
    std::optional<MessageId> m_next;
    /// Those that are deleted too: a search may still read the store as it was before.
    QSet<ConversationId> m_leftOut;
    Notice m_trouble;
    State m_state = State::Idle;
    bool m_running = false;
    bool m_indexing = false;
    quint64 m_asked = 0; ///< counts what was asked, so that a late answer is dropped
};

} // namespace rivulet
