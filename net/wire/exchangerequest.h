// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/httpmessage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <optional>
#include <variant>

namespace rivulet {

/// A WebSocket to open, and what to say first.
struct WebSocketRequest
{
    QUrl url{};            ///< ws or wss
    HttpHeaders headers{}; ///< of the handshake; without those of the handshake itself and without Origin
    QByteArrayList subprotocols{}; ///< offered in this order
    QByteArrayList messages{};     ///< text messages to send once it is open, UTF-8
    /// The same exchange over HTTP, where the protocol has it: tried where the WebSocket does not open.
    std::optional<HttpRequest> fallback{};

    friend bool operator==(const WebSocketRequest &, const WebSocketRequest &) = default;
};

/// A local program to start, and what to write to its standard input first.
struct ProcessRequest
{
    QString program{}; ///< absolute path
    QStringList arguments{};
    qsizetype configured = 0; ///< so many of the arguments are the user's own; the protocol adds the rest
    QString workingFolder{};  ///< absolute; empty for the user's home
    QMap<QString, QString> environment{};  ///< added to the minimal one that every program gets
    QStringList environmentPatternsKept{}; ///< wildcards of our own environment's names that it gets as well
    QByteArrayList lines{};                ///< UTF-8, without line ends
    bool closeInput = false;               ///< its standard input ends after the lines

    friend bool operator==(const ProcessRequest &, const ProcessRequest &) = default;
};

/// What starts an exchange, whatever carries it.
using ExchangeRequest = std::variant<HttpRequest, WebSocketRequest, ProcessRequest>;

/// A message on the connection that carries the exchange: a WebSocket's text message, or a line of input.
struct ConnectionMessage
{
    QByteArray text; ///< UTF-8, without a line end

    friend bool operator==(const ConnectionMessage &, const ConnectionMessage &) = default;
};

/// What a verb on a running exchange (cancel, redirect, an approval's answer) amounts to on the wire: a
/// message on its own connection, or a request of its own.
using Command = std::variant<ConnectionMessage, HttpRequest>;

/// How far a stream has come, so that it can be joined again: what the protocol calls the stream, and the
/// last thing of it that was read. Survives a restart. Only its dialect knows what they mean.
struct ResumeToken
{
    QString stream;
    QString cursor;

    friend bool operator==(const ResumeToken &, const ResumeToken &) = default;
};

} // namespace rivulet
