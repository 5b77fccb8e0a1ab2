// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openaichat.h"

#include "net/dialects/errorbody.h"
#include "net/framing/limits.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <concepts>

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

// What a fragment of a tool call says about the function.
json::Value functionOf(const json::Value &fragment)
{
    const json::Value legacy = fragment["function_call"_L1];
    return legacy.isObject() ? legacy : fragment["function"_L1];
}

bool hostIs(const QUrl &url, QLatin1StringView domain)
{
    const QString host = url.host();
    return host == domain || host.endsWith(u'.' + domain);
}

bool isOpenAi(const QUrl &url)
{
    return hostIs(url, "api.openai.com"_L1);
}

bool isAzure(const QUrl &url)
{
    return hostIs(url, "openai.azure.com"_L1) || hostIs(url, "cognitiveservices.azure.com"_L1);
}

bool isMistral(const QUrl &url)
{
    return hostIs(url, "api.mistral.ai"_L1);
}

// The address of one resource below the base. The completions' own address may be given as the base, too.
QUrl resourceUrl(QUrl base, QLatin1StringView resource)
{
    constexpr auto completions = "/chat/completions"_L1;
    QString path = base.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    if (path.endsWith(completions))
        path.chop(completions.size());
    base.setPath(path + resource);
    return base;
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    if (endpoint.apiKey.isEmpty())
        return;
    if (isAzure(endpoint.baseUrl))
        request.headers.append({"api-key", endpoint.apiKey});
    else
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
}

QJsonArray messagesOf(const ChatRequest &chat)
{
    QJsonArray messages;
    const auto add = [&](QLatin1StringView role, const QString &text) {
        messages.append(QJsonObject{{u"role"_s, role}, {u"content"_s, wellFormed(text)}});
    };
    if (!chat.system.isEmpty())
        add("system"_L1, chat.system);
    for (const ChatMessage &message : chat.messages) {
        // An answer that was stopped before its first word is no message; servers refuse an empty one.
        if (!message.text.isEmpty())
            add(message.role == ChatRole::User ? "user"_L1 : "assistant"_L1, message.text);
    }
    return messages;
}

} // namespace

