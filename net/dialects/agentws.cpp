// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/agentws.h"

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

using Kind = event::Artifact::Kind;

constexpr auto queryPath = "/ws/agent/stream"_L1;
constexpr auto sessionPath = "/ws/agent/interactive"_L1;
constexpr auto eventsPath = "/agent/stream"_L1;

constexpr auto datasetOption = "dataset"_L1;
constexpr auto endpointOption = "endpoint"_L1;
constexpr auto singleQuery = "stream"_L1;
constexpr auto session = "interactive"_L1;

QString pieceOf(const json::Value &event)
{
    return firstOf(event, "chunk"_L1, "content"_L1, "text"_L1, "delta"_L1).string();
}

QString blockOf(const json::Value &event)
{
    return firstOf(event, "content"_L1, "text"_L1, "chunk"_L1, "message"_L1).string();
}

QString numbered(QLatin1StringView kind, int number)
{
    return kind + u'-' + QString::number(number);
}

// The members of an event but for its type, as a JSON object.
QByteArray withoutType(const json::Value &event)
{
    QByteArray members;
    event.forEachMember([&](const QString &name, const json::Value &value) {
        if (name == "type"_L1)
            return;
        members += members.isEmpty() ? "" : ",";
        members += jsonText(name) + ':' + value.compact();
    });
    return '{' + members + '}';
}

} // namespace

std::unique_ptr<Dialect> AgentWs::clone() const
{
    return std::make_unique<AgentWs>(*this);
}

QList<DialectOption> AgentWs::options() const
{
    return {{.name = datasetOption, .scope = DialectOption::Scope::Query},
            {.name = endpointOption, .scope = DialectOption::Scope::Provider, .fallback = singleQuery}};
}

ExchangeRequest AgentWs::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const QString path = endpoint.baseUrl.path();
    m_inSession = endpoint.options.value(endpointOption) == session || path.endsWith(sessionPath);
    const QString base = basePath(endpoint.baseUrl, {queryPath, sessionPath, eventsPath});
    const QString question = questionOf(chat.messages);
    const QString dataset = wellFormed(chat.options.value(datasetOption));
    const QString query = queryOf({{"question"_L1, question}, {datasetOption, dataset}});

    WebSocketRequest request{.url = webSocketUrl(endpoint.baseUrl)};
    HttpRequest events{.method = "GET",
                       .url = httpUrl(endpoint.baseUrl),
                       .headers = {{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}}};
    if (!endpoint.apiKey.isEmpty()) {
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
        events.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    }
    events.url.setPath(base + eventsPath, QUrl::TolerantMode);
    events.url.setQuery(query);
    if (m_inSession) {
        QJsonObject action{{u"action"_s, u"query"_s}, {u"question"_s, question}};
        if (!dataset.isEmpty())
            action.insert(datasetOption, dataset);
        request.url.setPath(base + sessionPath, QUrl::TolerantMode);
        request.messages.append(compactJson(action));
    } else {
        request.url.setPath(base + queryPath, QUrl::TolerantMode);
        request.url.setQuery(query);
    }
    request.fallback = std::move(events);
    return request;
}

QList<Command> AgentWs::takeReplies()
{
    const auto reply = std::exchange(m_reply, std::nullopt);
    return reply ? QList<Command>{*reply} : QList<Command>();
}

// The word alone, not JSON, and the same on both WebSockets.
std::optional<Command> AgentWs::cancel(const Endpoint &)
{
    m_cancelled = true;
    if (m_overHttp)
        return std::nullopt;
    return ConnectionMessage{"cancel"};
}

void AgentWs::head(const ResponseHead &)
{
    // The fallback is a single query, whatever was tried before.
    m_overHttp = true;
    m_inSession = false;
}

void AgentWs::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data == "[DONE]") {
        deliveryComplete({}, out);
        return;
    }
    const std::optional<json::Value> event = m_reader.read(data);
    const Reading read = event ? readingOf((*event)["type"_L1]) : nullptr;
    if (!read) {
        out.unknown();
        return;
    }
    m_begun = true;
    (this->*read)(*event, out);
}

