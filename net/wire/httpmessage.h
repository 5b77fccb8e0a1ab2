// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qurl.h>

#include <utility>

namespace rivulet {

/// Header names and values as they go on the wire.
using HttpHeaders = QList<std::pair<QByteArray, QByteArray>>;

/// One HTTP request, ready to send.
struct HttpRequest
{
    QByteArray method = "POST";
    QUrl url{};
    HttpHeaders headers{}; ///< without Content-Length, User-Agent and Accept-Encoding: the transport's own
    QByteArray body{};

    friend bool operator==(const HttpRequest &, const HttpRequest &) = default;
};

/// The head of a response, before its body.
struct ResponseHead
{
    int status = 0;
    QByteArray contentType; ///< as sent, with parameters
    HttpHeaders headers;    ///< names in lower case

    friend bool operator==(const ResponseHead &, const ResponseHead &) = default;
};

} // namespace rivulet
