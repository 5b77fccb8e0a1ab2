// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/neterror.h"

#include <QtCore/qlatin1stringview.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct NamedKind
{
    NetError::Kind kind;
    QLatin1StringView name;
};

// In the order of the enumeration, so that a kind indexes its own row.
constexpr NamedKind namedKinds[] = {
    {NetError::Kind::Network, "network"_L1},
    {NetError::Kind::Timeout, "timeout"_L1},
    {NetError::Kind::Http, "http"_L1},
    {NetError::Kind::Auth, "auth"_L1},
    {NetError::Kind::RateLimited, "rate_limited"_L1},
    {NetError::Kind::Quota, "quota"_L1},
    {NetError::Kind::Overloaded, "overloaded"_L1},
    {NetError::Kind::InvalidRequest, "invalid_request"_L1},
    {NetError::Kind::Protocol, "protocol"_L1},
    {NetError::Kind::TooLarge, "too_large"_L1},
    {NetError::Kind::Refused, "refused"_L1},
    {NetError::Kind::Server, "server"_L1},
};

} // namespace

QLatin1StringView toName(NetError::Kind kind)
{
    return namedKinds[static_cast<size_t>(kind)].name;
}

std::optional<NetError::Kind> errorKindFromName(QStringView name)
{
    for (const NamedKind &row : namedKinds) {
        if (name == row.name)
            return row.kind;
    }
    return std::nullopt;
}

} // namespace rivulet
