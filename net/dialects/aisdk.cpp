// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/aisdk.h"

#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>

#include <algorithm>
#include <array>

namespace rivulet::aisdk {

using namespace Qt::StringLiterals;

namespace {

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

constexpr std::array namedReasons{
    NamedReason{"stop"_L1, FinishReason::Stop},
    NamedReason{"length"_L1, FinishReason::Length},
    NamedReason{"tool-calls"_L1, FinishReason::ToolCalls},
    NamedReason{"tool_calls"_L1, FinishReason::ToolCalls},
    NamedReason{"content-filter"_L1, FinishReason::ContentFilter},
    NamedReason{"content_filter"_L1, FinishReason::ContentFilter},
};

struct NamedKind
{
    QLatin1StringView name;
    event::Artifact::Kind kind = event::Artifact::Kind::Code;
};

constexpr std::array namedKinds{
    NamedKind{"table"_L1, event::Artifact::Kind::Table},
    NamedKind{"figure"_L1, event::Artifact::Kind::Figure},
    NamedKind{"chart"_L1, event::Artifact::Kind::Figure},
    NamedKind{"verification"_L1, event::Artifact::Kind::Verification},
    NamedKind{"reflection"_L1, event::Artifact::Kind::Reflection},
    NamedKind{"file"_L1, event::Artifact::Kind::File},
    NamedKind{"image"_L1, event::Artifact::Kind::Image},
    NamedKind{"source"_L1, event::Artifact::Kind::Source},
};

std::optional<qint64> firstCount(std::initializer_list<json::Value> values)
{
    for (const json::Value &value : values) {
        if (const auto count = value.integer())
            return count;
    }
    return std::nullopt;
}

} // namespace

FinishReason finishReason(const json::Value &name)
{
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return name == known.name; });
    return row == namedReasons.end() ? FinishReason::Other : row->reason;
}

Usage usageIn(const json::Value &counts)
{
    return {
        .inputTokens =
            firstCount({counts["inputTokens"_L1], counts["promptTokens"_L1], counts["input_tokens"_L1]}),
        .outputTokens = firstCount(
            {counts["outputTokens"_L1], counts["completionTokens"_L1], counts["output_tokens"_L1]}),
        .reasoningTokens =
            firstCount({counts["reasoningTokens"_L1], counts["outputTokenDetails"_L1]["reasoningTokens"_L1]}),
        .cachedTokens = firstCount(
            {counts["cachedInputTokens"_L1], counts["inputTokenDetails"_L1]["cacheReadTokens"_L1]}),
    };
}

QUrl chatUrl(const QUrl &base)
{
    QUrl url = base;
    QString path = base.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    // It is encoded already.
    url.setPath(path.isEmpty() ? u"/api/chat"_s : path, QUrl::TolerantMode);
    return url;
}

HttpRequest chatRequest(QJsonObject body, const Endpoint &endpoint, const QByteArray &accept)
{
    const QJsonObject extras =
        QJsonDocument::fromJson(endpoint.options.value(QString(extraBody)).toUtf8()).object();
    for (auto extra = extras.begin(); extra != extras.end(); ++extra) {
        if (!body.contains(extra.key()))
            body.insert(extra.key(), extra.value());
    }
    HttpRequest request;
    request.url = chatUrl(endpoint.baseUrl);
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", accept}, {"Cache-Control", "no-cache"}};
    authorize(request, endpoint);
    request.body = compactJson(body);
    return request;
}

void authorize(HttpRequest &request, const Endpoint &endpoint)
{
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
}

QJsonObject textPart(const QString &text)
{
    return {{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(text)}};
}

QJsonValue toolOutput(const QString &content)
{
    const QJsonDocument json = QJsonDocument::fromJson(content.toUtf8());
    if (json.isObject())
        return json.object();
    return json.isArray() ? QJsonValue(json.array()) : QJsonValue(content);
}

event::Artifact::Kind artifactKind(const QString &name)
{
    const auto row = std::ranges::find(namedKinds, name, &NamedKind::name);
    return row == namedKinds.end() ? event::Artifact::Kind::Code : row->kind;
}

} // namespace rivulet::aisdk
