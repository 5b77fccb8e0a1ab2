// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/conversationlistmodel.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

/// Newest first; the greater id is the younger one.
bool standsBefore(const ConversationSummary &a, const ConversationSummary &b)
{
    return std::pair(a.changed, a.id) > std::pair(b.changed, b.id);
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
    const ConversationSummary &conversation = m_conversations[index.row()];
    switch (Role(role)) {
    case Role::ConversationId:
        return qint64(conversation.id);
    case Role::Title:
        return conversation.title;
    case Role::Changed:
        return conversation.changed.toLocalTime();
    case Role::Section:
        return QVariant::fromValue(sectionOf(conversation.changed));
    case Role::Running:
        return m_running.contains(conversation.id);
    case Role::Current:
        return conversation.id == m_current;
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
    };
}

int ConversationListModel::count() const
{
    return int(m_conversations.size());
}

void ConversationListModel::reset(const QList<ConversationSummary> &conversations)
{
    beginResetModel();
    m_conversations = conversations;
    std::ranges::sort(m_conversations, standsBefore);
    m_today = m_now().toLocalTime().date();
    endResetModel();
    Q_EMIT countChanged();
}

void ConversationListModel::put(const ConversationSummary &conversation)
{
    const qsizetype from = indexOf(conversation.id);
    const qsizetype to = placeFor(conversation, from);
    if (from < 0) {
        beginInsertRows({}, int(to), int(to));
        m_conversations.insert(to, conversation);
        endInsertRows();
        Q_EMIT countChanged();
    } else {
        if (from != to) {
            // Qt counts the destination before the row is taken out.
            beginMoveRows({}, int(from), int(from), {}, int(to > from ? to + 1 : to));
            m_conversations.move(from, to);
            endMoveRows();
        }
        m_conversations[to] = conversation;
        Q_EMIT dataChanged(index(int(to)), index(int(to)),
                           {int(Role::Title), Qt::DisplayRole, int(Role::Changed), int(Role::Section)});
    }
    followTheCalendar();
}

void ConversationListModel::remove(ConversationId id)
{
    const qsizetype at = indexOf(id);
    if (at < 0)
        return;
    beginRemoveRows({}, int(at), int(at));
    m_conversations.removeAt(at);
    endRemoveRows();
    Q_EMIT countChanged();
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

qsizetype ConversationListModel::indexOf(ConversationId id) const
{
    const auto found = std::ranges::find(m_conversations, id, &ConversationSummary::id);
    return found == m_conversations.end() ? -1 : found - m_conversations.begin();
}

qsizetype ConversationListModel::placeFor(const ConversationSummary &conversation, qsizetype skipped) const
{
    qsizetype place = 0;
    for (qsizetype i = 0; i < m_conversations.size(); ++i) {
        if (i != skipped && standsBefore(m_conversations[i], conversation))
            ++place;
    }
    return place;
}

ConversationListModel::Section ConversationListModel::sectionOf(const QDateTime &changed) const
{
    const qint64 days = changed.toLocalTime().date().daysTo(m_today);
    if (days <= 0)
        return Section::Today;
    if (days == 1)
        return Section::Yesterday;
    return days <= 7 ? Section::Week : Section::Older;
}

void ConversationListModel::touch(ConversationId id, Role role)
{
    const qsizetype at = indexOf(id);
    if (at >= 0)
        Q_EMIT dataChanged(index(int(at)), index(int(at)), {int(role)});
}

/// Tells all sections again where the day is another one than when they were told.
void ConversationListModel::followTheCalendar()
{
    const QDate today = m_now().toLocalTime().date();
    if (today == std::exchange(m_today, today) || m_conversations.isEmpty())
        return;
    Q_EMIT dataChanged(index(0), index(count() - 1), {int(Role::Section)});
}

} // namespace rivulet