AgentWs::Reading AgentWs::readingOf(const json::Value &type)
{
    struct Row
    {
        QLatin1StringView type;
        Reading read = nullptr;
    };
    // What the server says when it was cancelled is not specified: three words are known.
    static constexpr std::array rows{
        Row{"analysis_chunk"_L1, &AgentWs::analysisChunk},
        Row{"code_chunk"_L1, &AgentWs::codeChunk},
        Row{"reflection_chunk"_L1, &AgentWs::reflectionChunk},
        Row{"progress"_L1, &AgentWs::progress},
        Row{"chain_of_thought"_L1, &AgentWs::chainOfThought},
        Row{"reasoning"_L1, &AgentWs::reasoning},
        Row{"reflection"_L1, &AgentWs::reflection},
        Row{"verification"_L1, &AgentWs::verification},
        Row{"data_ready"_L1, &AgentWs::dataReady},
        Row{"start"_L1, &AgentWs::start},
        Row{"complete"_L1, &AgentWs::runComplete},
        Row{"stream_end"_L1, &AgentWs::deliveryComplete},
        Row{"query_complete"_L1, &AgentWs::deliveryComplete},
        Row{"error"_L1, &AgentWs::error},
        Row{"cancelled"_L1, &AgentWs::cancelled},
        Row{"canceled"_L1, &AgentWs::cancelled},
        Row{"cancellation"_L1, &AgentWs::cancelled},
        Row{"cancel"_L1, &AgentWs::cancelled},
        Row{"ping"_L1, &AgentWs::ping},
        Row{"pong"_L1, &AgentWs::pong},
    };
    const auto row = std::ranges::find_if(rows, [&](const Row &known) { return type == known.type; });
    return row == rows.end() ? nullptr : row->read;
}

void AgentWs::start(const json::Value &event, EventWriter &out)
{
    const auto [id, model, message] = event.members("id"_L1, "model"_L1, "message"_L1);
    out.started(id.string(), model.string());
    out.status({.stage = u"start"_s, .message = message.string()});
}

void AgentWs::progress(const json::Value &event, EventWriter &out)
{
    const auto [stage, message, status] = event.members("stage"_L1, "message"_L1, "status"_L1);
    if (stage == "code_generator"_L1)
        tryAgain(out);
    out.status({.stage = stage.string(), .message = message.string(), .state = stateFromWord(status)});
}

void AgentWs::chainOfThought(const json::Value &event, EventWriter &out)
{
    thought(blockOf(event), m_chainOfThought, out);
}

void AgentWs::reasoning(const json::Value &event, EventWriter &out)
{
    thought(blockOf(event), m_reasoning, out);
}

// A block of markdown. One that begins with the whole block before it is that block, grown.
void AgentWs::thought(const QString &block, QString &previous, EventWriter &out)
{
    if (block.isEmpty() || !out.isOpen())
        return;
    if (!previous.isEmpty() && block.startsWith(previous))
        out.reasoning(block.sliced(previous.size()));
    else
        out.reasoning(m_hasThought ? u"\n\n" + block : block);
    m_hasThought = true;
    previous = block;
}

void AgentWs::codeChunk(const json::Value &event, EventWriter &out)
{
    closeReflection(out);
    openCode(out).append(pieceOf(event), out);
}

void AgentWs::reflectionChunk(const json::Value &event, EventWriter &out)
{
    tryAgain(out);
    openReflection(out).append(pieceOf(event), out);
}

// The whole of what came in pieces, if any did.
void AgentWs::reflection(const json::Value &event, EventWriter &out)
{
    tryAgain(out);
    openReflection(out).replace(blockOf(event), out);
    closeReflection(out);
}

void AgentWs::verification(const json::Value &event, EventWriter &out)
{
    out.artifact({.id = numbered("verification"_L1, ++m_verifications),
                  .kind = Kind::Verification,
                  .title = {},
                  .append = false,
                  .data = withoutType(event)});
}

