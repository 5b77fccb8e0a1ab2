// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/history.h"

#include <QtCore/qhash.h>

#include <optional>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype titleLength = 80;

} // namespace

QString titleFrom(const QString &text)
{
    const QString line = text.trimmed().section(u'\n', 0, 0).simplified();
    if (line.size() <= titleLength)
        return line;
    const qsizetype space = line.lastIndexOf(u' ', titleLength);
    return line.left(space > titleLength / 2 ? space : titleLength) + u'…';
}

QList<Message> shownBranch(const QList<Message> &all)
{
    QHash<std::optional<MessageId>, const Message *> newestChild;
    for (const Message &message : all) {
        const Message *&newest = newestChild[message.parent];
        if (!newest || newest->id < message.id)
            newest = &message;
    }
    QList<Message> branch;
    const Message *next = newestChild.value(std::nullopt);
    while (next && branch.size() < all.size()) {
        branch.append(*next);
        next = newestChild.value(next->id);
    }
    return branch;
}

QList<ChatMessage> historyOf(const QList<Message> &messages)
{
    QList<ChatMessage> history;
    for (const Message &message : messages) {
        const QString text = message.text();
        if (text.isEmpty())
            continue;
        if (!history.isEmpty() && history.constLast().role == message.role)
            history.last() = {message.role, history.constLast().text() + u"\n\n"_s + text};
        else
            history.append({message.role, text});
    }
    return history;
}

} // namespace rivulet
