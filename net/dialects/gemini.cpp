// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/gemini.h"

#include "net/dialects/attachment.h"
#include "net/dialects/callid.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qhash.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qlocale.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What Gemini 3 takes in place of the signature of a call that it did not make, or that lost it.
constexpr auto noSignature = "skip_thought_signature_validator"_L1;

// The protocol's bound; past it the whole request is refused.
constexpr qsizetype stopTexts = 5;

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

// The server's finish reasons. What is in neither list is Other.
constexpr std::array namedReasons{
    NamedReason{"STOP"_L1, FinishReason::Stop},
    NamedReason{"MAX_TOKENS"_L1, FinishReason::Length},
    NamedReason{"SAFETY"_L1, FinishReason::ContentFilter},
    NamedReason{"RECITATION"_L1, FinishReason::ContentFilter},
    NamedReason{"BLOCKLIST"_L1, FinishReason::ContentFilter},
    NamedReason{"PROHIBITED_CONTENT"_L1, FinishReason::ContentFilter},
    NamedReason{"SPII"_L1, FinishReason::ContentFilter},
    NamedReason{"MODEL_ARMOR"_L1, FinishReason::ContentFilter},
    NamedReason{"IMAGE_SAFETY"_L1, FinishReason::ContentFilter},
    NamedReason{"IMAGE_PROHIBITED_CONTENT"_L1, FinishReason::ContentFilter},
    NamedReason{"IMAGE_RECITATION"_L1, FinishReason::ContentFilter},
};

// Those that mean that the answer broke off.
constexpr std::array failures{"MALFORMED_FUNCTION_CALL"_L1,
                              "UNEXPECTED_TOOL_CALL"_L1,
                              "TOO_MANY_TOOL_CALLS"_L1,
                              "MALFORMED_RESPONSE"_L1,
                              "MISSING_THOUGHT_SIGNATURE"_L1,
                              "NO_IMAGE"_L1,
                              "IMAGE_OTHER"_L1};

FinishReason reasonFromName(const QString &name)
{
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return name == known.name; });
    return row == namedReasons.end() ? FinishReason::Other : row->reason;
}

bool meansFailure(const QString &reason)
{
    return std::ranges::find(failures, reason) != failures.end();
}

std::optional<qint64> sum(const json::Value &a, const json::Value &b)
{
    const auto first = a.integer();
    const auto second = b.integer();
    return first || second ? std::optional(first.value_or(0) + second.value_or(0)) : std::nullopt;
}

void usage(const json::Value &counts, EventWriter &out)
{
    const auto [prompt, tools, candidates, thoughts, cached] =
        counts.members("promptTokenCount"_L1, "toolUsePromptTokenCount"_L1, "candidatesTokenCount"_L1,
                       "thoughtsTokenCount"_L1, "cachedContentTokenCount"_L1);
    out.usage({.inputTokens = sum(prompt, tools),
               .outputTokens = sum(candidates, thoughts),
               .reasoningTokens = thoughts.integer(),
               .cachedTokens = cached.integer()});
}

void sources(const json::Value &candidate, EventWriter &out)
{
    const auto [grounding, citations, pages] =
        candidate.members("groundingMetadata"_L1, "citationMetadata"_L1, "urlContextMetadata"_L1);
    int place = 0;
    grounding["groundingChunks"_L1].forEach([&](const json::Value &chunk) {
        ++place;
        for (const auto kind : {"web"_L1, "maps"_L1, "retrievedContext"_L1}) {
            const auto [uri, title] = chunk[kind].members("uri"_L1, "title"_L1);
            out.source(uri.string(), title.string());
            // A passage of the user's own files has no address.
            if (chunk[kind].isObject() && !uri.isTruthy())
                out.artifact({.id = u"source-%1"_s.arg(place),
                              .kind = event::Artifact::Kind::Source,
                              .title = title.string(),
                              .append = false,
                              .data = chunk[kind].compact()});
        }
    });
    for (const auto list : {"citations"_L1, "citationSources"_L1}) {
        citations[list].forEach([&](const json::Value &citation) {
            out.source(citation["uri"_L1].string(), citation["title"_L1].string());
        });
    }
    pages["urlMetadata"_L1].forEach([&](const json::Value &page) {
        if (page["urlRetrievalStatus"_L1] == "URL_RETRIEVAL_STATUS_SUCCESS"_L1)
            out.source(page["retrievedUrl"_L1].string(), {});
    });
}

