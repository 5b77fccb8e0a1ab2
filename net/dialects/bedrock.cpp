// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/bedrock.h"

#include "net/dialects/anthropic.h"
#include "net/dialects/anthropicrequest.h"
#include "net/dialects/attachment.h"
#include "net/dialects/awssignature.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qregularexpression.h>

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

// The service's stop reasons. What is not here is Other.
constexpr std::array namedReasons{
    NamedReason{"end_turn"_L1, FinishReason::Stop},
    NamedReason{"stop_sequence"_L1, FinishReason::Stop},
    NamedReason{"tool_use"_L1, FinishReason::ToolCalls},
    NamedReason{"max_tokens"_L1, FinishReason::Length},
    NamedReason{"model_context_window_exceeded"_L1, FinishReason::Length},
    NamedReason{"guardrail_intervened"_L1, FinishReason::ContentFilter},
    NamedReason{"content_filtered"_L1, FinishReason::ContentFilter},
    NamedReason{"refusal"_L1, FinishReason::Refusal},
    NamedReason{"pause_turn"_L1, FinishReason::Pause},
};

// Cohere's, for the same. Those that mean a failure are not here.
constexpr std::array cohereReasons{
    NamedReason{"COMPLETE"_L1, FinishReason::Stop},
    NamedReason{"STOP_SEQUENCE"_L1, FinishReason::Stop},
    NamedReason{"MAX_TOKENS"_L1, FinishReason::Length},
    NamedReason{"ERROR_LIMIT"_L1, FinishReason::Length},
    NamedReason{"ERROR_TOXIC"_L1, FinishReason::ContentFilter},
    NamedReason{"USER_CANCEL"_L1, FinishReason::Stopped},
};

struct NamedKind
{
    QLatin1StringView name;
    NetError::Kind kind = NetError::Kind::Server;
};

// The exceptions of the service and of Amazon's front, in lower case and without their common end.
constexpr std::array namedKinds{
    NamedKind{"throttling"_L1, NetError::Kind::RateLimited},
    NamedKind{"toomanyrequests"_L1, NetError::Kind::RateLimited},
    NamedKind{"servicequotaexceeded"_L1, NetError::Kind::Quota},
    NamedKind{"serviceunavailable"_L1, NetError::Kind::Overloaded},
    NamedKind{"modelnotready"_L1, NetError::Kind::Overloaded},
    NamedKind{"internalserver"_L1, NetError::Kind::Server},
    NamedKind{"modelstreamerror"_L1, NetError::Kind::Server},
    NamedKind{"modelerror"_L1, NetError::Kind::Server},
    NamedKind{"modeltimeout"_L1, NetError::Kind::Server},
    NamedKind{"validation"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"resourcenotfound"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"conflict"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"accessdenied"_L1, NetError::Kind::Auth},
    NamedKind{"expiredtoken"_L1, NetError::Kind::Auth},
    NamedKind{"unrecognizedclient"_L1, NetError::Kind::Auth},
    NamedKind{"invalidsignature"_L1, NetError::Kind::Auth},
    NamedKind{"incompletesignature"_L1, NetError::Kind::Auth},
    NamedKind{"missingauthenticationtoken"_L1, NetError::Kind::Auth},
    NamedKind{"requesttimetooskewed"_L1, NetError::Kind::Auth},
};

std::optional<NetError::Kind> kindOf(const QString &exception)
{
    QString name = exception.toLower();
    if (name.endsWith("exception"_L1))
        name.chop(9);
    const auto row = std::ranges::find_if(namedKinds, [&](const auto &known) { return name == known.name; });
    return row == namedKinds.end() ? std::nullopt : std::optional(row->kind);
}

QString messageIn(const json::Value &payload)
{
    const auto [message, Message, original] =
        payload.members("message"_L1, "Message"_L1, "originalMessage"_L1);
    QString text = message.isTruthy() ? message.string() : Message.string();
    if (original.isTruthy() && original.string() != text)
        text += (text.isEmpty() ? QString() : u": "_s) + original.string();
    return wellFormed(text.left(static_cast<qsizetype>(limits::errorMessage)));
}

NetError errorNamed(const QString &name, const QString &message)
{
    return {.kind = kindOf(name).value_or(NetError::Kind::Server), .code = name, .message = message};
}

// Which of the service's operations answers.
constexpr auto operationOption = "operation"_L1;
constexpr auto converseOperation = "ConverseStream"_L1;
constexpr auto invokeOperation = "InvokeModelWithResponseStream"_L1;

// What the service adds to the last event of a model's maker.
constexpr auto metricsMember = "amazon-bedrock-invocationMetrics"_L1;

// Where

constexpr auto usualRegion = "us-east-1"_L1;

