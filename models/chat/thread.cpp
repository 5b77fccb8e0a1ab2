// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/thread.h"

#include <algorithm>

namespace rivulet {

bool isWork(const StreamEvent &event)
{
    const auto &what = event.payload;
    return std::holds_alternative<event::ToolCall>(what) || std::holds_alternative<event::Approval>(what)
        || std::holds_alternative<event::ToolResult>(what) || std::holds_alternative<event::Status>(what)
        || std::holds_alternative<event::Artifact>(what);
}

bool isAsking(const Message &message)
{
    return std::ranges::any_of(message.parts, [](const Part &part) {
        const auto *question = std::get_if<ApprovalPart>(&part);
        return question && !question->answer;
    });
}

bool isPartial(const Message &message)
{
    if (message.role != ChatRole::Assistant || (message.text().isEmpty() && !message.resume))
        return false;
    switch (message.state) {
    case Message::State::CutOff:
    case Message::State::Stopped:
    case Message::State::Redirected:
    case Message::State::Failed:
        return true;
    case Message::State::Complete:
        return message.finish == FinishReason::Length || message.finish == FinishReason::Pause;
    case Message::State::Streaming:
        break;
    }
    return false;
}

} // namespace rivulet
