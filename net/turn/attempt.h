// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/responsereader.h"
#include "net/transport/transport.h"
#include "net/turn/clock.h"
#include "net/turn/retrypolicy.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

class RequestQueue;

/// One attempt at an exchange: the connection, the requests that follow on it, and what is read from it,
/// until the answer or the connection ends. It knows nothing of keys, of journals and of trying again. Engine
/// thread.
///
/// Every signal may lead to the attempt's deletion, but by deleteLater() only.
class Attempt final : public QObject
{
    Q_OBJECT

public:
    /// What it works with; nothing of it is owned. `owner` becomes the parent of the calls that are to live
    /// longer than the attempt.
    struct Means
    {
        Transport &transport; ///< of the provider's way into the network
        Clock &clock;
        QObject *owner = nullptr;
    };

    Attempt(std::unique_ptr<ResponseReader> reader, const Endpoint &endpoint, const Means &means);
    /// Closes what is open.
    ~Attempt() override;

    /// Opens the connection; once.
    void open(const ExchangeRequest &request);

    [[nodiscard]] Reached reached() const { return m_reached; }
    /// Whether further requests of the exchange were made: what those before them did is done.
    [[nodiscard]] bool hasFollowedUp() const { return m_followUps > 0 || m_replies; }
    /// Whether it talks to a local program, which may be silent while its tools run.
    [[nodiscard]] bool isProgram() const { return m_isProgram; }

    [[nodiscard]] ResponseReader &reader() { return *m_reader; }
    [[nodiscard]] const ResponseReader &reader() const { return *m_reader; }

    /// Holds the stream back, or lets it come again.
    void setPaused(bool paused);

    /// Says `command` on the connection, or with a request of its own whose answer is not waited for.
    void say(const Command &command);

    /// Nothing is signalled from now on; the connection is closed at once.
    void abandon();
    /// The same, but the server is told to stop, in the protocol's own way where it has one. A connection
    /// over which that was said stays open until the server has ended the answer, three seconds at most.
    /// Where the protocol has a request of its own for it, that is returned and still to be sent.
    [[nodiscard]] std::optional<HttpRequest> cancel();
    /// The same, but the connection may end by itself, within two seconds, so that it can be used again.
    void linger();

Q_SIGNALS:
    /// The server took the request: its head is there, or the connection is open. Once.
    void accepted();
    /// Each response's head, whatever it says.
    void answered(const rivulet::ResponseHead &head);
    /// Something came: the server lives. So many bytes of the wire, which were so many when decoded.
    void heard(qint64 received, qint64 decoded);
    /// What came means this; never empty.
    void arrived(const rivulet::StreamEvents &events);
    /// Neither the answer nor the connection goes on. `broken` says why where the connection broke; else see
    /// reader().completeness(). Nothing follows.
    void ended(const std::optional<rivulet::NetError> &broken);

private:
    void openCall(const ExchangeRequest &request);
    void accept();
    void read(qint64 received, qint64 decoded, const std::function<void(StreamEvents &)> &feed);
    void reply();
    void bodyEnded();
    void end(const std::optional<NetError> &broken);
    void detach();
    void leave();

    Transport &m_transport;
    Clock &m_clock;
    QObject *m_owner;
    Endpoint m_endpoint;
    std::shared_ptr<ResponseReader> m_reader; ///< outlives it while an acknowledgement is awaited
    std::unique_ptr<Alarm> m_quiet;           ///< set where silence is the protocol's end of an answer
    QPointer<TransportCall> m_call;
    QPointer<RequestQueue> m_replies;
    Reached m_reached = Reached::Nowhere;
    int m_followUps = 0;
    bool m_isProgram = false;
    bool m_isPaused = false;
    bool m_isOver = false;
};

} // namespace rivulet
