// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"

#include <QtCore/qfileinfo.h>
#include <QtNetwork/qhostaddress.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

NetError refused(QLatin1StringView code, const QString &message)
{
    return {.kind = NetError::Kind::Refused, .code = code, .message = message};
}

bool isPrintable(QByteArrayView value)
{
    return std::ranges::none_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

// A word of HTTP's grammar (RFC 9110, 5.6.2).
bool isToken(QByteArrayView word)
{
    constexpr QByteArrayView marks = "!#$%&'*+-.^_`|~";
    return !word.isEmpty() && std::ranges::all_of(word, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || marks.contains(c);
    });
}

struct Schemes
{
    QLatin1StringView secure;
    QLatin1StringView plain;
};

std::optional<NetError> refusalOfAddress(const QUrl &url, const HttpHeaders &headers, const Schemes &schemes)
{
    if (!url.isValid())
        return refused(transportcode::BadUrl, u"The address can not be read"_s);
    if (url.scheme() != schemes.secure && url.scheme() != schemes.plain) {
        return refused(transportcode::Scheme,
                       u"The address must begin with %1:// or %2://"_s.arg(schemes.secure, schemes.plain));
    }
    if (url.host().isEmpty())
        return refused(transportcode::BadUrl, u"The address names no host"_s);
    if (!url.userInfo().isEmpty())
        return refused(transportcode::UserInfo, u"The address holds a user name or a password"_s);
    const bool wouldShowKey = url.scheme() == schemes.plain && !isLoopback(url);
    for (const auto &[name, value] : headers) {
        if (!isToken(name) || !isPrintable(value)) {
            return refused(transportcode::BadHeader,
                           u"The header "_s + QString::fromLatin1(name.left(100))
                               + u" holds a character that can not be sent"_s);
        }
        if (wouldShowKey && carriesKey(name)) {
            return refused(transportcode::KeyInClear,
                           u"A key is sent over a secure connection only, or to this computer"_s);
        }
    }
    return std::nullopt;
}

} // namespace

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

bool carriesKey(QByteArrayView headerName)
{
    constexpr std::array<QByteArrayView, 6> names{"authorization", "proxy-authorization", "x-api-key",
                                                  "api-key",       "x-goog-api-key",      "cookie"};
    return std::ranges::any_of(
        names, [&](QByteArrayView name) { return headerName.compare(name, Qt::CaseInsensitive) == 0; });
}

std::optional<NetError> refusalOf(const HttpRequest &request)
{
    return refusalOfAddress(request.url, request.headers, {.secure = "https"_L1, .plain = "http"_L1});
}

std::optional<NetError> refusalOf(const WebSocketRequest &request)
{
    if (auto refusal = refusalOfAddress(request.url, request.headers, {.secure = "wss"_L1, .plain = "ws"_L1}))
        return refusal;
    if (!std::ranges::all_of(request.subprotocols, isToken))
        return refused(transportcode::BadHeader, u"A subprotocol holds a character that can not be sent"_s);
    return std::nullopt;
}

std::optional<NetError> refusalOf(const ProcessRequest &request)
{
    const auto holdsNul = [](const QString &text) { return text.contains(u'\0'); };
    const bool cutShort = holdsNul(request.program) || holdsNul(request.workingFolder)
        || std::ranges::any_of(request.arguments, holdsNul)
        || std::ranges::any_of(request.environment, holdsNul)
        || std::ranges::any_of(request.environment.keys(), [&](const QString &name) {
                              return name.isEmpty() || holdsNul(name) || name.contains(u'=');
                          });
    if (cutShort) {
        return refused(transportcode::BadProgram,
                       u"What is handed to the program holds a character that would change its meaning"_s);
    }
    const QFileInfo program(request.program);
    if (!program.isAbsolute())
        return refused(transportcode::BadProgram, u"The program must be named by its whole path"_s);
#ifdef Q_OS_WIN
    // These are run by a shell, which reads the arguments in its own way.
    if (const QString suffix = program.suffix().toLower(); suffix == "bat"_L1 || suffix == "cmd"_L1)
        return refused(transportcode::BadProgram, u"Batch files are not run"_s);
#endif
    if (!program.isFile() || !program.isExecutable())
        return refused(transportcode::BadProgram, u"There is no program "_s + request.program);
    if (!request.workingFolder.isEmpty()
        && (!QFileInfo(request.workingFolder).isAbsolute() || !QFileInfo(request.workingFolder).isDir()))
        return refused(transportcode::BadProgram, u"There is no folder "_s + request.workingFolder);
    return std::nullopt;
}

std::optional<NetError> refusalOf(const ExchangeRequest &request)
{
    return std::visit([](const auto &kind) { return refusalOf(kind); }, request);
}

} // namespace rivulet