// A region's name is part of the host, so that nothing but a name may be in it.
QString regionOf(const Endpoint &endpoint)
{
    static const QRegularExpression name(u"^[a-z0-9-]{1,32}$"_s);
    QString chosen = endpoint.options.value(u"region"_s);
    if (name.match(chosen).hasMatch())
        return chosen;
    static const QRegularExpression host(u"^bedrock(?:-runtime)?(?:-fips)?\\.([a-z0-9-]{1,32})\\."_s);
    const QRegularExpressionMatch match = host.match(endpoint.baseUrl.host());
    return match.hasMatch() ? match.captured(1) : QString(usualRegion);
}

// The address of a resource, given as it goes on the wire: what is encoded in it stays so.
QUrl resourceUrl(const Endpoint &endpoint, QLatin1StringView service, const QByteArray &resource)
{
    QByteArray base = endpoint.baseUrl.host().isEmpty()
        ? QString(u"https://"_s + service + u'.' + regionOf(endpoint) + u".amazonaws.com"_s).toLatin1()
        : endpoint.baseUrl.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    if (const qsizetype model = base.indexOf("/model/"); model >= 0)
        base.truncate(model);
    while (base.endsWith('/'))
        base.chop(1);
    return QUrl::fromEncoded(base.append(resource), QUrl::StrictMode);
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    const auto credentials = awsCredentialsFrom(endpoint.apiKey);
    if (credentials)
        signForAws(request, *credentials,
                   {.region = regionOf(endpoint).toLatin1(),
                    .service = "bedrock",
                    .time = endpoint.now.isValid() ? endpoint.now : QDateTime::currentDateTimeUtc()});
    else if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
}

// What goes out

bool isBlank(const QString &text)
{
    return text.trimmed().isEmpty();
}

QJsonObject textBlock(const QString &text)
{
    return {{u"text"_s, wellFormed(text)}};
}

// The service takes only such ids; those of another protocol may be anything.
QString callId(const QString &id)
{
    static const QRegularExpression accepted(u"^[a-zA-Z0-9_-]{1,64}$"_s);
    if (accepted.match(id).hasMatch())
        return id;
    const QByteArray digest = QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"call_"_s + QString::fromLatin1(digest.first(32));
}

// Names of documents may hold letters, digits, single spaces, hyphens, parentheses and brackets.
QString documentName(const QString &name)
{
    static const QRegularExpression refused(u"[^a-zA-Z0-9 ()\\[\\]-]"_s);
    QString accepted = name;
    accepted = accepted.replace(refused, u" "_s).simplified().left(200);
    return accepted.isEmpty() ? u"file"_s : accepted;
}

QString formatOf(const QByteArray &mediaType)
{
    struct Format
    {
        QByteArrayView mediaType;
        QLatin1StringView name;
    };
    constexpr std::array formats{
        Format{"image/png", "png"_L1},
        Format{"image/jpeg", "jpeg"_L1},
        Format{"image/gif", "gif"_L1},
        Format{"image/webp", "webp"_L1},
        Format{"application/pdf", "pdf"_L1},
        Format{"application/msword", "doc"_L1},
        Format{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"_L1},
        Format{"application/vnd.ms-excel", "xls"_L1},
        Format{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"_L1},
    };
    const auto row = std::ranges::find(formats, mediaType, &Format::mediaType);
    return row == formats.end() ? QString() : QString(row->name);
}

QJsonObject fileBlock(const content::Attachment &file)
{
    const QString format = formatOf(file.mediaType);
    if (format.isEmpty() && isTextFile(file))
        return textBlock(asText(file));
    if (format.isEmpty()) // of which the protocol takes nothing but that it is there
        return textBlock(u'[' + file.name + u']');
    const QJsonObject source{{u"bytes"_s, base64(file)}};
    if (isImage(file))
        return {{u"image"_s, QJsonObject{{u"format"_s, format}, {u"source"_s, source}}}};
    return {
        {u"document"_s,
         QJsonObject{{u"format"_s, format}, {u"name"_s, documentName(file.name)}, {u"source"_s, source}}}};
}

QJsonObject resultBlock(const content::ToolResult &result)
{
    // Text that is blank is refused.
    const QJsonObject said = isBlank(result.content)
        ? QJsonObject{{u"json"_s, QJsonObject{{u"result"_s, result.content}}}}
        : textBlock(result.content);
    return {{u"toolResult"_s,
             QJsonObject{{u"toolUseId"_s, callId(result.id)},
                         {u"content"_s, QJsonArray{said}},
                         {u"status"_s, result.isError ? u"error"_s : u"success"_s}}}};
}

// Results come before everything else that is said with them.
QJsonArray userBlocks(const ChatMessage &message)
{
    QJsonArray results;
    QJsonArray words;
    bool hasText = false;
    bool hasDocument = false;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part); said && !isBlank(said->text)) {
            words.append(textBlock(said->text));
            hasText = true;
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            const QJsonObject block = fileBlock(*file);
            hasText = hasText || block.contains("text"_L1);
            hasDocument = hasDocument || block.contains("document"_L1);
            words.append(block);
        } else if (const auto *result = std::get_if<content::ToolResult>(&part)) {
            results.append(resultBlock(*result));
        }
    }
    // A document without a word about it is refused.
    if (hasDocument && !hasText)
        words.append(textBlock(u"…"_s));
    for (const QJsonValueConstRef block : std::as_const(words))
        results.append(QJsonValue(block));
    return results;
}