struct NamedKind
{
    QLatin1StringView status;
    NetError::Kind kind = NetError::Kind::Server;
};

// The codes of Google's interfaces (google.rpc.Code).
constexpr std::array namedKinds{
    NamedKind{"UNAUTHENTICATED"_L1, NetError::Kind::Auth},
    NamedKind{"PERMISSION_DENIED"_L1, NetError::Kind::Auth},
    NamedKind{"RESOURCE_EXHAUSTED"_L1, NetError::Kind::RateLimited},
    NamedKind{"UNAVAILABLE"_L1, NetError::Kind::Overloaded},
    NamedKind{"INVALID_ARGUMENT"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"FAILED_PRECONDITION"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"OUT_OF_RANGE"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"NOT_FOUND"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"ABORTED"_L1, NetError::Kind::Server},
    NamedKind{"CANCELLED"_L1, NetError::Kind::Server},
    NamedKind{"DEADLINE_EXCEEDED"_L1, NetError::Kind::Server},
    NamedKind{"INTERNAL"_L1, NetError::Kind::Server},
    NamedKind{"UNKNOWN"_L1, NetError::Kind::Server},
};

// A duration as protobuf writes it, such as "23.5s".
std::optional<std::chrono::milliseconds> durationOf(const QString &text)
{
    constexpr double longest = 24.0 * 60 * 60;
    bool isNumber = false;
    const double seconds = text.chopped(text.endsWith(u's') ? 1 : 0).toDouble(&isNumber);
    if (!isNumber || !(seconds >= 0))
        return std::nullopt;
    return std::chrono::milliseconds(std::llround(std::min(seconds, longest) * 1000));
}

// The error in `document`, which may be wrapped into an array.
NetError googleError(const json::Value &document, int status)
{
    const json::Value value = document.isArray() ? document.first() : document;
    NetError error = errorFromJson(value, status);
    const json::Value told = value["error"_L1];
    const json::Value word = told["status"_L1];
    const json::Value details = told["details"_L1];
    const auto row =
        std::ranges::find_if(namedKinds, [&](const auto &known) { return word == known.status; });
    if (row != namedKinds.end()) {
        error.kind = row->kind;
        error.code = QString(row->status);
    }
    details.forEach([&](const json::Value &detail) {
        const auto [reason, delay, violations] =
            detail.members("reason"_L1, "retryDelay"_L1, "violations"_L1);
        if (reason == "API_KEY_INVALID"_L1)
            error.kind = NetError::Kind::Auth;
        if (const auto wait = durationOf(delay.string()); wait && delay.isString())
            error.retryAfter = wait;
        violations.forEach([&](const json::Value &violation) {
            if (violation["quotaId"_L1].string().contains("PerDay"_L1))
                error.kind = NetError::Kind::Quota;
        });
    });
    return error;
}

// The whole items of an array that may be cut off, as JSON text.
QList<QByteArrayView> wholeItems(QByteArrayView array)
{
    QList<QByteArrayView> items;
    int depth = 0;
    bool inString = false;
    qsizetype begin = 0;
    for (qsizetype at = 0; at < array.size(); ++at) {
        const char c = array[at];
        if (inString) {
            at += c == '\\' ? 1 : 0;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth == 2)
                begin = at;
        } else if ((c == '}' || c == ']') && --depth == 1) {
            items.append(array.sliced(begin, at - begin + 1));
        }
    }
    return items;
}

// Requests

