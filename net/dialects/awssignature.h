// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: Amazon's Signature Version 4, for requests that are sent as they are signed.

#include "net/wire/httpmessage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>
#include <QtCore/qdatetime.h>

#include <optional>

namespace rivulet {

/// What a request is signed with.
struct AwsCredentials
{
    QByteArray accessKey;
    QByteArray secretKey;
    QByteArray sessionToken; ///< empty for keys that last

    friend bool operator==(const AwsCredentials &, const AwsCredentials &) = default;
};

/// The credentials that "ACCESSKEY:SECRET" or "ACCESSKEY:SECRET:SESSIONTOKEN" holds; empty where the key is
/// of another kind.
[[nodiscard]] std::optional<AwsCredentials> awsCredentialsFrom(QByteArrayView key);

/// Where and when a signature holds: for one service in one region, for minutes around the time.
struct AwsScope
{
    QByteArray region;
    QByteArray service;
    QDateTime time;
};

/// A request in the one form that both sides derive from what is on the wire. All its headers are signed.
[[nodiscard]] QByteArray awsCanonicalRequest(const HttpRequest &request);

/// What of a canonical request is signed, with its scope.
[[nodiscard]] QByteArray awsStringToSign(QByteArrayView canonicalRequest, const AwsScope &scope);

/// Adds the headers that sign the request: the time, the session's token and the authorization. Headers that
/// are added later are not signed, and none that is there may change on the way.
void signForAws(HttpRequest &request, const AwsCredentials &credentials, const AwsScope &scope);

} // namespace rivulet
