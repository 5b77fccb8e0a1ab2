// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/anthropicrequest.h"

#include "net/dialects/attachment.h"
#include "net/dialects/surrogatejoiner.h"

#include <QtCore/qhash.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qset.h>
#include <QtCore/qstringconverter.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace rivulet::anthropic {

using namespace Qt::StringLiterals;

namespace {

// What differs between models, told by their names since no server says it.
class Model
{
public:
    explicit Model(const QString &name)
    {
        if (!name.contains("claude"_L1, Qt::CaseInsensitive))
            return;
        static const QRegularExpression version(u"claude-(?:[a-z]+-)?(\\d+)(?:[-.](\\d{1,2}))?(?!\\d)"_s,
                                                QRegularExpression::CaseInsensitiveOption);
        const QRegularExpressionMatch match = version.match(name);
        m_version = match.hasMatch() ? match.captured(1).toInt() * 100 + match.captured(2).toInt() : newest;
    }

    [[nodiscard]] bool isClaude() const { return m_version.has_value(); }
    [[nodiscard]] bool thinks() const { return !m_version || *m_version >= 307; }
    [[nodiscard]] bool takesPrefill() const { return !m_version || *m_version < 406; }
    [[nodiscard]] bool thinksAdaptively() const { return m_version && *m_version >= 406; }
    [[nodiscard]] bool takesDisabledThinking() const { return !m_version || *m_version < 407; }
    [[nodiscard]] bool takesSampling() const { return !m_version || *m_version < 407; }

    // A bound is required. This one is high enough for any answer and not beyond what the model takes.
    [[nodiscard]] int maxTokens() const
    {
        if (!m_version)
            return 8192;
        if (*m_version >= 405)
            return 64000;
        if (*m_version >= 307)
            return 32000;
        return *m_version >= 305 ? 8192 : 4096;
    }

private:
    static constexpr int newest = 99999;

    std::optional<int> m_version; // 406 for 4.6; empty for models that are not Claude
};

// Tokens to think with, where a model wants a number.
int thinkingBudget(ReasoningEffort effort)
{
    switch (effort) {
    case ReasoningEffort::None:
    case ReasoningEffort::Minimal:
        return 1024;
    case ReasoningEffort::Low:
        return 4096;
    case ReasoningEffort::Medium:
        return 8192;
    case ReasoningEffort::High:
        return 16384;
    case ReasoningEffort::Max:
        return 24576;
    }
    Q_UNREACHABLE_RETURN(1024);
}

QLatin1StringView effortName(ReasoningEffort effort)
{
    const bool least = effort == ReasoningEffort::None || effort == ReasoningEffort::Minimal;
    return toName(least ? ReasoningEffort::Low : effort);
}

QJsonObject textBlock(const QString &text)
{
    return {{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(text)}};
}

QJsonObject fileBlock(const QString &type, const content::Attachment &file)
{
    return {{u"type"_s, type},
            {u"source"_s,
             QJsonObject{{u"type"_s, u"base64"_s},
                         {u"media_type"_s, QString::fromLatin1(file.mediaType)},
                         {u"data"_s, base64(file)}}}};
}

bool isUtf8(const QByteArray &data)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(data);
    return !decoder.hasError() && !text.contains(QChar(0));
}

QJsonObject attachmentBlock(const content::Attachment &file)
{
    if (isImage(file) && file.mediaType != "image/svg+xml")
        return fileBlock(u"image"_s, file);
    const bool isPdf = file.mediaType == "application/pdf";
    if (isTextFile(file) || (!isPdf && isUtf8(file.data)))
        return textBlock(asText(file));
    // Of other files the server says by itself that it does not take them.
    QJsonObject document = fileBlock(u"document"_s, file);
    if (!file.name.isEmpty())
        document.insert("title"_L1, wellFormed(file.name));
    return document;
}

bool isType(const QJsonObject &block, QLatin1StringView type)
{
    return block["type"_L1].toString() == type;
}

bool isThinking(const QJsonObject &block)
{
    return isType(block, "thinking"_L1) || isType(block, "redacted_thinking"_L1);
}

bool isServerToolUse(const QJsonObject &block)
{
    return isType(block, "server_tool_use"_L1) || isType(block, "mcp_tool_use"_L1);
}

bool isServerToolResult(const QJsonObject &block)
{
    return block["type"_L1].toString().endsWith("_tool_result"_L1);
}

// The API's rule for the names of tools and calls, which other protocols do not share.
QString asName(const QString &name)
{
    QString result = name;
    for (QChar &c : result) {
        const bool allowed = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
            || c == u'_' || c == u'-';
        if (!allowed)
            c = u'_';
    }
    return result.isEmpty() ? u"unnamed"_s : result;
}