QJsonArray assistantBlocks(const ChatMessage &message)
{
    QJsonArray blocks;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part); said && !isBlank(said->text)) {
            blocks.append(textBlock(said->text));
        } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
            for (const QString &opaque : reasoning->opaque) {
                const QJsonObject content = QJsonDocument::fromJson(opaque.toUtf8()).object();
                if (content.contains("reasoningText"_L1) || content.contains("redactedContent"_L1))
                    blocks.append(QJsonObject{{u"reasoningContent"_s, content}});
            }
        } else if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            blocks.append(QJsonObject{
                {u"toolUse"_s,
                 QJsonObject{{u"toolUseId"_s, callId(call->id)},
                             {u"name"_s, wellFormed(call->name)},
                             {u"input"_s, QJsonDocument::fromJson(call->arguments.toUtf8()).object()}}}});
        }
    }
    return blocks;
}

// An answer that the model shall go on with may not end in white space.
void trimEnd(QJsonArray &messages)
{
    QJsonObject last = messages.last().toObject();
    QJsonArray blocks = last["content"_L1].toArray();
    if (last["role"_L1].toString() != "assistant"_L1 || !blocks.last().toObject().contains("text"_L1))
        return;
    QString text = blocks.last()["text"_L1].toString();
    while (text.back().isSpace())
        text.chop(1);
    blocks.replace(blocks.size() - 1, textBlock(text));
    last.insert("content"_L1, blocks);
    messages.replace(messages.size() - 1, last);
}

QJsonArray messagesOf(const QList<ChatMessage> &history)
{
    QJsonArray messages;
    for (const ChatMessage &message : history) {
        const bool isAssistant = message.role == ChatRole::Assistant;
        QJsonArray blocks = isAssistant ? assistantBlocks(message) : userBlocks(message);
        // A conversation begins with the user, and the two take turns.
        if (blocks.isEmpty() || (messages.isEmpty() && isAssistant))
            continue;
        const QString role = isAssistant ? u"assistant"_s : u"user"_s;
        if (!messages.isEmpty() && messages.last()["role"_L1] == role) {
            QJsonArray joined = messages.takeAt(messages.size() - 1)["content"_L1].toArray();
            for (const QJsonValueConstRef block : std::as_const(blocks))
                joined.append(QJsonValue(block));
            blocks = joined;
        }
        messages.append(QJsonObject{{u"role"_s, role}, {u"content"_s, blocks}});
    }
    if (!messages.isEmpty())
        trimEnd(messages);
    return messages;
}

QJsonObject toolSpec(const QString &name, const QString &description, const QJsonObject &schema)
{
    QJsonObject spec{
        {u"name"_s, name},
        {u"inputSchema"_s,
         QJsonObject{{u"json"_s, schema.isEmpty() ? QJsonObject{{u"type"_s, u"object"_s}} : schema}}}};
    if (!isBlank(description))
        spec.insert("description"_L1, description);
    return {{u"toolSpec"_s, spec}};
}

QJsonArray toolsOf(const ChatRequest &chat, const QList<ChatMessage> &history)
{
    QJsonArray tools;
    for (const ToolDefinition &tool : chat.tools)
        tools.append(
            toolSpec(tool.name, tool.description, QJsonDocument::fromJson(tool.parameters).object()));
    if (!tools.isEmpty())
        return tools;
    // A history with calls is refused where no tool is declared.
    QStringList called;
    for (const ChatMessage &message : history) {
        for (const ContentPart &part : message.parts) {
            const auto *call = std::get_if<content::ToolCall>(&part);
            if (call && !called.contains(call->name))
                called.append(call->name);
        }
    }
    for (const QString &name : std::as_const(called))
        tools.append(toolSpec(name, {}, {}));
    return tools;
}

bool isClaude(const QString &model)
{
    return model.contains("anthropic."_L1) || model.contains("claude"_L1);
}