// The address of one resource below the base. A model's own address may be given as the base, too.
QUrl resourceUrl(QUrl base, const QString &resource)
{
    QString path = base.path();
    if (const qsizetype models = path.indexOf("/models"_L1); models >= 0)
        path.truncate(models);
    while (path.endsWith(u'/'))
        path.chop(1);
    if (path.isEmpty() && base.host() == "generativelanguage.googleapis.com"_L1)
        path = u"/v1beta"_s;
    base.setPath(path + resource);
    return base;
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    // Vertex takes the tokens of a login, which have a form of their own.
    if (endpoint.apiKey.startsWith("ya29."))
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    else if (!endpoint.apiKey.isEmpty())
        request.headers.append({"x-goog-api-key", endpoint.apiKey});
}

QJsonObject thinkingConfig(ReasoningEffort effort, const QString &model)
{
    const bool isPro = model.contains("pro"_L1);
    QJsonObject config{{u"includeThoughts"_s, effort != ReasoningEffort::None}};
    // Before Gemini 3 the bound is a number of tokens; Pro models cannot be kept from thinking.
    if (model.contains("gemini-2.5"_L1)) {
        int budget = 0;
        switch (effort) {
        case ReasoningEffort::None:
            budget = isPro ? 128 : 0;
            break;
        case ReasoningEffort::Minimal:
            budget = 512;
            break;
        case ReasoningEffort::Low:
            budget = 1024;
            break;
        case ReasoningEffort::Medium:
            budget = 8192;
            break;
        case ReasoningEffort::High:
            budget = 24576;
            break;
        case ReasoningEffort::Max:
            budget = isPro ? 32768 : 24576;
            break;
        }
        config.insert("thinkingBudget"_L1, budget);
        return config;
    }
    QLatin1StringView level = "high"_L1;
    if (effort == ReasoningEffort::None || effort == ReasoningEffort::Minimal)
        level = isPro ? "low"_L1 : "minimal"_L1;
    else if (effort == ReasoningEffort::Low || effort == ReasoningEffort::Medium)
        level = toName(effort);
    config.insert("thinkingLevel"_L1, level);
    return config;
}

bool canThink(const QString &model)
{
    return !model.contains("gemini-2.0"_L1) && !model.contains("gemini-1"_L1) && !model.contains("gemma"_L1);
}

QJsonObject generationConfig(const ChatRequest &chat)
{
    QJsonObject config;
    if (chat.temperature)
        config.insert("temperature"_L1, *chat.temperature);
    if (chat.topP)
        config.insert("topP"_L1, *chat.topP);
    if (chat.maxOutputTokens)
        config.insert("maxOutputTokens"_L1, *chat.maxOutputTokens);
    if (chat.seed)
        config.insert("seed"_L1, *chat.seed);
    if (!chat.stop.isEmpty())
        config.insert("stopSequences"_L1,
                      QJsonArray::fromStringList(chat.stop.first(std::min(chat.stop.size(), stopTexts))));
    if (chat.reasoningEffort && canThink(chat.model))
        config.insert("thinkingConfig"_L1, thinkingConfig(*chat.reasoningEffort, chat.model));
    return config;
}

QJsonObject textPart(const QString &text)
{
    return {{u"text"_s, wellFormed(text)}};
}

QJsonObject filePart(const content::Attachment &file)
{
    if (isTextFile(file))
        return textPart(asText(file));
    return {{u"inlineData"_s,
             QJsonObject{{u"mimeType"_s, QString::fromLatin1(file.mediaType)}, {u"data"_s, base64(file)}}}};
}

// What names a call and its response in common.
QJsonObject named(const QString &id, const QString &name)
{
    QJsonObject object{{u"name"_s, wellFormed(name)}};
    if (!id.isEmpty() && !isOwnCallId(id))
        object.insert("id"_L1, wellFormed(id));
    return object;
}

QJsonObject opaqueOf(const QString &data)
{
    return QJsonDocument::fromJson(data.toUtf8()).object();
}

