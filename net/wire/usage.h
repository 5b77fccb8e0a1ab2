// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qtypes.h>

#include <optional>

namespace rivulet {

/// Token counts of one answer as the server reports them. Every report is cumulative and replaces the
/// one before it; a count the server never named stays empty.
struct Usage
{
    std::optional<qint64> inputTokens;     ///< tokens of the prompt, cached ones included
    std::optional<qint64> outputTokens;    ///< tokens of the answer, reasoning included
    std::optional<qint64> reasoningTokens; ///< part of outputTokens spent on reasoning
    std::optional<qint64> cachedTokens;    ///< part of inputTokens read from the server's cache

    friend bool operator==(const Usage &, const Usage &) = default;
};

} // namespace rivulet
