// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/frame.h"
#include "net/wire/chatrequest.h"
#include "net/wire/dialectid.h"
#include "net/wire/httpmessage.h"
#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <optional>

namespace rivulet {

/// How a response body is cut into frames.
enum class Framing { Sse };

/// Where a provider is and how it lets us in.
struct Endpoint
{
    QUrl baseUrl;      ///< such as https://api.example.com/v1; no user info, no query
    QByteArray apiKey; ///< empty where none is needed; lives only in the engine, never logged
};

/// A model as a server lists it.
struct ListedModel
{
    QString id;      ///< what a request names it by
    QString ownedBy; ///< the server's word for who made or serves it; often empty

    friend bool operator==(const ListedModel &, const ListedModel &) = default;
};

/// How a stream ended by the protocol's own measure, never by the connection's.
enum class Completeness {
    Open,     ///< neither its end marker nor a failure was seen
    Complete, ///< the protocol's own end marker was seen
    Failed,   ///< an error event was seen
};

/// A pure translator for one answer: request out, frames in, events out. It does no I/O, keeps the state
/// of one stream and is used from one thread. The last place that knows JSON or a provider's words.
class RIVULET_NET_EXPORT Dialect
{
public:
    virtual ~Dialect() = default;

    /// The request that starts the stream.
    [[nodiscard]] virtual HttpRequest request(const ChatRequest &chat, const Endpoint &endpoint) const = 0;

    /// How the body of a successful response is framed.
    [[nodiscard]] virtual Framing framing() const = 0;

    /// Translates one frame; appends to `events`. A frame it does not know adds nothing.
    virtual void frame(const Frame &frame, StreamEvents &events) = 0;

    /// A whole JSON document that came instead of a stream: an answer given at once, or an error.
    virtual void document(QByteArrayView json, StreamEvents &events) = 0;

    /// The body has ended. Appends what was held back; says nothing about completeness by itself.
    virtual void finish(StreamEvents &events) = 0;

    /// The error that a response with a failing status means, in the provider's words where it sent any.
    [[nodiscard]] virtual NetError errorFor(const ResponseHead &head, QByteArrayView body) const = 0;

    /// The request for the list of the models that the server offers.
    [[nodiscard]] virtual HttpRequest modelsRequest(const Endpoint &endpoint) const = 0;

    /// The models that the body of a successful answer to modelsRequest() lists, in its order; empty where
    /// the body is no such list.
    [[nodiscard]] virtual std::optional<QList<ListedModel>> models(QByteArrayView body) const = 0;

    /// Whether the protocol's end marker has been seen.
    [[nodiscard]] virtual Completeness completeness() const = 0;
};

} // namespace rivulet
