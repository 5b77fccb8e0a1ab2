// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/anthropic.h"

#include "net/dialects/anthropicrequest.h"
#include "net/dialects/errorbody.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurlquery.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto versionOption = "anthropic-version"_L1;
constexpr auto betaOption = "anthropic-beta"_L1;
constexpr auto serverToolsOption = "server_tools"_L1;
constexpr auto defaultVersion = "2023-06-01"_L1;

// Google serves the same messages below its own addresses, with the model and the version in other places.
bool isVertex(const QUrl &url)
{
    return url.host().endsWith("aiplatform.googleapis.com"_L1);
}

// The address below the base, which may be written with or without the version and the resource itself.
QUrl resourceUrl(QUrl base, QLatin1StringView resource)
{
    constexpr auto messages = "/messages"_L1;
    static const QRegularExpression version(u"/v\\d+(?:beta\\d*)?$"_s);
    QString path = base.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    if (path.endsWith(messages))
        path.chop(messages.size());
    if (!version.match(path).hasMatch())
        path += "/v1"_L1;
    base.setPath(path + resource);
    return base;
}

QUrl vertexUrl(QUrl base, const QString &model)
{
    QString path = base.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    if (!path.endsWith("/models"_L1))
        path += "/models"_L1;
    base.setPath(path + u'/' + model + ":streamRawPredict"_L1);
    return base;
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    if (endpoint.apiKey.isEmpty())
        return;
    // Accounts hand out tokens as well as keys, and these go where tokens go.
    if (isVertex(endpoint.baseUrl) || endpoint.apiKey.startsWith("sk-ant-oat"))
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    else
        request.headers.append({"x-api-key", endpoint.apiKey});
}

void addVersion(HttpRequest &request, const Endpoint &endpoint)
{
    const QString version = endpoint.options.value(versionOption, defaultVersion);
    request.headers.append({"anthropic-version", version.toLatin1()});
    if (const QString beta = endpoint.options.value(betaOption); !beta.isEmpty())
        request.headers.append({"anthropic-beta", beta.toLatin1()});
}

QStringList serverToolsOf(const ChatRequest &chat)
{
    QStringList tools = chat.options.value(serverToolsOption).split(u',', Qt::SkipEmptyParts);
    for (QString &tool : tools)
        tool = tool.trimmed();
    return tools;
}

} // namespace

NetError anthropicError(const json::Value &value)
{
    NetError error = errorFromJson(value, 0);
    if (error.code == "request_too_large"_L1)
        error.kind = NetError::Kind::InvalidRequest;
    return error;
}

std::unique_ptr<Dialect> Anthropic::clone() const
{
    return std::make_unique<Anthropic>(*this);
}

QList<DialectOption> Anthropic::options() const
{
    using Scope = DialectOption::Scope;
    return {{.name = versionOption, .scope = Scope::Provider, .fallback = defaultVersion},
            {.name = betaOption, .scope = Scope::Provider},
            {.name = serverToolsOption, .scope = Scope::Query}};
}

ExchangeRequest Anthropic::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    HttpRequest request;
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    QJsonObject body = anthropic::requestBody(chat, serverToolsOf(chat));
    if (isVertex(endpoint.baseUrl)) {
        request.url = vertexUrl(endpoint.baseUrl, chat.model);
        body.remove("model"_L1);
        body.insert("anthropic_version"_L1, u"vertex-2023-10-16"_s);
    } else {
        request.url = resourceUrl(endpoint.baseUrl, "/messages"_L1);
        addVersion(request, endpoint);
    }
    authorize(request, endpoint);
    request.body = compactJson(body);
    return request;
}

void Anthropic::frame(const Frame &frame, EventWriter &out)
{
    payload(QByteArrayView(frame.data), QByteArrayView(frame.type), out);
}

void Anthropic::payload(QByteArrayView data, QByteArrayView name, EventWriter &out)
{
    data = data.trimmed();
    if (data.isEmpty()) {
        if (name == "message_stop")
            endMarker(out);
        return;
    }
    // The end marker of another protocol, which gateways add to each stream.
    if (data == "[DONE]")
        return;
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        event(*value, name, out);
    else
        out.unknown();
}

void Anthropic::event(const json::Value &event, QByteArrayView name, EventWriter &out)
{
    if (!out.isOpen())
        return;
    const json::Value type = event["type"_L1];
    if (type == "error"_L1 || (!type.isString() && name == "error")) {
        m_events.close(out);
        out.fail(anthropicError(event));
        return;
    }
    switch (m_events.event(event, name, out)) {
    case AnthropicEvents::Outcome::Unknown:
        out.unknown();
        break;
    case AnthropicEvents::Outcome::Read:
        out.usage(m_events.usage());
        break;
    case AnthropicEvents::Outcome::Stopped:
        endMarker(out);
        break;
    }
}

void Anthropic::endMarker(EventWriter &out)
{
    finish(true, out);
    out.complete();
}

// The reason waits until here: proxies splice a second message into the stream of the first.
void Anthropic::finish(bool, EventWriter &out)
{
    m_events.close(out);
    if (const auto reason = m_events.finishReason())
        out.finished(*reason);
}

bool Anthropic::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value) {
        // Not one document: perhaps one event a line, without the framing.
        const qint64 unknownBefore = out.unknownCount();
        qint64 lines = 0;
        for (const QByteArray &line : json.toByteArray().split('\n')) {
            payload(line, {}, out);
            lines += line.trimmed().isEmpty() ? 0 : 1;
        }
        if (out.isOpen())
            finish(true, out);
        return out.unknownCount() - unknownBefore < lines;
    }
    const auto [type, content] = value->members("type"_L1, "content"_L1);
    if (type == "error"_L1) {
        out.fail(anthropicError(*value));
        return true;
    }
    if (type != "message"_L1 || !content.isArray())
        return false;
    m_events.wholeMessage(*value, out);
    out.usage(m_events.usage());
    endMarker(out);
    return true;
}

std::optional<HttpRequest> Anthropic::modelsRequest(const Endpoint &endpoint) const
{
    if (isVertex(endpoint.baseUrl))
        return std::nullopt;
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(endpoint.baseUrl, "/models"_L1);
    QUrlQuery query;
    query.addQueryItem(u"limit"_s, u"1000"_s);
    request.url.setQuery(query);
    request.headers = {{"Accept", "application/json"}};
    addVersion(request, endpoint);
    authorize(request, endpoint);
    return request;
}

std::optional<QList<ListedModel>> Anthropic::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document || !(*document)["data"_L1].isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    (*document)["data"_L1].forEach([&](const json::Value &item) {
        const QString id = item["id"_L1].string();
        isList = isList && !id.isEmpty();
        models.append({.id = id, .ownedBy = item["owned_by"_L1].string()});
    });
    return isList ? std::optional(models) : std::nullopt;
}

} // namespace rivulet
