// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/errorbody.h"

#include "net/dialects/httpheaders.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"

#include <QtCore/qlatin1stringview.h>
#include <QtCore/qlocale.h>
#include <QtCore/qtimezone.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace rivulet {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

// As much as a message may hold, with room for the words before it.
constexpr auto excerptLength = static_cast<qsizetype>(limits::errorMessage) - 96;

QString shortened(QString message)
{
    constexpr auto limit = static_cast<qsizetype>(limits::errorMessage);
    if (message.size() > limit)
        message.truncate(limit);
    return wellFormed(message);
}

// The words of a provider's own code that tell a kind which the status alone does not.
struct CodeWord
{
    QLatin1StringView word;
    NetError::Kind kind = NetError::Kind::Server;
};

// In order of precedence: an account without credit is often reported as a rate limit.
constexpr std::array codeWords{
    CodeWord{"quota"_L1, NetError::Kind::Quota},
    CodeWord{"billing"_L1, NetError::Kind::Quota},
    CodeWord{"insufficient_balance"_L1, NetError::Kind::Quota},
    CodeWord{"insufficient_funds"_L1, NetError::Kind::Quota},
    CodeWord{"credits"_L1, NetError::Kind::Quota},
    CodeWord{"payment"_L1, NetError::Kind::Quota},
    CodeWord{"rate_limit"_L1, NetError::Kind::RateLimited},
    CodeWord{"too_many_requests"_L1, NetError::Kind::RateLimited},
    CodeWord{"throttl"_L1, NetError::Kind::RateLimited},
    CodeWord{"overloaded"_L1, NetError::Kind::Overloaded},
    CodeWord{"unavailable"_L1, NetError::Kind::Overloaded},
    CodeWord{"insufficient_system_resource"_L1, NetError::Kind::Overloaded},
    CodeWord{"api_key"_L1, NetError::Kind::Auth},
    CodeWord{"authentication"_L1, NetError::Kind::Auth},
    CodeWord{"unauthorized"_L1, NetError::Kind::Auth},
    CodeWord{"permission"_L1, NetError::Kind::Auth},
    CodeWord{"invalid_request"_L1, NetError::Kind::InvalidRequest},
    CodeWord{"not_found"_L1, NetError::Kind::InvalidRequest},
    CodeWord{"context_length"_L1, NetError::Kind::InvalidRequest},
    CodeWord{"exceed_context"_L1, NetError::Kind::InvalidRequest},
};

std::optional<NetError::Kind> kindOfCode(const QString &code, const QString &type)
{
    for (const CodeWord &row : codeWords) {
        if (code.contains(row.word, Qt::CaseInsensitive) || type.contains(row.word, Qt::CaseInsensitive))
            return row.kind;
    }
    return std::nullopt;
}

NetError::Kind kindOfStatus(int status)
{
    switch (status) {
    case 401:
    case 403:
        return NetError::Kind::Auth;
    case 402:
        return NetError::Kind::Quota;
    case 429:
        return NetError::Kind::RateLimited;
    case 498: // Groq: the flexible tier has no capacity
    case 503:
    case 529:
        return NetError::Kind::Overloaded;
    case 400:
    case 404:
    case 409:
    case 413:
    case 422:
        return NetError::Kind::InvalidRequest;
    default:
        return status >= 500 ? NetError::Kind::Server : NetError::Kind::Http;
    }
}

NetError::Kind kindOf(int status, const QString &code, const QString &type)
{
    const std::optional<NetError::Kind> told = kindOfCode(code, type);
    if (status == 0)
        return told.value_or(NetError::Kind::Server);
    const NetError::Kind general = kindOfStatus(status);
    // A code refines a status that covers several cases; it does not overrule one that is clear.
    const bool refinable = status == 400 || status == 403 || status == 429
        || general == NetError::Kind::Server || general == NetError::Kind::Http;
    return refinable && told && *told != NetError::Kind::InvalidRequest ? *told : general;
}