// The blocks of an answer that were kept to be sent back as they came.
QList<QJsonObject> keptBlocks(const content::Reasoning &reasoning)
{
    QList<QJsonObject> blocks;
    for (const QString &opaque : reasoning.opaque) {
        const QJsonObject block = QJsonDocument::fromJson(opaque.toUtf8()).object();
        const bool known = isThinking(block) || isServerToolUse(block) || isServerToolResult(block)
            || isType(block, "compaction"_L1) || isType(block, "fallback"_L1);
        if (known)
            blocks.append(block);
    }
    return blocks;
}

// Builds the messages of a request out of a history in which anything may be missing.
class Messages
{
public:
    explicit Messages(const QList<ChatMessage> &history);

    [[nodiscard]] QJsonArray toJson() const;
    [[nodiscard]] bool isEmpty() const { return m_messages.empty(); }
    [[nodiscard]] const QSet<QString> &toolNames() const { return m_toolNames; }

    // Whether the model itself is to go on with the last message.
    [[nodiscard]] bool endsWithAnswer() const
    {
        return !isEmpty() && m_messages.back().role == ChatRole::Assistant;
    }
    // Whether it ends with work of the server, which any model goes on with.
    [[nodiscard]] bool endsPaused() const
    {
        return endsWithAnswer()
            && (isServerToolUse(m_messages.back().blocks.last())
                || isServerToolResult(m_messages.back().blocks.last()));
    }
    // Whether tools were called in an answer that goes on and that does not begin with signed thoughts.
    [[nodiscard]] bool endsWithUnsignedCalls() const;

    void addInstruction(const QString &text) { add(ChatRole::User, textBlock(text)); }

private:
    struct Message
    {
        ChatRole role;
        QList<QJsonObject> blocks;
    };
    struct OpenCall
    {
        QString id; // in the history
        QString sentId;
    };

    void add(ChatRole role, const QJsonObject &block);
    void addAnswer(const ChatMessage &message);
    void addKept(const QList<QJsonObject> &blocks);
    void addCall(const content::ToolCall &call);
    void addText(QString &text);
    void closeCalls();
    void trimEnds();

    std::vector<Message> m_messages;
    QHash<QString, QList<content::ToolResult>> m_results; // by the call's id, not yet used
    QList<OpenCall> m_openCalls;                          // calls whose results come next
    QSet<QString> m_sentIds;
    QSet<QString> m_toolNames;
    QSet<QString> m_serverCalls; // run by the server: sent back as blocks of its own
};

Messages::Messages(const QList<ChatMessage> &history)
{
    for (const ChatMessage &message : history) {
        for (const ContentPart &part : message.parts) {
            if (const auto *result = std::get_if<content::ToolResult>(&part))
                m_results[result->id].append(*result);
        }
    }
    for (const ChatMessage &message : history) {
        if (message.role == ChatRole::Assistant) {
            addAnswer(message);
        } else {
            closeCalls();
            for (const QJsonValueConstRef block : userBlocks(message))
                add(ChatRole::User, block.toObject());
        }
    }
    closeCalls();
    trimEnds();
}

void Messages::add(ChatRole role, const QJsonObject &block)
{
    if (m_messages.empty() || m_messages.back().role != role)
        m_messages.push_back({.role = role, .blocks = {}});
    m_messages.back().blocks.append(block);
}

void Messages::addAnswer(const ChatMessage &message)
{
    QString text;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            text += said->text;
        } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
            const QList<QJsonObject> blocks = keptBlocks(*reasoning);
            if (blocks.isEmpty())
                continue;
            addText(text);
            addKept(blocks);
        } else if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            addText(text);
            addCall(*call);
        } else if (const auto *result = std::get_if<content::ToolResult>(&part)) {
            const bool isOpen =
                std::ranges::any_of(m_openCalls, [&](const OpenCall &open) { return open.id == result->id; });
            if (isOpen) {
                addText(text);
                closeCalls();
            }
        }
    }
    addText(text);
}

void Messages::addKept(const QList<QJsonObject> &blocks)
{
    for (const QJsonObject &block : blocks) {
        if (isServerToolUse(block))
            m_serverCalls.insert(block["id"_L1].toString());
        else if (isServerToolResult(block) && !m_serverCalls.contains(block["tool_use_id"_L1].toString()))
            continue;
        add(ChatRole::Assistant, block);
    }
}

