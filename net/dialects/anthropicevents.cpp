// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/anthropicevents.h"

#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

// What is not here is Other. After a pause or a compaction the answer goes on with the next request.
constexpr std::array namedReasons{
    NamedReason{"end_turn"_L1, FinishReason::Stop},
    NamedReason{"stop_sequence"_L1, FinishReason::Stop},
    NamedReason{"max_tokens"_L1, FinishReason::Length},
    NamedReason{"model_context_window_exceeded"_L1, FinishReason::Length},
    NamedReason{"tool_use"_L1, FinishReason::ToolCalls},
    NamedReason{"pause_turn"_L1, FinishReason::Pause},
    NamedReason{"compaction"_L1, FinishReason::Pause},
    NamedReason{"refusal"_L1, FinishReason::Refusal},
};

constexpr std::array eventNames{
    "content_block_delta"_L1,
    "content_block_start"_L1,
    "content_block_stop"_L1,
    "message_start"_L1,
    "message_delta"_L1,
    "message_stop"_L1,
    "ping"_L1,
};

// Stands for the index of a block that came whole, which no block of a stream has.
constexpr qint64 wholeIndex = -1;

bool endsWith(const json::Value &value, QLatin1StringView ending)
{
    return value.isString() && value.string().endsWith(ending);
}

bool isErrorResult(const json::Value &content)
{
    return endsWith(content["type"_L1], "_error"_L1) || content["return_code"_L1].integer().value_or(0) != 0;
}

QString resultItemText(const json::Value &item)
{
    const auto [type, text, title, url, content, standardOutput, standardError, errorCode, errorMessage,
                encrypted] =
        item.members("type"_L1, "text"_L1, "title"_L1, "url"_L1, "content"_L1, "stdout"_L1, "stderr"_L1,
                     "error_code"_L1, "error_message"_L1, "encrypted_content"_L1);
    if (text.isString())
        return text.string();
    if (errorCode.isString()) {
        const QString message = errorMessage.string();
        return message.isEmpty() ? errorCode.string() : errorCode.string() + u": " + message;
    }
    if (standardOutput.isString() || standardError.isString())
        return standardOutput.string() + standardError.string();
    if (type == "web_search_result"_L1)
        return title.string() + u'\n' + url.string();
    if (type == "web_fetch_result"_L1)
        return url.string() + u'\n' + content["source"_L1]["data"_L1].string();
    if (content.isString())
        return content.string();
    if (type == "image"_L1)
        return u"[image]"_s;
    return encrypted.isString() ? QString() : QString::fromUtf8(item.compact());
}

} // namespace

std::optional<FinishReason> anthropicFinishReason(const json::Value &reason)
{
    if (!reason.isString())
        return std::nullopt;
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return reason == known.name; });
    return row == namedReasons.end() ? FinishReason::Other : row->reason;
}

QString anthropicResultText(const json::Value &content)
{
    if (content.isString())
        return content.string();
    if (!content.isArray())
        return content.isObject() ? resultItemText(content) : QString();
    QStringList items;
    content.forEach([&](const json::Value &item) { items.append(resultItemText(item)); });
    const bool isList = content.first()["type"_L1] == "web_search_result"_L1;
    return items.join(isList ? u"\n\n"_s : u"\n"_s);
}

void AnthropicUsage::add(const json::Value &usage)
{
    const auto [inputTokens, written, read, outputTokens, details] =
        usage.members("input_tokens"_L1, "cache_creation_input_tokens"_L1, "cache_read_input_tokens"_L1,
                      "output_tokens"_L1, "output_tokens_details"_L1);
    const auto input = inputTokens.integer();
    const auto cacheWrite = written.integer();
    const auto cacheRead = read.integer();
    // No prompt is empty: gateways that count only the answer at its end send zeros for the rest.
    const bool counted = input.value_or(0) != 0 || cacheWrite.value_or(0) != 0 || cacheRead.value_or(0) != 0;
    const auto take = [](std::optional<qint64> &known, const std::optional<qint64> &count) {
        if (count)
            known = count;
    };
    if (counted || !m_input) {
        take(m_input, input);
        take(m_cacheWrite, cacheWrite);
        take(m_total.cachedTokens, cacheRead);
    }
    take(m_total.outputTokens, outputTokens.integer());
    take(m_total.reasoningTokens, details["thinking_tokens"_L1].integer());
    if (m_input || m_cacheWrite || m_total.cachedTokens)
        m_total.inputTokens =
            m_input.value_or(0) + m_cacheWrite.value_or(0) + m_total.cachedTokens.value_or(0);
}