void AgentWs::dataReady(const json::Value &event, EventWriter &out)
{
    const json::Value nested = event["data"_L1];
    const json::Value data = nested.isObject() ? nested : event;
    const auto [code, preview, figure] = data.members("code"_L1, "result_preview"_L1, "figure"_L1);
    if (code.isString() && code.isTruthy()) {
        closeReflection(out);
        // Of several tries the last one has worked.
        m_codeIsOpen = m_code && !m_codeIsFinal;
        openCode(out).replace(code.string(), out);
        m_codeIsOpen = false;
        m_codeIsFinal = true;
    }
    if (preview.isTruthy())
        out.artifact({.id = numbered("table"_L1, ++m_tables),
                      .kind = Kind::Table,
                      .title = {},
                      .append = false,
                      .data = preview.compact()});
    if (figure.isTruthy()) {
        // Plotting libraries give their figures out as text, which some servers pass on as it is.
        const auto inner =
            figure.isString() ? m_innerReader.read(figure.string().toUtf8()) : std::optional(figure);
        out.artifact({.id = numbered("figure"_L1, ++m_figures),
                      .kind = Kind::Figure,
                      .title = {},
                      .append = false,
                      .data = inner.value_or(figure).compact()});
    }
}

void AgentWs::analysisChunk(const json::Value &event, EventWriter &out)
{
    out.text(pieceOf(event));
}

void AgentWs::runComplete(const json::Value &event, EventWriter &out)
{
    out.usage(usageOf(event["usage"_L1]));
    if (!m_inSession) {
        deliveryComplete(event, out);
        return;
    }
    flush(out);
    out.finished(m_cancelled ? FinishReason::Stopped : FinishReason::Stop);
}

void AgentWs::deliveryComplete(const json::Value &event, EventWriter &out)
{
    out.usage(usageOf(event["usage"_L1]));
    flush(out);
    out.finished(m_cancelled ? FinishReason::Stopped : FinishReason::Stop);
    out.complete();
}

void AgentWs::error(const json::Value &event, EventWriter &out)
{
    const NetError error = errorOf(event);
    if (saysCancelled(error)) {
        cancelled(event, out);
        return;
    }
    flush(out);
    out.fail(error);
}

void AgentWs::cancelled(const json::Value &, EventWriter &out)
{
    flush(out);
    out.finished(FinishReason::Stopped);
    out.complete();
}

// A single query's server takes nothing but the word "cancel".
void AgentWs::ping(const json::Value &event, EventWriter &)
{
    if (!m_inSession)
        return;
    QJsonObject pong{{u"action"_s, u"pong"_s}};
    if (const auto timestamp = event["timestamp"_L1].integer())
        pong.insert("timestamp"_L1, *timestamp);
    m_reply = ConnectionMessage{compactJson(pong)};
}

void AgentWs::pong(const json::Value &, EventWriter &) {}

ArtifactText &AgentWs::openCode(EventWriter &out)
{
    if (!m_codeIsOpen || !m_code) {
        if (m_code)
            m_code->flush(out);
        // Its title is the language, which the protocol fixes.
        m_code.emplace(Kind::Code, numbered("code"_L1, ++m_codes), u"python"_s);
        m_codeIsOpen = true;
        m_codeIsFinal = false;
    }
    return *m_code;
}

ArtifactText &AgentWs::openReflection(EventWriter &)
{
    if (!m_reflection)
        m_reflection.emplace(Kind::Reflection, numbered("reflection"_L1, ++m_reflections), QString());
    return *m_reflection;
}

// What code comes now is another attempt.
void AgentWs::tryAgain(EventWriter &out)
{
    if (m_code)
        m_code->flush(out);
    m_codeIsOpen = false;
}

void AgentWs::closeReflection(EventWriter &out)
{
    if (m_reflection)
        m_reflection->flush(out);
    m_reflection.reset();
}

void AgentWs::flush(EventWriter &out)
{
    tryAgain(out);
    closeReflection(out);
}

void AgentWs::finish(bool clean, EventWriter &out)
{
    flush(out);
    if (m_cancelled)
        out.finished(FinishReason::Stopped);
    else if (clean && m_begun && !m_overHttp)
        out.finished(FinishReason::Stop);
}

} // namespace rivulet
