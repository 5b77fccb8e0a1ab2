// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/headline.h"

#include "models/transcript/shownparts.h"

#include <algorithm>

namespace rivulet::transcript {

namespace {

using Activity = TranscriptModel::Activity;

constexpr qsizetype longestDetail = 160; // UTF-16 units

} // namespace

Headline headlineOf(const Message &message, qsizetype at)
{
    const bool streams = message.state == Message::State::Streaming;
    const auto named = [](const QString &agent, const QString &what) {
        return agent.isEmpty() ? what : TranscriptModel::tr("%1: %2", "agent, what it does").arg(agent, what);
    };
    const auto activityOf = [streams](const ToolResultPart *result) {
        if (result && !result->preliminary)
            return result->isError ? Activity::Failed : Activity::Done;
        return streams ? Activity::Running : Activity::None;
    };
    const auto tool = [](const QString &name) { return name.isEmpty() ? TranscriptModel::tr("Tool") : name; };
    const Part &part = message.parts[at];
    if (const auto *call = std::get_if<ToolCallPart>(&part)) {
        const QStringView arguments =
            QStringView(call->arguments).first(std::min(call->arguments.size(), 2 * longestDetail));
        const QString line = arguments.toString().simplified();
        return {.title = named(call->agent, tool(call->name)),
                .detail = line == u"{}" ? QString() : line.first(std::min(line.size(), longestDetail)),
                .activity = activityOf(resultOf(message, *call))};
    }
    if (const auto *result = std::get_if<ToolResultPart>(&part))
        return {
            .title = named(result->agent, tool(result->name)), .detail = {}, .activity = activityOf(result)};
    if (const auto *status = std::get_if<StatusPart>(&part)) {
        using State = event::Status::State;
        const Activity activity = status->state == State::Done ? Activity::Done
            : status->state == State::Failed                   ? Activity::Failed
            : streams                                          ? Activity::Running
                                                               : Activity::None;
        const QString &what = status->message.isEmpty() ? status->stage : status->message;
        return {.title = what.isEmpty() ? status->agent : named(status->agent, what.simplified()),
                .detail = {},
                .activity = activity};
    }
    if (const auto *approval = std::get_if<ApprovalPart>(&part)) {
        const bool denied = approval->answer == ApprovalPart::Answer::Denied;
        const QString said = denied ? TranscriptModel::tr("“%1” was not allowed to run.")
            : approval->answer      ? TranscriptModel::tr("“%1” was allowed to run.")
            : streams               ? TranscriptModel::tr("May “%1” run?")
                                    : TranscriptModel::tr("Whether “%1” may run was not answered.");
        const Activity activity = denied ? Activity::Failed
            : approval->answer           ? Activity::Done
            : streams                    ? Activity::Running
                                         : Activity::None;
        return {.title = named(approval->agent, said.arg(tool(approval->name))),
                .detail = {},
                .activity = activity};
    }
    return {};
}

} // namespace rivulet::transcript
