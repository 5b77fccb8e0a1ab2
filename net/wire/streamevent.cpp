// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/streamevent.h"

#include <QtCore/qlatin1stringview.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

QLatin1StringView toName(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
        return "stop"_L1;
    case FinishReason::Length:
        return "length"_L1;
    case FinishReason::ToolCalls:
        return "tool_calls"_L1;
    case FinishReason::ContentFilter:
        return "content_filter"_L1;
    case FinishReason::Refusal:
        return "refusal"_L1;
    case FinishReason::Pause:
        return "pause"_L1;
    case FinishReason::Stopped:
        return "stopped"_L1;
    case FinishReason::Other:
        return "other"_L1;
    }
    Q_UNREACHABLE_RETURN("other"_L1);
}

QLatin1StringView toName(event::Status::State state)
{
    switch (state) {
    case event::Status::State::Running:
        return "running"_L1;
    case event::Status::State::Done:
        return "done"_L1;
    case event::Status::State::Failed:
        return "failed"_L1;
    }
    Q_UNREACHABLE_RETURN("running"_L1);
}

QLatin1StringView toName(event::Artifact::Kind kind)
{
    switch (kind) {
    case event::Artifact::Kind::Code:
        return "code"_L1;
    case event::Artifact::Kind::Table:
        return "table"_L1;
    case event::Artifact::Kind::Figure:
        return "figure"_L1;
    case event::Artifact::Kind::Verification:
        return "verification"_L1;
    case event::Artifact::Kind::Reflection:
        return "reflection"_L1;
    case event::Artifact::Kind::File:
        return "file"_L1;
    case event::Artifact::Kind::Image:
        return "image"_L1;
    case event::Artifact::Kind::Source:
        return "source"_L1;
    }
    Q_UNREACHABLE_RETURN("file"_L1);
}

namespace {

template<typename Enum>
std::optional<Enum> named(QStringView name, Enum last)
{
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (name == toName(static_cast<Enum>(i)))
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

} // namespace

std::optional<FinishReason> finishReasonFromName(QStringView name)
{
    return named(name, FinishReason::Other);
}

std::optional<event::Status::State> statusStateFromName(QStringView name)
{
    return named(name, event::Status::State::Failed);
}

std::optional<event::Artifact::Kind> artifactKindFromName(QStringView name)
{
    return named(name, event::Artifact::Kind::Source);
}

namespace {

// Each goesOn() joins `next` to `delta` and returns true where both are pieces of the same thing.

bool goesOn(event::Text &delta, const event::Text &next)
{
    delta.text += next.text;
    return true;
}

bool goesOn(event::Reasoning &delta, const event::Reasoning &next)
{
    delta.text += next.text;
    return true;
}

bool goesOn(event::ToolCall &delta, const event::ToolCall &next)
{
    const bool sameId = next.id.isEmpty() || next.id == delta.id;
    const bool sameName = next.name.isEmpty() || next.name == delta.name;
    if (delta.index != next.index || !sameId || !sameName)
        return false;
    delta.arguments += next.arguments;
    return true;
}

template<typename A, typename B>
bool goesOn(A &, const B &)
{
    return false;
}

bool joined(StreamEvent &into, const StreamEvent &next)
{
    if (into.payload.index() != next.payload.index() || into.agent != next.agent)
        return false;
    return std::visit([](auto &delta, const auto &more) { return goesOn(delta, more); }, into.payload,
                      next.payload);
}

} // namespace

void coalesce(StreamEvents &events)
{
    if (events.size() < 2)
        return;
    auto last = events.begin();
    for (auto next = last + 1; next != events.end(); ++next) {
        if (joined(*last, *next))
            continue;
        ++last;
        if (last != next)
            *last = std::move(*next);
    }
    events.erase(last + 1, events.end());
}

} // namespace rivulet