// The signatures of the message's calls, by the calls' ids.
QHash<QString, QString> callSignatures(const ChatMessage &message)
{
    QHash<QString, QString> signatures;
    for (const ContentPart &part : message.parts) {
        const auto *reasoning = std::get_if<content::Reasoning>(&part);
        for (const QString &data : reasoning ? reasoning->opaque : QStringList()) {
            const QJsonObject opaque = opaqueOf(data);
            if (opaque["part"_L1] == "functionCall"_L1)
                signatures.insert(opaque["id"_L1].toString(), opaque["thoughtSignature"_L1].toString());
        }
    }
    return signatures;
}

// Puts a signature, or a part that came whole, where it was. Thoughts without a signature do not go back.
void appendOpaque(const QJsonObject &opaque, const QString &thought, QJsonArray &parts)
{
    const QJsonValue kind = opaque["part"_L1];
    const QJsonValue signature = opaque["thoughtSignature"_L1];
    if (kind.isObject()) {
        parts.append(kind);
    } else if (kind == "thought"_L1) {
        QJsonObject part = textPart(thought);
        part.insert("thought"_L1, true);
        part.insert("thoughtSignature"_L1, signature);
        parts.append(part);
    } else if (kind == "text"_L1 || kind == "inlineData"_L1) {
        QJsonObject last = parts.isEmpty() ? QJsonObject() : parts.last().toObject();
        const bool fits = last.contains(kind.toString()) && !last.contains("thoughtSignature"_L1);
        if (fits)
            parts.removeLast();
        else
            last = textPart({});
        // The signature of a file that is not sent is worth nothing.
        if (!fits && kind == "inlineData"_L1)
            return;
        last.insert("thoughtSignature"_L1, signature);
        parts.append(last);
    }
}

QJsonArray modelParts(const ChatMessage &message, bool signedCallsOnly)
{
    const QHash<QString, QString> signatures = callSignatures(message);
    QJsonArray parts;
    bool hasCall = false;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            parts.append(textPart(said->text));
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            parts.append(filePart(*file));
        } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
            for (const QString &data : reasoning->opaque)
                appendOpaque(opaqueOf(data), reasoning->text, parts);
        } else if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            QJsonObject function = named(call->id, call->name);
            function.insert("args"_L1, QJsonDocument::fromJson(call->arguments.toUtf8()).object());
            QJsonObject entry{{u"functionCall"_s, function}};
            // Of calls made at the same time only the first is signed.
            const QString signature =
                signatures.value(call->id, signedCallsOnly && !hasCall ? QString(noSignature) : QString());
            if (!signature.isEmpty())
                entry.insert("thoughtSignature"_L1, signature);
            parts.append(entry);
            hasCall = true;
        }
    }
    return parts;
}

QJsonArray userParts(const ChatMessage &message, const QHash<QString, QString> &callNames)
{
    QJsonArray responses;
    QJsonArray words;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            words.append(textPart(said->text));
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            words.append(filePart(*file));
        } else if (const auto *result = std::get_if<content::ToolResult>(&part)) {
            QJsonObject response = named(result->id, callNames.value(result->id));
            response.insert(
                "response"_L1,
                QJsonObject{{result->isError ? u"error"_s : u"result"_s, wellFormed(result->content)}});
            responses.append(QJsonObject{{u"functionResponse"_s, response}});
        }
    }
    for (const QJsonValueConstRef part : std::as_const(words))
        responses.append(QJsonValue(part));
    return responses;
}

QJsonArray contentsOf(const ChatRequest &chat)
{
    const bool signedCallsOnly = chat.model.contains("gemini-3"_L1);
    QHash<QString, QString> callNames;
    QJsonArray contents;
    for (const ChatMessage &message : inRounds(answerableHistory(chat.messages))) {
        for (const ContentPart &part : message.parts) {
            if (const auto *call = std::get_if<content::ToolCall>(&part))
                callNames.insert(call->id, call->name);
        }
        const bool isModel = message.role == ChatRole::Assistant;
        const QString role = isModel ? u"model"_s : u"user"_s;
        QJsonArray parts = isModel ? modelParts(message, signedCallsOnly) : userParts(message, callNames);
        if (parts.isEmpty())
            continue;
        // The results of all calls of one answer belong into one content.
        if (!contents.isEmpty() && contents.last()["role"_L1] == role) {
            QJsonArray joined = contents.takeAt(contents.size() - 1)["parts"_L1].toArray();
            for (const QJsonValueConstRef part : std::as_const(parts))
                joined.append(QJsonValue(part));
            parts = joined;
        }
        contents.append(QJsonObject{{u"role"_s, role}, {u"parts"_s, parts}});
    }
    return contents;
}