int claudeBudget(ReasoningEffort effort)
{
    switch (effort) {
    case ReasoningEffort::None:
    case ReasoningEffort::Minimal:
        return 1024;
    case ReasoningEffort::Low:
        return 2048;
    case ReasoningEffort::Medium:
        return 8192;
    case ReasoningEffort::High:
        return 16384;
    case ReasoningEffort::Max:
        return 32768;
    }
    Q_UNREACHABLE_RETURN(1024);
}

// What the model's maker calls the effort. Empty where the model has no such thing.
QJsonObject thinkingFields(const ChatRequest &chat)
{
    if (!chat.reasoningEffort)
        return {};
    const ReasoningEffort effort = *chat.reasoningEffort;
    const bool isNone = effort == ReasoningEffort::None;
    QString level(toName(effort));
    if (effort == ReasoningEffort::None || effort == ReasoningEffort::Minimal)
        level = u"low"_s;
    if (isClaude(chat.model)) {
        static const QRegularExpression adaptive(u"claude-[a-z]+-(4-[6-9]|[5-9])"_s);
        if (isNone)
            return {};
        if (adaptive.match(chat.model).hasMatch())
            return {{u"thinking"_s, QJsonObject{{u"type"_s, u"adaptive"_s}}},
                    {u"output_config"_s, QJsonObject{{u"effort"_s, level}}}};
        // The thoughts count against the bound on the answer, of which something must be left.
        const int bound = chat.maxOutputTokens.value_or(64'000);
        const int budget = std::min(claudeBudget(effort), bound / 2);
        if (budget < 1024)
            return {};
        return {{u"thinking"_s, QJsonObject{{u"type"_s, u"enabled"_s}, {u"budget_tokens"_s, budget}}}};
    }
    if (effort == ReasoningEffort::Max)
        level = u"high"_s;
    if (chat.model.contains("gpt-oss"_L1))
        return {{u"reasoning_effort"_s, level}};
    if (chat.model.contains("nova-2"_L1)) {
        QJsonObject config{{u"type"_s, isNone ? u"disabled"_s : u"enabled"_s}};
        if (!isNone)
            config.insert("maxReasoningEffort"_L1, level);
        return {{u"reasoningConfig"_s, config}};
    }
    return {};
}

QJsonObject inferenceConfig(const ChatRequest &chat, bool thinks)
{
    QJsonObject config;
    if (chat.maxOutputTokens)
        config.insert("maxTokens"_L1, *chat.maxOutputTokens);
    // Claude refuses both while it thinks.
    const bool isFree = !thinks || !isClaude(chat.model);
    if (chat.temperature && isFree)
        config.insert("temperature"_L1, *chat.temperature);
    if (chat.topP && isFree)
        config.insert("topP"_L1, *chat.topP);
    if (!chat.stop.isEmpty())
        config.insert("stopSequences"_L1, QJsonArray::fromStringList(chat.stop));
    return config;
}

bool isCohere(const QString &model)
{
    return model.contains("cohere."_L1);
}

// The service takes the model from the address, and that it shall stream.
QJsonObject anthropicBody(const ChatRequest &chat)
{
    QJsonObject body = anthropic::requestBody(chat, {});
    body.remove("model"_L1);
    body.remove("stream"_L1);
    body.insert("anthropic_version"_L1, u"bedrock-2023-05-31"_s);
    return body;
}

// What a message says in words, which is all that Cohere's history holds.
QString wordsOf(const ChatMessage &message)
{
    QStringList words;
    for (const ContentPart &part : message.parts) {
        const auto *file = std::get_if<content::Attachment>(&part);
        if (const auto *said = std::get_if<content::Text>(&part); said && !isBlank(said->text))
            words.append(said->text);
        else if (file && isTextFile(*file))
            words.append(asText(*file));
        else if (file)
            words.append(u'[' + file->name + u']');
    }
    return wellFormed(words.join(u"\n\n"_s));
}

QJsonObject cohereBody(const ChatRequest &chat)
{
    QJsonArray history;
    QString prompt;
    QJsonObject body;
    for (const ChatMessage &message : answerableHistory(chat.messages)) {
        const QString words = wordsOf(message);
        if (words.isEmpty())
            continue;
        const QString role = message.role == ChatRole::User ? u"USER"_s : u"CHATBOT"_s;
        history.append(QJsonObject{{u"role"_s, role}, {u"message"_s, words}});
        prompt += (prompt.isEmpty() ? QString() : u"\n\n"_s) + words;
    }
    // The first models of the maker go on with a text and know no conversation.
    const bool talks = chat.model.contains("command-r"_L1);
    if (talks) {
        // The newest message stands for itself.
        body.insert("message"_L1, history.isEmpty() ? QString() : history.last()["message"_L1].toString());
        if (!history.isEmpty())
            history.removeLast();
        if (!history.isEmpty())
            body.insert("chat_history"_L1, history);
        if (!isBlank(chat.system))
            body.insert("preamble"_L1, wellFormed(chat.system));
        if (chat.seed)
            body.insert("seed"_L1, *chat.seed);
    } else {
        const QString system = isBlank(chat.system) ? QString() : wellFormed(chat.system) + u"\n\n"_s;
        body.insert("prompt"_L1, QString(system + prompt));
        body.insert("stream"_L1, true);
    }
    if (chat.maxOutputTokens)
        body.insert("max_tokens"_L1, *chat.maxOutputTokens);
    if (chat.temperature)
        body.insert("temperature"_L1, *chat.temperature);
    if (chat.topP)
        body.insert("p"_L1, *chat.topP);
    if (!chat.stop.isEmpty())
        body.insert("stop_sequences"_L1, QJsonArray::fromStringList(chat.stop));
    return body;
}

void insertFilled(QJsonObject &object, QLatin1StringView member, const QJsonObject &value)
{
    if (!value.isEmpty())
        object.insert(member, value);
}

// What a tool of the server was given, as code where it is that.
QByteArray codeOf(const QString &input)
{
    const QJsonObject arguments = QJsonDocument::fromJson(input.toUtf8()).object();
    QString code = input;
    for (const auto member : {"snippet"_L1, "code"_L1}) {
        if (arguments[member].isString())
            code = arguments[member].toString();
    }
    return jsonText(code);
}

QJsonObject converseBody(const ChatRequest &chat)
{
    const QList<ChatMessage> history = inRounds(answerableHistory(chat.messages));
    const QJsonObject thinking = thinkingFields(chat);
    QJsonObject body{{u"messages"_s, messagesOf(history)}};
    if (!isBlank(chat.system))
        body.insert("system"_L1, QJsonArray{textBlock(chat.system)});
    insertFilled(body, "inferenceConfig"_L1, inferenceConfig(chat, !thinking.isEmpty()));
    insertFilled(body, "additionalModelRequestFields"_L1, thinking);
    if (const QJsonArray tools = toolsOf(chat, history); !tools.isEmpty())
        body.insert("toolConfig"_L1, QJsonObject{{u"tools"_s, tools}});
    return body;
}

} // namespace

