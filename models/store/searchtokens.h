// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// What the index knows of a place in a text.
struct SearchToken
{
    QString word; ///< without case, accents and compatibility forms
    qsizetype begin = 0;
    qsizetype end = 0;
    bool endsRun = false; ///< the last character of a run in a script without spaces, by itself

    friend bool operator==(const SearchToken &, const SearchToken &) = default;
};

/// Cuts a text, which is in normalization form C, into what is looked up: words where the script has spaces
/// between them. Where it has none, or where words grow endings (Chinese, Japanese, Korean, Thai and their
/// neighbours), each pair of neighbouring characters with their marks, and the last one alone, so that
/// everything inside a run is found.
[[nodiscard]] RIVULET_MODELS_EXPORT QList<SearchToken> searchTokens(QStringView text);

/// The words of the tokens with spaces between them: what goes into the index.
[[nodiscard]] RIVULET_MODELS_EXPORT QString indexedText(const QString &text);

} // namespace rivulet
