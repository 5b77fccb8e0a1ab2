// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/conversationlistmodel.h"

#include <algorithm>
#include <tuple>
#include <utility>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

/// The pinned ones first, then newest first; the greater id is the younger one.
bool standsBefore(const ConversationSummary &a, const ConversationSummary &b)
{
    return std::tie(a.pinned, a.changed, a.id) > std::tie(b.pinned, b.changed, b.id);
}

} // namespace

ConversationListModel::ConversationListModel(QObject *parent, Clock now)
    : QAbstractListModel(parent), m_now(std::move(now)), m_today(m_now().toLocalTime().date())
{}

int ConversationListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ConversationListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    ++m_reads;
    const ConversationSummary &conversation = m_listed[index.row()];
    switch (Role(role)) {
    case Role::ConversationId:
        return qint64(conversation.id);
    case Role::Title:
        return conversation.title;
    case Role::Changed:
        return conversation.changed.toLocalTime();
    case Role::Section:
        return sectionOf(conversation);
    case Role::Running:
        return m_running.contains(conversation.id);
    case Role::Current:
        return conversation.id == m_current;
    case Role::Pinned:
        return conversation.pinned;
    case Role::Archived:
        return conversation.archived;
    case Role::Unread:
        return conversation.unread;
    }
    return role == Qt::DisplayRole ? QVariant(conversation.title) : QVariant();
}

QHash<int, QByteArray> ConversationListModel::roleNames() const
{
    return {
        {int(Role::ConversationId), "conversationId"_ba},
        {int(Role::Title), "title"_ba},
        {int(Role::Changed), "changed"_ba},
        {int(Role::Section), "section"_ba},
        {int(Role::Running), "running"_ba},
        {int(Role::Current), "current"_ba},
        {int(Role::Pinned), "pinned"_ba},
        {int(Role::Archived), "archived"_ba},
        {int(Role::Unread), "unread"_ba},
    };
}

int ConversationListModel::count() const
{
    return int(m_listed.size());
}

void ConversationListModel::setShowsArchived(bool archived)
{
    if (std::exchange(m_showsArchived, archived) == archived)
        return;
    list();
    Q_EMIT showsArchivedChanged();
}

const ConversationSummary *ConversationListModel::find(ConversationId id) const
{
    const auto it = m_known.constFind(id);
    return it == m_known.constEnd() ? nullptr : &*it;
}

int ConversationListModel::rowOf(qint64 id) const
{
    return int(indexOf(ConversationId{id}));
}

void ConversationListModel::reset(const QList<ConversationSummary> &conversations)
{
    m_known.clear();
    fill(conversations);
}

void ConversationListModel::fill(const QList<ConversationSummary> &conversations)
{
    m_known.reserve(m_known.size() + conversations.size());
    for (const ConversationSummary &conversation : conversations) {
        if (!m_known.contains(conversation.id))
            m_known.insert(conversation.id, conversation);
    }
    list();
    const auto archived = std::ranges::count(m_known, true, &ConversationSummary::archived);
    countArchived(int(archived) - m_archivedCount);
}

void ConversationListModel::put(const ConversationSummary &conversation)
{
    const qsizetype from = indexOf(conversation.id);
    const ConversationSummary *known = find(conversation.id);
    const bool wasArchived = known && known->archived;
    m_known.insert(conversation.id, conversation);
    if (from < 0 && isListed(conversation))
        insert(conversation);
    else if (from >= 0 && !isListed(conversation))
        takeRow(from);
    else if (from >= 0)
        place(from, conversation);
    countArchived(int(conversation.archived) - int(wasArchived));
    followTheCalendar();
}

void ConversationListModel::remove(ConversationId id)
{
    const qsizetype at = indexOf(id);
    const ConversationSummary removed = m_known.take(id);
    if (at >= 0)
        takeRow(at);
    countArchived(removed.archived ? -1 : 0);
}

