// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/ollama.h"

#include "net/dialects/attachment.h"
#include "net/dialects/callid.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qhash.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The address of one resource. The base may be given with the interface's own path, or that of a resource.
QUrl resourceUrl(QUrl base, QLatin1StringView resource)
{
    QString path = base.path();
    if (const qsizetype api = path.lastIndexOf("/api"_L1);
        api >= 0 && (path.size() == api + 4 || path[api + 4] == u'/'))
        path.truncate(api);
    while (path.endsWith(u'/'))
        path.chop(1);
    base.setPath(path + resource);
    return base;
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
}

QJsonValue thinkOf(ReasoningEffort effort)
{
    switch (effort) {
    case ReasoningEffort::None:
        return false;
    case ReasoningEffort::Minimal:
    case ReasoningEffort::Low:
        return u"low"_s;
    case ReasoningEffort::Medium:
        return u"medium"_s;
    case ReasoningEffort::High:
    case ReasoningEffort::Max: // which only the newest servers know by its name
        return u"high"_s;
    }
    Q_UNREACHABLE_RETURN(true);
}

QJsonObject optionsOf(const ChatRequest &chat)
{
    QJsonObject options;
    if (chat.maxOutputTokens)
        options.insert("num_predict"_L1, *chat.maxOutputTokens);
    if (chat.temperature)
        options.insert("temperature"_L1, *chat.temperature);
    if (chat.topP)
        options.insert("top_p"_L1, *chat.topP);
    if (chat.seed)
        options.insert("seed"_L1, *chat.seed);
    if (!chat.stop.isEmpty())
        options.insert("stop"_L1, QJsonArray::fromStringList(chat.stop));
    return options;
}

QJsonObject userMessage(const ChatMessage &message)
{
    QString text;
    QJsonArray images;
    const auto addParagraph = [&](const QString &words) {
        text += (text.isEmpty() || text.endsWith(u'\n') ? QString() : u"\n\n"_s) + words;
    };
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part))
            addParagraph(said->text);
        const auto *file = std::get_if<content::Attachment>(&part);
        if (file && isImage(*file))
            images.append(base64(*file));
        else if (file && isTextFile(*file))
            addParagraph(asText(*file));
        else if (file) // of which the protocol takes nothing but that it is there
            addParagraph(u'[' + file->name + u']');
    }
    QJsonObject said{{u"role"_s, u"user"_s}, {u"content"_s, wellFormed(text)}};
    if (!images.isEmpty())
        said.insert("images"_L1, images);
    return said;
}

QJsonObject assistantMessage(const ChatMessage &message)
{
    QJsonArray calls;
    QString thought;
    for (const ContentPart &part : message.parts) {
        if (const auto *reasoning = std::get_if<content::Reasoning>(&part))
            thought += reasoning->text;
        const auto *call = std::get_if<content::ToolCall>(&part);
        if (!call)
            continue;
        QJsonObject entry{
            {u"function"_s,
             QJsonObject{{u"name"_s, wellFormed(call->name)},
                         {u"arguments"_s, QJsonDocument::fromJson(call->arguments.toUtf8()).object()}}}};
        if (!call->id.isEmpty() && !isOwnCallId(call->id))
            entry.insert("id"_L1, wellFormed(call->id));
        calls.append(entry);
    }
    QJsonObject said{{u"role"_s, u"assistant"_s}, {u"content"_s, wellFormed(message.text())}};
    if (calls.isEmpty())
        return said;
    said.insert("tool_calls"_L1, calls);
    // Models go on with the thoughts that led to a call; those of finished answers only cost context.
    if (!thought.isEmpty())
        said.insert("thinking"_L1, wellFormed(thought));
    return said;
}

QJsonArray messagesOf(const ChatRequest &chat)
{
    QJsonArray messages;
    if (!chat.system.isEmpty())
        messages.append(QJsonObject{{u"role"_s, u"system"_s}, {u"content"_s, wellFormed(chat.system)}});
    QHash<QString, QString> callNames;
    for (const ChatMessage &message : inRounds(answerableHistory(chat.messages))) {
        for (const ContentPart &part : message.parts) {
            if (const auto *call = std::get_if<content::ToolCall>(&part))
                callNames.insert(call->id, call->name);
            const auto *result = std::get_if<content::ToolResult>(&part);
            if (!result)
                continue;
            QJsonObject said{{u"role"_s, u"tool"_s},
                             {u"tool_name"_s, wellFormed(callNames.value(result->id))},
                             {u"content"_s, wellFormed(result->content)}};
            if (!isOwnCallId(result->id))
                said.insert("tool_call_id"_L1, wellFormed(result->id));
            messages.append(said);
        }
        if (message.role == ChatRole::Assistant)
            messages.append(assistantMessage(message));
        else if (hasOwnWords(message))
            messages.append(userMessage(message));
    }
    return messages;
}

QJsonArray toolsOf(const ChatRequest &chat)
{
    QJsonArray tools;
    for (const ToolDefinition &tool : chat.tools) {
        const QJsonObject function{{u"name"_s, tool.name},
                                   {u"description"_s, tool.description},
                                   {u"parameters"_s, QJsonDocument::fromJson(tool.parameters).object()}};
        tools.append(QJsonObject{{u"type"_s, u"function"_s}, {u"function"_s, function}});
    }
    return tools;
}

} // namespace