QJsonArray toolsOf(const ChatRequest &chat)
{
    QJsonArray functions;
    for (const ToolDefinition &tool : chat.tools) {
        QJsonObject function{{u"name"_s, tool.name}, {u"description"_s, tool.description}};
        // Not "parameters", which knows only some of JSON Schema and refuses the rest.
        const QJsonObject schema = QJsonDocument::fromJson(tool.parameters).object();
        if (!schema.isEmpty())
            function.insert("parametersJsonSchema"_L1, schema);
        functions.append(function);
    }
    QJsonArray tools;
    if (!functions.isEmpty())
        tools.append(QJsonObject{{u"functionDeclarations"_s, functions}});
    const QStringList own = chat.options.value(u"tools"_s).split(u' ', Qt::SkipEmptyParts);
    for (const QString &name : own)
        tools.append(QJsonObject{{name, QJsonObject()}});
    return tools;
}

} // namespace

std::unique_ptr<Dialect> Gemini::clone() const
{
    return std::make_unique<Gemini>(*this);
}

QList<DialectOption> Gemini::options() const
{
    // The server's own tools by its names for them, such as "googleSearch codeExecution".
    return {{.name = "tools"_L1, .scope = DialectOption::Scope::Query}};
}

ExchangeRequest Gemini::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_answer = chat.exchange;
    QJsonObject body{{u"contents"_s, contentsOf(chat)}};
    if (!chat.system.isEmpty())
        body.insert("systemInstruction"_L1, QJsonObject{{u"parts"_s, QJsonArray{textPart(chat.system)}}});
    if (const QJsonArray tools = toolsOf(chat); !tools.isEmpty())
        body.insert("tools"_L1, tools);
    if (const QJsonObject config = generationConfig(chat); !config.isEmpty())
        body.insert("generationConfig"_L1, config);

    HttpRequest request;
    // A name with a slash says itself where it is, such as "tunedModels/mine".
    const QString model = chat.model.contains(u'/') ? chat.model : u"models/"_s + chat.model;
    request.url = resourceUrl(endpoint.baseUrl, u'/' + model + u":streamGenerateContent"_s);
    request.url.setQuery(u"alt=sse"_s);
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    authorize(request, endpoint);
    request.body = compactJson(body);
    return request;
}

void Gemini::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data.isEmpty())
        return;
    // Not of the protocol, but gateways end with it what they pass on.
    if (data == "[DONE]") {
        finish(true, out);
        return;
    }
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isArray())
        value->forEach([&](const json::Value &item) { chunk(item, out); });
    else if (value)
        chunk(*value, out);
    else
        out.unknown();
}

void Gemini::chunk(const json::Value &chunk, EventWriter &out)
{
    const auto [candidates, feedback, counts, id, model, error, type] =
        chunk.members("candidates"_L1, "promptFeedback"_L1, "usageMetadata"_L1, "responseId"_L1,
                      "modelVersion"_L1, "error"_L1, "event_type"_L1);
    if (type.isString()) {
        interaction(type, chunk, out);
        return;
    }
    // Of what follows an error only the token counts are of use.
    if (out.isOpen()) {
        if (id.isTruthy())
            m_answer = id.string();
        out.started(id.string(), model.string());
        bool isFirst = true;
        candidates.forEach([&](const json::Value &item) {
            if (item["index"_L1].integer().value_or(isFirst ? 0 : 1) == 0)
                candidate(item, out);
            isFirst = false;
        });
        blocked(feedback, out);
    }
    usage(counts, out);
    if (error.isTruthy())
        out.fail(googleError(chunk, 0));
    else if (!candidates.isArray() && !feedback.isObject() && !counts.isObject() && !id.isString())
        out.unknown();
}

