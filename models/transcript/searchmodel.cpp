// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/searchmodel.h"

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// More than a window shows, so that the first page is rarely the only one that is asked for while scrolling.
constexpr int pageSize = 40;

QString markupOf(const Snippet &snippet)
{
    QString markup;
    qsizetype at = 0;
    for (const TextRange &match : snippet.matches) {
        markup += snippet.text.sliced(at, match.begin - at).toHtmlEscaped();
        markup += "<b>"_L1;
        markup += snippet.text.sliced(match.begin, match.end - match.begin).toHtmlEscaped();
        markup += "</b>"_L1;
        at = match.end;
    }
    return markup + snippet.text.sliced(at).toHtmlEscaped();
}

QString firstMatch(const Snippet &snippet)
{
    if (snippet.matches.isEmpty())
        return {};
    const TextRange &match = snippet.matches.constFirst();
    return snippet.text.sliced(match.begin, match.end - match.begin);
}

} // namespace

SearchModel::SearchModel(ConversationSearch &search, ErrorWording wording, QObject *parent)
    : QAbstractListModel(parent), m_search(search), m_wording(std::move(wording))
{}

int SearchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant SearchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SearchHit &hit = m_hits[index.row()];
    switch (Role(role)) {
    case Role::ConversationId:
        return qint64(hit.conversation);
    case Role::MessageId:
        return qint64(hit.message);
    case Role::Title:
        return hit.title;
    case Role::FromUser:
        return hit.role == ChatRole::User;
    case Role::Created:
        return hit.created.toLocalTime();
    case Role::Snippet:
        return hit.snippet.text;
    case Role::Markup:
        return markupOf(hit.snippet);
    case Role::Words:
        return firstMatch(hit.snippet);
    }
    return role == Qt::DisplayRole ? QVariant(hit.snippet.text) : QVariant();
}

QHash<int, QByteArray> SearchModel::roleNames() const
{
    return {
        {int(Role::ConversationId), "conversationId"_ba},
        {int(Role::MessageId), "messageId"_ba},
        {int(Role::Title), "title"_ba},
        {int(Role::FromUser), "fromUser"_ba},
        {int(Role::Created), "created"_ba},
        {int(Role::Snippet), "snippet"_ba},
        {int(Role::Markup), "markup"_ba},
        {int(Role::Words), "words"_ba},
    };
}

bool SearchModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_running && m_next.has_value();
}

void SearchModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        ask(m_next);
}

void SearchModel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    Q_EMIT textChanged();
    SearchQuery query = parseSearch(text);
    if (query == m_query)
        return;
    m_query = std::move(query);
    if (m_query.isEmpty())
        clear();
    else
        ask(std::nullopt);
}

void SearchModel::retry()
{
    if (!m_query.isEmpty())
        ask(std::nullopt);
}

void SearchModel::leaveOut(ConversationId conversation)
{
    m_leftOut.insert(conversation);
    const qsizetype before = m_hits.size();
    for (qsizetype row = before - 1; row >= 0; --row) {
        if (m_hits[row].conversation != conversation)
            continue;
        beginRemoveRows({}, int(row), int(row));
        m_hits.removeAt(row);
        endRemoveRows();
    }
    if (m_hits.size() == before)
        return;
    Q_EMIT countChanged();
    if (m_running || !m_hits.isEmpty())
        return;
    if (m_next)
        return ask(m_next);
    m_state = State::Nothing;
    Q_EMIT stateChanged();
}

void SearchModel::takeBack(ConversationId conversation)
{
    if (m_leftOut.remove(conversation))
        retry();
}

void SearchModel::ask(std::optional<MessageId> from)
{
    const quint64 number = ++m_asked;
    m_running = true;
    if (m_state != State::Found)
        m_state = State::Pending;
    Q_EMIT stateChanged();
    m_search.search(m_query, pageSize, from)
        .then(this, [this, number, isFirst = !from](const StoreResult<SearchPage> &page) {
            if (number != m_asked)
                return;
            if (page)
                take(*page, isFirst);
            else
                fail(page.error());
        });
}

void SearchModel::take(const SearchPage &page, bool isFirst)
{
    QList<SearchHit> hits = page.hits;
    hits.removeIf([this](const SearchHit &hit) { return m_leftOut.contains(hit.conversation); });
    if (isFirst) {
        beginResetModel();
        m_hits = std::move(hits);
        endResetModel();
    } else if (!hits.isEmpty()) {
        beginInsertRows({}, count(), count() + int(hits.size()) - 1);
        m_hits += hits;
        endInsertRows();
    }
    m_next = page.next;
    m_indexing = page.isIndexing;
    // All of the page was left out.
    if (m_hits.isEmpty() && m_next)
        return ask(m_next);
    m_running = false;
    m_trouble = {};
    m_state = m_hits.isEmpty() ? State::Nothing : State::Found;
    Q_EMIT countChanged();
    Q_EMIT stateChanged();
}

void SearchModel::fail(const StoreError &error)
{
    clear();
    m_state = State::Failed;
    m_trouble = m_wording(error);
    Q_EMIT stateChanged();
}

void SearchModel::clear()
{
    ++m_asked;
    // First, for a view may ask for more as soon as it is told.
    m_next.reset();
    beginResetModel();
    m_hits.clear();
    endResetModel();
    m_running = false;
    m_indexing = false;
    m_trouble = {};
    m_state = State::Idle;
    Q_EMIT countChanged();
    Q_EMIT stateChanged();
}

} // namespace rivulet
