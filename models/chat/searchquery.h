// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/wire/chatrequest.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// What to look for in the conversations.
struct SearchQuery
{
    struct Term
    {
        QString text;          ///< a word, or words that stand one after the other
        bool excluded = false; ///< must not be there
        bool open = false;     ///< is still being typed: longer words count too

        friend bool operator==(const Term &, const Term &) = default;
    };

    QList<Term> terms; ///< all of them, anywhere in one message
    std::optional<ChatRole> from;
    QStringList titles;          ///< words of the conversation's title
    std::optional<QDate> after;  ///< that day, in the user's time zone, or later
    std::optional<QDate> before; ///< earlier than that day
    QString model;               ///< part of the model's name
    bool hasCode = false;

    [[nodiscard]] RIVULET_MODELS_EXPORT bool isEmpty() const;

    friend bool operator==(const SearchQuery &, const SearchQuery &) = default;
};

/// Reads what someone types: words, "words in quotes", -word, and the filters from:user, from:assistant,
/// in:title, in:"words of the title", after:2026-01-31, before:2026-01-31, has:code and model:name. Nothing
/// is wrong: a filter whose value is missing yet says nothing, and what is no filter is words. The last word
/// is open unless a space follows.
[[nodiscard]] RIVULET_MODELS_EXPORT SearchQuery parseSearch(QStringView typed);

} // namespace rivulet
