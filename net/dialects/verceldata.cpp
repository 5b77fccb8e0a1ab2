// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/verceldata.h"

#include "net/dialects/aisdk.h"
#include "net/dialects/attachment.h"
#include "net/dialects/history.h"
#include "net/dialects/messageids.h"
#include "net/dialects/surrogatejoiner.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qnumeric.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

QHash<QString, content::ToolResult> resultsIn(const QList<ChatMessage> &messages)
{
    QHash<QString, content::ToolResult> results;
    for (const ChatMessage &message : messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *result = std::get_if<content::ToolResult>(&part))
                results.insert(result->id, *result);
        }
    }
    return results;
}

QJsonObject saidMessage(const ChatMessage &message)
{
    QString text = message.text();
    QJsonArray attachments;
    for (const ContentPart &part : message.parts) {
        const auto *file = std::get_if<content::Attachment>(&part);
        if (file && isTextFile(*file))
            text += (text.isEmpty() ? u""_s : u"\n\n"_s) + asText(*file);
        else if (file)
            attachments.append(QJsonObject{{u"name"_s, wellFormed(file->name)},
                                           {u"contentType"_s, QString::fromLatin1(file->mediaType)},
                                           {u"url"_s, dataUrl(*file)}});
    }
    QJsonObject said{{u"role"_s, u"user"_s},
                     {u"content"_s, wellFormed(text)},
                     {u"parts"_s, QJsonArray{aisdk::textPart(text)}}};
    if (!attachments.isEmpty())
        said.insert("experimental_attachments"_L1, attachments);
    return said;
}

// Reasoning goes back with what signs it, or hides it, and not at all without.
QJsonObject reasoningPart(const content::Reasoning &reasoning)
{
    QJsonArray details;
    QString signature;
    for (const QString &opaque : reasoning.opaque) {
        const QJsonObject sent = QJsonDocument::fromJson(opaque.toUtf8()).object();
        if (sent.contains("signature"_L1))
            signature = sent["signature"_L1].toString();
        else if (sent.contains("data"_L1))
            details.append(QJsonObject{{u"type"_s, u"redacted"_s}, {u"data"_s, sent["data"_L1]}});
    }
    const QString text = wellFormed(reasoning.text);
    if (!signature.isEmpty())
        details.prepend(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}, {u"signature"_s, signature}});
    return {{u"type"_s, u"reasoning"_s},
            {u"reasoning"_s, signature.isEmpty() ? QString() : text},
            {u"details"_s, details}};
}

QJsonObject assistantMessage(const ChatMessage &message, const QHash<QString, content::ToolResult> &results)
{
    QJsonArray parts;
    QJsonArray invocations;
    bool afterTool = false;
    for (const ContentPart &part : message.parts) {
        QJsonObject sent;
        bool isTool = false;
        if (const auto *said = std::get_if<content::Text>(&part)) {
            sent = aisdk::textPart(said->text);
        } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
            if (reasoning->opaque.isEmpty())
                continue;
            sent = reasoningPart(*reasoning);
        } else if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            isTool = true;
            const QJsonObject invocation{
                {u"state"_s, u"result"_s},
                {u"toolCallId"_s, wellFormed(call->id)},
                {u"toolName"_s, wellFormed(call->name)},
                {u"args"_s, QJsonDocument::fromJson(call->arguments.toUtf8()).object()},
                {u"result"_s, aisdk::toolOutput(wellFormed(results.value(call->id).content))}};
            invocations.append(invocation);
            sent = {{u"type"_s, u"tool-invocation"_s}, {u"toolInvocation"_s, invocation}};
        } else {
            continue;
        }
        // What the model said after a tool's result belongs to its next step.
        if (afterTool && !isTool)
            parts.append(QJsonObject{{u"type"_s, u"step-start"_s}});
        afterTool = isTool;
        parts.append(sent);
    }
    QJsonObject said{
        {u"role"_s, u"assistant"_s}, {u"content"_s, wellFormed(message.text())}, {u"parts"_s, parts}};
    if (!invocations.isEmpty())
        said.insert("toolInvocations"_L1, invocations);
    return said;
}

QJsonArray messagesOf(const ChatRequest &chat)
{
    QJsonArray messages;
    MessageIds ids(chat.conversation);
    if (!chat.system.isEmpty())
        messages.append(QJsonObject{{u"role"_s, u"system"_s},
                                    {u"content"_s, wellFormed(chat.system)},
                                    {u"parts"_s, QJsonArray{aisdk::textPart(chat.system)}}});
    const QHash<QString, content::ToolResult> results = resultsIn(chat.messages);
    for (const ChatMessage &message : answerableHistory(chat.messages)) {
        QJsonObject sent;
        if (message.role == ChatRole::Assistant)
            sent = assistantMessage(message, results);
        else if (hasOwnWords(message))
            sent = saidMessage(message);
        else
            continue;
        sent.insert("id"_L1, ids.next(message.role, sent));
        messages.append(sent);
    }
    return messages;
}

void add(std::optional<qint64> &sum, const std::optional<qint64> &count)
{
    qint64 result = 0;
    if (count && !qAddOverflow(sum.value_or(0), *count, &result))
        sum = result;
}

} // namespace

std::unique_ptr<Dialect> VercelData::clone() const
{
    return std::make_unique<VercelData>(*this);
}