void ConversationListModel::setRunning(ConversationId id, bool running)
{
    if (m_running.contains(id) == running)
        return;
    if (running)
        m_running.insert(id);
    else
        m_running.remove(id);
    touch(id, Role::Running);
}

void ConversationListModel::setCurrent(ConversationId id)
{
    if (id == m_current)
        return;
    const ConversationId previous = std::exchange(m_current, id);
    touch(previous, Role::Current);
    touch(id, Role::Current);
}

void ConversationListModel::followTheCalendar()
{
    const QDate today = m_now().toLocalTime().date();
    if (today == std::exchange(m_today, today) || m_listed.isEmpty())
        return;
    Q_EMIT dataChanged(index(0), index(count() - 1), {int(Role::Section)});
}

bool ConversationListModel::isListed(const ConversationSummary &conversation) const
{
    return conversation.archived == m_showsArchived;
}

qsizetype ConversationListModel::indexOf(ConversationId id) const
{
    const ConversationSummary *known = find(id);
    return known && isListed(*known) ? placeFor(*known) : -1;
}

/// How many of those that are listed stand before it.
qsizetype ConversationListModel::placeFor(const ConversationSummary &conversation) const
{
    return std::ranges::lower_bound(m_listed, conversation, standsBefore) - m_listed.begin();
}

QString ConversationListModel::sectionOf(const ConversationSummary &conversation) const
{
    if (conversation.pinned)
        return u"Pinned"_s;
    const QDate day = conversation.changed.toLocalTime().date();
    const qint64 days = day.daysTo(m_today);
    if (days <= 0)
        return u"Today"_s;
    if (days == 1)
        return u"Yesterday"_s;
    if (days <= 7)
        return u"Week"_s;
    return days <= 30 ? u"Month"_s : day.toString(u"yyyy-MM"_s);
}

void ConversationListModel::list()
{
    beginResetModel();
    m_listed.clear();
    m_listed.reserve(m_known.size());
    for (const ConversationSummary &conversation : std::as_const(m_known)) {
        if (isListed(conversation))
            m_listed.append(conversation);
    }
    std::ranges::sort(m_listed, standsBefore);
    m_today = m_now().toLocalTime().date();
    endResetModel();
    Q_EMIT countChanged();
}

void ConversationListModel::insert(const ConversationSummary &conversation)
{
    const qsizetype at = placeFor(conversation);
    beginInsertRows({}, int(at), int(at));
    m_listed.insert(at, conversation);
    endInsertRows();
    Q_EMIT countChanged();
}

void ConversationListModel::takeRow(qsizetype row)
{
    beginRemoveRows({}, int(row), int(row));
    m_listed.removeAt(row);
    endRemoveRows();
    Q_EMIT countChanged();
}

void ConversationListModel::place(qsizetype from, const ConversationSummary &conversation)
{
    // Where it stood before its new place, it is counted among those that do.
    const qsizetype before = placeFor(conversation);
    const qsizetype to = before > from ? before - 1 : before;
    if (from != to) {
        // Qt counts the destination before the row is taken out.
        beginMoveRows({}, int(from), int(from), {}, int(to > from ? to + 1 : to));
        m_listed.move(from, to);
        endMoveRows();
    }
    m_listed[to] = conversation;
    Q_EMIT dataChanged(index(int(to)), index(int(to)),
                       {int(Role::Title), Qt::DisplayRole, int(Role::Changed), int(Role::Section),
                        int(Role::Pinned), int(Role::Unread)});
}

void ConversationListModel::countArchived(int difference)
{
    if (difference == 0)
        return;
    m_archivedCount += difference;
    Q_EMIT archivedCountChanged();
}

void ConversationListModel::touch(ConversationId id, Role role)
{
    const qsizetype at = indexOf(id);
    if (at >= 0)
        Q_EMIT dataChanged(index(int(at)), index(int(at)), {int(role)});
}

} // namespace rivulet
