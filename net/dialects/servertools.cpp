// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/servertools.h"

#include "net/dialects/agentwords.h"

#include <QtCore/qlatin1stringview.h>

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

json::Value idOf(const json::Value &tool)
{
    return firstOf(tool, "id"_L1, "tool_call_id"_L1, "call_id"_L1);
}

QString nameOf(const json::Value &tool)
{
    return firstOf(tool, "tool_name"_L1, "name"_L1, "tool"_L1).string();
}

json::Value contentOf(const json::Value &result)
{
    return firstOf(result, "result"_L1, "results"_L1, "output"_L1, "content"_L1, "data"_L1, "error"_L1,
                   "message"_L1);
}

} // namespace

void ServerTools::call(const QString &agent, const json::Value &call, EventWriter &out)
{
    if (!out.isOpen())
        return;
    // Of servers that send all as {"type", "content"}, the content is the name, or the call itself.
    const json::Value content = call["content"_L1];
    const json::Value tool = content.isObject() ? content : call;
    QString name = call.isString() ? call.string() : nameOf(tool);
    if (name.isEmpty())
        name = content.string();
    const json::Value givenId = idOf(tool);
    const QString id = givenId.isTruthy() ? givenId.text() : newId();

    auto known = std::ranges::find_if(
        m_calls, [&](const Call &before) { return before.agent == agent && before.id == id; });
    if (known == m_calls.end())
        known = m_calls.emplace(known, Call{.agent = agent, .id = id, .name = name});
    const int index = out.toolCall(agent + u'\n' + id, id, name);
    const json::Value arguments = firstOf(tool, "args"_L1, "arguments"_L1, "input"_L1, "parameters"_L1);
    if (arguments.isTruthy())
        out.wholeToolArguments(index, arguments.text());
    if (const json::Value result = firstOf(tool, "result"_L1, "results"_L1); result.isTruthy()) {
        known->answered = true;
        out.toolResult({.id = id, .name = name, .content = result.text()});
    }
}

void ServerTools::result(const QString &agent, const json::Value &result, EventWriter &out)
{
    if (!out.isOpen())
        return;
    const json::Value givenId = idOf(result);
    const QString name = nameOf(result);
    const auto call = std::ranges::find_if(m_calls, [&](const Call &before) {
        if (givenId.isTruthy())
            return before.agent == agent && before.id == givenId.text();
        return before.agent == agent && !before.answered && (name.isEmpty() || before.name == name);
    });
    const auto [error, isError, success, status] =
        result.members("error"_L1, "is_error"_L1, "success"_L1, "status"_L1);
    event::ToolResult told{.id = givenId.isTruthy() ? givenId.text() : QString(),
                           .name = name,
                           .content = (result.isObject() ? contentOf(result) : result).text(),
                           .isError = error.isTruthy() || isError.isTruthy() || success.boolean() == false
                               || stateFromWord(status) == event::Status::State::Failed};
    if (call != m_calls.end()) {
        call->answered = true;
        told.id = call->id;
        if (told.name.isEmpty())
            told.name = call->name;
    }
    out.toolResult(std::move(told));
}

QString ServerTools::newId() const
{
    return u"call-"_s + QString::number(m_calls.size() + 1);
}

} // namespace rivulet
