// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/export.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qhash.h>
#include <QtCore/qlist.h>
#include <QtCore/qset.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <functional>

namespace rivulet {

/// All conversations, of which it lists either those in use, the pinned ones first, or the archived ones;
/// below that, the last changed first. GUI thread. A conversation that gets a message moves to its new place:
/// only reset(), fill() and setShowsArchived()
/// reset it. The work for one conversation grows with the logarithm of
/// their number.
class RIVULET_MODELS_EXPORT ConversationListModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int archivedCount READ archivedCount NOTIFY archivedCountChanged FINAL)
    Q_PROPERTY(bool showsArchived READ showsArchived WRITE setShowsArchived NOTIFY showsArchivedChanged FINAL)

public:
    enum class Role {
        ConversationId = Qt::UserRole, ///< `conversationId`: as a number
        Title,                         ///< `title`: empty while the conversation has none
        Changed,                       ///< `changed`: when it changed last, in local time
        /// `section`: "Pinned"; or by how many days of the local time zone ago it changed: "Today",
        /// "Yesterday", "Week" (two to seven), "Month" (eight to thirty), or the month as "2026-01".
        Section,
        Running,  ///< `running`: bool, an answer streams in it
        Current,  ///< `current`: bool, it is the open one
        Pinned,   ///< `pinned`: bool
        Archived, ///< `archived`: bool
        Unread,   ///< `unread`: bool
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
    /// How many conversations are archived, listed or not.
    [[nodiscard]] int archivedCount() const { return m_archivedCount; }
    /// Whether the archived ones are listed instead of the others.
    [[nodiscard]] bool showsArchived() const { return m_showsArchived; }
    void setShowsArchived(bool archived);

    /// The conversation, listed or not; null where there is none. Valid until the model changes.
    [[nodiscard]] const ConversationSummary *find(ConversationId id) const;
    /// The row of the conversation, -1 where it is not listed.
    Q_INVOKABLE [[nodiscard]] int rowOf(qint64 id) const;

    /// Tells the sections again where a new day has begun since they were told.
    Q_INVOKABLE void followTheCalendar();

    /// How often data() was asked since the model was made. For tests.
    [[nodiscard]] quint64 reads() const { return m_reads; }

public Q_SLOTS:
    /// Knows these and no others; what runs and what is current stays known by id.
    void reset(const QList<rivulet::ConversationSummary> &conversations);
    /// Adds those that are not known yet.
    void fill(const QList<rivulet::ConversationSummary> &conversations);
    /// Adds the conversation, or gives it its new title, marks and place.
    void put(const rivulet::ConversationSummary &conversation);
    /// Takes the conversation away; nothing happens where it is not known.
    void remove(rivulet::ConversationId id);
    /// An answer began or ended in it.
    void setRunning(rivulet::ConversationId id, bool running);
    /// It is the open one from now on; an id of 0 means that none is.
    void setCurrent(rivulet::ConversationId id);

Q_SIGNALS:
    void countChanged();
    void archivedCountChanged();
    void showsArchivedChanged();

private:
    [[nodiscard]] bool isListed(const ConversationSummary &conversation) const;
    [[nodiscard]] qsizetype indexOf(ConversationId id) const;
    [[nodiscard]] qsizetype placeFor(const ConversationSummary &conversation) const;
    [[nodiscard]] QString sectionOf(const ConversationSummary &conversation) const;
    void list();
    void insert(const ConversationSummary &conversation);
    void takeRow(qsizetype row);
    void place(qsizetype from, const ConversationSummary &conversation);
    void countArchived(int difference);
    void touch(ConversationId id, Role role);

    Clock m_now;
    QDate m_today; ///< for which the sections were last told
    QHash<ConversationId, ConversationSummary> m_known;
    QList<ConversationSummary> m_listed; ///< in their order
    int m_archivedCount = 0;
    bool m_showsArchived = false;
    QSet<ConversationId> m_running;
    ConversationId m_current{};
    mutable quint64 m_reads = 0;
};

} // namespace rivulet