HttpRequest OpenAiChat::request(const ChatRequest &chat, const Endpoint &endpoint) const
{
    QJsonObject body{{u"messages"_s, messagesOf(chat)}, {u"stream"_s, true}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    // Mistral refuses members that it does not know, and reports usage unasked.
    if (!isMistral(endpoint.baseUrl))
        body.insert("stream_options"_L1, QJsonObject{{u"include_usage"_s, true}});
    if (chat.temperature)
        body.insert("temperature"_L1, *chat.temperature);
    // The newer name is required by OpenAI's reasoning models, and unknown to most other servers.
    const bool newerName = isOpenAi(endpoint.baseUrl) || isAzure(endpoint.baseUrl);
    if (chat.maxOutputTokens)
        body.insert(newerName ? "max_completion_tokens"_L1 : "max_tokens"_L1, *chat.maxOutputTokens);

    HttpRequest request;
    request.url = resourceUrl(endpoint.baseUrl, "/chat/completions"_L1);
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    authorize(request, endpoint);
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

void OpenAiChat::frame(const Frame &frame, StreamEvents &events)
{
    payload(QByteArrayView(frame.data.data(), static_cast<qsizetype>(frame.data.size())),
            frame.type == "error", events);
}

void OpenAiChat::payload(QByteArrayView data, bool isErrorEvent, StreamEvents &events)
{
    data = data.trimmed();
    if (m_completeness == Completeness::Complete || data.isEmpty())
        return;
    if (data.startsWith("[DONE]")) {
        endMarker(events);
        return;
    }
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        chunk(*value, isErrorEvent, events);
    else if (isErrorEvent)
        fail({.kind = NetError::Kind::Server, .message = excerpt(data)}, events);
}

void OpenAiChat::chunk(const json::Value &chunk, bool isErrorEvent, StreamEvents &events)
{
    const auto [id, object, model, choices, counts, error, type, data, groq, searchResults, citations] =
        chunk.members("id"_L1, "object"_L1, "model"_L1, "choices"_L1, "usage"_L1, "error"_L1, "type"_L1,
                      "data"_L1, "x_groq"_L1, "search_results"_L1, "citations"_L1);
    // Of what follows an error only the token counts are of use.
    if (m_completeness != Completeness::Failed) {
        started(id, model, events);
        if (choices.isArray())
            choices.forEach([&](const json::Value &item) { choice(item, events); });
        else if (data.isTruthy() || type.isString())
            typedChunk(type, data, events);
        searchResults.forEach([&](const json::Value &result) {
            source(result["url"_L1].string(), result["title"_L1].string(), events);
        });
        citations.forEach([&](const json::Value &url) { source(url.string(), {}, events); });
    }
    usage(counts, events);
    usage(groq["usage"_L1], events);

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
    if (failure.isTruthy() && m_completeness == Completeness::Open) {
        flushHeld(events);
        fail(errorFromJson(failure, 0), events);
    }
}

// Gateways of several vendors wrap each piece as {"type": …, "data": …, "timestamp": …}.
void OpenAiChat::typedChunk(const json::Value &type, const json::Value &data, StreamEvents &events)
{
    QString text = data.isString() ? data.string() : data["text"_L1].string();
    if (type == "content"_L1 || type == "text"_L1 || type == "token"_L1)
        addText(std::move(text), events);
    else if (type == "reasoning"_L1 || type == "thinking"_L1)
        addReasoning(std::move(text), events);
    else if (type == "done"_L1 || type == "end"_L1)
        endMarker(events);
}

void OpenAiChat::started(const json::Value &id, const json::Value &model, StreamEvents &events)
{
    // Azure opens with a chunk of filter results whose id and model are empty.
    if (m_started || (id.string().isEmpty() && model.string().isEmpty()))
        return;
    m_started = true;
    emit(events, event::Started{.id = wellFormed(id.string()), .model = wellFormed(model.string())});
}

void OpenAiChat::choice(const json::Value &choice, StreamEvents &events)
{
    const auto [index, piece, message, text, counts, reason] =
        choice.members("index"_L1, "delta"_L1, "message"_L1, "text"_L1, "usage"_L1, "finish_reason"_L1);
    if (index.integer().value_or(0) != 0)
        return;
    if (piece.isObject())
        delta(piece, events);
    else if (message.isObject())
        delta(message, events);
    else
        content(text, events);
    usage(counts, events);
    if (reason.isString() && reason.isTruthy())
        finishReason(reason, events);
}

void OpenAiChat::delta(const json::Value &delta, StreamEvents &events)
{
    const auto [text, refusal, reasoning, reasoningContent, details, calls, legacyCall, annotations] =
        delta.members("content"_L1, "refusal"_L1, "reasoning"_L1, "reasoning_content"_L1,
                      "reasoning_details"_L1, "tool_calls"_L1, "function_call"_L1, "annotations"_L1);
    // Servers that fill more than one of these say the same in each.
    QString thought = reasoningContent.string();
    if (thought.isEmpty())
        thought = reasoning.string();
    const bool untold = thought.isEmpty();
    addReasoning(std::move(thought), events);
    reasoningDetails(details, untold, events);
    content(text, events);
    if (refusal.isString() && refusal.isTruthy()) {
        m_refused = true;
        addText(refusal.string(), events);
    }
    calls.forEach(
        [&](const json::Value &fragment) { toolCall(fragment, fragment["index"_L1].integer(), events); });
    if (legacyCall.isObject())
        toolCall(delta, 0, events);
    annotations.forEach([&](const json::Value &annotation) {
        const json::Value citation = annotation["url_citation"_L1];
        source(citation["url"_L1].string(), citation["title"_L1].string(), events);
    });
}

void OpenAiChat::reasoningDetails(const json::Value &details, bool withText, StreamEvents &events)
{
    if (withText) {
        QString text;
        details.forEach([&](const json::Value &detail) {
            text += detail["text"_L1].string() + detail["summary"_L1].string();
        });
        addReasoning(std::move(text), events);
    }
    // A signature or encrypted reasoning goes back with all that came with it.
    details.forEach([&](const json::Value &detail) {
        if (!detail["signature"_L1].isTruthy() && !detail["data"_L1].isTruthy())
            return;
        emit(events,
             event::ReasoningOpaque{
                 .index = static_cast<int>(detail["index"_L1].integer().value_or(0)),
                 .data = QString::fromUtf8(detail.compact()),
             });
    });
}

void OpenAiChat::content(const json::Value &content, StreamEvents &events)
{
    if (content.isString()) {
        addText(content.string(), events);
        return;
    }
    // Mistral sends parts while the model reasons.
    content.forEach([&](const json::Value &part) {
        if (part["type"_L1] != "thinking"_L1) {
            addText(part["text"_L1].string(), events);
            return;
        }
        const json::Value thinking = part["thinking"_L1];
        addReasoning(thinking.string(), events);
        thinking.forEach([&](const json::Value &piece) { addReasoning(piece["text"_L1].string(), events); });
    });
}

void OpenAiChat::toolCall(const json::Value &fragment, std::optional<qint64> place, StreamEvents &events)
{
    const size_t known = m_toolCalls.size();
    const size_t index = toolCallFor(fragment, place);
    if (index == limits::toolCalls) {
        fail({.kind = NetError::Kind::TooLarge,
              .message = u"more than %1 tool calls"_s.arg(limits::toolCalls)},
             events);
        return;
    }
    ToolCall &call = m_toolCalls[index];

    // Some servers repeat id and name in each fragment; they are told once, when they are first known.
    event::ToolCall piece{.index = static_cast<int>(index), .id = {}, .name = {}, .arguments = {}};
    const json::Value function = functionOf(fragment);
    if (call.id.isEmpty())
        piece.id = call.id = wellFormed(fragment["id"_L1].string());
    if (call.name.isEmpty())
        piece.name = call.name = wellFormed(function["name"_L1].string());
    const json::Value arguments = function["arguments"_L1];
    if (arguments.isString())
        piece.arguments = call.joiner.take(arguments.string());
    else if (arguments.isObject())
        piece.arguments = QString::fromUtf8(arguments.compact());

    call.hasArguments = call.hasArguments || !piece.arguments.isEmpty();
    m_argumentsSize += static_cast<size_t>(piece.arguments.size());
    if (m_argumentsSize > limits::toolArguments) {
        fail({.kind = NetError::Kind::TooLarge, .message = u"the tool arguments are too long"_s}, events);
        return;
    }
    const bool isNew = m_toolCalls.size() > known;
    if (isNew || !piece.id.isEmpty() || !piece.name.isEmpty() || !piece.arguments.isEmpty())
        emit(events, piece);
}

// The call that a fragment belongs to, a new one where it opens one; limits::toolCalls where that is one too
// many. Calls are told apart by place and id, because some proxies give every call the place 0.
size_t OpenAiChat::toolCallFor(const json::Value &fragment, std::optional<qint64> place)
{
    const QString id = fragment["id"_L1].string();
    const bool named = functionOf(fragment)["name"_L1].isTruthy();
    for (size_t i = m_toolCalls.size(); i-- > 0;) {
        const ToolCall &call = m_toolCalls[i];
        if (place && call.place != *place)
            continue;
        // Without any ids, a second name is a second call.
        const bool another = id.isEmpty() ? call.id.isEmpty() && named && !call.name.isEmpty()
                                          : !call.id.isEmpty() && call.id != id;
        if (!another)
            return i;
        if (id.isEmpty())
            break;
    }
    if (m_toolCalls.size() == limits::toolCalls)
        return limits::toolCalls;
    const auto next = static_cast<qint64>(m_toolCalls.size());
    m_toolCalls.push_back(
        {.place = place.value_or(next), .id = {}, .name = {}, .joiner = {}, .hasArguments = false});
    return m_toolCalls.size() - 1;
}

void OpenAiChat::source(const QString &url, const QString &title, StreamEvents &events)
{
    // Citations are repeated, in several members and in every chunk.
    if (url.isEmpty() || m_sources.contains(url))
        return;
    m_sources.insert(url);
    const QJsonObject data{{u"title"_s, wellFormed(title)}, {u"url"_s, wellFormed(url)}};
    emit(events,
         event::Artifact{.id = wellFormed(url),
                         .kind = event::Artifact::Kind::Source,
                         .title = wellFormed(title),
                         .append = false,
                         .data = QJsonDocument(data).toJson(QJsonDocument::Compact)});
}

void OpenAiChat::usage(const json::Value &usage, StreamEvents &events)
{
    if (!usage.isObject())
        return;
    const Usage counts{
        .inputTokens = firstCount({usage["prompt_tokens"_L1], usage["input_tokens"_L1]}),
        .outputTokens = firstCount({usage["completion_tokens"_L1], usage["output_tokens"_L1]}),
        .reasoningTokens = firstCount(
            {usage["completion_tokens_details"_L1]["reasoning_tokens"_L1], usage["reasoning_tokens"_L1]}),
        .cachedTokens = firstCount({usage["prompt_tokens_details"_L1]["cached_tokens"_L1],
                                    usage["prompt_cache_hit_tokens"_L1], usage["cached_tokens"_L1]}),
    };
    if (counts == m_usage)
        return;
    m_usage = counts;
    emit(events, event::UsageReported{counts});
}

void OpenAiChat::finishReason(const json::Value &reason, StreamEvents &events)
{
    if (meansFailure(reason)) {
        m_brokenOff = reason.string();
        return;
    }
    const FinishReason named = reasonFromName(reason);
    finished(m_refused && named == FinishReason::Stop ? FinishReason::Refusal : named, events);
}

void OpenAiChat::addText(QString delta, StreamEvents &events)
{
    if (!delta.isEmpty())
        add(m_thinkTags.take(m_textJoiner.take(std::move(delta))), events);
}

void OpenAiChat::addReasoning(QString delta, StreamEvents &events)
{
    if (!delta.isEmpty())
        add({.reasoning = m_reasoningJoiner.take(std::move(delta)), .text = {}}, events);
}

void OpenAiChat::add(ThinkTags::Split split, StreamEvents &events)
{
    m_reasoningSize += static_cast<size_t>(split.reasoning.size());
    m_textSize += static_cast<size_t>(split.text.size());
    if (m_reasoningSize > limits::messageText || m_textSize > limits::messageText) {
        fail({.kind = NetError::Kind::TooLarge, .message = u"the answer is too long"_s}, events);
        return;
    }
    if (!split.reasoning.isEmpty())
        emit(events, event::Reasoning{std::move(split.reasoning)});
    if (!split.text.isEmpty())
        emit(events, event::Text{std::move(split.text)});
}

void OpenAiChat::flushHeld(StreamEvents &events)
{
    add({.reasoning = m_reasoningJoiner.flush(), .text = {}}, events);
    add(m_thinkTags.take(m_textJoiner.flush()), events);
    add(m_thinkTags.flush(), events);
}

void OpenAiChat::finished(FinishReason reason, StreamEvents &events)
{
    if (m_finish || m_completeness == Completeness::Failed)
        return;
    flushHeld(events);
    // A call without arguments is told in several ways; as JSON text it has one.
    for (size_t i = 0; i < m_toolCalls.size(); ++i) {
        if (!m_toolCalls[i].hasArguments)
            emit(events,
                 event::ToolCall{.index = static_cast<int>(i), .id = {}, .name = {}, .arguments = u"{}"_s});
    }
    m_finish = reason;
    emit(events, event::Finished{reason});
}

void OpenAiChat::endMarker(StreamEvents &events)
{
    finish(events);
    if (m_completeness == Completeness::Failed)
        return;
    // Some servers name no reason: a call that waits for its result is one, else the model was done.
    finished(m_toolCalls.empty() ? FinishReason::Stop : FinishReason::ToolCalls, events);
    m_completeness = Completeness::Complete;
}

void OpenAiChat::finish(StreamEvents &events)
{
    if (m_completeness != Completeness::Open)
        return;
    flushHeld(events);
    if (!m_brokenOff.isEmpty()) {
        const bool overloaded = m_brokenOff == "insufficient_system_resource"_L1;
        fail({.kind = overloaded ? NetError::Kind::Overloaded : NetError::Kind::Server,
              .code = m_brokenOff,
              .message = u"finish_reason: "_s + m_brokenOff},
             events);
    }
}

void OpenAiChat::document(QByteArrayView json, StreamEvents &events)
{
    const qsizetype before = events.size();
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value) {
        // Not one document: perhaps one chunk a line, as if they were events.
        for (const QByteArray &line : json.toByteArray().split('\n'))
            payload(line, false, events);
        finish(events);
        if (events.size() == before)
            fail({.kind = NetError::Kind::Protocol,
                  .message = u"what came is neither a stream nor JSON; it begins: "_s + excerpt(json)},
                 events);
        return;
    }

    if (value->isArray())
        value->forEach([&](const json::Value &item) { chunk(item, false, events); });
    else
        chunk(*value, false, events);
    if (m_completeness != Completeness::Open)
        return;
    if ((value->isArray() ? value->first() : *value)["choices"_L1].isTruthy()) {
        endMarker(events);
        return;
    }
    NetError error = errorFromJson(*value, 0);
    if (error.message.isEmpty())
        error = {.kind = NetError::Kind::Protocol,
                 .message = u"the document that came is no answer; it begins: "_s + excerpt(json)};
    fail(std::move(error), events);
}

NetError OpenAiChat::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    return errorFromResponse(head, body, QDateTime::currentDateTimeUtc());
}

