// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openaichat.h"

#include "net/dialects/attachment.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/openaiendpoint.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

// Servers' finish reasons. What is not here is Other.
constexpr std::array namedReasons{
    NamedReason{"stop"_L1, FinishReason::Stop},
    NamedReason{"eos"_L1, FinishReason::Stop},
    NamedReason{"eos_token"_L1, FinishReason::Stop},
    NamedReason{"end_turn"_L1, FinishReason::Stop},
    NamedReason{"stop_sequence"_L1, FinishReason::Stop},
    NamedReason{"length"_L1, FinishReason::Length},
    NamedReason{"max_tokens"_L1, FinishReason::Length},
    NamedReason{"model_length"_L1, FinishReason::Length},
    NamedReason{"tool_calls"_L1, FinishReason::ToolCalls},
    NamedReason{"tool_use"_L1, FinishReason::ToolCalls},
    NamedReason{"function_call"_L1, FinishReason::ToolCalls},
    NamedReason{"content_filter"_L1, FinishReason::ContentFilter},
    NamedReason{"refusal"_L1, FinishReason::Refusal},
    NamedReason{"pause_turn"_L1, FinishReason::Pause},
};

FinishReason reasonFromName(const json::Value &name)
{
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return name == known.name; });
    return row == namedReasons.end() ? FinishReason::Other : row->reason;
}

// Finish reasons that mean that the answer broke off.
bool meansFailure(const json::Value &reason)
{
    return reason == "error"_L1 || reason == "insufficient_system_resource"_L1;
}

// The first of the counts that is given.
std::optional<qint64> firstCount(std::initializer_list<json::Value> values)
{
    for (const json::Value &value : values) {
        if (const auto count = value.integer())
            return count;
    }
    return std::nullopt;
}

void usage(const json::Value &usage, EventWriter &out)
{
    if (!usage.isObject())
        return;
    out.usage({
        .inputTokens = firstCount({usage["prompt_tokens"_L1], usage["input_tokens"_L1]}),
        .outputTokens = firstCount({usage["completion_tokens"_L1], usage["output_tokens"_L1]}),
        .reasoningTokens = firstCount(
            {usage["completion_tokens_details"_L1]["reasoning_tokens"_L1], usage["reasoning_tokens"_L1]}),
        .cachedTokens = firstCount({usage["prompt_tokens_details"_L1]["cached_tokens"_L1],
                                    usage["prompt_cache_hit_tokens"_L1], usage["cached_tokens"_L1]}),
    });
}

// What a fragment of a tool call says about the function.
json::Value functionOf(const json::Value &fragment)
{
    const json::Value legacy = fragment["function_call"_L1];
    return legacy.isObject() ? legacy : fragment["function"_L1];
}

bool isMistral(const QUrl &url)
{
    return openai::hostIs(url, "api.mistral.ai"_L1);
}

bool isOpenRouter(const QUrl &url)
{
    return openai::hostIs(url, "openrouter.ai"_L1);
}

QJsonObject functionTool(const QString &name, const QJsonObject &rest)
{
    QJsonObject function = rest;
    function.insert("name"_L1, name);
    return {{u"type"_s, u"function"_s}, {u"function"_s, function}};
}

// What the user said: a plain string where it is nothing but text, which every server knows.
QJsonValue userContent(const ChatMessage &message)
{
    QJsonArray parts;
    bool onlyText = true;
    QString text;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            text += said->text;
            parts.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(said->text)}});
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            onlyText = false;
            if (isImage(*file))
                parts.append(QJsonObject{{u"type"_s, u"image_url"_s},
                                         {u"image_url"_s, QJsonObject{{u"url"_s, dataUrl(*file)}}}});
            else if (isTextFile(*file))
                parts.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, asText(*file)}});
            else
                parts.append(QJsonObject{{u"type"_s, u"file"_s},
                                         {u"file"_s,
                                          QJsonObject{{u"filename"_s, wellFormed(file->name)},
                                                      {u"file_data"_s, dataUrl(*file)}}}});
        }
    }
    return onlyText ? QJsonValue(wellFormed(text)) : QJsonValue(parts);
}

