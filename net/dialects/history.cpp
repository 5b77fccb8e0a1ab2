// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/history.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qset.h>

#include <algorithm>

namespace rivulet {

namespace {

template<typename Part>
QSet<QString> idsOf(const QList<ChatMessage> &messages)
{
    QSet<QString> ids;
    for (const ChatMessage &message : messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *found = std::get_if<Part>(&part))
                ids.insert(found->id);
        }
    }
    return ids;
}

// The calls that wait for a decision, or for what follows from it.
QSet<QString> callsAskedAbout(const QList<ChatMessage> &messages)
{
    QSet<QString> calls;
    for (const ChatMessage &message : messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *approval = std::get_if<content::Approval>(&part))
                calls.insert(approval->call);
        }
    }
    return calls;
}

bool isWhole(const content::ToolCall &call)
{
    return QJsonDocument::fromJson(call.arguments.toUtf8()).isObject();
}

bool isEmpty(const ContentPart &part)
{
    const auto *text = std::get_if<content::Text>(&part);
    return text && text->text.isEmpty();
}

// Whether an answer holds more than thoughts: those alone are no message to any server.
bool saysSomething(const ChatMessage &message)
{
    return std::ranges::any_of(message.parts, [](const ContentPart &part) {
        return !std::holds_alternative<content::Reasoning>(part);
    });
}

// The results among the parts that belong to one of the calls, in the order of the calls, or to none of them.
QList<ContentPart> resultsOf(const QList<ContentPart> &calls, const QList<ContentPart> &parts)
{
    QList<ContentPart> results;
    for (const ContentPart &made : calls) {
        const auto *call = std::get_if<content::ToolCall>(&made);
        for (const ContentPart &part : parts) {
            const auto *result = std::get_if<content::ToolResult>(&part);
            if (call && result && result->id == call->id)
                results.append(part);
        }
    }
    return results;
}

QList<ContentPart> foreignResults(const QList<ContentPart> &parts)
{
    QList<ContentPart> foreign;
    const QList<ContentPart> own = resultsOf(parts, parts);
    for (const ContentPart &part : parts) {
        if (std::holds_alternative<content::ToolResult>(part) && !own.contains(part))
            foreign.append(part);
    }
    return foreign;
}

// One answer as rounds, which begin anew with whatever follows a result.
void addRounds(QList<ChatMessage> &rounds, const ChatMessage &answer)
{
    QList<ContentPart> said;
    const auto add = [&rounds](ChatRole role, const QList<ContentPart> &parts) {
        if (!parts.isEmpty())
            rounds.append({role, parts});
    };
    const auto close = [&] {
        add(ChatRole::Assistant, said);
        add(ChatRole::User, resultsOf(said, answer.parts));
        said.clear();
    };
    add(ChatRole::User, foreignResults(answer.parts));
    bool afterResult = false;
    for (const ContentPart &part : answer.parts) {
        const bool isResult = std::holds_alternative<content::ToolResult>(part);
        if (!isResult && afterResult)
            close();
        if (!isResult)
            said.append(part);
        afterResult = isResult;
    }
    close();
}

} // namespace

QList<ChatMessage> inRounds(const QList<ChatMessage> &messages)
{
    QList<ChatMessage> rounds;
    for (const ChatMessage &message : messages) {
        const bool hasResults = std::ranges::any_of(message.parts, [](const ContentPart &part) {
            return std::holds_alternative<content::ToolResult>(part);
        });
        if (message.role == ChatRole::Assistant && hasResults)
            addRounds(rounds, message);
        else
            rounds.append(message);
    }
    return rounds;
}

QList<ChatMessage> answerableHistory(const QList<ChatMessage> &messages, Approvals approvals)
{
    QSet<QString> answered = idsOf<content::ToolResult>(messages);
    if (approvals == Approvals::Keep)
        answered.unite(callsAskedAbout(messages));
    QList<ChatMessage> kept = messages;
    for (ChatMessage &message : kept) {
        message.parts.removeIf([&](const ContentPart &part) {
            if (std::holds_alternative<content::Approval>(part))
                return approvals == Approvals::Drop;
            const auto *call = std::get_if<content::ToolCall>(&part);
            return isEmpty(part) || (call && (!answered.contains(call->id) || !isWhole(*call)));
        });
    }
    const QSet<QString> called = idsOf<content::ToolCall>(kept);
    for (ChatMessage &message : kept) {
        message.parts.removeIf([&](const ContentPart &part) {
            const auto *result = std::get_if<content::ToolResult>(&part);
            return result && !called.contains(result->id);
        });
    }
    kept.removeIf([](const ChatMessage &message) { return !saysSomething(message); });
    return kept;
}

bool hasOwnWords(const ChatMessage &message)
{
    return std::ranges::any_of(message.parts, [](const ContentPart &part) {
        return std::holds_alternative<content::Text>(part)
            || std::holds_alternative<content::Attachment>(part);
    });
}

} // namespace rivulet
