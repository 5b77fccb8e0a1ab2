// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transportswitch.h"
#include "net/turn/turn.h"
#include "tests/net/turn/speech.h"
#include "tests/support/fakeclock.h"
#include "tests/support/memoryjournal.h"
#include "tests/support/mockserver.h"

#include <QtTest/QTest>

#include <algorithm>
#include <memory>

namespace rivulet::test {

using namespace Qt::StringLiterals;

/// Adds a row for each seed: twenty for every commit, two hundred where RIVULET_THOROUGH is set.
inline void addSeeds()
{
    QTest::addColumn<quint32>("seed");
    const quint32 runs = qEnvironmentVariableIsEmpty("RIVULET_THOROUGH") ? 20 : 200;
    for (quint32 seed = 1; seed <= runs; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

/// A server, and turns that ask it over real sockets. Their time is not real: a wait is over at once.
class FaultStage
{
public:
    explicit FaultStage(quint32 seed, DialectId protocol = DialectId::OpenAiChat) : dice(seed)
    {
        provider = {
            .id = u"here"_s, .dialect = protocol, .baseUrl = server.url(u"/v1"_s), .model = u"small"_s};
        if (protocol == DialectId::AgentWs)
            provider.baseUrl = server.webSocketUrl();
        if (protocol == DialectId::OpenAiResponses)
            provider.options = {{u"background"_s, u"true"_s}};
    }

    /// A turn that has begun, and what became of it.
    struct Exchange
    {
        QString text;
        QList<TurnStatus> statuses;
        QList<NetError> failures; ///< inside the stream
        TurnOutcome outcome;
        int ends = 0;
        int late = 0; ///< signals after the end
        std::unique_ptr<Turn> turn;

        [[nodiscard]] QList<std::chrono::milliseconds> waits() const
        {
            QList<std::chrono::milliseconds> waits;
            for (const TurnStatus &status : statuses) {
                if (status.phase == TurnPhase::Waiting)
                    waits.append(status.wait);
            }
            return waits;
        }
        [[nodiscard]] qsizetype countOf(TurnPhase phase) const
        {
            return std::ranges::count(statuses, phase, &TurnStatus::phase);
        }
    };

    std::shared_ptr<Exchange> ask(qint64 number = 1)
    {
        auto exchange = std::make_shared<Exchange>();
        const TurnSpec spec{.id = TurnId{number},
                            .provider = provider,
                            .request = {.messages = {{ChatRole::User, u"Hello"_s}}}};
        exchange->turn =
            std::make_unique<Turn>(spec, *transport, journal, credentials, nullptr,
                                   TurnOptions{.clock = &clock, .random = [this] { return dice.random(); }});
        watch(*exchange);
        exchange->turn->start();
        return exchange;
    }

    /// Asks, and waits for the end.
    std::shared_ptr<Exchange> finish(qint64 number = 1)
    {
        const auto exchange = ask(number);
        [&exchange] { QTRY_COMPARE_WITH_TIMEOUT(exchange->ends, 1, std::chrono::seconds(20)); }();
        return exchange;
    }

    [[nodiscard]] qsizetype countOf(const QByteArray &method) const
    {
        return std::ranges::count_if(server.received(), [&method](const MockServer::Received &received) {
            return received.request.method == method;
        });
    }

    Dice dice;
    MockServer server;
    std::unique_ptr<Transport> transport = makeTransport(nullptr);
    FakeClock clock;
    MemoryJournal journal;
    OneKey credentials;
    Provider provider;
    bool passesTime = true; ///< a wait is over by itself

private:
    void watch(Exchange &exchange)
    {
        Turn *turn = exchange.turn.get();
        const auto count = [&exchange] { exchange.late += exchange.ends; };
        QObject::connect(turn, &Turn::events, turn, [&exchange, count](const StreamEvents &events) {
            count();
            for (const StreamEvent &event : events) {
                if (const auto *text = std::get_if<event::Text>(&event.payload))
                    exchange.text += text->text;
                else if (const auto *failed = std::get_if<event::Failed>(&event.payload))
                    exchange.failures.append(failed->error);
            }
        });
        QObject::connect(
            turn, &Turn::phaseChanged, turn, [this, turn, &exchange, count](const TurnStatus &status) {
                count();
                exchange.statuses.append(status);
                if (status.phase == TurnPhase::Waiting && passesTime) {
                    QMetaObject::invokeMethod(
                        turn, [this, wait = status.wait] { clock.advance(wait); }, Qt::QueuedConnection);
                }
            });
        QObject::connect(turn, &Turn::ended, turn, [&exchange, count](const TurnOutcome &outcome) {
            count();
            ++exchange.ends;
            exchange.outcome = outcome;
        });
    }
};

} // namespace rivulet::test