std::unique_ptr<Dialect> Bedrock::clone() const
{
    return std::make_unique<Bedrock>(*this);
}

QList<DialectOption> Bedrock::options() const
{
    return {
        {.name = "region"_L1, .scope = DialectOption::Scope::Provider, .fallback = usualRegion},
        // The other is InvokeModelWithResponseStream.
        {.name = operationOption, .scope = DialectOption::Scope::Provider, .fallback = converseOperation}};
}

ExchangeRequest Bedrock::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const bool isChosen = endpoint.options.value(QString(operationOption)) == invokeOperation;
    const bool invokes = isChosen && (isClaude(chat.model) || isCohere(chat.model));
    HttpRequest request;
    request.url = resourceUrl(endpoint, "bedrock-runtime"_L1,
                              "/model/" + QUrl::toPercentEncoding(chat.model)
                                  + (invokes ? "/invoke-with-response-stream" : "/converse-stream"));
    request.headers = {{"Content-Type", "application/json"}};
    request.body = compactJson(!invokes                   ? converseBody(chat)
                                   : isClaude(chat.model) ? anthropicBody(chat)
                                                          : cohereBody(chat));
    authorize(request, endpoint);
    request.headers.emplaceBack("Accept", "application/vnd.amazon.eventstream");
    return request;
}

void Bedrock::head(const ResponseHead &head)
{
    const auto id = std::ranges::find_if(
        head.headers, [](const auto &header) { return header.first == "x-amzn-requestid"; });
    if (id != head.headers.end())
        m_id = QString::fromLatin1(id->second.left(128));
}

void Bedrock::frame(const Frame &frame, EventWriter &out)
{
    const auto text = [](std::string_view bytes) { return QString::fromUtf8(QByteArrayView(bytes)); };
    const std::optional<json::Value> payload = m_reader.read(QByteArrayView(frame.data));
    switch (frame.kind) {
    case FrameKind::Exception: {
        const QString message = payload ? messageIn(*payload) : excerpt(QByteArrayView(frame.data));
        out.fail(errorNamed(text(frame.type.substr(0, 128)), message));
        break;
    }
    case FrameKind::Error:
        out.fail(errorNamed(text(frame.type.substr(0, 128)),
                            excerpt(QByteArrayView(frame.textHeader(":error-message")))));
        break;
    case FrameKind::Event:
        if (payload && payload->isObject())
            event(frame.type, *payload, out);
        else
            out.unknown();
        break;
    case FrameKind::Other:
        break;
    }
}

