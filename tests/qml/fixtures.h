// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/messagequeue.h"
#include "models/transcript/conversationlistmodel.h"

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtQmlIntegration/qqmlintegration.h>
#include <QtQuick/qquickitem.h>

namespace rivulet::test {

/// What a person's keyboard, input method and clipboard do, and QtTest in QML can not.
class Typist : public QObject
{
    Q_OBJECT
    QML_ELEMENT

public:
    using QObject::QObject;

    /// The input method shows `preedit` at the cursor of the item that has the focus.
    Q_INVOKABLE void compose(const QString &preedit);
    /// The input method ends with `text`.
    Q_INVOKABLE void commit(const QString &text);
    Q_INVOKABLE void copy(const QString &text);
};

/// What a screen reader finds below an item, or in its window where the item itself says nothing.
class ScreenReader : public QObject
{
    Q_OBJECT
    QML_ELEMENT

public:
    using QObject::QObject;

    /// Roles of the visible things that can be used and say nothing; empty is good.
    Q_INVOKABLE [[nodiscard]] QStringList nameless(QQuickItem *root) const;
    /// The names of the visible things that can be used, in reading order.
    Q_INVOKABLE [[nodiscard]] QStringList names(QQuickItem *root) const;
};

/// A queue of messages to fill.
class Queue : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(rivulet::MessageQueue *queue READ queue CONSTANT FINAL)

public:
    using QObject::QObject;

    [[nodiscard]] MessageQueue *queue() { return &m_queue; }
    Q_INVOKABLE void append(const QString &text) { m_queue.append(text); }
    Q_INVOKABLE void hold() { m_queue.setHeld(true); }
    Q_INVOKABLE void clear();
    Q_INVOKABLE [[nodiscard]] QStringList words() const;

private:
    MessageQueue m_queue;
};

/// A list of conversations to fill, at noon of one day.
class Conversations : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(rivulet::ConversationListModel *model READ model CONSTANT FINAL)

public:
    explicit Conversations(QObject *parent = nullptr);

    [[nodiscard]] ConversationListModel *model() { return &m_model; }
    Q_INVOKABLE void put(qint64 id, const QString &title, int daysAgo);
    Q_INVOKABLE void setRunning(qint64 id, bool running);
    Q_INVOKABLE void setCurrent(qint64 id);
    Q_INVOKABLE void clear();

private:
    ConversationListModel m_model;
};

} // namespace rivulet::test