bool AnthropicEvents::isEventName(const json::Value &name)
{
    return std::ranges::any_of(eventNames, [&](QLatin1StringView known) { return name == known; });
}

AnthropicEvents::Outcome AnthropicEvents::event(const json::Value &event, QByteArrayView name,
                                                EventWriter &out)
{
    const auto [type, index, block, piece, message] =
        event.members("type"_L1, "index"_L1, "content_block"_L1, "delta"_L1, "message"_L1);
    // Some gateways leave the names of frames out, others those of payloads.
    const auto is = [&, &kind = type](QLatin1StringView known) {
        return kind.isString() ? kind == known : name == QByteArrayView(known);
    };
    const auto known = [](bool understood) { return understood ? Outcome::Read : Outcome::Unknown; };
    const qint64 place = std::max<qint64>(index.integer().value_or(0), 0);
    if (is("content_block_delta"_L1))
        return known(delta(place, piece, out));
    if (is("content_block_start"_L1))
        return known(startBlock(place, block, out));
    if (is("content_block_stop"_L1)) {
        end(place, out);
        return Outcome::Read;
    }
    if (is("message_start"_L1)) {
        messageStart(message, out);
        return Outcome::Read;
    }
    if (is("message_delta"_L1)) {
        messageDelta(event, out);
        return Outcome::Read;
    }
    if (is("message_stop"_L1)) {
        closeBlocks(true, out);
        return Outcome::Stopped;
    }
    return known(is("ping"_L1));
}

// A further one in the same stream begins anew: its blocks are counted from zero again.
void AnthropicEvents::messageStart(const json::Value &message, EventWriter &out)
{
    closeBlocks(false, out);
    m_finish.reset();
    m_usage = {};
    const auto [id, model, usage] = message.members("id"_L1, "model"_L1, "usage"_L1);
    out.started(id.string(), model.string());
    m_usage.add(usage);
}

void AnthropicEvents::messageDelta(const json::Value &event, EventWriter &out)
{
    const auto [piece, usage] = event.members("delta"_L1, "usage"_L1);
    m_usage.add(usage);
    const auto [reason, details] = piece.members("stop_reason"_L1, "stop_details"_L1);
    stopReason(reason, details, out);
}

void AnthropicEvents::stopReason(const json::Value &reason, const json::Value &details, EventWriter &out)
{
    if (!reason.isString())
        return;
    closeBlocks(true, out);
    m_finish = anthropicFinishReason(reason);
    const QString explanation = details["explanation"_L1].string();
    if (!explanation.isEmpty())
        out.status({.stage = reason.string(), .message = explanation, .state = event::Status::State::Failed});
}

