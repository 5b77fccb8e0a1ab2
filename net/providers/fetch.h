// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/providers: one small request from its start to its end.

#include "net/transport/transport.h"

#include <expected>
#include <functional>

namespace rivulet {

/// A whole answer, whatever its status.
struct Fetched
{
    ResponseHead head;
    QByteArray body;
};

/// Sends `request` and calls `done` once with the whole answer, or with why there is none: TooLarge past
/// 4 MiB. Deleting the call it returns (a child of `parent`) drops the request, and `done` with it.
TransportCall *fetch(Transport &transport, const HttpRequest &request, const TransportTimeouts &timeouts,
                     QObject *parent, std::function<void(const std::expected<Fetched, NetError> &)> done);

} // namespace rivulet
