// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/eventwriter.h"

#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

void keepKnown(std::optional<qint64> &count, const std::optional<qint64> &before)
{
    if (!count)
        count = before;
}

size_t sizeOf(const QString &text)
{
    return static_cast<size_t>(text.size());
}

// An error as it can be shown and kept, whatever the server wrote.
NetError presentable(NetError error)
{
    error.code = wellFormed(error.code.left(qsizetype(limits::errorMessage)));
    error.message = wellFormed(error.message.left(qsizetype(limits::errorMessage)));
    return error;
}

} // namespace

void EventWriter::setLane(const QString &agent)
{
    if (m_lanes[m_lane].agent == agent)
        return;
    const QString name = wellFormed(agent);
    const auto known = std::ranges::find(m_lanes, name, &Lane::agent);
    if (known == m_lanes.end() && m_lanes.size() == limits::lanes) {
        failTooLarge(u"more than %1 agents answer"_s.arg(limits::lanes));
        return;
    }
    m_lane = static_cast<size_t>(known - m_lanes.begin());
    if (known == m_lanes.end())
        m_lanes.push_back({.agent = name, .text = {}, .reasoning = {}});
}

void EventWriter::started(const QString &id, const QString &model, const QString &session)
{
    event::Started news;
    const auto take = [](QString &known, const QString &said, QString &told) {
        if (known.isEmpty() && !said.isEmpty())
            told = known = wellFormed(said);
    };
    take(m_started.id, id, news.id);
    take(m_started.model, model, news.model);
    if (const QString place = wellFormed(session); !place.isEmpty() && place != m_started.session)
        news.session = m_started.session = place;
    if (news != event::Started())
        write(news);
}

void EventWriter::text(QString delta)
{
    if (!delta.isEmpty())
        addText(m_lanes[m_lane].text.take(std::move(delta)));
}

void EventWriter::reasoning(QString delta)
{
    if (!delta.isEmpty())
        addReasoning(m_lanes[m_lane].reasoning.take(std::move(delta)));
}

void EventWriter::opaqueReasoning(int index, const QString &data)
{
    m_reasoningSize += static_cast<size_t>(data.size());
    if (m_reasoningSize > limits::messageText)
        failTooLarge(u"the reasoning is too long"_s);
    else
        write(event::ReasoningOpaque{.index = index, .data = wellFormed(data)});
}

void EventWriter::replaceText(const QString &text)
{
    m_textSize = static_cast<size_t>(text.size());
    m_lanes[m_lane].text = {};
    if (m_textSize > limits::messageText)
        failTooLarge(u"the answer is too long"_s);
    else
        write(event::Replace{.part = 0, .text = wellFormed(text)});
}

int EventWriter::toolCall(const QString &key, const QString &id, const QString &name)
{
    const auto known = m_toolCallKeys.constFind(key);
    const bool isNew = known == m_toolCallKeys.constEnd();
    if (isNew && m_toolCalls.size() == limits::toolCalls) {
        failTooLarge(u"more than %1 tool calls"_s.arg(limits::toolCalls));
        return static_cast<int>(limits::toolCalls) - 1;
    }
    const int index = isNew ? static_cast<int>(m_toolCalls.size()) : *known;
    if (isNew) {
        m_toolCallKeys.insert(key, index);
        m_toolCalls.push_back({.id = {}, .name = {}, .agent = m_lanes[m_lane].agent, .joiner = {}});
    }
    ToolCall &call = m_toolCalls[static_cast<size_t>(index)];
    event::ToolCall news{.index = index, .id = {}, .name = {}, .arguments = {}};
    if (call.id.isEmpty())
        news.id = call.id = wellFormed(id);
    if (call.name.isEmpty())
        news.name = call.name = wellFormed(name);
    if (isNew || !news.id.isEmpty() || !news.name.isEmpty())
        write(std::move(news));
    return index;
}

void EventWriter::toolArguments(int index, QString delta)
{
    ToolCall &call = m_toolCalls[static_cast<size_t>(index)];
    event::ToolCall piece{
        .index = index, .id = {}, .name = {}, .arguments = call.joiner.take(std::move(delta))};
    if (piece.arguments.isEmpty())
        return;
    call.hasArguments = true;
    m_argumentsSize += static_cast<size_t>(piece.arguments.size());
    if (m_argumentsSize > limits::toolArguments)
        failTooLarge(u"the tool arguments are too long"_s);
    else
        write(std::move(piece));
}

void EventWriter::wholeToolArguments(int index, const QString &arguments)
{
    if (!hasArguments(index))
        toolArguments(index, arguments);
}

bool EventWriter::hasArguments(int call) const
{
    return m_toolCalls[static_cast<size_t>(call)].hasArguments;
}

bool EventWriter::hasOpenToolCalls() const
{
    return !std::ranges::all_of(m_toolCalls, &ToolCall::hasResult);
}

void EventWriter::approval(const QString &id, const QString &name, const QString &arguments)
{
    approval({.id = id, .name = name, .arguments = arguments});
}

void EventWriter::approval(event::Approval approval)
{
    for (QString *text :
         {&approval.id, &approval.name, &approval.arguments, &approval.call, &approval.context})
        *text = wellFormed(*text);
    if (hasRoomFor(sizeOf(approval.arguments) + sizeOf(approval.context), true))
        write(std::move(approval));
}