QJsonObject assistantMessage(const ChatMessage &message, const QUrl &server)
{
    QJsonArray calls;
    QJsonArray details;
    QString thought;
    for (const ContentPart &part : message.parts) {
        if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            QJsonObject tool =
                functionTool(wellFormed(call->name), {{u"arguments"_s, wellFormed(call->arguments)}});
            tool.insert("id"_L1, wellFormed(call->id));
            calls.append(tool);
        } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
            thought += reasoning->text;
            for (const QString &opaque : reasoning->opaque)
                details.append(QJsonDocument::fromJson(opaque.toUtf8()).object());
        }
    }
    const QString text = message.text();
    QJsonObject said{
        {u"role"_s, u"assistant"_s},
        {u"content"_s, text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(wellFormed(text))}};
    if (!calls.isEmpty())
        said.insert("tool_calls"_L1, calls);
    if (!details.isEmpty())
        said.insert("reasoning_details"_L1, details);
    // DeepSeek wants its thoughts back where tools were called, and refuses them elsewhere.
    if (!calls.isEmpty() && !thought.isEmpty() && openai::hostIs(server, "deepseek.com"_L1))
        said.insert("reasoning_content"_L1, wellFormed(thought));
    return said;
}

QJsonArray messagesOf(const ChatRequest &chat, const QUrl &server)
{
    QJsonArray messages;
    if (!chat.system.isEmpty())
        messages.append(QJsonObject{{u"role"_s, u"system"_s}, {u"content"_s, wellFormed(chat.system)}});
    for (const ChatMessage &message : inRounds(answerableHistory(chat.messages))) {
        for (const ContentPart &part : message.parts) {
            if (const auto *result = std::get_if<content::ToolResult>(&part))
                messages.append(QJsonObject{{u"role"_s, u"tool"_s},
                                            {u"tool_call_id"_s, wellFormed(result->id)},
                                            {u"content"_s, wellFormed(result->content)}});
        }
        if (message.role == ChatRole::Assistant)
            messages.append(assistantMessage(message, server));
        else if (hasOwnWords(message))
            messages.append(QJsonObject{{u"role"_s, u"user"_s}, {u"content"_s, userContent(message)}});
    }
    return messages;
}

QJsonArray toolsOf(const ChatRequest &chat)
{
    QJsonArray tools;
    for (const ToolDefinition &tool : chat.tools)
        tools.append(functionTool(tool.name,
                                  {{u"description"_s, tool.description},
                                   {u"parameters"_s, QJsonDocument::fromJson(tool.parameters).object()}}));
    return tools;
}

} // namespace

std::unique_ptr<Dialect> OpenAiChat::clone() const
{
    return std::make_unique<OpenAiChat>(*this);
}

ExchangeRequest OpenAiChat::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const QUrl &server = endpoint.baseUrl;
    QJsonObject body{{u"messages"_s, messagesOf(chat, server)}, {u"stream"_s, true}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    // Mistral refuses members that it does not know, and reports usage unasked.
    if (!isMistral(server))
        body.insert("stream_options"_L1, QJsonObject{{u"include_usage"_s, true}});
    if (!chat.tools.isEmpty())
        body.insert("tools"_L1, toolsOf(chat));
    if (chat.reasoningEffort && isOpenRouter(server))
        body.insert("reasoning"_L1, QJsonObject{{u"effort"_s, toName(*chat.reasoningEffort)}});
    else if (chat.reasoningEffort)
        body.insert("reasoning_effort"_L1, toName(*chat.reasoningEffort));
    if (chat.temperature)
        body.insert("temperature"_L1, *chat.temperature);
    if (chat.topP)
        body.insert("top_p"_L1, *chat.topP);
    if (!chat.stop.isEmpty())
        body.insert("stop"_L1, QJsonArray::fromStringList(chat.stop));
    if (chat.seed)
        body.insert(isMistral(server) ? "random_seed"_L1 : "seed"_L1, *chat.seed);
    // The newer name is required by OpenAI's reasoning models, and unknown to most other servers.
    const bool newerName = openai::isOpenAi(server) || openai::isAzure(server);
    if (chat.maxOutputTokens)
        body.insert(newerName ? "max_completion_tokens"_L1 : "max_tokens"_L1, *chat.maxOutputTokens);

    HttpRequest request;
    request.url = openai::resourceUrl(server, "/chat/completions"_L1);
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    openai::authorize(request.headers, endpoint);
    request.body = compactJson(body);
    return request;
}

void OpenAiChat::frame(const Frame &frame, EventWriter &out)
{
    payload(QByteArrayView(frame.data), frame.type == "error", out);
}

void OpenAiChat::payload(QByteArrayView data, bool isErrorEvent, EventWriter &out)
{
    data = data.trimmed();
    if (data.isEmpty())
        return;
    if (data.startsWith("[DONE]")) {
        endMarker(out);
        return;
    }
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        chunk(*value, isErrorEvent, out);
    else if (isErrorEvent)
        fail({.kind = NetError::Kind::Server, .message = excerpt(data)}, out);
    else
        out.unknown();
}

