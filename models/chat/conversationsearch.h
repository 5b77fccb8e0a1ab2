// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/chat/searchquery.h"
#include "models/export.h"

#include <QtCore/qfuture.h>
#include <QtCore/qlist.h>

#include <optional>

namespace rivulet {

/// A stretch of a text, in UTF-16 code units.
struct TextRange
{
    qsizetype begin = 0;
    qsizetype end = 0; ///< behind the last one

    friend bool operator==(const TextRange &, const TextRange &) = default;
};

/// Some words of a text, around what was looked for.
struct Snippet
{
    QString text;             ///< one line
    QList<TextRange> matches; ///< in order, apart from each other; none where it was found by filters alone

    friend bool operator==(const Snippet &, const Snippet &) = default;
};

/// A message that was found.
struct SearchHit
{
    ConversationId conversation{};
    MessageId message{};
    QString title; ///< of the conversation
    ChatRole role = ChatRole::User;
    QDateTime created; ///< UTC
    Snippet snippet;

    friend bool operator==(const SearchHit &, const SearchHit &) = default;
};

struct SearchPage
{
    QList<SearchHit> hits;         ///< the newest first
    std::optional<MessageId> next; ///< where the next page begins; empty on the last one
    bool isIndexing = false;       ///< older messages are still being made searchable: more may come

    friend bool operator==(const SearchPage &, const SearchPage &) = default;
};

/// Looks through what the store keeps; models/store implements it.
class RIVULET_MODELS_EXPORT ConversationSearch : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Up to `limit` messages that match, from page `from` on. Returns at once; the future finishes on a
    /// thread of its own, so continue with a context object. A newer search takes the place of one that has
    /// not finished, whose future is cancelled. An answer is found once it has ended. GUI thread.
    [[nodiscard]] virtual QFuture<StoreResult<SearchPage>>
    search(const SearchQuery &query, int limit, std::optional<MessageId> from = std::nullopt) = 0;
};

} // namespace rivulet
