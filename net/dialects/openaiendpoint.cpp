// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openaiendpoint.h"

#include "net/dialects/json.h"

#include <array>

namespace rivulet::openai {

using namespace Qt::StringLiterals;

bool hostIs(const QUrl &url, QLatin1StringView domain)
{
    const QString host = url.host();
    return host == domain || host.endsWith(u'.' + domain);
}

bool isOpenAi(const QUrl &url)
{
    return hostIs(url, "api.openai.com"_L1);
}

bool isAzure(const QUrl &url)
{
    return hostIs(url, "openai.azure.com"_L1) || hostIs(url, "cognitiveservices.azure.com"_L1)
        || hostIs(url, "services.ai.azure.com"_L1);
}

QUrl resourceUrl(QUrl base, QLatin1StringView resource)
{
    constexpr std::array starts{"/chat/completions"_L1, "/responses"_L1, "/realtime"_L1};
    QString path = base.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    for (const QLatin1StringView start : starts) {
        if (path.endsWith(start)) {
            path.chop(start.size());
            break;
        }
    }
    base.setPath(path + resource);
    return base;
}

bool isWebSocket(const QUrl &url)
{
    return url.scheme() == "ws"_L1 || url.scheme() == "wss"_L1;
}

QUrl httpUrl(QUrl url)
{
    if (isWebSocket(url))
        url.setScheme(url.scheme() == "ws"_L1 ? u"http"_s : u"https"_s);
    return url;
}

QUrl webSocketUrl(QUrl url)
{
    if (!isWebSocket(url))
        url.setScheme(url.scheme() == "http"_L1 ? u"ws"_s : u"wss"_s);
    return url;
}

void authorize(HttpHeaders &headers, const Endpoint &endpoint)
{
    if (endpoint.apiKey.isEmpty())
        return;
    if (isAzure(endpoint.baseUrl))
        headers.append({"api-key", endpoint.apiKey});
    else
        headers.append({"Authorization", "Bearer " + endpoint.apiKey});
}

HttpRequest modelsRequest(const Endpoint &endpoint)
{
    HttpRequest request;
    request.method = "GET";
    request.url = resourceUrl(httpUrl(endpoint.baseUrl), "/models"_L1);
    request.headers = {{"Accept", "application/json"}};
    authorize(request.headers, endpoint);
    return request;
}

std::optional<QList<ListedModel>> models(QByteArrayView body)
{
    json::Reader reader;
    const std::optional<json::Value> document = reader.read(body);
    if (!document)
        return std::nullopt;
    // Together sends the bare list, Ollama null for an empty one.
    const json::Value list = document->isArray() ? *document : (*document)["data"_L1];
    if (!list.isArray() && (*document)["object"_L1] != "list"_L1)
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    list.forEach([&](const json::Value &item) {
        const QString id = item["id"_L1].string();
        isList = isList && !id.isEmpty();
        models.append({.id = id, .ownedBy = item["owned_by"_L1].string()});
    });
    return isList ? std::optional(models) : std::nullopt;
}

} // namespace rivulet::openai
