// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"
#include "net/wire/neterror.h"

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <memory>
#include <optional>

namespace rivulet {

class Transport;

/// One question of a connection test, and what is known about it.
struct ConnectionStep
{
    enum class Kind {
        Address, ///< the base URL is one that we would use
        Reach,   ///< the host exists and something listens there
        Secure,  ///< TLS holds; skipped for plain http
        Speak,   ///< it answers as an HTTP API does, neither with a web page nor with a redirect
        Key,     ///< the key is accepted
        Models,  ///< it lists its models; skipped where it has no such list, which is no fault
        Answer,  ///< the model streams the beginning of an answer; skipped where no model is chosen
    };
    enum class State { Waiting, Running, Passed, Failed, Skipped };

    Kind kind = Kind::Address;
    State state = State::Waiting;
    std::optional<NetError> error; ///< set where state is Failed

    friend bool operator==(const ConnectionStep &, const ConnectionStep &) = default;
};

/// What a connection test knows so far.
struct RIVULET_NET_EXPORT ConnectionReport
{
    QList<ConnectionStep> steps; ///< all kinds, in the order of the enum
    QStringList models;          ///< what the server offers, empty until or unless it was listed
    std::optional<std::chrono::milliseconds> firstToken; ///< from the tiny question to the first text

    /// Whether every step passed or was rightly skipped.
    [[nodiscard]] bool ok() const;
    /// The first failed step's error; empty where none failed.
    [[nodiscard]] std::optional<NetError> error() const;
    /// The step of that kind.
    [[nodiscard]] const ConnectionStep &step(ConnectionStep::Kind kind) const;

    friend bool operator==(const ConnectionReport &, const ConnectionReport &) = default;
};

/// "Test connection": two small requests (the model list, and a question whose answer is stopped at its
/// first word), reported step by step. One thread: that of its transport.
class RIVULET_NET_EXPORT ConnectionTest : public QObject
{
    Q_OBJECT

public:
    /// `transport` must outlive the object.
    explicit ConnectionTest(Transport &transport, QObject *parent = nullptr);
    ~ConnectionTest() override;

    /// Tests `provider` with `apiKey` (may be empty); waits at most `limit` for each request to begin to
    /// answer. Where `provider.model` is empty, the first model of the list is asked. Starting again drops
    /// the test before.
    void start(const Provider &provider, const QByteArray &apiKey,
               std::chrono::milliseconds limit = std::chrono::seconds(20));

    /// Drops the test; nothing more is signalled. Safe when none runs.
    void cancel();

    [[nodiscard]] bool isRunning() const;
    /// What is known now; the last report after the end.
    [[nodiscard]] ConnectionReport report() const;

Q_SIGNALS:
    /// A step changed its state. Never comes inside start().
    void changed(const rivulet::ConnectionReport &report);
    /// The test is over. Comes once for each start, unless cancelled.
    void finished(const rivulet::ConnectionReport &report);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::ConnectionReport)
