// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/messagequeue.h"
#include "models/transcript/conversationlistmodel.h"
#include "models/transcript/searchmodel.h"
#include "tests/support/handsearch.h"

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
    /// So many at once, one a day, with ids from 1 on.
    Q_INVOKABLE void fill(int count);
    Q_INVOKABLE void setPinned(qint64 id, bool pinned);
    Q_INVOKABLE void setArchived(qint64 id, bool archived);
    Q_INVOKABLE void setUnread(qint64 id, bool unread);
    /// How often a view asked the model for something so far.
    Q_INVOKABLE [[nodiscard]] double reads() const { return double(m_model.reads()); }
    Q_INVOKABLE void setRunning(qint64 id, bool running);
    Q_INVOKABLE void setCurrent(qint64 id);
    Q_INVOKABLE void clear();

private:
    void change(qint64 id, bool ConversationSummary::*mark, bool value);

    ConversationListModel m_model;
};

/// A search whose answers the test gives.
class Search : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(rivulet::SearchModel *model READ model CONSTANT FINAL)

public:
    explicit Search(QObject *parent = nullptr);

    [[nodiscard]] SearchModel *model() { return &m_model; }
    /// What was looked for so far.
    Q_INVOKABLE [[nodiscard]] int asked() const { return int(m_search.asked.size()); }
    /// Answers with hits whose text has `match` in it, from message `first` on downwards; `more` says that
    /// there is another page.
    Q_INVOKABLE void answer(qint64 first, int count, const QString &match, bool more = false);
    Q_INVOKABLE void answerWhileIndexing();
    Q_INVOKABLE void fail(const QString &why);

private:
    HandSearch m_search;
    SearchModel m_model;
};

} // namespace rivulet::test
