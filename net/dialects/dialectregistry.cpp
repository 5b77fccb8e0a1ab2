// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"

#include "net/dialects/adk.h"
#include "net/dialects/agentevents.h"
#include "net/dialects/agentws.h"
#include "net/dialects/agui.h"
#include "net/dialects/anthropic.h"
#include "net/dialects/bedrock.h"
#include "net/dialects/duplexws.h"
#include "net/dialects/gemini.h"
#include "net/dialects/langgraph.h"
#include "net/dialects/mcpsse.h"
#include "net/dialects/ollama.h"
#include "net/dialects/openaichat.h"
#include "net/dialects/openairealtime.h"
#include "net/dialects/openairesponses.h"
#include "net/dialects/plaintext.h"
#include "net/dialects/streamjson.h"
#include "net/dialects/verceldata.h"
#include "net/dialects/vercelui.h"

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct Registration
{
    DialectId id;
    QLatin1StringView name;
    std::unique_ptr<Dialect> (*make)();
};

template<typename Translator>
std::unique_ptr<Dialect> make()
{
    return std::make_unique<Translator>();
}

// One row registers a dialect, in the order of DialectId, in which people see them.
constexpr Registration registrations[] = {
    {DialectId::OpenAiChat, "openai-chat"_L1, &make<OpenAiChat>},
    {DialectId::OpenAiResponses, "openai-responses"_L1, &make<OpenAiResponses>},
    {DialectId::OpenAiRealtime, "openai-realtime"_L1, &make<OpenAiRealtime>},
    {DialectId::Anthropic, "anthropic"_L1, &make<Anthropic>},
    {DialectId::Gemini, "gemini"_L1, &make<Gemini>},
    {DialectId::Bedrock, "bedrock"_L1, &make<Bedrock>},
    {DialectId::Ollama, "ollama"_L1, &make<Ollama>},
    {DialectId::VercelUi, "vercel-ui"_L1, &make<VercelUi>},
    {DialectId::VercelData, "vercel-data"_L1, &make<VercelData>},
    {DialectId::LangGraph, "langgraph"_L1, &make<LangGraph>},
    {DialectId::Adk, "adk"_L1, &make<Adk>},
    {DialectId::AgUi, "ag-ui"_L1, &make<AgUi>},
    {DialectId::AgentWs, "agent-ws"_L1, &make<AgentWs>},
    {DialectId::AgentEvents, "agent-events"_L1, &make<AgentEvents>},
    {DialectId::DuplexWs, "duplex-ws"_L1, &make<DuplexWs>},
    {DialectId::StreamJson, "stream-json"_L1, &make<StreamJson>},
    {DialectId::McpSse, "mcp-sse"_L1, &make<McpSse>},
    {DialectId::PlainText, "plain-text"_L1, &make<PlainText>},
};

const Registration &registration(DialectId id)
{
    const auto row = std::ranges::find(registrations, id, &Registration::id);
    Q_ASSERT(row != std::end(registrations));
    return *row;
}

} // namespace

QList<DialectId> allDialects()
{
    QList<DialectId> ids;
    for (const Registration &row : registrations)
        ids.append(row.id);
    return ids;
}

QLatin1StringView toName(DialectId id)
{
    return registration(id).name;
}

std::optional<DialectId> dialectFromName(QStringView name)
{
    const auto row =
        std::ranges::find_if(registrations, [&](const auto &candidate) { return name == candidate.name; });
    return row == std::end(registrations) ? std::nullopt : std::optional(row->id);
}

std::unique_ptr<Dialect> makeDialect(DialectId id)
{
    return registration(id).make();
}

} // namespace rivulet
