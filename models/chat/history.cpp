// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/history.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype titleLength = 80;

// To the model, not to people. Every protocol takes it; an answer that is begun for the model is refused by
// many.
constexpr QStringView goOn =
    u"Your last answer was cut off. Go on with it exactly where it ends: begin with what comes next, even if "
    "that is the rest of a line, and repeat nothing.";

/// What only the server that made it can read goes to no other one.
bool isOfSameServer(const Message &a, const Message &b)
{
    return a.dialect == b.dialect && a.providerId == b.providerId;
}

/// What the model said until it waited for its tools, and what they gave.
struct Round
{
    QList<ContentPart> said;
    QList<ContentPart> results;
    bool hasText = false;
    QString agent{}; ///< whose the last text is
};

/// The calls that have a result, by the places of both among the parts: a call has one, behind it.
QHash<qsizetype, qsizetype> resultsOfCalls(const QList<Part> &parts)
{
    QHash<qsizetype, qsizetype> resultOfCall;
    QList<qsizetype> open;
    for (qsizetype at = 0; at < parts.size(); ++at) {
        if (std::holds_alternative<ToolCallPart>(parts[at]))
            open.append(at);
        const auto *result = std::get_if<ToolResultPart>(&parts[at]);
        if (!result || result->preliminary)
            continue;
        const auto call = std::ranges::find_if(
            open, [&](qsizetype place) { return answers(*result, std::get<ToolCallPart>(parts[place])); });
        if (call != open.end()) {
            resultOfCall.insert(*call, at);
            open.erase(call);
        }
    }
    return resultOfCall;
}

void addText(Round &round, const TextPart &text)
{
    if (text.text.isEmpty())
        return;
    auto *open = round.said.isEmpty() ? nullptr : std::get_if<content::Text>(&round.said.last());
    const bool otherLane = round.hasText && text.agent != round.agent;
    round.hasText = true;
    round.agent = text.agent;
    if (!open)
        open = &std::get<content::Text>(round.said.emplace_back(content::Text{}));
    open->text += (otherLane ? u"\n\n"_s : QString()) + text.text;
}

content::Approval decisionOf(const ApprovalPart &asked)
{
    content::Approval sent{.id = asked.id, .call = asked.call, .context = asked.context};
    if (asked.answer) {
        sent.allowed = *asked.answer != ApprovalPart::Answer::Denied;
        sent.reason = asked.reason;
    }
    return sent;
}

/// The ids of the calls that wait for the user's answer.
QSet<QString> callsAskedAbout(const Message &answer)
{
    QSet<QString> calls;
    for (const Part &part : answer.parts) {
        const auto *asked = std::get_if<ApprovalPart>(&part);
        if (asked && !asked->call.isEmpty())
            calls.insert(asked->call);
    }
    return calls;
}

/// What goes back of an answer beside its words, its thoughts and what its tools gave.
struct GoingBack
{
    bool opaque = false;
    bool approvals = false;
};

QList<Round> roundsOf(const Message &answer, GoingBack back)
{
    const QSet<QString> waiting = back.approvals ? callsAskedAbout(answer) : QSet<QString>();
    const QHash<qsizetype, qsizetype> resultOfCall = resultsOfCalls(answer.parts);
    QList<Round> rounds{Round{}};
    QHash<qsizetype, qsizetype> roundOfResult;
    // Whatever the model says once it has a result belongs to its next round.
    const auto saying = [&rounds]() -> Round & {
        if (!rounds.constLast().results.isEmpty())
            rounds.append(Round{});
        return rounds.last();
    };
    for (qsizetype at = 0; at < answer.parts.size(); ++at) {
        const Part &part = answer.parts[at];
        if (const auto *text = std::get_if<TextPart>(&part)) {
            addText(saying(), *text);
        } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part)) {
            const QStringList opaque = back.opaque ? reasoning->opaque : QStringList();
            if (!reasoning->text.isEmpty() || !opaque.isEmpty())
                saying().said.append(content::Reasoning{reasoning->text, opaque});
        } else if (const auto *call = std::get_if<ToolCallPart>(&part)) {
            const auto result = resultOfCall.constFind(at);
            if (result == resultOfCall.constEnd() && !waiting.contains(call->id))
                continue;
            // A call that got so far was made: some servers say nothing of arguments where there are none.
            const QString arguments = call->arguments.isEmpty() ? u"{}"_s : call->arguments;
            saying().said.append(content::ToolCall{call->id, call->name, arguments});
            if (result != resultOfCall.constEnd())
                roundOfResult.insert(*result, rounds.size() - 1);
        } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
            const auto round = roundOfResult.constFind(at);
            if (round != roundOfResult.constEnd()) {
                rounds[*round].results.append(
                    content::ToolResult{result->id, result->name, result->content, result->isError});
            }
        } else if (const auto *asked = std::get_if<ApprovalPart>(&part); asked && back.approvals) {
            saying().said.append(decisionOf(*asked));
        }
    }
    return rounds;
}

