// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/duplexws.h"

#include "net/dialects/agentwords.h"
#include "net/dialects/endpointurl.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto streamPath = "/stream"_L1;
constexpr auto chatPath = "/api/chat"_L1;
constexpr auto quietOption = "quiet_period_ms"_L1;
constexpr auto quietFallback = "2000"_L1;

ConnectionMessage interrupt(const QString &instruction)
{
    return {compactJson({{u"type"_s, u"interrupt"_s}, {u"new_instruction"_s, wellFormed(instruction)}})};
}

} // namespace

std::unique_ptr<Dialect> DuplexWs::clone() const
{
    return std::make_unique<DuplexWs>(*this);
}

QList<DialectOption> DuplexWs::options() const
{
    return {{.name = quietOption, .scope = DialectOption::Scope::Provider, .fallback = quietFallback}};
}

ExchangeRequest DuplexWs::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    bool isNumber = false;
    const int quiet = endpoint.options.value(quietOption, quietFallback).toInt(&isNumber);
    if (isNumber && quiet > 0)
        m_quietPeriod = std::chrono::milliseconds(quiet);

    const QString base = basePath(endpoint.baseUrl, {streamPath, chatPath});
    const QString question = questionOf(chat.messages);
    WebSocketRequest request{.url = webSocketUrl(endpoint.baseUrl)};
    request.url.setPath(base + streamPath, QUrl::TolerantMode);
    request.messages.append(
        compactJson({{u"type"_s, u"user_message"_s}, {u"content"_s, question}, {u"stream"_s, true}}));
    HttpRequest plain{.url = httpUrl(endpoint.baseUrl),
                      .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
                      .body = compactJson({{u"message"_s, question}})};
    plain.url.setPath(base + chatPath, QUrl::TolerantMode);
    if (!endpoint.apiKey.isEmpty()) {
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
        plain.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    }
    request.fallback = std::move(plain);
    return request;
}

QList<Command> DuplexWs::takeReplies()
{
    const auto reply = std::exchange(m_reply, std::nullopt);
    return reply ? QList<Command>{*reply} : QList<Command>();
}

// A server that thinks or runs a tool is silent, and goes on.
std::optional<std::chrono::milliseconds> DuplexWs::quietPeriod() const
{
    return m_isAnswering && !m_overHttp && m_redirects == 0 ? std::optional(m_quietPeriod) : std::nullopt;
}

std::optional<Command> DuplexWs::cancel(const Endpoint &)
{
    m_cancelled = true;
    if (m_overHttp)
        return std::nullopt;
    return interrupt({});
}

std::optional<Command> DuplexWs::redirect(const QString &instruction)
{
    if (m_overHttp)
        return std::nullopt;
    ++m_redirects;
    return interrupt(instruction);
}

void DuplexWs::head(const ResponseHead &)
{
    m_overHttp = true;
}

void DuplexWs::frame(const Frame &frame, EventWriter &out)
{
    const std::optional<json::Value> message = m_reader.read(QByteArrayView(frame.data).trimmed());
    const Reading read = message ? readingOf((*message)["type"_L1]) : nullptr;
    out.setMuted(m_redirects > 0);
    if (read) {
        m_begun = true;
        m_isAnswering = read == &DuplexWs::token || (m_isAnswering && read == &DuplexWs::ping)
            || (m_isAnswering && read == &DuplexWs::pong);
        (this->*read)(*message, out);
    } else if (!message || !wholeAnswer(*message, out)) {
        out.unknown();
    }
}

DuplexWs::Reading DuplexWs::readingOf(const json::Value &type)
{
    struct Row
    {
        QLatin1StringView type;
        Reading read = nullptr;
    };
    static constexpr std::array rows{
        Row{"token"_L1, &DuplexWs::token},
        Row{"thinking"_L1, &DuplexWs::thinking},
        Row{"tool_call"_L1, &DuplexWs::toolCall},
        Row{"tool_result"_L1, &DuplexWs::toolResult},
        Row{"user_interrupt"_L1, &DuplexWs::userInterrupt},
        Row{"done"_L1, &DuplexWs::end},
        Row{"complete"_L1, &DuplexWs::end},
        Row{"end"_L1, &DuplexWs::end},
        Row{"message_end"_L1, &DuplexWs::end},
        Row{"error"_L1, &DuplexWs::error},
        Row{"ping"_L1, &DuplexWs::ping},
        Row{"pong"_L1, &DuplexWs::pong},
    };
    const auto row = std::ranges::find_if(rows, [&](const Row &known) { return type == known.type; });
    return row == rows.end() ? nullptr : row->read;
}

