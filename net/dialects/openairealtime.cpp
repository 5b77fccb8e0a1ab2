// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openairealtime.h"

#include "net/dialects/errorbody.h"
#include "net/dialects/openaiendpoint.h"
#include "net/dialects/responseinput.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto versionOption = "api-version"_L1;
constexpr auto cancelId = "cancel"_L1;

// Azure's previews and Voice Live take the session in the words of OpenAI's preview.
bool isPreview(const Endpoint &endpoint)
{
    return !endpoint.options.value(versionOption).isEmpty()
        || endpoint.baseUrl.path().contains("/voice-live"_L1);
}

QJsonObject sessionOf(const ChatRequest &chat, bool preview)
{
    QJsonObject session;
    const QJsonArray modalities{u"text"_s};
    if (preview) {
        session.insert("modalities"_L1, modalities);
    } else {
        session.insert("type"_L1, u"realtime"_s);
        session.insert("output_modalities"_L1, modalities);
    }
    if (!chat.system.isEmpty())
        session.insert("instructions"_L1, wellFormed(chat.system));
    if (!chat.tools.isEmpty())
        session.insert("tools"_L1, functionTools(chat.tools));
    if (chat.maxOutputTokens)
        session.insert(preview ? "max_response_output_tokens"_L1 : "max_output_tokens"_L1,
                       *chat.maxOutputTokens);
    if (chat.temperature && preview)
        session.insert("temperature"_L1, *chat.temperature);
    return session;
}

// What the server says that has no part in an answer.
bool isOfTheSession(const EventName &name)
{
    constexpr std::array names{
        "rate_limits.updated"_L1,
        "ping"_L1,
        "session.updated"_L1,
        "conversation.created"_L1,
        "conversation.item.added"_L1,
        "conversation.item.done"_L1,
        "conversation.item.created"_L1,
        "conversation.item.deleted"_L1,
        "conversation.item.truncated"_L1,
        "conversation.item.retrieved"_L1,
        "conversation.item.input_audio_transcription.delta"_L1,
        "conversation.item.input_audio_transcription.segment"_L1,
        "conversation.item.input_audio_transcription.completed"_L1,
        "conversation.item.input_audio_transcription.failed"_L1,
        "input_audio_buffer.committed"_L1,
        "input_audio_buffer.cleared"_L1,
        "input_audio_buffer.speech_started"_L1,
        "input_audio_buffer.speech_stopped"_L1,
        "input_audio_buffer.timeout_triggered"_L1,
        "output_audio_buffer.started"_L1,
        "output_audio_buffer.stopped"_L1,
        "output_audio_buffer.cleared"_L1,
    };
    return std::ranges::any_of(names, [&](QLatin1StringView known) { return name == known; });
}

// A session's own server of tools is asked for its list.
std::optional<event::Status::State> toolListState(const EventName &name)
{
    if (name == "mcp_list_tools.in_progress"_L1)
        return event::Status::State::Running;
    if (name == "mcp_list_tools.completed"_L1)
        return event::Status::State::Done;
    if (name == "mcp_list_tools.failed"_L1)
        return event::Status::State::Failed;
    return std::nullopt;
}

FinishReason reasonOfStatus(const json::Value &details)
{
    const json::Value reason = details["reason"_L1];
    if (reason == "max_output_tokens"_L1)
        return FinishReason::Length;
    return reason == "content_filter"_L1 ? FinishReason::ContentFilter : FinishReason::Other;
}

} // namespace

std::unique_ptr<Dialect> OpenAiRealtime::clone() const
{
    return std::make_unique<OpenAiRealtime>(*this);
}

QList<DialectOption> OpenAiRealtime::options() const
{
    return {{.name = versionOption, .scope = DialectOption::Scope::Provider}};
}