/// Thoughts alone are no message to any server.
bool saysSomething(const QList<ContentPart> &parts)
{
    return std::ranges::any_of(
        parts, [](const ContentPart &part) { return !std::holds_alternative<content::Reasoning>(part); });
}

/// Adds to the last message where it is of the same role, its text after `seam`.
void add(QList<ChatMessage> &history, ChatRole role, QList<ContentPart> parts,
         const QString &seam = u"\n\n"_s)
{
    if (history.isEmpty() || history.constLast().role != role) {
        history.append({role, std::move(parts)});
        return;
    }
    QList<ContentPart> &before = history.last().parts;
    auto *last = std::get_if<content::Text>(&before.last());
    if (const auto *next = std::get_if<content::Text>(&parts.constFirst()); last && next) {
        last->text += seam + next->text;
        parts.removeFirst();
    }
    before.append(std::move(parts));
}

} // namespace

QString titleFrom(const QString &text)
{
    QString line = text.trimmed().section(u'\n', 0, 0).simplified();
    if (line.size() <= titleLength)
        return line;
    const qsizetype space = line.lastIndexOf(u' ', titleLength);
    return line.left(space > titleLength / 2 ? space : titleLength) + u'…';
}

QList<ChatMessage> historyOf(const QList<Message> &messages, const Message &asked)
{
    QList<ChatMessage> history;
    const auto lastAnswer = std::find_if(messages.rbegin(), messages.rend(), [](const Message &message) {
        return message.role == ChatRole::Assistant;
    });
    const Message *before = nullptr;
    for (const Message &message : messages) {
        const bool goesOn = before && before->role == ChatRole::Assistant;
        before = &message;
        if (message.role == ChatRole::User) {
            const QString text = message.text();
            if (!text.isEmpty())
                add(history, ChatRole::User, {content::Text{text}});
            continue;
        }
        const bool same = isOfSameServer(message, asked);
        const QList<Round> rounds =
            roundsOf(message, {.opaque = same, .approvals = same && &message == &*lastAnswer});
        for (const Round &round : rounds) {
            if (!saysSomething(round.said))
                continue;
            add(history, ChatRole::Assistant, round.said, goesOn ? QString() : u"\n\n"_s);
            if (!round.results.isEmpty())
                add(history, ChatRole::User, round.results);
        }
    }
    return history;
}

ChatRequest requestFor(const QList<Message> &messages, const Message &asked)
{
    ChatRequest request{.model = asked.model,
                        .messages = historyOf(messages, asked),
                        .conversation = QString::number(qint64(asked.conversation)),
                        .exchange = QString::number(qint64(asked.id))};
    if (!messages.isEmpty() && messages.constLast().role == ChatRole::Assistant)
        add(request.messages, ChatRole::User, {content::Text{goOn.toString()}});
    const auto newest = std::find_if(messages.rbegin(), messages.rend(),
                                     [](const Message &message) { return !message.session.isEmpty(); });
    if (newest != messages.rend() && isOfSameServer(*newest, asked))
        request.session = newest->session;
    return request;
}

} // namespace rivulet
