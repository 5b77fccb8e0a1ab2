// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/qml/fixtures.h"

#include <QtCore/qcoreapplication.h>
#include <QtGui/qaccessible.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qevent.h>
#include <QtGui/qguiapplication.h>
#include <QtQuick/qquickwindow.h>

namespace rivulet::test {

using namespace Qt::StringLiterals;

namespace {

QDateTime noon()
{
    return QDateTime(QDate(2026, 11, 18), QTime(12, 0)).toUTC();
}

bool isUsable(const QAccessibleInterface *item)
{
    switch (item->role()) {
    case QAccessible::Button:
    case QAccessible::CheckBox:
    case QAccessible::ComboBox:
    case QAccessible::EditableText:
    case QAccessible::Link:
    case QAccessible::List:
    case QAccessible::ListItem:
    case QAccessible::MenuItem:
    case QAccessible::RadioButton:
        return true;
    default:
        return item->state().focusable;
    }
}

template<typename Visit>
void walk(QAccessibleInterface *item, const Visit &visit)
{
    if (!item || item->state().invisible)
        return;
    if (isUsable(item))
        visit(item);
    for (int i = 0; i < item->childCount(); ++i)
        walk(item->child(i), visit);
}

/// What a screen reader finds for `item`: for one that says nothing itself, what is in its window.
QAccessibleInterface *entry(QQuickItem *item)
{
    auto *own = QAccessible::queryAccessibleInterface(item);
    return own ? own : QAccessible::queryAccessibleInterface(item->window());
}

} // namespace

void Typist::compose(const QString &preedit)
{
    QInputMethodEvent event(preedit, {{QInputMethodEvent::Cursor, static_cast<int>(preedit.size()), 1}});
    QCoreApplication::sendEvent(QGuiApplication::focusObject(), &event);
}

void Typist::commit(const QString &text)
{
    QInputMethodEvent event;
    event.setCommitString(text);
    QCoreApplication::sendEvent(QGuiApplication::focusObject(), &event);
}

void Typist::copy(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

QStringList ScreenReader::nameless(QQuickItem *root) const
{
    QStringList found;
    walk(entry(root), [&found](QAccessibleInterface *item) {
        if (item->text(QAccessible::Name).isEmpty())
            found += QString::fromLatin1(item->object() ? item->object()->metaObject()->className() : "?");
    });
    return found;
}

QStringList ScreenReader::names(QQuickItem *root) const
{
    QStringList found;
    walk(entry(root), [&found](QAccessibleInterface *item) { found += item->text(QAccessible::Name); });
    return found;
}

Conversations::Conversations(QObject *parent) : QObject(parent), m_model(nullptr, &noon) {}

void Conversations::put(qint64 id, const QString &title, int daysAgo)
{
    const QDateTime changed = noon().addDays(-daysAgo).addMSecs(-id);
    m_model.put({.id = ConversationId{id}, .title = title, .created = changed, .changed = changed});
}

void Conversations::fill(int count)
{
    QList<ConversationSummary> all;
    all.reserve(count);
    for (int i = 1; i <= count; ++i) {
        const QDateTime changed = noon().addDays(-i);
        all.append({.id = ConversationId{i},
                    .title = u"Conversation %1"_s.arg(i),
                    .created = changed,
                    .changed = changed});
    }
    m_model.reset(all);
}

void Conversations::setPinned(qint64 id, bool pinned)
{
    change(id, &ConversationSummary::pinned, pinned);
}

void Conversations::setArchived(qint64 id, bool archived)
{
    change(id, &ConversationSummary::archived, archived);
}

void Conversations::setUnread(qint64 id, bool unread)
{
    change(id, &ConversationSummary::unread, unread);
}

void Conversations::change(qint64 id, bool ConversationSummary::*mark, bool value)
{
    ConversationSummary changed = *m_model.find(ConversationId{id});
    changed.*mark = value;
    m_model.put(changed);
}

void Conversations::setRunning(qint64 id, bool running)
{
    m_model.setRunning(ConversationId{id}, running);
}

void Conversations::setCurrent(qint64 id)
{
    m_model.setCurrent(ConversationId{id});
}

void Conversations::clear()
{
    m_model.setShowsArchived(false);
    m_model.reset({});
}

Search::Search(QObject *parent)
    : QObject(parent), m_model(m_search, [](const Mishap &mishap) {
          return Notice{.title = std::get<StoreError>(mishap).detail};
      })
{}

void Search::answer(qint64 first, int count, const QString &match, bool more)
{
    SearchPage page;
    for (qint64 id = first; id > first - count; --id) {
        const QString before = u"<i>No. %1</i>: "_s.arg(id);
        page.hits.append({.conversation = ConversationId{id % 100},
                          .message = MessageId{id},
                          .title = u"Conversation %1"_s.arg(id % 100),
                          .role = id % 2 == 0 ? ChatRole::Assistant : ChatRole::User,
                          .created = noon(),
                          .snippet = {.text = before + match + u" and so on"_s,
                                      .matches = {{before.size(), before.size() + match.size()}}}});
    }
    if (more)
        page.next = MessageId{first - count};
    m_search.answer(page);
}

void Search::answerWhileIndexing()
{
    m_search.answer(SearchPage{.isIndexing = true});
}

void Search::fail(const QString &why)
{
    m_search.answer(std::unexpected(StoreError{StoreError::Kind::Io, why}));
}

void Queue::clear()
{
    while (m_queue.count() > 0)
        m_queue.take(0);
}

QStringList Queue::words() const
{
    QStringList words;
    for (const QueuedMessage &message : m_queue.messages())
        words.append(message.text);
    return words;
}

} // namespace rivulet::test