void Bedrock::event(std::string_view name, const json::Value &payload, EventWriter &out)
{
    if (name == "messageStart") {
        out.started(m_id, {});
    } else if (name == "contentBlockStart") {
        blockStart(payload, out);
    } else if (name == "contentBlockDelta") {
        blockDelta(payload, out);
    } else if (name == "contentBlockStop") {
        blockStop(blockOf(payload), out);
        m_blocks.erase(payload["contentBlockIndex"_L1].integer().value_or(0));
    } else if (name == "messageStop") {
        stop(payload["stopReason"_L1], out);
    } else if (name == "metadata") {
        usage(payload["usage"_L1], out);
        m_hasUsage = true;
        complete(out);
    } else if (name == "chunk") {
        chunk(payload, out);
    } else {
        out.unknown();
    }
}

// InvokeModel wraps what the model's maker sends; Amazon's own models send the events of Converse.
void Bedrock::chunk(const json::Value &payload, EventWriter &out)
{
    const QByteArray bytes = QByteArray::fromBase64(payload["bytes"_L1].string().toLatin1());
    const std::optional<json::Value> wrapped = m_innerReader.read(bytes);
    if (!wrapped) {
        out.unknown();
        return;
    }
    const auto [type, kind, isFinished] = wrapped->members("type"_L1, "event_type"_L1, "is_finished"_L1);
    if (AnthropicEvents::isEventName(type) || type == "error"_L1) {
        anthropicEvent(*wrapped, out);
    } else if (kind.isString() || isFinished.boolean()) {
        cohereEvent(*wrapped, out);
    } else {
        wrapped->forEachMember([&](const QString &name, const json::Value &value) {
            if (value.isObject() && name != metricsMember)
                event(name.toStdString(), value, out);
        });
    }
}

void Bedrock::anthropicEvent(const json::Value &event, EventWriter &out)
{
    if (event["type"_L1] == "error"_L1) {
        m_anthropic.close(out);
        out.fail(anthropicError(event));
        return;
    }
    switch (m_anthropic.event(event, {}, out)) {
    case AnthropicEvents::Outcome::Unknown:
        out.unknown();
        break;
    case AnthropicEvents::Outcome::Read:
        out.usage(m_anthropic.usage());
        break;
    case AnthropicEvents::Outcome::Stopped:
        anthropicEnd(out);
        out.complete();
        break;
    }
}

void Bedrock::anthropicEnd(EventWriter &out)
{
    m_anthropic.close(out);
    if (const auto reason = m_anthropic.finishReason())
        out.finished(*reason);
}

// Of the maker's older models, too, whose events have no names.
void Bedrock::cohereEvent(const json::Value &event, EventWriter &out)
{
    const auto [kind, id, text, isFinished, reason, metrics] = event.members(
        "event_type"_L1, "generation_id"_L1, "text"_L1, "is_finished"_L1, "finish_reason"_L1, metricsMember);
    const bool isText = !kind.isString() || kind == "text-generation"_L1;
    if (isText || kind == "stream-start"_L1)
        out.started(id.isTruthy() ? id.string() : m_id, {});
    if (isText)
        out.text(text.string());
    if (metrics.isObject())
        out.usage({.inputTokens = metrics["inputTokenCount"_L1].integer(),
                   .outputTokens = metrics["outputTokenCount"_L1].integer(),
                   .reasoningTokens = {},
                   .cachedTokens = {}});
    if (!isFinished.boolean().value_or(false))
        return;
    const auto row =
        std::ranges::find_if(cohereReasons, [&](const auto &known) { return reason == known.name; });
    if (row == cohereReasons.end() && reason.string().startsWith("ERROR"_L1)) {
        out.fail({.kind = NetError::Kind::Server,
                  .code = excerpt(reason.string().toUtf8()),
                  .message = u"finish_reason: "_s + excerpt(reason.string().toUtf8())});
        return;
    }
    out.finished(row == cohereReasons.end() ? FinishReason::Other : row->reason);
    out.complete();
}

Bedrock::Block &Bedrock::blockOf(const json::Value &payload)
{
    const qint64 place = payload["contentBlockIndex"_L1].integer().value_or(0);
    // Far more blocks than an answer has are not open at a time: then the last one stands for the rest.
    if (m_blocks.size() > limits::toolCalls && !m_blocks.contains(place))
        return m_blocks.rbegin()->second;
    return m_blocks[place];
}

