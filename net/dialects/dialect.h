// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/eventwriter.h"
#include "net/export.h"
#include "net/framing/frame.h"
#include "net/wire/approvaldecision.h"
#include "net/wire/chatrequest.h"
#include "net/wire/dialectid.h"
#include "net/wire/exchangerequest.h"
#include "net/wire/httpmessage.h"
#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <chrono>
#include <memory>
#include <optional>

namespace rivulet {

/// How the bytes of an answer are cut into frames. Bytes that are plainly server-sent events are read as
/// such by every framing but Text, since several protocols come both ways.
enum class Framing {
    Sse,            ///< server-sent events
    Lines,          ///< one frame a line, as of newline-delimited JSON; also a WebSocket's messages
    AwsEventStream, ///< Amazon's binary eventstream
    Text,           ///< whatever came is a frame, cut between characters
};

/// The content type that a response of that framing is expected to have.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray contentTypeOf(Framing framing);

/// Where a provider is and how it lets us in.
struct Endpoint
{
    QUrl baseUrl{};      ///< such as https://api.example.com/v1; no user info, no query
    QByteArray apiKey{}; ///< empty where none is needed; lives only in the engine, never logged
    QString program{};   ///< absolute path of a local program, where the dialect speaks to one
    QStringList arguments{};
    /// What the dialect declares in options() for a provider, by name.
    QMap<QString, QString> options{};
    QDateTime now{}; ///< the time to sign requests with; invalid for the system's
};

/// A setting that only one dialect knows: which agent, which dataset, which region.
struct DialectOption
{
    enum class Scope {
        Provider, ///< set once, in Endpoint::options
        Query,    ///< may be set for each message, in ChatRequest::options
    };

    QLatin1StringView name; ///< stable, and the protocol's own word for it
    Scope scope = Scope::Provider;
    QLatin1StringView fallback{}; ///< what holds where it is not set
    bool required = false;        ///< without it no request can be made

    friend bool operator==(const DialectOption &, const DialectOption &) = default;
};

/// A model as a server lists it.
struct ListedModel
{
    QString id;      ///< what a request names it by
    QString ownedBy; ///< the server's word for who made or serves it; often empty

    friend bool operator==(const ListedModel &, const ListedModel &) = default;
};

/// A pure translator for one exchange: request out, frames in, events out. It does no I/O, keeps the state
/// of one exchange and is used from one thread. The last place that knows JSON or a provider's words.
///
/// A frame that it does not know is told to EventWriter::unknown(), never an error: its reader then looks for
/// what every server could mean. Frames after the end marker are not handed to it.
class RIVULET_NET_EXPORT Dialect
{
public:
    virtual ~Dialect() = default;

    /// A copy with all its state: what follows can be tried without harm.
    [[nodiscard]] virtual std::unique_ptr<Dialect> clone() const = 0;

    /// The settings that only this dialect knows.
    [[nodiscard]] virtual QList<DialectOption> options() const { return {}; }

    /// Whether it also speaks to a local program, Endpoint::program.
    [[nodiscard]] virtual bool runsPrograms() const { return false; }

    // Out

    /// What starts the exchange. It may note down what reading the answer needs.
    [[nodiscard]] virtual ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) = 0;

    /// Whether a further request belongs to the same exchange once the response at hand has ended: protocols
    /// shake hands first, or hand out the address of the stream.
    [[nodiscard]] virtual bool hasNext() const { return false; }

    /// That request; asked for only where hasNext().
    [[nodiscard]] virtual HttpRequest next(const Endpoint &) { return {}; }

    /// A response with a failing status has come, whole. Returns whether the exchange goes on nevertheless,
    /// with next(): some servers take the same request only in another way, or have what it was to make.
    [[nodiscard]] virtual bool goesOnAfter(const ResponseHead &, QByteArrayView) { return false; }

    /// What the frames so far call for, such as a pong: on a connection of two directions, or as requests of
    /// their own, each of which is sent once the one before it was answered. Once each.
    [[nodiscard]] virtual QList<Command> takeReplies() { return {}; }

    /// Whether such a request that is refused, or does not arrive, ends the exchange: what is to come answers
    /// it.
    [[nodiscard]] virtual bool dependsOnReplies() const { return false; }

    /// For how long nothing may come after what came last until the answer counts as whole, and finish() is
    /// called for it: for protocols without an end marker. Empty where there is one, or while something is
    /// known to follow.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> quietPeriod() const
    {
        return std::nullopt;
    }

    /// How the protocol asks the server to stop. Empty where closing the connection is all there is.
    [[nodiscard]] virtual std::optional<Command> cancel(const Endpoint &) { return std::nullopt; }

    /// How the protocol changes the course of a running answer. Empty where it cannot. What the server still
    /// says on the old course is not written from then on.
    [[nodiscard]] virtual std::optional<Command> redirect(const QString &) { return std::nullopt; }

    /// How the user's decision is told on the running exchange. Empty where it is not asked for there.
    [[nodiscard]] virtual std::optional<Command> decide(const ApprovalDecision &) { return std::nullopt; }

    /// What tells the server that nothing more follows, once the exchange is over and is not to be joined
    /// again: some keep a session open until they are told. Nobody waits for its answer.
    [[nodiscard]] virtual std::optional<HttpRequest> farewell(const Endpoint &) { return std::nullopt; }

    /// Where the stream could be joined again. Empty where the protocol or this stream has no such place.
    [[nodiscard]] virtual std::optional<ResumeToken> resumeToken() const { return std::nullopt; }

    /// The request that joins the stream again after `token`, also in a new process: this translator then
    /// reads the response. It drops what `token` says was read already.
    [[nodiscard]] virtual std::optional<ExchangeRequest> resume(const ResumeToken &, const Endpoint &)
    {
        return std::nullopt;
    }

    /// The request for the list of the models that the server offers; empty where it has none.
    [[nodiscard]] virtual std::optional<HttpRequest> modelsRequest(const Endpoint &) const
    {
        return std::nullopt;
    }

    // In

    /// How the body of a successful response is framed.
    [[nodiscard]] virtual Framing framing() const = 0;

    /// A successful response's head, before its body: where protocols put ids into headers.
    virtual void head(const ResponseHead &) {}

    /// Translates one frame.
    virtual void frame(const Frame &frame, EventWriter &out) = 0;

    /// A whole JSON document that came instead of a stream: an answer given at once, or an error. Returns
    /// whether it was understood; where not, its reader looks for what every server could mean.
    [[nodiscard]] virtual bool document(QByteArrayView, EventWriter &) { return false; }

    /// The body has ended, by itself or, if not `clean`, by a broken connection. Writes what was held back,
    /// and calls EventWriter::complete() where a clean end is the protocol's own end marker.
    virtual void finish(bool clean, EventWriter &out)
    {
        Q_UNUSED(clean)
        Q_UNUSED(out)
    }

    /// The error that a response with a failing status means, in the provider's words where it sent any.
    [[nodiscard]] virtual NetError errorFor(const ResponseHead &head, QByteArrayView body) const;

    /// The models that the body of a successful answer to modelsRequest() lists, in its order; empty where
    /// the body is no such list.
    [[nodiscard]] virtual std::optional<QList<ListedModel>> models(QByteArrayView) const
    {
        return std::nullopt;
    }
};

} // namespace rivulet
