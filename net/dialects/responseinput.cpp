// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/responseinput.h"

#include "net/dialects/attachment.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The servers' bound on the ids of calls and on the names of functions.
constexpr qsizetype longestId = 64;

// The id of a call as the protocol takes it. Hosted tools and other protocols have longer ones.
QString callId(const QString &id)
{
    if (id.size() <= longestId)
        return wellFormed(id);
    return QString::fromLatin1(QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256).toHex());
}

// The name of a function as the protocol takes it: other protocols allow more characters.
QString functionName(const QString &name)
{
    QString taken = name.left(longestId);
    for (QChar &c : taken) {
        const bool allowed = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
            || c == u'_' || c == u'-';
        if (!allowed)
            c = u'_';
    }
    return taken.isEmpty() ? u"tool"_s : taken;
}

QJsonObject textPart(QLatin1StringView type, const QString &text)
{
    return {{u"type"_s, type}, {u"text"_s, wellFormed(text)}};
}

QJsonObject filePart(const content::Attachment &file, const InputForm &form)
{
    if (isImage(file))
        return {{u"type"_s, u"input_image"_s}, {u"image_url"_s, dataUrl(file)}};
    if (isTextFile(file))
        return textPart("input_text"_L1, asText(file));
    if (form.files)
        return {{u"type"_s, u"input_file"_s},
                {u"filename"_s, wellFormed(file.name)},
                {u"file_data"_s, dataUrl(file)}};
    // Left out without a word, the answer would be about a file that the model never saw.
    return textPart("input_text"_L1, u"[%1 (%2)]"_s.arg(file.name, QString::fromLatin1(file.mediaType)));
}

// The items of one message, in the order in which they were said.
class MessageItems
{
public:
    MessageItems(QJsonArray &items, const ChatMessage &message, const InputForm &form, bool isLast)
        : m_items(items), m_form(form), m_isUser(message.role == ChatRole::User), m_isLast(isLast)
    {
        for (const ContentPart &part : message.parts)
            std::visit([this](const auto &said) { add(said); }, part);
        endContent();
        // Reasoning that nothing followed from is refused: it is left out with m_reasoning.
    }

private:
    void add(const content::Text &said)
    {
        if (!said.text.isEmpty())
            m_content.append(textPart(m_isUser ? "input_text"_L1 : m_form.assistantText, said.text));
    }

    void add(const content::Attachment &file)
    {
        if (m_isUser)
            m_content.append(filePart(file, m_form));
    }

    void add(const content::Reasoning &reasoning)
    {
        if (!m_form.reasoning)
            return;
        endContent();
        for (const QString &opaque : reasoning.opaque) {
            const QJsonObject item = QJsonDocument::fromJson(opaque.toUtf8()).object();
            const QString type = item["type"_L1].toString();
            // Without its encrypted content the server knows it only where it was stored.
            if ((type == "reasoning"_L1 || type == "compaction"_L1)
                && !item["encrypted_content"_L1].toString().isEmpty())
                m_reasoning.append(item);
        }
    }

    void add(const content::ToolCall &call)
    {
        endContent();
        addItem({{u"type"_s, u"function_call"_s},
                 {u"call_id"_s, callId(call.id)},
                 {u"name"_s, functionName(call.name)},
                 {u"arguments"_s, wellFormed(call.arguments)}});
    }

    void add(const content::ToolResult &result)
    {
        endContent();
        addItem({{u"type"_s, u"function_call_output"_s},
                 {u"call_id"_s, callId(result.id)},
                 {u"output"_s, wellFormed(result.content)}});
    }

    void add(const content::Approval &approval)
    {
        const QJsonObject request = QJsonDocument::fromJson(approval.context.toUtf8()).object();
        if (!m_isLast || !approval.allowed || request["type"_L1] != "mcp_approval_request"_L1)
            return;
        endContent();
        addItem(request);
        QJsonObject answer{{u"type"_s, u"mcp_approval_response"_s},
                           {u"approval_request_id"_s, wellFormed(approval.id)},
                           {u"approve"_s, *approval.allowed}};
        if (!approval.reason.isEmpty())
            answer.insert("reason"_L1, wellFormed(approval.reason));
        addItem(answer);
    }

    void endContent()
    {
        if (m_content.isEmpty())
            return;
        addItem({{u"type"_s, u"message"_s},
                 {u"role"_s, m_isUser ? u"user"_s : u"assistant"_s},
                 {u"content"_s, std::exchange(m_content, {})}});
    }

    void addItem(const QJsonObject &item)
    {
        for (const QJsonValueConstRef thought : std::exchange(m_reasoning, {}))
            m_items.append(QJsonValue(thought));
        m_items.append(item);
    }

    QJsonArray &m_items;
    const InputForm &m_form;
    bool m_isUser;
    bool m_isLast;
    QJsonArray m_content;   // of the message item that is being put together
    QJsonArray m_reasoning; // waits for what follows from it
};

} // namespace

QJsonArray inputItems(const QList<ChatMessage> &messages, const InputForm &form)
{
    // A decision about a call of another protocol would keep that call, which has no result here.
    QList<ChatMessage> own = messages;
    for (ChatMessage &message : own) {
        message.parts.removeIf([](const ContentPart &part) {
            const auto *approval = std::get_if<content::Approval>(&part);
            return approval && !approval->call.isEmpty();
        });
    }
    QJsonArray items;
    const QList<ChatMessage> history = answerableHistory(own, Approvals::Keep);
    for (const ChatMessage &message : history)
        MessageItems(items, message, form, &message == &history.constLast());
    return items;
}

QJsonArray functionTools(const QList<ToolDefinition> &tools)
{
    QJsonArray definitions;
    for (const ToolDefinition &tool : tools) {
        definitions.append(QJsonObject{{u"type"_s, u"function"_s},
                                       {u"name"_s, tool.name},
                                       {u"description"_s, tool.description},
                                       {u"parameters"_s, QJsonDocument::fromJson(tool.parameters).object()}});
    }
    return definitions;
}

} // namespace rivulet