QList<DialectOption> VercelData::options() const
{
    return {{.name = aisdk::extraBody, .scope = DialectOption::Scope::Provider, .fallback = "{}"_L1}};
}

ExchangeRequest VercelData::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonObject body{{u"id"_s, chat.conversation}, {u"messages"_s, messagesOf(chat)}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    return aisdk::chatRequest(body, endpoint, "text/plain, text/event-stream;q=0.5");
}

void VercelData::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView line(frame.data);
    const qsizetype colon = line.indexOf(':');
    // A bare value is no document to the reader; in a list each is.
    const auto list = colon <= 0
        ? std::nullopt
        : m_reader.read(QByteArray('[' + line.sliced(colon + 1).toByteArray() + ']'));
    if (!list || !part(line.first(colon).trimmed(), list->first(), out))
        out.unknown();
}

bool VercelData::part(QByteArrayView code, const json::Value &value, EventWriter &out)
{
    if (code.size() != 1)
        return extension(code, value, out);
    switch (code.front()) {
    case '0':
        out.text(value.string());
        return true;
    case '2':
        list("data"_L1, value, out);
        return true;
    case '3':
        out.fail({.kind = NetError::Kind::Server, .message = value.text()});
        return true;
    case '8':
        list("annotations"_L1, value, out);
        return true;
    case '9':
        out.wholeToolArguments(toolCall(value, out), QString::fromUtf8(value["args"_L1].compact()));
        return true;
    case 'a':
        toolResult(value, out);
        return true;
    case 'b':
        static_cast<void>(toolCall(value, out));
        return true;
    case 'c':
        out.toolArguments(toolCall(value, out), value["argsTextDelta"_L1].string());
        return true;
    case 'd':
        // A line that was cut off after its code ends nothing.
        if (!value.isObject())
            return false;
        finishMessage(value, out);
        return true;
    case 'e':
        stepUsage(value["usage"_L1], out);
        return true;
    case 'f':
        out.started(value["messageId"_L1].string(), {});
        return true;
    case 'g':
        out.reasoning(value.string());
        return true;
    case 'h':
        out.source(value["url"_L1].string(), value["title"_L1].string());
        return true;
    case 'i':
    case 'j':
        opaque(value, out);
        return true;
    case 'k':
        file(value, out);
        return true;
    default:
        return false;
    }
}

bool VercelData::extension(QByteArrayView code, const json::Value &value, EventWriter &out)
{
    const auto delta = [&] {
        const QString text = value["textDelta"_L1].string();
        return text.isEmpty() ? value["reasoningDelta"_L1].string() : text;
    };
    if (code == "aui-text-delta") {
        out.text(delta());
    } else if (code == "aui-reasoning-delta") {
        out.reasoning(delta());
    } else if (code == "aui-data") {
        const QString name = value["name"_L1].string();
        out.artifact({.id = u"data-"_s + name,
                      .kind = aisdk::artifactKind(name),
                      .title = name,
                      .append = false,
                      .data = value["data"_L1].compact()});
    } else {
        // Its parts' beginnings and its own state say nothing to read.
        return code.startsWith("aui-");
    }
    return true;
}

int VercelData::toolCall(const json::Value &value, EventWriter &out)
{
    const QString id = value["toolCallId"_L1].string();
    const QString name = value["toolName"_L1].string();
    if (!name.isEmpty() && out.isOpen())
        m_toolNames.insert(id, name);
    return out.toolCall(id, id, name);
}

void VercelData::toolResult(const json::Value &value, EventWriter &out)
{
    const QString id = value["toolCallId"_L1].string();
    out.toolResult({.id = id,
                    .name = m_toolNames.value(id),
                    .content = value["result"_L1].text(),
                    .isError = value["isError"_L1].boolean().value_or(false),
                    .preliminary = false});
}

void VercelData::opaque(const json::Value &value, EventWriter &out)
{
    out.opaqueReasoning(m_opaque++, QString::fromUtf8(value.compact()));
}

void VercelData::list(QLatin1StringView name, const json::Value &items, EventWriter &out)
{
    if (items.isArray() && items.isTruthy())
        out.artifact({.id = name,
                      .kind = event::Artifact::Kind::Code,
                      .title = name,
                      .append = true,
                      .data = items.compact()});
}

void VercelData::file(const json::Value &value, EventWriter &out)
{
    const bool isPicture = value["mimeType"_L1].string().startsWith("image/"_L1);
    out.artifact({.id = u"file-%1"_s.arg(++m_files),
                  .kind = isPicture ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                  .title = value["filename"_L1].string(),
                  .append = false,
                  .data = value.compact()});
}

// Each step counts for itself; the end of the message counts them all.
void VercelData::stepUsage(const json::Value &counts, EventWriter &out)
{
    const Usage step = aisdk::usageIn(counts);
    add(m_usage.inputTokens, step.inputTokens);
    add(m_usage.outputTokens, step.outputTokens);
    out.usage(m_usage);
}

void VercelData::finishMessage(const json::Value &value, EventWriter &out)
{
    const json::Value reason = value["finishReason"_L1];
    out.usage(aisdk::usageIn(value["usage"_L1]));
    if (reason == "error"_L1)
        out.fail({.kind = NetError::Kind::Server, .code = u"error"_s, .message = u"finishReason: error"_s});
    else if (reason.isTruthy() && reason != "unknown"_L1)
        out.finished(aisdk::finishReason(reason));
    out.complete();
}

} // namespace rivulet