std::unique_ptr<Dialect> Ollama::clone() const
{
    return std::make_unique<Ollama>(*this);
}

ExchangeRequest Ollama::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_exchange = chat.exchange;
    QJsonObject body{{u"model"_s, chat.model}, {u"messages"_s, messagesOf(chat)}, {u"stream"_s, true}};
    if (chat.reasoningEffort)
        body.insert("think"_L1, thinkOf(*chat.reasoningEffort));
    if (!chat.tools.isEmpty())
        body.insert("tools"_L1, toolsOf(chat));
    if (const QJsonObject options = optionsOf(chat); !options.isEmpty())
        body.insert("options"_L1, options);

    HttpRequest request;
    request.url = resourceUrl(endpoint.baseUrl, "/api/chat"_L1);
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/x-ndjson"}};
    authorize(request, endpoint);
    request.body = compactJson(body);
    return request;
}

void Ollama::frame(const Frame &frame, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(QByteArrayView(frame.data));
    if (value && value->isObject())
        line(*value, out);
    else
        out.unknown();
}

void Ollama::line(const json::Value &line, EventWriter &out)
{
    const auto [model, message, response, thinking, isDone, reason, prompt, answer, error] =
        line.members("model"_L1, "message"_L1, "response"_L1, "thinking"_L1, "done"_L1, "done_reason"_L1,
                     "prompt_eval_count"_L1, "eval_count"_L1, "error"_L1);
    if (error.isTruthy()) {
        add(m_thinkTags.flush(), out);
        out.fail(errorFromJson(line, 0));
        return;
    }
    if (!message.isObject() && !response.isString() && !isDone.boolean()) {
        out.unknown();
        return;
    }
    out.started({}, model.string());
    if (message.isObject()) {
        const auto [content, thought, calls, images] =
            message.members("content"_L1, "thinking"_L1, "tool_calls"_L1, "images"_L1);
        said(content, thought, out);
        calls.forEach([&](const json::Value &call) { toolCall(call, out); });
        images.forEach([&](const json::Value &data) { image(data, out); });
    } else {
        said(response, thinking, out);
    }
    out.usage({.inputTokens = prompt.integer(),
               .outputTokens = answer.integer(),
               .reasoningTokens = {},
               .cachedTokens = {}});
    if (isDone.boolean().value_or(false))
        done(reason, out);
}

void Ollama::said(const json::Value &content, const json::Value &thinking, EventWriter &out)
{
    out.reasoning(thinking.string());
    if (content.isTruthy())
        add(m_thinkTags.take(content.string()), out);
}

void Ollama::toolCall(const json::Value &call, EventWriter &out)
{
    const auto [id, function] = call.members("id"_L1, "function"_L1);
    const auto [name, arguments] = function.members("name"_L1, "arguments"_L1);
    const QString known = id.isTruthy() ? id.string() : ownCallId(m_exchange, m_calls);
    const int index = out.toolCall(QString::number(m_calls++), known, name.string());
    if (arguments.isString())
        out.toolArguments(index, arguments.string());
    else
        out.toolArguments(index, QString::fromUtf8(arguments.compact()));
}

// Says of what type it is by its first bytes, because the server does not.
void Ollama::image(const json::Value &data, EventWriter &out)
{
    const QString base64 = data.string();
    const QString type = base64.startsWith("/9j/"_L1) ? u"image/jpeg"_s
        : base64.startsWith("UklGR"_L1)               ? u"image/webp"_s
                                                      : u"image/png"_s;
    const QJsonObject value{{u"mimeType"_s, type}, {u"data"_s, base64}};
    out.artifact({.id = u"image-%1"_s.arg(++m_images),
                  .kind = event::Artifact::Kind::Image,
                  .title = {},
                  .append = false,
                  .data = compactJson(value)});
}

void Ollama::done(const json::Value &reason, EventWriter &out)
{
    add(m_thinkTags.flush(), out);
    if (reason == "length"_L1)
        out.finished(FinishReason::Length);
    else if (reason.isTruthy() && reason != "stop"_L1 && reason != "tool_calls"_L1)
        out.finished(FinishReason::Other);
    // Calls end with "stop" like everything else.
    out.complete();
}

void Ollama::add(const ThinkTags::Split &split, EventWriter &out)
{
    out.reasoning(split.reasoning);
    out.text(split.text);
}

void Ollama::finish(bool, EventWriter &out)
{
    add(m_thinkTags.flush(), out);
}

bool Ollama::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    const qint64 unknownBefore = out.unknownCount();
    if (!value || !value->isObject())
        return false;
    line(*value, out);
    finish(true, out);
    return out.unknownCount() == unknownBefore;
}

std::optional<HttpRequest> Ollama::modelsRequest(const Endpoint &endpoint) const
{
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(endpoint.baseUrl, "/api/tags"_L1);
    request.headers = {{"Accept", "application/json"}};
    authorize(request, endpoint);
    return request;
}

std::optional<QList<ListedModel>> Ollama::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document || !(*document)["models"_L1].isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    (*document)["models"_L1].forEach([&](const json::Value &item) {
        const auto [model, name] = item.members("model"_L1, "name"_L1);
        const QString id = model.isTruthy() ? model.string() : name.string();
        isList = isList && !id.isEmpty();
        models.append({.id = id, .ownedBy = {}});
    });
    return isList ? std::optional(models) : std::nullopt;
}

} // namespace rivulet