void EventWriter::toolResult(event::ToolResult result)
{
    result.id = wellFormed(result.id);
    result.name = wellFormed(result.name);
    result.content = wellFormed(result.content);
    if (!result.preliminary) {
        for (ToolCall &call : m_toolCalls)
            call.hasResult = call.hasResult || (!call.id.isEmpty() && call.id == result.id);
    }
    // A preliminary one is replaced by the next.
    if (result.preliminary || hasRoomFor(sizeOf(result.content), true))
        write(std::move(result));
}

void EventWriter::status(event::Status status)
{
    status.stage = wellFormed(status.stage);
    status.message = wellFormed(status.message);
    // What is under way becomes what is done.
    const bool isLasting = status.state != event::Status::State::Running;
    if (!isLasting || hasRoomFor(sizeOf(status.stage) + sizeOf(status.message), true))
        write(std::move(status));
}

void EventWriter::artifact(event::Artifact artifact)
{
    artifact.id = wellFormed(artifact.id);
    artifact.title = wellFormed(artifact.title);
    const auto known = m_artifacts.constFind(artifact.id);
    const bool isNew = known == m_artifacts.constEnd();
    const auto size = static_cast<size_t>(artifact.data.size());
    if (!artifact.append && !isNew)
        m_attachedSize -= *known;
    if (!hasRoomFor(size, isNew))
        return;
    m_artifacts[artifact.id] = artifact.append && !isNew ? *known + size : size;
    write(std::move(artifact));
}

void EventWriter::source(const QString &url, const QString &title)
{
    // Citations are repeated, in several members and in every chunk.
    if (url.isEmpty() || m_sources.contains(url))
        return;
    m_sources.insert(url);
    const QJsonObject data{{u"title"_s, wellFormed(title)}, {u"url"_s, wellFormed(url)}};
    artifact({.id = url,
              .kind = event::Artifact::Kind::Source,
              .title = title,
              .append = false,
              .data = compactJson(data)});
}

void EventWriter::usage(const Usage &usage)
{
    Usage counts = usage;
    keepKnown(counts.inputTokens, m_usage.inputTokens);
    keepKnown(counts.outputTokens, m_usage.outputTokens);
    keepKnown(counts.reasoningTokens, m_usage.reasoningTokens);
    keepKnown(counts.cachedTokens, m_usage.cachedTokens);
    if (counts == m_usage)
        return;
    m_usage = counts;
    // Of what follows an error only the token counts are of use.
    if (m_events && !m_muted)
        m_events->append({.payload = event::UsageReported{counts}, .agent = {}});
}

void EventWriter::finished(FinishReason reason)
{
    if (m_finish || !isOpen())
        return;
    flush();
    // A call without arguments is told in several ways; as JSON text it has one.
    const size_t lane = m_lane;
    for (size_t i = 0; i < m_toolCalls.size(); ++i) {
        if (!m_toolCalls[i].hasArguments) {
            setLane(m_toolCalls[i].agent);
            toolArguments(static_cast<int>(i), u"{}"_s);
        }
    }
    m_lane = 0;
    m_finish = reason;
    write(event::Finished{reason});
    m_lane = lane;
}

void EventWriter::complete()
{
    if (!isOpen())
        return;
    finished(hasOpenToolCalls() ? FinishReason::ToolCalls : FinishReason::Stop);
    flush();
    if (isOpen())
        m_completeness = Completeness::Complete;
}

void EventWriter::fail(NetError error)
{
    if (!isOpen())
        return;
    flush();
    if (!isOpen())
        return;
    m_lane = 0;
    write(event::Failed{presentable(std::move(error))});
    m_completeness = Completeness::Failed;
}

void EventWriter::failLane(NetError error)
{
    if (m_lane == 0)
        fail(std::move(error));
    else
        write(event::Failed{presentable(std::move(error))});
}

void EventWriter::flush()
{
    const size_t current = m_lane;
    for (m_lane = 0; m_lane < m_lanes.size(); ++m_lane) {
        addReasoning(m_lanes[m_lane].reasoning.flush());
        addText(m_lanes[m_lane].text.flush());
    }
    m_lane = current;
}

void EventWriter::addText(QString text)
{
    m_textSize += static_cast<size_t>(text.size());
    if (m_textSize > limits::messageText)
        failTooLarge(u"the answer is too long"_s);
    else if (!text.isEmpty())
        write(event::Text{std::move(text)});
}

void EventWriter::addReasoning(QString text)
{
    m_reasoningSize += static_cast<size_t>(text.size());
    if (m_reasoningSize > limits::messageText)
        failTooLarge(u"the reasoning is too long"_s);
    else if (!text.isEmpty())
        write(event::Reasoning{std::move(text)});
}

bool EventWriter::hasRoomFor(size_t size, bool isNew)
{
    m_attachedSize += size;
    m_attachments += isNew ? 1 : 0;
    if (m_attachedSize <= limits::attached && m_attachments <= limits::attachments)
        return true;
    failTooLarge(u"what comes with the answer is too much"_s);
    return false;
}

// Without what is still held back: there is no room for it.
void EventWriter::failTooLarge(const QString &message)
{
    if (!isOpen())
        return;
    m_lane = 0;
    write(event::Failed{{.kind = NetError::Kind::TooLarge, .message = message}});
    m_completeness = Completeness::Failed;
}

template<typename Event>
void EventWriter::write(Event event)
{
    if (isOpen() && !m_muted)
        m_events->emplaceBack(std::move(event), m_lanes[m_lane].agent);
}

} // namespace rivulet