bool AnthropicEvents::startBlock(qint64 index, const json::Value &start, EventWriter &out)
{
    end(index, out);
    if (m_blocks.size() == limits::toolCalls) {
        out.fail({.kind = NetError::Kind::TooLarge,
                  .message = u"more than %1 blocks are open"_s.arg(limits::toolCalls)});
        return true;
    }
    Block &block = m_blocks.emplace_back(Block{.index = index});
    const auto [type, text, citations, thinking, signature, content] =
        start.members("type"_L1, "text"_L1, "citations"_L1, "thinking"_L1, "signature"_L1, "content"_L1);
    if (type == "text"_L1) {
        block.kind = Block::Kind::Text;
        out.text(text.string());
        citations.forEach([&](const json::Value &item) { citation(item, out); });
        return true;
    }
    if (type == "tool_use"_L1) {
        block.kind = Block::Kind::Tool;
        startTool(block, start, out);
        return true;
    }
    block.start = start.compact();
    m_held += static_cast<size_t>(block.start.size());
    if (type == "thinking"_L1) {
        block.kind = Block::Kind::Thinking;
        hold(block.text, thinking.string(), out);
        hold(block.signature, signature.string(), out);
        out.reasoning(thinking.string());
    } else if (type == "redacted_thinking"_L1) {
        block.kind = Block::Kind::Kept;
    } else if (type == "fallback"_L1) {
        block.kind = Block::Kind::Kept;
        out.status(
            {.stage = u"fallback"_s,
             .message = start["from"_L1]["model"_L1].string() + u" → " + start["to"_L1]["model"_L1].string(),
             .state = event::Status::State::Done});
    } else if (type == "compaction"_L1) {
        block.kind = Block::Kind::Compaction;
        hold(block.text, content.string(), out);
        out.status({.stage = u"compaction"_s, .message = {}, .state = event::Status::State::Running});
    } else if (type == "container_upload"_L1) {
        const QString file = start["file_id"_L1].string();
        out.artifact({.id = file,
                      .kind = event::Artifact::Kind::File,
                      .title = file,
                      .append = false,
                      .data = block.start});
    } else if (endsWith(type, "_tool_use"_L1)) {
        block.kind = Block::Kind::ServerTool;
        startTool(block, start, out);
    } else if (endsWith(type, "_tool_result"_L1)) {
        block.kind = Block::Kind::Kept;
        toolResult(start, out);
    } else {
        return false;
    }
    return true;
}

void AnthropicEvents::startTool(Block &block, const json::Value &start, EventWriter &out)
{
    const auto [idValue, nameValue, input] = start.members("id"_L1, "name"_L1, "input"_L1);
    const QString id = idValue.string();
    const QString name = nameValue.string();
    const bool isNew = !id.isEmpty() && !m_toolNames.contains(id);
    const QString key = isNew ? id : m_lane + u'#' + QString::number(m_unnamedCalls++);
    block.call = out.toolCall(key, id, name);
    if (isNew)
        m_toolNames.insert(id, name);
    if (input.isObject() && input.isTruthy())
        hold(block.input, QString::fromUtf8(input.compact()), out);
}

bool AnthropicEvents::delta(qint64 index, const json::Value &delta, EventWriter &out)
{
    const auto [type, text, thinking, signature, json, content, cited] = delta.members(
        "type"_L1, "text"_L1, "thinking"_L1, "signature"_L1, "partial_json"_L1, "content"_L1, "citation"_L1);
    auto block = openBlock(index);
    // Some servers send nothing but deltas.
    if (block == m_blocks.end() && (type == "text_delta"_L1 || type == "thinking_delta"_L1)) {
        const bool thinks = type == "thinking_delta"_L1;
        m_blocks.push_back({.index = index,
                            .kind = thinks ? Block::Kind::Thinking : Block::Kind::Text,
                            .start = thinks ? R"({"type":"thinking"})"_ba : QByteArray()});
        block = m_blocks.end() - 1;
    }
    if (block == m_blocks.end())
        return false;
    const bool isIgnored = block->kind == Block::Kind::Other;
    if (type == "text_delta"_L1) {
        if (!isIgnored)
            out.text(text.string());
    } else if (type == "thinking_delta"_L1) {
        if (!isIgnored)
            out.reasoning(thinking.string());
        if (block->kind == Block::Kind::Thinking)
            hold(block->text, thinking.string(), out);
    } else if (type == "signature_delta"_L1) {
        hold(block->signature, signature.string(), out);
    } else if (type == "input_json_delta"_L1) {
        if (block->call >= 0)
            out.toolArguments(block->call, json.string());
        if (block->kind == Block::Kind::ServerTool)
            hold(block->text, json.string(), out);
    } else if (type == "compaction_delta"_L1) {
        hold(block->text, content.string(), out);
    } else if (type == "citations_delta"_L1) {
        citation(cited, out);
    } else {
        return false;
    }
    return true;
}

// Only what can be opened is a source; a place in a file of the user's own is none.
void AnthropicEvents::citation(const json::Value &citation, EventWriter &out)
{
    const auto [url, source, title] = citation.members("url"_L1, "source"_L1, "title"_L1);
    out.source(url.isString() ? url.string() : source.string(), title.string());
}

