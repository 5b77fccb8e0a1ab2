// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/fetch.h"

#include <memory>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype MaxBodySize = 4 * 1024 * 1024;
}

TransportCall *fetch(Transport &transport, const HttpRequest &request, const TransportTimeouts &timeouts,
                     QObject *parent, std::function<void(const std::expected<Fetched, NetError> &)> done)
{
    TransportCall *call = transport.open(request, timeouts, parent);
    const auto answer = std::make_shared<Fetched>();
    const auto end = [call, done = std::move(done)](const std::expected<Fetched, NetError> &result) {
        call->abort();
        call->deleteLater();
        done(result);
    };
    QObject::connect(call, &TransportCall::head, call,
                     [answer](const ResponseHead &head) { answer->head = head; });
    QObject::connect(call, &TransportCall::bytes, call, [answer, end](const QByteArray &bytes) {
        answer->body += bytes;
        if (answer->body.size() > MaxBodySize) {
            end(std::unexpected(NetError{.kind = NetError::Kind::TooLarge,
                                         .status = answer->head.status,
                                         .message = u"The answer is longer than 4 MiB"_s}));
        }
    });
    QObject::connect(call, &TransportCall::finished, call, [answer, end] { end(*answer); });
    QObject::connect(call, &TransportCall::failed, call,
                     [end](const NetError &error) { end(std::unexpected(error)); });
    return call;
}

} // namespace rivulet