void OpenAiChat::chunk(const json::Value &chunk, bool isErrorEvent, EventWriter &out)
{
    const auto [id, object, model, choices, counts, error, type, groq, searchResults, citations] =
        chunk.members("id"_L1, "object"_L1, "model"_L1, "choices"_L1, "usage"_L1, "error"_L1, "type"_L1,
                      "x_groq"_L1, "search_results"_L1, "citations"_L1);
    // Of what follows an error only the token counts are of use.
    if (out.isOpen()) {
        out.started(id.string(), model.string());
        choices.forEach([&](const json::Value &item) { choice(item, out); });
        searchResults.forEach([&](const json::Value &result) {
            out.source(result["url"_L1].string(), result["title"_L1].string());
        });
        citations.forEach([&](const json::Value &url) { out.source(url.string(), {}); });
    }
    usage(counts, out);
    usage(groq["usage"_L1], out);

    // Servers put errors in many places.
    json::Value failure;
    if (error.isTruthy() || object == "error"_L1 || type == "error"_L1)
        failure = chunk;
    else if (groq["error"_L1].isTruthy())
        failure = groq;
    else if (choices.first()["error"_L1].isTruthy())
        failure = choices.first();
    else if (isErrorEvent)
        failure = chunk;
    if (failure.isTruthy())
        fail(errorFromJson(failure, 0), out);
    else if (!choices.isArray() && !counts.isObject() && !groq.isObject())
        out.unknown();
}

void OpenAiChat::choice(const json::Value &choice, EventWriter &out)
{
    const auto [index, piece, message, text, counts, reason] =
        choice.members("index"_L1, "delta"_L1, "message"_L1, "text"_L1, "usage"_L1, "finish_reason"_L1);
    if (index.integer().value_or(0) != 0)
        return;
    if (piece.isObject())
        delta(piece, out);
    else if (message.isObject())
        delta(message, out);
    else
        content(text, out);
    usage(counts, out);
    if (reason.isString() && reason.isTruthy())
        finishReason(reason, out);
}

void OpenAiChat::delta(const json::Value &delta, EventWriter &out)
{
    const auto [text, refusal, reasoning, reasoningContent, details, calls, legacyCall, annotations] =
        delta.members("content"_L1, "refusal"_L1, "reasoning"_L1, "reasoning_content"_L1,
                      "reasoning_details"_L1, "tool_calls"_L1, "function_call"_L1, "annotations"_L1);
    // Servers that fill more than one of these say the same in each.
    QString thought = reasoningContent.string();
    if (thought.isEmpty())
        thought = reasoning.string();
    const bool untold = thought.isEmpty();
    out.reasoning(std::move(thought));
    reasoningDetails(details, untold, out);
    content(text, out);
    if (refusal.isString() && refusal.isTruthy()) {
        m_refused = true;
        add(m_thinkTags.take(refusal.string()), out);
    }
    calls.forEach(
        [&](const json::Value &fragment) { toolCall(fragment, fragment["index"_L1].integer(), out); });
    if (legacyCall.isObject())
        toolCall(delta, 0, out);
    annotations.forEach([&](const json::Value &annotation) {
        const json::Value citation = annotation["url_citation"_L1];
        out.source(citation["url"_L1].string(), citation["title"_L1].string());
    });
}

void OpenAiChat::reasoningDetails(const json::Value &details, bool withText, EventWriter &out)
{
    if (withText) {
        QString text;
        details.forEach([&](const json::Value &detail) {
            text += detail["text"_L1].string() + detail["summary"_L1].string();
        });
        out.reasoning(std::move(text));
    }
    // A signature or encrypted reasoning goes back with all that came with it.
    details.forEach([&](const json::Value &detail) {
        if (!detail["signature"_L1].isTruthy() && !detail["data"_L1].isTruthy())
            return;
        out.opaqueReasoning(static_cast<int>(detail["index"_L1].integer().value_or(0)),
                            QString::fromUtf8(detail.compact()));
    });
}

void OpenAiChat::content(const json::Value &content, EventWriter &out)
{
    if (content.isString()) {
        add(m_thinkTags.take(content.string()), out);
        return;
    }
    // Mistral sends parts while the model reasons.
    content.forEach([&](const json::Value &part) {
        if (part["type"_L1] != "thinking"_L1) {
            add(m_thinkTags.take(part["text"_L1].string()), out);
            return;
        }
        const json::Value thinking = part["thinking"_L1];
        out.reasoning(thinking.string());
        thinking.forEach([&](const json::Value &piece) { out.reasoning(piece["text"_L1].string()); });
    });
}

