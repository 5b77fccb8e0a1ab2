// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faketransport.h"

#include <utility>

namespace rivulet::test {

class FakeCall final : public TransportCall
{
public:
    FakeCall(std::shared_ptr<FakeExchange> exchange, QObject *parent)
        : TransportCall(parent), m_exchange(std::move(exchange))
    {}

    void abort() override { m_exchange->m_aborted = true; }

    void send(const ConnectionMessage &message) override
    {
        if (!m_exchange->isClosed())
            m_exchange->m_sent.append(message.text);
    }

    void pause() override { m_exchange->m_paused = true; }

    void resume() override
    {
        m_exchange->m_paused = false;
        QMetaObject::invokeMethod(this, [this] { m_exchange->playHeldBack(); }, Qt::QueuedConnection);
    }

private:
    std::shared_ptr<FakeExchange> m_exchange;
};

FakeExchange::FakeExchange(ExchangeRequest request, TransportTimeouts timeouts)
    : m_request(std::move(request)), m_timeouts(timeouts)
{}

FakeExchange::~FakeExchange() = default;

bool FakeExchange::isClosed() const
{
    return m_aborted || m_over || !m_call;
}

void FakeExchange::opened()
{
    play(Opened{});
}

void FakeExchange::message(const QByteArray &text)
{
    play(ConnectionMessage{text});
}

void FakeExchange::head(int status, const QByteArray &contentType, HttpHeaders headers)
{
    headers.append({"content-type", contentType});
    play(ResponseHead{.status = status, .contentType = contentType, .headers = std::move(headers)});
}

void FakeExchange::bytes(const QByteArray &bytes)
{
    if (!bytes.isEmpty())
        play(bytes);
}

void FakeExchange::finish()
{
    play(Finished{});
}

void FakeExchange::fail(const NetError &error)
{
    play(error);
}

void FakeExchange::play(Step step)
{
    if (m_paused || !m_heldBack.isEmpty())
        m_heldBack.append(std::move(step));
    else
        perform(step);
}

void FakeExchange::perform(const Step &step)
{
    if (isClosed())
        return;
    if (std::holds_alternative<Opened>(step)) {
        Q_EMIT m_call->opened();
    } else if (const auto *message = std::get_if<ConnectionMessage>(&step)) {
        Q_EMIT m_call->message(message->text);
    } else if (const auto *head = std::get_if<ResponseHead>(&step)) {
        Q_EMIT m_call->head(*head);
    } else if (const auto *bytes = std::get_if<QByteArray>(&step)) {
        Q_EMIT m_call->bytes(*bytes, bytes->size());
    } else if (const auto *error = std::get_if<NetError>(&step)) {
        m_over = true;
        Q_EMIT m_call->failed(*error);
    } else {
        m_over = true;
        Q_EMIT m_call->finished();
    }
}

void FakeExchange::playHeldBack()
{
    while (!m_paused && !m_heldBack.isEmpty())
        perform(m_heldBack.takeFirst());
}

FakeTransport::FakeTransport(Script script) : m_script(std::move(script)) {}

TransportCall *FakeTransport::open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                                   QObject *parent)
{
    auto exchange = std::make_shared<FakeExchange>(request, timeouts);
    auto *call = new FakeCall(exchange, parent);
    exchange->m_call = call;
    m_exchanges.push_back(exchange);
    if (m_script) {
        QMetaObject::invokeMethod(
            call, [exchange, script = m_script] { script(*exchange); }, Qt::QueuedConnection);
    }
    return call;
}

qsizetype FakeTransport::count() const
{
    return std::ssize(m_exchanges);
}

FakeExchange &FakeTransport::exchange(qsizetype index)
{
    Q_ASSERT(index >= 0 && index < count());
    return *m_exchanges[static_cast<std::size_t>(index)];
}

FakeExchange &FakeTransport::last()
{
    return exchange(count() - 1);
}

} // namespace rivulet::test
