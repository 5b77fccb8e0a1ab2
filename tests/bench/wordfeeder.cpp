// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/wordfeeder.h"

#include "net/wire/exchangerequest.h"

#include <utility>
#include <variant>

namespace rivulet::bench {

using namespace std::chrono_literals;

namespace {

// The prompt is "say 17": the only digits after that word.
int numberIn(const QByteArray &body)
{
    const qsizetype at = body.lastIndexOf("say ");
    qsizetype end = at + 4;
    while (end < body.size() && body.at(end) >= '0' && body.at(end) <= '9')
        ++end;
    return at < 0 ? 0 : body.sliced(at + 4, end - at - 4).toInt();
}

} // namespace

class FedCall final : public TransportCall
{
public:
    FedCall(WordFeeder &feeder, int number, QObject *parent)
        : TransportCall(parent), m_feeder(feeder), m_number(number)
    {}
    ~FedCall() override { m_feeder.leave(this); }

    [[nodiscard]] int number() const { return m_number; }

    void abort() override
    {
        if (std::exchange(m_isOver, true))
            return;
        if (m_feeder.m_aborts)
            m_feeder.m_aborts->note(m_number, SteadyClock::now());
        m_feeder.leave(this);
    }
    void pause() override {}
    void resume() override {}

    void answer()
    {
        if (!m_isOver)
            Q_EMIT head({.status = 200, .contentType = "text/event-stream", .headers = {}});
    }
    void say(const QByteArray &event)
    {
        if (!m_isOver)
            Q_EMIT bytes(event, event.size());
    }
    void end()
    {
        say(lastEvents);
        if (!std::exchange(m_isOver, true))
            Q_EMIT finished();
    }

private:
    WordFeeder &m_feeder;
    int m_number;
    bool m_isOver = false;
};

WordFeeder::WordFeeder(Aborts *aborts) : m_aborts(aborts)
{
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &WordFeeder::speak);
}

void WordFeeder::speakTogether(int streams, int perSecond, qint64 wordsEach)
{
    m_times.emplace(streams, perSecond, wordsEach);
    m_expected = streams;
}

void WordFeeder::speakAtOnce(int perSecond)
{
    m_pace = perSecond;
}

void WordFeeder::setPace(int number, int perSecond)
{
    if (const auto found = m_endless.find(number); found != m_endless.end())
        found->interval = std::chrono::nanoseconds(1s) / perSecond;
}

TransportCall *WordFeeder::open(const ExchangeRequest &request, const TransportTimeouts &, QObject *parent)
{
    auto *call = new FedCall(*this, numberIn(std::get<HttpRequest>(request).body), parent);
    QMetaObject::invokeMethod(
        call,
        [this, call] {
            call->answer();
            if (m_pace > 0)
                m_endless.insert(call->number(),
                                 {call, std::chrono::nanoseconds(1s) / m_pace, SteadyClock::now()});
            else
                m_calls.append(call);
            if (m_times && m_calls.size() == m_expected)
                m_times->begin(SteadyClock::now() + 500ms);
            if (!m_tick.isActive() && m_calls.size() == m_expected)
                m_tick.start(1ms);
        },
        Qt::QueuedConnection);
    return call;
}

void WordFeeder::speak()
{
    const auto now = SteadyClock::now();
    if (m_times) {
        m_times->catchUp(now, [this](int stream, SteadyClock::time_point due) {
            m_calls.at(stream)->say(eventSaying(wordSentAt(due)));
        });
        if (m_times->isOver()) {
            m_tick.stop();
            const QList<FedCall *> calls = std::exchange(m_calls, {});
            for (FedCall *call : calls)
                call->end();
        }
        return;
    }
    for (Endless &stream : m_endless) {
        for (; stream.due <= now; stream.due += stream.interval)
            stream.call->say(eventSaying(wordSentAt(stream.due)));
    }
}

void WordFeeder::leave(FedCall *call)
{
    if (const auto found = m_endless.find(call->number()); found != m_endless.end() && found->call == call)
        m_endless.erase(found);
}

} // namespace rivulet::bench
