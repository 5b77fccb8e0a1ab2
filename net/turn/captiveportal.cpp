// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/captiveportal.h"

#include "net/dialects/responsereader.h"
#include "net/transport/requestrules.h"

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What a portal makes of a request: it answers by itself, can not show the server's certificate, or is
// silent.
constexpr std::array doings{webPage,
                            transportcode::Redirect,
                            transportcode::Tls,
                            transportcode::HostNotFound,
                            transportcode::ConnectionRefused,
                            transportcode::ConnectionLost,
                            transportcode::Unreachable,
                            transportcode::NoAnswer};

} // namespace

NetError withPortalNamed(NetError error, const QUrl &url, bool isKnown)
{
    if (isLoopback(url))
        return error;
    const bool isUnprotected = url.scheme() == "http"_L1 || url.scheme() == "ws"_L1;
    const bool isItsDoing = isKnown ? std::ranges::find(doings, error.code) != doings.end()
                                    : isUnprotected && error.code == webPage;
    if (isItsDoing)
        error.code = captivePortal;
    return error;
}

} // namespace rivulet