void AnthropicEvents::toolResult(const json::Value &block, EventWriter &out)
{
    const auto [idValue, content, isError] = block.members("tool_use_id"_L1, "content"_L1, "is_error"_L1);
    const QString id = idValue.string();
    out.toolResult({.id = id,
                    .name = m_toolNames.value(id),
                    .content = anthropicResultText(content),
                    .isError = isError.boolean().value_or(false) || isErrorResult(content)});
}

void AnthropicEvents::wholeBlock(const json::Value &block, EventWriter &out)
{
    if (!startBlock(wholeIndex, block, out))
        out.unknown();
    end(wholeIndex, out);
}

void AnthropicEvents::wholeMessage(const json::Value &message, EventWriter &out)
{
    messageStart(message, out);
    const auto [content, reason, details] =
        message.members("content"_L1, "stop_reason"_L1, "stop_details"_L1);
    if (content.isString())
        out.text(content.string());
    content.forEach([&](const json::Value &block) { wholeBlock(block, out); });
    stopReason(reason, details, out);
}

std::vector<AnthropicEvents::Block>::iterator AnthropicEvents::openBlock(qint64 index)
{
    return std::ranges::find(m_blocks, index, &Block::index);
}

void AnthropicEvents::end(qint64 index, EventWriter &out)
{
    const auto found = openBlock(index);
    if (found == m_blocks.end())
        return;
    const Block block = std::move(*found);
    m_blocks.erase(found);
    closeBlock(block, true, out);
    if (m_blocks.empty())
        m_held = 0;
}

void AnthropicEvents::closeBlocks(bool whole, EventWriter &out)
{
    for (const Block &block : std::exchange(m_blocks, {}))
        closeBlock(block, whole, out);
    m_held = 0;
}

void AnthropicEvents::closeBlock(const Block &block, bool whole, EventWriter &out)
{
    if (whole && block.call >= 0)
        out.wholeToolArguments(block.call, block.input.isEmpty() ? u"{}"_s : block.input);
    switch (block.kind) {
    case Block::Kind::Text:
    case Block::Kind::Tool:
    case Block::Kind::Other:
        break;
    case Block::Kind::Kept:
        keep(block.start, out);
        break;
    case Block::Kind::Thinking: {
        // Without its signature no server takes a thought back.
        if (block.signature.isEmpty())
            break;
        QJsonObject thought = QJsonDocument::fromJson(block.start).object();
        thought.insert("thinking"_L1, wellFormed(block.text));
        thought.insert("signature"_L1, wellFormed(block.signature));
        keep(compactJson(thought), out);
        break;
    }
    case Block::Kind::ServerTool: {
        QJsonObject call = QJsonDocument::fromJson(block.start).object();
        const QJsonDocument input = QJsonDocument::fromJson(block.text.toUtf8());
        if (!block.text.isEmpty())
            call.insert("input"_L1, input.object());
        if (whole && (block.text.isEmpty() || input.isObject()))
            keep(compactJson(call), out);
        break;
    }
    case Block::Kind::Compaction: {
        if (!whole)
            break;
        QJsonObject compaction = QJsonDocument::fromJson(block.start).object();
        if (!block.text.isEmpty())
            compaction.insert("content"_L1, wellFormed(block.text));
        keep(compactJson(compaction), out);
        out.status({.stage = u"compaction"_s, .message = {}, .state = event::Status::State::Done});
        break;
    }
    }
}

void AnthropicEvents::keep(const QByteArray &block, EventWriter &out)
{
    out.opaqueReasoning(m_kept++, QString::fromUtf8(block));
}

// What goes back whole has to wait for its end, in as much room as the text itself may take.
void AnthropicEvents::hold(QString &text, const QString &more, EventWriter &out)
{
    m_held += static_cast<size_t>(more.size());
    if (m_held > limits::messageText)
        out.fail({.kind = NetError::Kind::TooLarge, .message = u"a block of the answer is too long"_s});
    else
        text += more;
}

} // namespace rivulet
