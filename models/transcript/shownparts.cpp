// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/shownparts.h"

#include <algorithm>
#include <iterator>
#include <variant>

namespace rivulet::transcript {

bool isWords(const Part &part)
{
    return std::holds_alternative<TextPart>(part) || std::holds_alternative<ReasoningPart>(part);
}

const QString &wordsOf(const Part &part)
{
    static const QString none;
    if (const auto *text = std::get_if<TextPart>(&part))
        return text->text;
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
        return reasoning->text;
    return none;
}

const ToolResultPart *resultOf(const Message &message, const ToolCallPart &call)
{
    for (auto part = message.parts.rbegin(); part != message.parts.rend(); ++part) {
        const auto *result = std::get_if<ToolResultPart>(&*part);
        if (result && answers(*result, call))
            return result;
    }
    return nullptr;
}

bool isShown(const Message &message, qsizetype at)
{
    const Part &part = message.parts[at];
    if (const auto *result = std::get_if<ToolResultPart>(&part)) {
        return std::none_of(message.parts.begin(), message.parts.begin() + at, [result](const Part &other) {
            const auto *call = std::get_if<ToolCallPart>(&other);
            return call && answers(*result, *call);
        });
    }
    return !isWords(part) || !wordsOf(part).isEmpty();
}

qsizetype firstText(const Message &message, const QString &agent)
{
    const QList<Part> &parts = message.parts;
    const auto first = std::ranges::find_if(parts, [&](const Part &part) {
        return std::holds_alternative<TextPart>(part) && agentOf(part) == agent;
    });
    return std::distance(parts.begin(), first);
}

} // namespace rivulet::transcript
