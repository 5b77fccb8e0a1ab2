// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demomessages.h"

#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>

#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto Model = "demo"_L1;
constexpr auto ToolName = "read_prompt"_L1;
constexpr auto Thought = "Read what was asked, then choose the text that fits."_L1;

struct River
{
    QLatin1StringView name;
    int length;
};
constexpr auto Rivers = std::to_array<River>({
    {"Nile"_L1, 6650},
    {"Amazon"_L1, 6400},
    {"Yangtze"_L1, 6300},
    {"Mississippi"_L1, 5970},
    {"Danube"_L1, 2850},
});

QStringList tokensOf(const DemoReply &reply, const QString &text)
{
    return reply.slow ? demoWords(text) : demoTokens(text);
}

QJsonObject failureOf(const DemoReply &reply)
{
    const bool isLimit = reply.ending == DemoReply::Ending::RateLimited;
    return {{u"type"_s, u"error"_s},
            {u"code"_s, isLimit ? u"rate_limit_exceeded"_s : u"server_error"_s},
            {u"message"_s,
             isLimit ? u"The demo pretends that you asked too often."_s
                     : u"The demo pretends that something in it broke."_s}};
}

bool isRefused(const DemoReply &reply)
{
    return reply.ending == DemoReply::Ending::RateLimited || reply.ending == DemoReply::Ending::ServerError;
}

QJsonObject progress(const QString &stage, const QString &message)
{
    return {{u"type"_s, u"progress"_s}, {u"stage"_s, stage}, {u"message"_s, message}};
}

QJsonObject result(const QString &code)
{
    QJsonArray rows;
    QJsonArray names;
    QJsonArray lengths;
    for (const River &river : Rivers) {
        rows.append(QJsonObject{{u"river"_s, river.name}, {u"length_km"_s, river.length}});
        names.append(river.name);
        lengths.append(river.length);
    }
    const QJsonObject bars{{u"type"_s, u"bar"_s}, {u"x"_s, names}, {u"y"_s, lengths}};
    const QJsonObject axis{{u"title"_s, QJsonObject{{u"text"_s, u"Length in km"_s}}}};
    const QJsonObject layout{{u"title"_s, QJsonObject{{u"text"_s, u"Five long rivers"_s}}},
                             {u"yaxis"_s, axis}};
    return {{u"code"_s, code},
            {u"result_preview"_s, rows},
            {u"figure"_s, QJsonObject{{u"data"_s, QJsonArray{bars}}, {u"layout"_s, layout}}}};
}

} // namespace

QByteArrayList demoAgentEvents(const DemoReply &reply, DemoAgentWay way)
{
    QByteArrayList events;
    const auto say = [&](const QJsonObject &event) { events.append(compactJson(event)); };
    say({{u"type"_s, u"start"_s}, {u"message"_s, u"Starting the analysis"_s}, {u"model"_s, Model}});
    if (isRefused(reply)) {
        say(failureOf(reply));
        return events;
    }
    say(progress(u"data_loader"_s, u"Loading the table of rivers"_s));
    say({{u"type"_s, u"chain_of_thought"_s}, {u"content"_s, demoText(u"agent.thinking.md"_s).trimmed()}});
    if (!reply.reasoning.isEmpty())
        say({{u"type"_s, u"reasoning"_s}, {u"content"_s, reply.reasoning.trimmed()}});
    say(progress(u"code_generator"_s, u"Writing code"_s));
    const QString code = demoText(u"agent.code.txt"_s);
    for (const QString &token : demoTokens(code))
        say({{u"type"_s, u"code_chunk"_s}, {u"chunk"_s, token}});
    say(progress(u"executor"_s, u"Running the code"_s));
    say({{u"type"_s, u"verification"_s}, {u"is_valid"_s, true}, {u"confidence"_s, 0.97}, {u"attempts"_s, 1}});
    say({{u"type"_s, u"data_ready"_s}, {u"data"_s, result(code)}});
    const QStringList tokens = tokensOf(reply, QString(demoText(u"agent.md"_s) + reply.text));
    for (const QString &token : tokens)
        say({{u"type"_s, u"analysis_chunk"_s}, {u"chunk"_s, token}});
    if (reply.ending == DemoReply::Ending::Drop)
        return events;
    say({{u"type"_s, u"complete"_s},
         {u"message"_s, u"Done"_s},
         {u"usage"_s, QJsonObject{{u"output_tokens"_s, tokens.size()}}}});
    say({{u"type"_s, way == DemoAgentWay::Session ? u"query_complete"_s : u"stream_end"_s}});
    return events;
}

QByteArrayList demoDuplexMessages(const DemoReply &reply)
{
    QByteArrayList messages;
    const auto say = [&](const QJsonObject &message) { messages.append(compactJson(message)); };
    if (isRefused(reply)) {
        say(failureOf(reply));
        return messages;
    }
    say({{u"type"_s, u"thinking"_s}, {u"step"_s, Thought}});
    for (const QString &token : tokensOf(reply, reply.reasoning))
        say({{u"type"_s, u"thinking"_s}, {u"content"_s, token}});
    say({{u"type"_s, u"tool_call"_s},
         {u"id"_s, u"t1"_s},
         {u"tool_name"_s, ToolName},
         {u"args"_s, QJsonObject()}});
    say({{u"type"_s, u"tool_result"_s}, {u"id"_s, u"t1"_s}, {u"result"_s, u"read"_s}});
    const QStringList tokens = tokensOf(reply, reply.text);
    for (const QString &token : tokens)
        say({{u"type"_s, u"token"_s}, {u"content"_s, token}});
    if (reply.ending != DemoReply::Ending::Drop)
        say({{u"type"_s, u"done"_s},
             {u"metadata"_s, QJsonObject{{u"model"_s, Model}, {u"tokens_used"_s, tokens.size()}}}});
    return messages;
}

QJsonObject demoDuplexDocument(const DemoReply &reply)
{
    QJsonArray steps{QString(Thought)};
    if (!reply.reasoning.isEmpty())
        steps.append(reply.reasoning);
    const QJsonObject metadata{{u"model"_s, Model},
                               {u"tokens_used"_s, demoTokens(reply.text).size()},
                               {u"reasoning_steps"_s, steps}};
    const QJsonObject call{{u"tool"_s, ToolName}, {u"results"_s, QJsonArray{u"read"_s}}};
    return {{u"message"_s, reply.text}, {u"metadata"_s, metadata}, {u"tool_calls"_s, QJsonArray{call}}};
}

} // namespace rivulet
