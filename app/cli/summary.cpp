// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/summary.h"

#include "app/cli/eventjson.h"
#include "app/cli/jsonwriter.h"
#include "net/wire/jsontext.h"

#include <algorithm>
#include <utility>

namespace rivulet::cli {

namespace {

template<typename Items, typename ToText>
QByteArray jsonArray(const Items &items, ToText toText)
{
    QByteArray array("[");
    for (const auto &item : items) {
        if (array.size() > 1)
            array += ',';
        array += toText(item);
    }
    return array + ']';
}

QByteArray toolCallJson(const event::ToolCall &call)
{
    JsonObjectWriter out;
    out.string("id", call.id).string("name", call.name).string("arguments", call.arguments);
    return out.text();
}

} // namespace

void Summary::add(const StreamEvent &event)
{
    ++m_events;
    // An agent that fails is not the stream's failure: the others may well answer.
    if (std::holds_alternative<event::Failed>(event.payload) && !event.agent.isEmpty())
        return;
    std::visit([this](const auto &payload) { take(payload); }, event.payload);
}

void Summary::take(const event::Started &started)
{
    if (!started.model.isEmpty())
        m_model = started.model;
}

void Summary::take(const event::Text &text)
{
    m_text += text.text;
}

void Summary::take(const event::Reasoning &reasoning)
{
    m_reasoning += reasoning.text;
}

void Summary::take(const event::Replace &replace)
{
    m_text = replace.text;
}

void Summary::take(const event::ToolCall &call)
{
    const auto known = std::ranges::find(m_toolCalls, call.index, &event::ToolCall::index);
    if (known == m_toolCalls.end()) {
        m_toolCalls.append(call);
        return;
    }
    if (!call.id.isEmpty())
        known->id = call.id;
    if (!call.name.isEmpty())
        known->name = call.name;
    known->arguments += call.arguments;
}

void Summary::take(const event::ToolResult &result)
{
    const auto known = std::ranges::find(m_toolResults, result.id, &event::ToolResult::id);
    if (known != m_toolResults.end() && known->preliminary)
        *known = result;
    else
        m_toolResults.append(result);
}

void Summary::take(const event::Artifact &artifact)
{
    const auto known = std::ranges::find(m_artifacts, artifact.id, &event::Artifact::id);
    if (known == m_artifacts.end()) {
        m_artifacts.append(artifact);
    } else if (artifact.append) {
        known->data = joinedJson(std::move(known->data), artifact.data);
        if (!artifact.title.isEmpty())
            known->title = artifact.title;
    } else {
        *known = artifact;
    }
}

void Summary::take(const event::UsageReported &reported)
{
    m_usage = reported.usage;
}

void Summary::take(const event::Finished &finished)
{
    m_finish = finished.reason;
}

void Summary::take(const event::Failed &failed)
{
    if (!m_error)
        m_error = failed.error;
}

QByteArray Summary::toJson(bool complete, QByteArrayView metrics, qint64 unknownFrames) const
{
    JsonObjectWriter out;
    out.string("text", m_text).string("reasoning", m_reasoning);
    out.json("tool_calls", jsonArray(m_toolCalls, toolCallJson));
    out.json("tool_results",
             jsonArray(m_toolResults, [](const auto &result) { return cli::toJson(result); }));
    out.json("artifacts", jsonArray(m_artifacts, [](const auto &artifact) { return cli::toJson(artifact); }));
    out.json("usage", cli::toJson(m_usage));
    out.string("finish", m_finish ? QString(toName(*m_finish)) : QString());
    out.json("error", m_error ? cli::toJson(*m_error) : QByteArray("null"));
    out.boolean("complete", complete);
    out.string("model", m_model);
    out.number("events", m_events);
    if (unknownFrames > 0)
        out.number("unknown_frames", unknownFrames);
    if (!metrics.isEmpty())
        out.json("metrics", metrics);
    return out.text();
}

} // namespace rivulet::cli