void Bedrock::blockStart(const json::Value &payload, EventWriter &out)
{
    Block &block = blockOf(payload);
    const auto [use, result, picture] =
        payload["start"_L1].members("toolUse"_L1, "toolResult"_L1, "image"_L1);
    if (use.isObject()) {
        toolUse(use, block, out);
    } else if (result.isObject()) {
        block.isResult = true;
        block.serverTool = result["toolUseId"_L1].string();
        block.name = result["type"_L1].string();
        block.failed = result["status"_L1] == "error"_L1;
    } else if (picture.isObject()) {
        block.imageFormat = picture["format"_L1].string();
    }
}

void Bedrock::toolUse(const json::Value &toolUse, Block &block, EventWriter &out)
{
    const auto [id, name, type] = toolUse.members("toolUseId"_L1, "name"_L1, "type"_L1);
    if (type == "server_tool_use"_L1) {
        block.serverTool = id.string();
        block.name = name.string();
        out.status({.stage = block.name, .message = {}, .state = event::Status::State::Running});
    } else {
        block.call = out.toolCall(id.string(), id.string(), name.string());
    }
}

void Bedrock::blockDelta(const json::Value &payload, EventWriter &out)
{
    Block &block = blockOf(payload);
    const auto [text, use, thoughts, results, citation, picture] = payload["delta"_L1].members(
        "text"_L1, "toolUse"_L1, "reasoningContent"_L1, "toolResult"_L1, "citation"_L1, "image"_L1);
    out.text(text.string());
    const QString input = use["input"_L1].string();
    if (block.call)
        out.toolArguments(*block.call, input);
    else if (block.input.size() + input.size() <= static_cast<qsizetype>(limits::toolArguments))
        block.input += input;
    reasoning(thoughts, block, out);
    results.forEach([&](const json::Value &item) {
        const auto [said, value] = item.members("text"_L1, "json"_L1);
        const QString result = (said.isString() ? said : value).text();
        if (block.result.size() + result.size() <= static_cast<qsizetype>(limits::toolArguments))
            block.result += result;
    });
    if (citation.isObject()) {
        const auto [location, title] = citation.members("location"_L1, "title"_L1);
        out.source(location["web"_L1]["url"_L1].string(), title.string());
    }
    if (picture.isObject())
        image(picture, block.imageFormat, out);
}

void Bedrock::reasoning(const json::Value &content, Block &block, EventWriter &out)
{
    const auto [text, signature, redacted] = content.members("text"_L1, "signature"_L1, "redactedContent"_L1);
    const QString thought = text.string();
    // Past the bound the writer ends the answer.
    if (block.thought.size() <= static_cast<qsizetype>(limits::messageText)) {
        block.thought += thought;
        block.signature += signature.string();
        block.redacted += QByteArray::fromBase64(redacted.string().toLatin1());
    }
    out.reasoning(thought);
}

// What goes back is whole only now. Thoughts that were cut off before their signature do not.
void Bedrock::blockStop(Block &block, EventWriter &out)
{
    QJsonObject opaque;
    if (!block.signature.isEmpty())
        opaque.insert("reasoningText"_L1,
                      QJsonObject{{u"text"_s, wellFormed(block.thought)}, {u"signature"_s, block.signature}});
    else if (!block.redacted.isEmpty())
        opaque.insert("redactedContent"_L1, QString::fromLatin1(block.redacted.toBase64()));
    if (!opaque.isEmpty())
        out.opaqueReasoning(m_opaques++, QString::fromUtf8(compactJson(opaque)));
    if (block.isResult) {
        out.toolResult({.id = block.serverTool,
                        .name = block.name,
                        .content = block.result,
                        .isError = block.failed,
                        .preliminary = false});
    } else if (!block.serverTool.isEmpty()) {
        out.artifact({.id = block.serverTool,
                      .kind = event::Artifact::Kind::Code,
                      .title = block.name,
                      .append = false,
                      .data = codeOf(block.input)});
        out.status({.stage = block.name, .message = {}, .state = event::Status::State::Done});
    }
    block = {};
}

void Bedrock::image(const json::Value &image, const QString &format, EventWriter &out)
{
    const QString data = image["source"_L1]["bytes"_L1].string();
    const QString told = image["format"_L1].string();
    if (data.isEmpty())
        return;
    const QJsonObject value{
        {u"mimeType"_s, QString(u"image/"_s + wellFormed(told.isEmpty() ? format : told))},
        {u"data"_s, data}};
    out.artifact({.id = u"image-%1"_s.arg(++m_images),
                  .kind = event::Artifact::Kind::Image,
                  .title = {},
                  .append = false,
                  .data = compactJson(value)});
}