// The message in the order in which providers' forms are known to hold the best one.
QString messageIn(const json::Value &value)
{
    const json::Value error = value["error"_L1];
    const json::Value detail = value["detail"_L1];
    const json::Value firstError = value["errors"_L1].first();
    const std::array candidates{
        error["message"_L1],
        error,
        value["message"_L1],
        detail,
        detail["message"_L1],
        detail.first()["msg"_L1],
        firstError["message"_L1],
        firstError["detail"_L1],
        firstError,
        value["error_description"_L1],
        value["errorText"_L1],
        value["data"_L1]["message"_L1],
        value["data"_L1],
        value,
    };
    for (const json::Value &candidate : candidates) {
        if (candidate.isString() && candidate.isTruthy())
            return candidate.string();
    }
    return {};
}

bool isErrorStatus(qint64 number)
{
    return number >= 400 && number <= 599;
}

std::optional<milliseconds> millisecondsFrom(double value)
{
    // A day is more than any server means and keeps the arithmetic far from overflow.
    constexpr double longest = 24.0 * 60 * 60 * 1000;
    if (!std::isfinite(value) || value < 0)
        return std::nullopt;
    return milliseconds(std::llround(std::min(value, longest)));
}

} // namespace

std::optional<milliseconds> retryAfter(const HttpHeaders &headers, const QDateTime &now)
{
    bool ok = false;
    const double exact = headerOf(headers, "retry-after-ms").toDouble(&ok);
    if (ok)
        return millisecondsFrom(exact);
    const QByteArray value = headerOf(headers, "retry-after");
    const double seconds = value.toDouble(&ok);
    if (ok)
        return millisecondsFrom(seconds * 1000);
    const QDateTime date = httpDate(value);
    if (!date.isValid())
        return std::nullopt;
    const qint64 wait = sentAt(headers, now).msecsTo(date);
    return millisecondsFrom(static_cast<double>(std::max<qint64>(wait, 0)));
}

NetError errorFromJson(const json::Value &value, int status)
{
    const json::Value error = value["error"_L1].isObject() ? value["error"_L1] : value;
    NetError result;
    result.status = status;
    for (const QLatin1StringView member : {"status_code"_L1, "code"_L1, "status"_L1}) {
        const std::optional<qint64> number = error[member].integer();
        if (result.status == 0 && number && isErrorStatus(*number))
            result.status = static_cast<int>(*number);
    }
    const QString type = error["type"_L1].string();
    result.code = error["code"_L1].string();
    if (result.code.isEmpty())
        result.code = type == "error"_L1 ? QString() : type;
    if (result.code.isEmpty() && error["code"_L1].integer())
        result.code = QString::number(*error["code"_L1].integer());
    result.code = shortened(result.code);

    QString message = messageIn(value);
    // OpenRouter wraps what the model's own provider said.
    const QString upstream = error["metadata"_L1]["raw"_L1].string();
    if (!upstream.isEmpty() && upstream != message)
        message += u": " + upstream;
    result.message = shortened(message);
    result.kind = kindOf(result.status, result.code, type);
    return result;
}

NetError errorFromResponse(const ResponseHead &head, QByteArrayView body, const QDateTime &now)
{
    NetError error;
    json::Reader reader;
    if (const auto document = reader.read(body))
        error = errorFromJson(document->isArray() ? document->first() : *document, head.status);
    else
        error = {.kind = kindOfStatus(head.status), .status = head.status};
    if (error.message.isEmpty())
        error.message = excerpt(body);
    error.retryAfter = retryAfter(head.headers, now);
    return error;
}

QString excerpt(QByteArrayView body)
{
    const QString text = QString::fromUtf8(body.first(std::min(body.size(), qsizetype{16} * 1024)));
    const qsizetype title = text.indexOf("<title"_L1, 0, Qt::CaseInsensitive);
    const qsizetype begin = title < 0 ? -1 : text.indexOf(u'>', title);
    const qsizetype end = begin < 0 ? -1 : text.indexOf("</title"_L1, begin, Qt::CaseInsensitive);
    QString words = end < 0 ? text : text.sliced(begin + 1, end - begin - 1);
    words = words.simplified();
    if (words.size() > excerptLength)
        words = words.first(excerptLength) + u'…';
    return wellFormed(words);
}

} // namespace rivulet