void Messages::addCall(const content::ToolCall &call)
{
    if (m_serverCalls.contains(call.id))
        return;
    const QJsonDocument arguments = QJsonDocument::fromJson(call.arguments.toUtf8());
    const auto openWithId =
        std::ranges::count_if(m_openCalls, [&](const OpenCall &open) { return open.id == call.id; });
    if (!arguments.isObject() || m_results.value(call.id).size() <= openWithId)
        return;
    const QString id = asName(call.id);
    QString sentId = id;
    for (int n = 2; m_sentIds.contains(sentId); ++n)
        sentId = id + u'_' + QString::number(n);
    m_sentIds.insert(sentId);
    m_openCalls.append({.id = call.id, .sentId = sentId});
    const QString name = asName(call.name);
    m_toolNames.insert(name);
    add(ChatRole::Assistant,
        {{u"type"_s, u"tool_use"_s}, {u"id"_s, sentId}, {u"name"_s, name}, {u"input"_s, arguments.object()}});
}

void Messages::addText(QString &text)
{
    const QString said = std::exchange(text, {});
    if (!said.trimmed().isEmpty())
        add(ChatRole::Assistant, textBlock(said));
}

// All results of the calls of one message come first in the next one.
void Messages::closeCalls()
{
    for (const OpenCall &call : std::exchange(m_openCalls, {})) {
        const content::ToolResult result = m_results[call.id].takeFirst();
        QJsonObject block{{u"type"_s, u"tool_result"_s}, {u"tool_use_id"_s, call.sentId}};
        if (!result.content.isEmpty())
            block.insert("content"_L1, wellFormed(result.content));
        if (result.isError)
            block.insert("is_error"_L1, true);
        add(ChatRole::User, block);
    }
}

// An answer may not end with a thought, and the last one not with white space. A use of the server's tools
// without its result is refused, unless it is where the answer goes on.
void Messages::trimEnds()
{
    QSet<QString> answered;
    for (const Message &message : m_messages) {
        for (const QJsonObject &block : message.blocks) {
            if (isServerToolResult(block))
                answered.insert(block["tool_use_id"_L1].toString());
        }
    }
    for (size_t i = 0; i < m_messages.size(); ++i) {
        Message &message = m_messages[i];
        if (message.role == ChatRole::User)
            continue;
        const bool isLast = i + 1 == m_messages.size();
        const qsizetype last = message.blocks.size() - 1;
        for (qsizetype at = last; at >= 0; --at) {
            const QJsonObject &block = message.blocks[at];
            const bool goesOn = isLast && at == message.blocks.size() - 1;
            if (isServerToolUse(block) && !goesOn && !answered.contains(block["id"_L1].toString()))
                message.blocks.removeAt(at);
        }
        while (!message.blocks.isEmpty() && isThinking(message.blocks.last()))
            message.blocks.removeLast();
        if (!isLast || message.blocks.isEmpty() || !isType(message.blocks.last(), "text"_L1))
            continue;
        QString text = message.blocks.last()["text"_L1].toString();
        while (!text.isEmpty() && text.back().isSpace())
            text.chop(1);
        message.blocks.last() = textBlock(text);
    }
    std::vector<Message> kept;
    for (Message &message : m_messages) {
        if (message.blocks.isEmpty())
            continue;
        if (!kept.empty() && kept.back().role == message.role)
            kept.back().blocks += message.blocks;
        else
            kept.push_back(std::move(message));
    }
    m_messages = std::move(kept);
}

bool Messages::endsWithUnsignedCalls() const
{
    const size_t size = m_messages.size();
    if (size < 2 || m_messages[size - 1].role != ChatRole::User
        || !isType(m_messages[size - 1].blocks.first(), "tool_result"_L1))
        return false;
    return !isThinking(m_messages[size - 2].blocks.first());
}

QJsonArray Messages::toJson() const
{
    QJsonArray messages;
    for (const Message &message : m_messages) {
        QJsonArray blocks;
        for (const QJsonObject &block : message.blocks)
            blocks.append(block);
        // A plain string is what every server of this form knows.
        const bool isPlain = message.blocks.size() == 1 && isType(message.blocks.first(), "text"_L1);
        messages.append(QJsonObject{
            {u"role"_s, message.role == ChatRole::User ? u"user"_s : u"assistant"_s},
            {u"content"_s, isPlain ? message.blocks.first()["text"_L1].toString() : QJsonValue(blocks)}});
    }
    return messages;
}

QJsonObject emptySchema()
{
    return {{u"type"_s, u"object"_s}, {u"properties"_s, QJsonObject()}};
}