void Gemini::candidate(const json::Value &candidate, EventWriter &out)
{
    const auto [content, reason, message] =
        candidate.members("content"_L1, "finishReason"_L1, "finishMessage"_L1);
    content["parts"_L1].forEach([&](const json::Value &item) { part(item, out); });
    sources(candidate, out);
    finishReason(reason, message, out);
}

void Gemini::part(const json::Value &part, EventWriter &out)
{
    const auto [text, thought, call, code, result, data, uri] =
        part.members("text"_L1, "thought"_L1, "functionCall"_L1, "executableCode"_L1,
                     "codeExecutionResult"_L1, "inlineData"_L1, "fileData"_L1);
    const bool isThought = thought.boolean().value_or(false);
    if (call.isObject()) {
        functionCall(part, out);
    } else if (code.isObject() || result.isObject()) {
        ranCode(part, out);
    } else if (data.isObject() || uri.isObject()) {
        file(data.isObject() ? data : uri, isThought, out);
        opaque(part, "inlineData", out);
    } else {
        if (isThought)
            out.reasoning(text.string());
        else
            out.text(text.string());
        opaque(part, isThought ? "thought" : "text", out);
    }
}

void Gemini::functionCall(const json::Value &part, EventWriter &out)
{
    const auto [id, name, arguments, pieces, willContinue] =
        part["functionCall"_L1].members("id"_L1, "name"_L1, "args"_L1, "partialArgs"_L1, "willContinue"_L1);
    // What goes on with a call has no name; without a call that is open it is nothing.
    if (name.isTruthy()) {
        closeCall(out);
        const QString known = callId(id.string());
        opaque(part, "functionCall", out, known);
        m_openCall = OpenCall{.index = out.toolCall(QString::number(m_calls++), known, name.string())};
    }
    if (!m_openCall)
        return;
    if (pieces.isArray())
        partialArguments(pieces, out);
    else if (arguments.isTruthy())
        out.wholeToolArguments(m_openCall->index, QString::fromUtf8(arguments.compact()));
    if (!willContinue.boolean().value_or(false))
        closeCall(out);
}

void Gemini::partialArguments(const json::Value &pieces, EventWriter &out)
{
    pieces.forEach([&](const json::Value &piece) {
        const auto [path, text, number, truth, null, willContinue] =
            piece.members("jsonPath"_L1, "stringValue"_L1, "numberValue"_L1, "boolValue"_L1, "nullValue"_L1,
                          "willContinue"_L1);
        PathedJsonWriter &arguments = m_openCall->arguments;
        QString more;
        if (number.number())
            more = arguments.value(path.string(),
                                   QString::number(*number.number(), 'g', QLocale::FloatingPointShortest));
        else if (truth.boolean())
            more = arguments.value(path.string(), *truth.boolean() ? u"true"_s : u"false"_s);
        else if (null.isString())
            more = arguments.value(path.string(), u"null"_s);
        else
            more = arguments.string(path.string(), text.string(), willContinue.boolean().value_or(false));
        out.toolArguments(m_openCall->index, more);
    });
}

void Gemini::closeCall(EventWriter &out)
{
    if (!m_openCall)
        return;
    // Arguments that came whole stay as they came.
    OpenCall call = *std::exchange(m_openCall, std::nullopt);
    if (call.arguments.hasBegun() || !out.hasArguments(call.index))
        out.toolArguments(call.index, call.arguments.finish());
}

