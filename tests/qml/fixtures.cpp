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
    m_model.reset({});
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
