// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rivulet {

/// A protocol that Rivulet speaks. The names people and scripts use are in net/dialects/dialectregistry.h.
enum class DialectId {
    OpenAiChat,      ///< Chat Completions and every server compatible with it
    OpenAiResponses, ///< the Responses API
    OpenAiRealtime,  ///< the Realtime API, text over a WebSocket
    Anthropic,       ///< the Messages API
    Gemini,          ///< generateContent and its stream
    Bedrock,         ///< ConverseStream
    Ollama,          ///< Ollama's own API
    VercelUi,        ///< the AI SDK's UI message stream
    VercelData,      ///< the AI SDK's older data stream
    LangGraph,       ///< LangGraph Platform, and LangServe
    Adk,             ///< Google's Agent Development Kit
    AgUi,            ///< the Agent User Interaction protocol
    AgentWs,         ///< the agent protocol over a WebSocket
    AgentEvents,     ///< typed agent events over SSE
    DuplexWs,        ///< tokens and interrupts over a WebSocket
    StreamJson,      ///< JSON lines of a local program, or bare Anthropic events
    McpSse,          ///< the Model Context Protocol over Streamable HTTP
    PlainText,       ///< the body is the answer
};

} // namespace rivulet