// Code that the server ran by itself, or what that gave.
void Gemini::ranCode(const json::Value &part, EventWriter &out)
{
    const auto [code, result] = part.members("executableCode"_L1, "codeExecutionResult"_L1);
    if (code.isObject()) {
        const QString program = code["code"_L1].string();
        out.artifact({.id = u"code-%1"_s.arg(++m_programs),
                      .kind = event::Artifact::Kind::Code,
                      .title = code["language"_L1].string().toLower(),
                      .append = false,
                      .data = jsonText(program)});
    } else {
        const json::Value outcome = result["outcome"_L1];
        out.toolResult({.id = u"code-%1"_s.arg(m_programs),
                        .name = u"code_execution"_s,
                        .content = result["output"_L1].string(),
                        .isError = outcome.isTruthy() && outcome != "OUTCOME_OK"_L1,
                        .preliminary = false});
    }
    // Nothing else of a history remembers these parts.
    out.opaqueReasoning(m_opaques++, u"{\"part\":"_s + QString::fromUtf8(part.compact()) + u'}');
}

void Gemini::file(const json::Value &data, bool isThought, EventWriter &out)
{
    const bool isImage = data["mimeType"_L1].string().startsWith("image/"_L1);
    out.artifact({.id = u"file-%1"_s.arg(++m_files),
                  .kind = isImage ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                  .title = isThought ? u"thought"_s : data["displayName"_L1].string(),
                  .append = false,
                  .data = data.compact()});
}

// The signature of a part, if it has one, with what it takes to put it back there.
void Gemini::opaque(const json::Value &part, const QByteArray &kind, EventWriter &out, const QString &id)
{
    const QString signature = part["thoughtSignature"_L1].string();
    if (signature.isEmpty())
        return;
    QJsonObject data{{u"part"_s, QString::fromLatin1(kind)}, {u"thoughtSignature"_s, signature}};
    if (!id.isEmpty())
        data.insert("id"_L1, id);
    out.opaqueReasoning(m_opaques++, QString::fromUtf8(compactJson(data)));
}

void Gemini::finishReason(const json::Value &reason, const json::Value &message, EventWriter &out)
{
    if (!reason.isTruthy() || !reason.isString() || reason == "FINISH_REASON_UNSPECIFIED"_L1)
        return;
    m_reason = reason.string();
    m_reasonMessage = message.string();
    if (!m_reasonMessage.isEmpty() && reasonFromName(m_reason) == FinishReason::ContentFilter)
        out.status({.stage = m_reason, .message = m_reasonMessage, .state = event::Status::State::Failed});
}

// The server refused the prompt, and there is nothing but that.
void Gemini::blocked(const json::Value &feedback, EventWriter &out)
{
    const auto [reason, message] = feedback.members("blockReason"_L1, "blockReasonMessage"_L1);
    if (!reason.isTruthy() || !reason.isString() || reason == "BLOCK_REASON_UNSPECIFIED"_L1)
        return;
    m_reason = u"SAFETY"_s;
    out.status(
        {.stage = reason.string(), .message = message.string(), .state = event::Status::State::Failed});
}

void Gemini::finish(bool clean, EventWriter &out)
{
    // Models that give a reason in each chunk give it before the end, too.
    if (!clean || m_reason.isEmpty())
        return;
    closeCall(out);
    if (meansFailure(m_reason)) {
        out.fail({.kind = NetError::Kind::Server,
                  .code = m_reason,
                  .message = m_reasonMessage.isEmpty() ? u"finishReason: "_s + m_reason : m_reasonMessage});
        return;
    }
    const FinishReason reason = reasonFromName(m_reason);
    out.finished(reason == FinishReason::Stop && out.hasToolCalls() ? FinishReason::ToolCalls : reason);
    out.complete();
}

bool Gemini::document(QByteArrayView json, EventWriter &out)
{
    const qint64 unknownBefore = out.unknownCount();
    qint64 chunks = 0;
    const auto take = [&](const json::Value &item) {
        chunk(item, out);
        ++chunks;
    };
    const std::optional<json::Value> value = m_reader.read(json);
    if (value && value->isArray()) {
        value->forEach(take);
    } else if (value) {
        take(*value);
    } else {
        for (const QByteArrayView item : wholeItems(json)) {
            if (const std::optional<json::Value> cut = m_reader.read(item))
                take(*cut);
        }
    }
    finish(value.has_value(), out);
    return out.unknownCount() - unknownBefore < chunks;
}