HttpRequest OpenAiChat::modelsRequest(const Endpoint &endpoint) const
{
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(endpoint.baseUrl, "/models"_L1);
    request.headers = {{"Accept", "application/json"}};
    authorize(request, endpoint);
    return request;
}

std::optional<QList<ListedModel>> OpenAiChat::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document)
        return std::nullopt;
    // Together sends the bare list, Ollama null for an empty one.
    const json::Value list = document->isArray() ? *document : (*document)["data"_L1];
    if (!list.isArray() && (*document)["object"_L1] != "list"_L1)
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    list.forEach([&](const json::Value &item) {
        const QString id = item["id"_L1].string();
        isList = isList && !id.isEmpty();
        models.append({.id = id, .ownedBy = item["owned_by"_L1].string()});
    });
    return isList ? std::optional(models) : std::nullopt;
}

void OpenAiChat::fail(NetError error, StreamEvents &events)
{
    if (m_completeness != Completeness::Open)
        return;
    m_completeness = Completeness::Failed;
    events.append({.payload = event::Failed{std::move(error)}, .agent = {}});
}

template<typename Event>
void OpenAiChat::emit(StreamEvents &events, Event event) const
{
    constexpr bool counts = std::same_as<Event, event::UsageReported>;
    if (counts || m_completeness != Completeness::Failed)
        events.emplaceBack(std::move(event), QString());
}

} // namespace rivulet
