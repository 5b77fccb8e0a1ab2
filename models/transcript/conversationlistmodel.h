// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/export.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qset.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <functional>

namespace rivulet {

/// All conversations, the last changed first. GUI thread. Only reset() resets it: a conversation that gets
/// a message moves to its new place.
class RIVULET_MODELS_EXPORT ConversationListModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// How long ago a conversation changed, by the days of the local time zone. `section.property` of a
    /// ListView sees the value's name, such as "Today".
    enum class Section { Today, Yesterday, Week, Older };
    Q_ENUM(Section)

    enum class Role {
        ConversationId = Qt::UserRole, ///< `conversationId`: as a number
        Title,                         ///< `title`: empty while the conversation has none
        Changed,                       ///< `changed`: when it changed last, in local time
        Section,                       ///< `section`: Section; Week means two to seven days ago
        Running,                       ///< `running`: bool, an answer streams in it
        Current,                       ///< `current`: bool, it is the open one
    };
    Q_ENUM(Role)

    using Clock = std::function<QDateTime()>;

    /// `now` tells the time; tests give their own.
    explicit ConversationListModel(QObject *parent = nullptr, Clock now = &QDateTime::currentDateTimeUtc);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// Rows, for bindings.
    [[nodiscard]] int count() const;

public Q_SLOTS:
    /// Shows these and no others; what runs and what is current stays known by id.
    void reset(const QList<rivulet::ConversationSummary> &conversations);
    /// Adds the conversation, or gives it its new title and place.
    void put(const rivulet::ConversationSummary &conversation);
    /// Takes the conversation away; nothing happens where it is not listed.
    void remove(rivulet::ConversationId id);
    /// An answer began or ended in it.
    void setRunning(rivulet::ConversationId id, bool running);
    /// It is the open one from now on; an id of 0 means that none is.
    void setCurrent(rivulet::ConversationId id);

Q_SIGNALS:
    void countChanged();

private:
    [[nodiscard]] qsizetype indexOf(ConversationId id) const;
    [[nodiscard]] qsizetype placeFor(const ConversationSummary &conversation, qsizetype skipped) const;
    [[nodiscard]] Section sectionOf(const QDateTime &changed) const;
    void touch(ConversationId id, Role role);
    void followTheCalendar();

    Clock m_now;
    QDate m_today; ///< for which the sections were last told
    QList<ConversationSummary> m_conversations;
    QSet<ConversationId> m_running;
    ConversationId m_current{};
};

} // namespace rivulet