void OpenAiChat::toolCall(const json::Value &fragment, std::optional<qint64> place, EventWriter &out)
{
    const json::Value function = functionOf(fragment);
    ToolCall &call = toolCallFor(fragment, place);
    const QString id = fragment["id"_L1].string();
    const QString name = function["name"_L1].string();
    // Some servers repeat id and name in each fragment; they are told once, when they are first known.
    call.index = out.toolCall(QString::number(&call - m_toolCalls.data()), id, name);
    if (call.id.isEmpty())
        call.id = id;
    call.named = call.named || !name.isEmpty();
    const json::Value arguments = function["arguments"_L1];
    if (arguments.isString())
        out.toolArguments(call.index, arguments.string());
    else if (arguments.isObject())
        out.toolArguments(call.index, QString::fromUtf8(arguments.compact()));
}

// The call that a fragment belongs to, a new one where it opens one. Calls are told apart by place and id,
// because some proxies give every call the place 0.
OpenAiChat::ToolCall &OpenAiChat::toolCallFor(const json::Value &fragment, std::optional<qint64> place)
{
    const QString id = fragment["id"_L1].string();
    const bool named = functionOf(fragment)["name"_L1].isTruthy();
    for (size_t i = m_toolCalls.size(); i-- > 0;) {
        ToolCall &call = m_toolCalls[i];
        if (place && call.place != *place)
            continue;
        // Without any ids, a second name is a second call.
        const bool another =
            id.isEmpty() ? call.id.isEmpty() && named && call.named : !call.id.isEmpty() && call.id != id;
        if (!another)
            return call;
        if (id.isEmpty())
            break;
    }
    // The writer fails the exchange for one call too many; here the last one stands for it.
    if (m_toolCalls.size() > limits::toolCalls)
        return m_toolCalls.back();
    const auto next = static_cast<qint64>(m_toolCalls.size());
    return m_toolCalls.emplace_back(ToolCall{.place = place.value_or(next), .id = {}, .named = false});
}

void OpenAiChat::finishReason(const json::Value &reason, EventWriter &out)
{
    if (meansFailure(reason)) {
        m_brokenOff = reason.string();
        return;
    }
    const FinishReason named = reasonFromName(reason);
    add(m_thinkTags.flush(), out);
    out.finished(m_refused && named == FinishReason::Stop ? FinishReason::Refusal : named);
}

void OpenAiChat::add(const ThinkTags::Split &split, EventWriter &out)
{
    out.reasoning(split.reasoning);
    out.text(split.text);
}

void OpenAiChat::endMarker(EventWriter &out)
{
    finish(true, out);
    out.complete();
}

void OpenAiChat::finish(bool, EventWriter &out)
{
    add(m_thinkTags.flush(), out);
    if (m_brokenOff.isEmpty())
        return;
    const bool overloaded = m_brokenOff == "insufficient_system_resource"_L1;
    out.fail({.kind = overloaded ? NetError::Kind::Overloaded : NetError::Kind::Server,
              .code = m_brokenOff,
              .message = u"finish_reason: "_s + m_brokenOff});
}

bool OpenAiChat::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value) {
        // Not one document: perhaps one chunk a line, as if they were events.
        const qint64 unknownBefore = out.unknownCount();
        qint64 lines = 0;
        for (const QByteArray &line : json.toByteArray().split('\n')) {
            payload(line, false, out);
            lines += line.trimmed().isEmpty() ? 0 : 1;
        }
        finish(true, out);
        return out.unknownCount() - unknownBefore < lines;
    }

    if (value->isArray())
        value->forEach([&](const json::Value &item) { chunk(item, false, out); });
    else
        chunk(*value, false, out);
    if (!out.isOpen())
        return true;
    const bool isAnswer = (value->isArray() ? value->first() : *value)["choices"_L1].isTruthy();
    if (isAnswer)
        endMarker(out);
    return isAnswer;
}

std::optional<HttpRequest> OpenAiChat::modelsRequest(const Endpoint &endpoint) const
{
    return openai::modelsRequest(endpoint);
}

std::optional<QList<ListedModel>> OpenAiChat::models(QByteArrayView body) const
{
    return openai::models(body);
}

void OpenAiChat::fail(NetError error, EventWriter &out)
{
    add(m_thinkTags.flush(), out);
    out.fail(std::move(error));
}

} // namespace rivulet