void DuplexWs::token(const json::Value &message, EventWriter &out)
{
    out.text(firstOf(message, "content"_L1, "token"_L1, "text"_L1).string());
}

// A step is a line of its own; content is a piece of one.
void DuplexWs::thinking(const json::Value &message, EventWriter &out)
{
    const auto [step, content] = message.members("step"_L1, "content"_L1);
    if (step.isString()) {
        thoughtStep(step.string(), out);
    } else {
        m_hasThought = m_hasThought || content.isTruthy();
        out.reasoning(content.string());
    }
}

void DuplexWs::thoughtStep(const QString &step, EventWriter &out)
{
    if (step.isEmpty())
        return;
    out.reasoning(m_hasThought ? u"\n\n" + step : step);
    m_hasThought = true;
}

void DuplexWs::toolCall(const json::Value &message, EventWriter &out)
{
    m_tools.call({}, message, out);
}

void DuplexWs::toolResult(const json::Value &message, EventWriter &out)
{
    m_tools.result({}, message, out);
}

void DuplexWs::userInterrupt(const json::Value &message, EventWriter &out)
{
    if (m_redirects > 0 && !m_cancelled) {
        --m_redirects;
        return;
    }
    out.setMuted(false);
    out.status({.stage = u"user_interrupt"_s,
                .message = firstOf(message, "message"_L1, "content"_L1).string(),
                .state = event::Status::State::Done});
    if (!m_cancelled)
        return;
    out.finished(FinishReason::Stopped);
    out.complete();
}

void DuplexWs::end(const json::Value &message, EventWriter &out)
{
    // The old answer was over before the server heard of the new instruction, which it will answer now.
    if (m_redirects > 0 && !m_cancelled)
        return;
    metadata(message["metadata"_L1], out);
    out.usage(usageOf(message["usage"_L1]));
    // The server has run its tools: their calls wait for nothing.
    out.finished(m_cancelled ? FinishReason::Stopped : FinishReason::Stop);
    out.complete();
}

void DuplexWs::error(const json::Value &message, EventWriter &out)
{
    NetError error = errorOf(message);
    if (m_cancelled || saysCancelled(error)) {
        out.finished(FinishReason::Stopped);
        out.complete();
        return;
    }
    out.fail(std::move(error));
}

void DuplexWs::ping(const json::Value &message, EventWriter &)
{
    QJsonObject pong{{u"type"_s, u"pong"_s}};
    if (const auto timestamp = message["timestamp"_L1].integer())
        pong.insert("timestamp"_L1, *timestamp);
    m_reply = ConnectionMessage{compactJson(pong)};
}

void DuplexWs::pong(const json::Value &, EventWriter &) {}

bool DuplexWs::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> answer = m_reader.read(json);
    return answer && wholeAnswer(*answer, out);
}

// The server's plain form gives all at once.
bool DuplexWs::wholeAnswer(const json::Value &answer, EventWriter &out)
{
    const auto [type, text, data, calls] =
        answer.members("type"_L1, "message"_L1, "metadata"_L1, "tool_calls"_L1);
    if (type.isTruthy() || !text.isString() || (!data.isObject() && !calls.isArray()))
        return false;
    data["reasoning_steps"_L1].forEach([&](const json::Value &step) { thoughtStep(step.text(), out); });
    calls.forEach([&](const json::Value &call) { m_tools.call({}, call, out); });
    out.text(text.string());
    metadata(data, out);
    out.finished(FinishReason::Stop);
    out.complete();
    return true;
}

void DuplexWs::metadata(const json::Value &metadata, EventWriter &out)
{
    const auto [model, tokens] = metadata.members("model"_L1, "tokens_used"_L1);
    out.started({}, model.string());
    Usage usage = usageOf(metadata);
    // Whose tokens they are it does not say; an answer's are what servers count first.
    if (!usage.outputTokens)
        usage.outputTokens = tokens.integer();
    out.usage(usage);
}

void DuplexWs::finish(bool clean, EventWriter &out)
{
    if (m_cancelled) {
        out.finished(FinishReason::Stopped);
    } else if (clean && m_begun && !m_overHttp && m_redirects == 0) {
        out.finished(FinishReason::Stop);
        out.complete();
    }
}

} // namespace rivulet
