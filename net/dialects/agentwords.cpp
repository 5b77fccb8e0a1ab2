// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/agentwords.h"

#include "net/dialects/attachment.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/surrogatejoiner.h"

#include <algorithm>
#include <optional>
#include <ranges>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

std::optional<qint64> countIn(const json::Value &usage, QLatin1StringView name, QLatin1StringView other)
{
    const auto [count, otherCount] = usage.members(name, other);
    const std::optional<qint64> found = count.integer();
    return found ? found : otherCount.integer();
}

} // namespace

QString questionOf(const QList<ChatMessage> &messages)
{
    const auto newestFirst = messages | std::views::reverse;
    const auto asked = std::ranges::find(newestFirst, ChatRole::User, &ChatMessage::role);
    if (asked == newestFirst.end())
        return {};
    QString question;
    for (const ContentPart &part : asked->parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            question += said->text;
        } else if (const auto *file = std::get_if<content::Attachment>(&part); file && isTextFile(*file)) {
            if (!question.isEmpty())
                question += u"\n\n";
            question += asText(*file) + u"\n\n";
        }
    }
    return wellFormed(question.trimmed());
}

Usage usageOf(const json::Value &usage)
{
    return {.inputTokens = countIn(usage, "input_tokens"_L1, "prompt_tokens"_L1),
            .outputTokens = countIn(usage, "output_tokens"_L1, "completion_tokens"_L1),
            .reasoningTokens = usage["reasoning_tokens"_L1].integer(),
            .cachedTokens = usage["cached_tokens"_L1].integer()};
}

bool saysCancelled(const NetError &error)
{
    const auto says = [&](QLatin1StringView word) {
        return error.code.compare(word, Qt::CaseInsensitive) == 0
            || error.message.startsWith(word + " by user"_L1, Qt::CaseInsensitive)
            || error.message.startsWith(word + " by the user"_L1, Qt::CaseInsensitive);
    };
    return says("cancelled"_L1) || says("canceled"_L1);
}

NetError errorOf(const json::Value &frame)
{
    NetError error = errorFromJson(frame, 0);
    if (const json::Value content = frame["content"_L1]; error.message.isEmpty() && content.isString())
        error.message = excerpt(content.string().toUtf8());
    return error;
}

event::Status::State stateFromWord(const json::Value &word)
{
    using State = event::Status::State;
    constexpr std::array done{"complete"_L1, "completed"_L1, "done"_L1, "finished"_L1, "success"_L1};
    constexpr std::array failed{"failed"_L1, "error"_L1, "failure"_L1};
    const auto is = [&](QLatin1StringView candidate) { return word == candidate; };
    if (std::ranges::any_of(done, is))
        return State::Done;
    return std::ranges::any_of(failed, is) ? State::Failed : State::Running;
}

} // namespace rivulet