QJsonArray toolsOf(const ChatRequest &chat, const QStringList &serverTools)
{
    QJsonArray tools;
    for (const ToolDefinition &tool : chat.tools) {
        const QJsonObject schema = QJsonDocument::fromJson(tool.parameters).object();
        QJsonObject definition{{u"name"_s, tool.name},
                               {u"input_schema"_s, schema.isEmpty() ? emptySchema() : schema}};
        if (!tool.description.isEmpty())
            definition.insert("description"_L1, tool.description);
        tools.append(definition);
    }
    for (const QString &type : serverTools)
        tools.append(QJsonObject{{u"type"_s, type}, {u"name"_s, type.section(u'_', 0, -2)}});
    return tools;
}

// A history with calls is refused without any tools; these are told, and not to be used.
void declareFormerTools(const QSet<QString> &names, QJsonObject &body)
{
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    QJsonArray tools;
    for (const QString &name : std::as_const(sorted))
        tools.append(QJsonObject{{u"name"_s, name}, {u"input_schema"_s, emptySchema()}});
    body.insert("tools"_L1, tools);
    body.insert("tool_choice"_L1, QJsonObject{{u"type"_s, u"none"_s}});
}

// Sets how hard the model thinks and returns whether it thinks at all as far as is known.
bool setThinking(const ChatRequest &chat, const Model &model, const Messages &messages, QJsonObject &body)
{
    if (!chat.reasoningEffort || !model.thinks())
        return false;
    const ReasoningEffort effort = *chat.reasoningEffort;
    if (model.thinksAdaptively())
        body.insert("output_config"_L1, QJsonObject{{u"effort"_s, effortName(effort)}});
    if (effort == ReasoningEffort::None) {
        if (model.takesDisabledThinking())
            body.insert("thinking"_L1, QJsonObject{{u"type"_s, u"disabled"_s}});
        return false;
    }
    if (model.thinksAdaptively()) {
        // The newest models hide their thoughts unless they are asked for them.
        body.insert("thinking"_L1, QJsonObject{{u"type"_s, u"adaptive"_s}, {u"display"_s, u"summarized"_s}});
        return true;
    }
    // Thinking is part of the bound on tokens, and the answer needs the larger part of a small one.
    constexpr int least = 1024;
    int budget = thinkingBudget(effort);
    if (chat.maxOutputTokens)
        budget = std::min(budget, *chat.maxOutputTokens / 2);
    else if (!model.isClaude())
        body.insert("max_tokens"_L1, budget + model.maxTokens());
    if (budget < least || messages.endsWithUnsignedCalls())
        return false;
    body.insert("thinking"_L1, QJsonObject{{u"type"_s, u"enabled"_s}, {u"budget_tokens"_s, budget}});
    return true;
}

// What models that think or are new refuse is left out: the answer matters more.
void setSampling(const ChatRequest &chat, const Model &model, bool thinks, QJsonObject &body)
{
    if (!model.takesSampling())
        return;
    constexpr double leastTopPWhileThinking = 0.95;
    if (chat.temperature && !thinks)
        body.insert("temperature"_L1, std::clamp(*chat.temperature, 0.0, 1.0));
    else if (chat.topP && (!thinks || *chat.topP >= leastTopPWhileThinking))
        body.insert("top_p"_L1, *chat.topP);
}

} // namespace

QJsonArray userBlocks(const ChatMessage &message)
{
    QJsonArray blocks;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            if (!said->text.trimmed().isEmpty())
                blocks.append(textBlock(said->text));
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            blocks.append(attachmentBlock(*file));
        }
    }
    return blocks;
}

QJsonObject requestBody(const ChatRequest &chat, const QStringList &serverTools)
{
    const Model model(chat.model);
    Messages messages(chat.messages);
    QJsonObject body{{u"stream"_s, true}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    if (!chat.system.trimmed().isEmpty())
        body.insert("system"_L1, wellFormed(chat.system));
    body.insert("max_tokens"_L1, chat.maxOutputTokens.value_or(model.maxTokens()));

    const bool thinks = setThinking(chat, model, messages, body);
    setSampling(chat, model, thinks, body);
    if (messages.endsWithAnswer() && !messages.endsPaused() && (thinks || !model.takesPrefill()))
        messages.addInstruction(u"Go on exactly where you stopped, without repeating anything."_s);
    body.insert("messages"_L1, messages.toJson());

    const QJsonArray tools = toolsOf(chat, serverTools);
    if (!tools.isEmpty())
        body.insert("tools"_L1, tools);
    else if (!messages.toolNames().isEmpty())
        declareFormerTools(messages.toolNames(), body);
    QStringList stop = chat.stop;
    stop.removeIf([](const QString &text) { return text.trimmed().isEmpty(); });
    if (!stop.isEmpty())
        body.insert("stop_sequences"_L1, QJsonArray::fromStringList(stop));
    return body;
}

} // namespace rivulet::anthropic