NetError Gemini::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    NetError error = Dialect::errorFor(head, body);
    if (!document)
        return error;
    NetError told = googleError(*document, head.status);
    if (!told.retryAfter)
        told.retryAfter = error.retryAfter;
    if (told.message.isEmpty())
        told.message = error.message;
    return told;
}

std::optional<HttpRequest> Gemini::modelsRequest(const Endpoint &endpoint) const
{
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(endpoint.baseUrl, u"/models"_s);
    request.url.setQuery(u"pageSize=1000"_s);
    request.headers = {{"Accept", "application/json"}};
    authorize(request, endpoint);
    return request;
}

std::optional<QList<ListedModel>> Gemini::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document || !(*document)["models"_L1].isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    (*document)["models"_L1].forEach([&](const json::Value &item) {
        QString name = item["name"_L1].string();
        isList = isList && !name.isEmpty();
        bool answers = !item["supportedGenerationMethods"_L1].isArray();
        item["supportedGenerationMethods"_L1].forEach(
            [&](const json::Value &method) { answers = answers || method == "generateContent"_L1; });
        if (name.startsWith("models/"_L1))
            name.remove(0, 7);
        if (answers)
            models.append({.id = name, .ownedBy = {}});
    });
    return isList ? std::optional(models) : std::nullopt;
}

QString Gemini::callId(const QString &given)
{
    return given.isEmpty() ? ownCallId(m_answer, m_calls) : given;
}

// The Interactions API

void Gemini::interaction(const json::Value &type, const json::Value &event, EventWriter &out)
{
    const auto [answer, error] = event.members("interaction"_L1, "error"_L1);
    const auto [id, model, status, counts] = answer.members("id"_L1, "model"_L1, "status"_L1, "usage"_L1);
    if (out.isOpen())
        out.started(id.string(), model.string());
    if (counts.isObject()) {
        const auto [input, tools, output, thoughts, cached] =
            counts.members("total_input_tokens"_L1, "total_tool_use_tokens"_L1, "total_output_tokens"_L1,
                           "total_thought_tokens"_L1, "total_cached_tokens"_L1);
        out.usage({.inputTokens = sum(input, tools),
                   .outputTokens = sum(output, thoughts),
                   .reasoningTokens = thoughts.integer(),
                   .cachedTokens = cached.integer()});
    }
    if (type == "error"_L1 || error.isTruthy()) {
        out.fail(googleError(event, 0));
    } else if (type == "step.start"_L1) {
        interactionStep(event, out);
    } else if (type == "step.delta"_L1) {
        interactionDelta(event, out);
    } else if (type == "interaction.completed"_L1) {
        if (status == "failed"_L1)
            out.fail(
                {.kind = NetError::Kind::Server, .code = status.string(), .message = u"status: failed"_s});
        else if (status == "incomplete"_L1)
            out.finished(FinishReason::Length);
        out.complete();
    }
}

void Gemini::interactionStep(const json::Value &event, EventWriter &out)
{
    const auto [type, id, name, arguments] =
        event["step"_L1].members("type"_L1, "id"_L1, "name"_L1, "arguments"_L1);
    if (type != "function_call"_L1)
        return;
    const int call =
        out.toolCall(QString::fromUtf8(event["index"_L1].compact()), callId(id.string()), name.string());
    ++m_calls;
    if (arguments.isTruthy())
        out.toolArguments(call, QString::fromUtf8(arguments.compact()));
}

void Gemini::interactionDelta(const json::Value &event, EventWriter &out)
{
    const auto [type, text, content, arguments] =
        event["delta"_L1].members("type"_L1, "text"_L1, "content"_L1, "arguments"_L1);
    if (type == "text"_L1)
        out.text(text.string());
    else if (type == "thought_summary"_L1)
        out.reasoning(text.isString() ? text.string() : content["text"_L1].string());
    else if (type == "arguments_delta"_L1)
        out.toolArguments(out.toolCall(QString::fromUtf8(event["index"_L1].compact()), {}, {}),
                          arguments.string());
}

} // namespace rivulet