ExchangeRequest OpenAiRealtime::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const bool preview = isPreview(endpoint);
    WebSocketRequest request;
    request.url = openai::webSocketUrl(openai::resourceUrl(endpoint.baseUrl, "/realtime"_L1));
    QStringList query;
    const auto add = [&](QLatin1StringView name, const QString &value) {
        if (!value.isEmpty())
            query.append(name + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    add(versionOption, endpoint.options.value(versionOption));
    add("model"_L1, chat.model);
    if (!query.isEmpty())
        request.url.setQuery(query.join(u'&'));
    openai::authorize(request.headers, endpoint);

    // Errors name the message that they are about by the id that we gave it.
    const auto send = [&](QLatin1StringView type, QJsonObject message) {
        message.insert("type"_L1, type);
        message.insert("event_id"_L1, u"message-%1"_s.arg(request.messages.size()));
        request.messages.append(compactJson(message));
    };
    send("session.update"_L1, {{u"session"_s, sessionOf(chat, preview)}});
    const auto text = preview ? "text"_L1 : "output_text"_L1;
    for (const QJsonValueConstRef item : inputItems(chat.messages, {.assistantText = text}))
        send("conversation.item.create"_L1, {{u"item"_s, QJsonValue(item)}});
    send("response.create"_L1, {});
    return request;
}

std::optional<Command> OpenAiRealtime::cancel(const Endpoint &)
{
    QJsonObject message{{u"type"_s, u"response.cancel"_s}, {u"event_id"_s, cancelId}};
    if (!m_response.isEmpty())
        message.insert("response_id"_L1, m_response);
    return ConnectionMessage{compactJson(message)};
}

std::optional<HttpRequest> OpenAiRealtime::modelsRequest(const Endpoint &endpoint) const
{
    return openai::modelsRequest(endpoint);
}

std::optional<QList<ListedModel>> OpenAiRealtime::models(QByteArrayView body) const
{
    return openai::models(body);
}

void OpenAiRealtime::frame(const Frame &frame, EventWriter &out)
{
    const std::optional<json::Value> event = m_reader.read(QByteArrayView(frame.data));
    if (!event || !event->isObject()) {
        out.unknown();
        return;
    }
    const auto [type, session, response, error] =
        event->members("type"_L1, "session"_L1, "response"_L1, "error"_L1);
    const EventName name{.type = type, .line = frame.type};
    if (m_items.read(name, *event, out))
        return;
    if (name == "session.created"_L1) {
        out.started({}, session["model"_L1].string());
    } else if (name == "response.created"_L1) {
        m_response = response["id"_L1].string();
        out.started(m_response, {});
    } else if (name == "response.done"_L1) {
        done(response, out);
    } else if (name == "error"_L1) {
        const bool isAboutCancel =
            error["event_id"_L1] == cancelId || error["code"_L1] == "response_cancel_not_active"_L1;
        if (!isAboutCancel)
            out.fail(errorFromJson(*event, 0));
    } else if (const auto state = toolListState(name)) {
        out.status({.stage = u"mcp_list_tools"_s, .message = {}, .state = *state});
    } else if (!isOfTheSession(name)) {
        out.unknown();
    }
}

void OpenAiRealtime::done(const json::Value &response, EventWriter &out)
{
    const auto [id, status, details, output, usage] =
        response.members("id"_L1, "status"_L1, "status_details"_L1, "output"_L1, "usage"_L1);
    out.started(id.string(), {});
    m_items.readOutput(output, out);
    if (usage.isObject())
        out.usage(responseUsage(usage));
    if (status == "failed"_L1) {
        const json::Value error = details["error"_L1];
        NetError failure = errorFromJson(error.isTruthy() ? error : details, 0);
        if (failure.message.isEmpty())
            failure.message = u"response.done: failed"_s;
        out.fail(std::move(failure));
        return;
    }
    if (status == "incomplete"_L1)
        out.finished(reasonOfStatus(details));
    else if (status == "cancelled"_L1)
        out.finished(FinishReason::Stopped);
    else if (m_items.refused() && !out.hasOpenToolCalls())
        out.finished(FinishReason::Refusal);
    out.complete();
}

} // namespace rivulet