void Bedrock::stop(const json::Value &reason, EventWriter &out)
{
    if (reason == "malformed_model_output"_L1 || reason == "malformed_tool_use"_L1) {
        out.fail({.kind = NetError::Kind::Server,
                  .code = reason.string(),
                  .message = u"stopReason: "_s + reason.string()});
        return;
    }
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return reason == known.name; });
    FinishReason meant = row == namedReasons.end() ? FinishReason::Other : row->reason;
    // The service's own tools end with their reason, too.
    if (meant == FinishReason::ToolCalls && !out.hasToolCalls())
        meant = FinishReason::Stop;
    out.finished(meant);
    m_stopped = true;
    complete(out);
}

void Bedrock::usage(const json::Value &counts, EventWriter &out)
{
    if (!counts.isObject())
        return;
    const auto [input, output, read, written] = counts.members(
        "inputTokens"_L1, "outputTokens"_L1, "cacheReadInputTokens"_L1, "cacheWriteInputTokens"_L1);
    // What went through the cache is not in the count of the input.
    std::optional<qint64> prompt = input.integer();
    if (prompt)
        *prompt += read.integer().value_or(0) + written.integer().value_or(0);
    out.usage({.inputTokens = prompt,
               .outputTokens = output.integer(),
               .reasoningTokens = {},
               .cachedTokens = read.integer()});
}

// The counts come after the reason, but some gateways turn the two around.
void Bedrock::complete(EventWriter &out)
{
    if (m_stopped && m_hasUsage)
        out.complete();
}

void Bedrock::finish(bool clean, EventWriter &out)
{
    anthropicEnd(out);
    if (clean && m_stopped)
        out.complete();
}

bool Bedrock::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value || !(*value)["output"_L1]["message"_L1].isObject())
        return false;
    out.started(m_id, {});
    qint64 place = 0;
    (*value)["output"_L1]["message"_L1]["content"_L1].forEach(
        [&](const json::Value &block) { content(block, place++, out); });
    usage((*value)["usage"_L1], out);
    stop((*value)["stopReason"_L1], out);
    finish(true, out);
    return true;
}

// A block of an answer that came at once.
void Bedrock::content(const json::Value &block, qint64 place, EventWriter &out)
{
    const auto [text, use, thoughts, picture] =
        block.members("text"_L1, "toolUse"_L1, "reasoningContent"_L1, "image"_L1);
    Block &open = m_blocks[place];
    out.text(text.string());
    if (use.isObject()) {
        toolUse(use, open, out);
        const QString input = QString::fromUtf8(use["input"_L1].compact());
        if (open.call)
            out.toolArguments(*open.call, input);
        else
            open.input = input;
    }
    reasoning(thoughts["reasoningText"_L1], open, out);
    open.redacted = QByteArray::fromBase64(thoughts["redactedContent"_L1].string().toLatin1());
    if (picture.isObject())
        image(picture, {}, out);
    blockStop(open, out);
}

NetError Bedrock::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    NetError error = Dialect::errorFor(head, body);
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    QString name;
    for (const auto &[header, value] : head.headers) {
        if (header == "x-amzn-errortype")
            name = QString::fromLatin1(value).section(u':', 0, 0);
    }
    if (document && name.isEmpty())
        name = (*document)["__type"_L1].string().section(u'#', -1);
    if (document) {
        if (const QString message = messageIn(*document); !message.isEmpty())
            error.message = message;
    }
    if (!name.isEmpty()) {
        error.code = wellFormed(name.left(128));
        error.kind = kindOf(name).value_or(error.kind);
    }
    return error;
}

std::optional<HttpRequest> Bedrock::modelsRequest(const Endpoint &endpoint) const
{
    // The list is at another host of the same region; a gateway's own address tells nothing of it.
    const QString host = endpoint.baseUrl.host();
    if (!host.isEmpty() && !host.endsWith(".amazonaws.com"_L1))
        return std::nullopt;
    Endpoint control = endpoint;
    control.options.insert(u"region"_s, regionOf(endpoint));
    control.baseUrl.clear();
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(control, "bedrock"_L1, "/foundation-models?byOutputModality=TEXT");
    authorize(request, control);
    request.headers.emplaceBack("Accept", "application/json");
    return request;
}

std::optional<QList<ListedModel>> Bedrock::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document || !(*document)["modelSummaries"_L1].isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    (*document)["modelSummaries"_L1].forEach([&](const json::Value &item) {
        const auto [id, maker, streams] =
            item.members("modelId"_L1, "providerName"_L1, "responseStreamingSupported"_L1);
        isList = isList && id.isTruthy();
        if (streams.boolean().value_or(true))
            models.append({.id = id.string(), .ownedBy = maker.string()});
    });
    return isList ? std::optional(models) : std::nullopt;
}

} // namespace rivulet
