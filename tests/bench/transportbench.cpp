// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/transportbench.h"

#include "models/chat/chatsession.h"
#include "models/engine/engine.h"
#include "models/store/sqlitestore.h"
#include "net/demo/websocketframes.h"
#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "net/transport/transportswitch.h"
#include "net/turn/turn.h"
#include "tests/support/memoryjournal.h"
#include "tests/support/mockserver.h"

#include <QtCore/QEventLoop>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>

#include <atomic>
#include <cstdlib>

namespace rivulet::bench {

using namespace rivulet::test;
using namespace Qt::StringLiterals;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

namespace {

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "bench_wire: %s\n", what);
    std::exit(1);
}

double median(QList<double> values)
{
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

/// A MockServer that has a thread of its own, so that its work is not ours.
class DistantServer
{
public:
    explicit DistantServer(MockServer::Handler handler)
    {
        m_thread.start();
        m_context.moveToThread(&m_thread);
        ask([&] {
            m_server = std::make_unique<MockServer>();
            m_server->setHandler(std::move(handler));
            QObject::connect(m_server.get(), &MockServer::requested, &m_context,
                             [this] { m_requested = Clock::now().time_since_epoch(); });
        });
    }
    DistantServer(const DistantServer &) = delete;
    DistantServer &operator=(const DistantServer &) = delete;
    ~DistantServer()
    {
        ask([this] { m_server.reset(); });
        m_thread.quit();
        m_thread.wait();
    }

    template<typename Work>
    std::invoke_result_t<Work> ask(Work work)
    {
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
            QMetaObject::invokeMethod(&m_context, work, Qt::BlockingQueuedConnection);
        } else {
            std::invoke_result_t<Work> result{};
            QMetaObject::invokeMethod(&m_context, work, Qt::BlockingQueuedConnection, &result);
            return result;
        }
    }

    MockServer &server() { return *m_server; } ///< on its thread only, but for url() and the like

    /// When the last whole request had come.
    [[nodiscard]] Clock::time_point requested() const { return Clock::time_point(m_requested.load()); }

    /// All bytes that came, on all connections.
    [[nodiscard]] qint64 bytesReceived()
    {
        return ask([this] {
            qint64 bytes = 0;
            int last = 0;
            for (const MockServer::Received &received : m_server->received())
                last = std::max(last, received.connection);
            for (int connection = 1; connection <= last; ++connection)
                bytes += m_server->bytesFrom(connection).size();
            return bytes;
        });
    }

private:
    QThread m_thread;
    QObject m_context;
    std::unique_ptr<MockServer> m_server;
    std::atomic<Clock::duration> m_requested{};
};

QByteArray wordNumber(int number)
{
    return " word" + QByteArray::number(number).rightJustified(5, '0');
}
constexpr qsizetype WordSize = 10;

/// One answer of the server, and what it takes on the wire but for a handshake.
struct Script
{
    MockAnswer answer;
    qint64 bytes = 0;

    void send(const QByteArray &data)
    {
        answer.raw(data);
        bytes += data.size();
    }
};

// A poll: each message has a request of its own.
Script restScript(int number)
{
    const QByteArray body = R"({"choices":[{"index":0,"message":{"role":"assistant","content":")"
        + wordNumber(number) + R"("},"finish_reason":"stop"}]})";
    Script script;
    script.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    script.answer.keep();
    return script;
}

QByteArray chunked(const QByteArray &data)
{
    return QByteArray::number(data.size(), 16) + "\r\n" + data + "\r\n";
}

Script sseScript(int messages)
{
    Script script;
    script.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int number = 0; number < messages; ++number)
        script.send(chunked(R"(data: {"choices":[{"index":0,"delta":{"content":")" + wordNumber(number)
                            + "\"}}]}\n\n"));
    script.send(chunked("data: [DONE]\n\n"));
    script.send("0\r\n\r\n");
    script.answer.keep();
    return script;
}

Script webSocketScript(int messages)
{
    Script script;
    script.answer = MockAnswer::webSocket();
    script.answer.expect();
    for (int number = 0; number < messages; ++number)
        script.send(
            webSocketFrame(WebSocketOpcode::Text,
                           QByteArray(R"({"type":"token","content":")" + wordNumber(number) + "\"}")));
    script.send(webSocketFrame(WebSocketOpcode::Text, R"({"type":"done"})"));
    return script;
}

/// How one exchange went, in seconds from its opening.
struct Timing
{
    double first = 0;
    double last = 0;
    qsizetype characters = 0;
};

/// Runs one exchange until its answer is over.
Timing exchange(Transport &transport, DialectId dialect, const QUrl &url)
{
    auto translator = makeDialect(dialect);
    const ExchangeRequest request =
        translator->open({.model = u"m"_s, .messages = {{ChatRole::User, u"Hello"_s}}}, {.baseUrl = url});
    ResponseReader reader(std::move(translator));
    Timing timing;
    QEventLoop loop;
    StreamEvents events;
    const auto began = Clock::now();
    const auto look = [&] {
        const double since = Seconds(Clock::now() - began).count();
        for (const StreamEvent &event : std::as_const(events)) {
            if (const auto *text = std::get_if<event::Text>(&event.payload)) {
                if (timing.characters == 0)
                    timing.first = since;
                timing.characters += text->text.size();
                timing.last = since;
            }
            require(!std::holds_alternative<event::Failed>(event.payload), "an exchange failed");
        }
        events.clear();
        if (reader.completeness() != Completeness::Open)
            loop.quit();
    };
    std::unique_ptr<TransportCall> call(transport.open(request, {}, nullptr));
    QObject::connect(call.get(), &TransportCall::head, &loop,
                     [&](const ResponseHead &head) { reader.head(head); });
    QObject::connect(call.get(), &TransportCall::bytes, &loop, [&](const QByteArray &bytes) {
        reader.feed(bytes, events);
        look();
    });
    QObject::connect(call.get(), &TransportCall::message, &loop, [&](const QByteArray &text) {
        reader.message(text, events);
        look();
    });
    QObject::connect(call.get(), &TransportCall::finished, &loop, [&] {
        reader.finish(ResponseReader::End::Clean, events);
        look();
        loop.quit();
    });
    QObject::connect(call.get(), &TransportCall::failed, &loop,
                     [](const NetError &error) { require(false, qUtf8Printable(error.message)); });
    loop.exec();
    return timing;
}

struct Case
{
    QString name;
    DialectId dialect;
    int exchanges; ///< in which the messages come
    int messages;  ///< of each exchange
    Script (*script)(int number);
};

void compare(const Case &each, int repeats, Report &report)
{
    QList<double> cold;
    QList<double> warm;
    QList<double> perMessage;
    double overhead = 0;
    const int messages = each.exchanges * each.messages;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        qint64 sent = 0;
        int number = 0;
        const bool isSocket = each.dialect == DialectId::DuplexWs;
        DistantServer server([&](const ReceivedRequest &request) {
            const Script script = each.script(each.exchanges > 1 ? number++ : each.messages);
            sent += script.bytes;
            if (isSocket)
                sent += webSocketAcceptance(request, {}).size();
            return script.answer;
        });
        const QUrl url = isSocket ? server.server().webSocketUrl() : server.server().url();
        const auto transport = makeTransport(nullptr);
        Transport &network = transport->through({});
        const auto began = Clock::now();
        qsizetype characters = 0;
        for (int i = 0; i < each.exchanges; ++i) {
            const Timing timing = exchange(network, each.dialect, url);
            characters += timing.characters;
            if (i == 0)
                cold.append(timing.first * 1e3);
        }
        perMessage.append(Seconds(Clock::now() - began).count() * 1e3 / messages);
        require(characters == messages * WordSize, "messages were lost");
        overhead = static_cast<double>(server.ask([&] { return sent; }) + server.bytesReceived() - characters)
            / messages;
        warm.append(exchange(network, each.dialect, url).first * 1e3);
    }
    const auto add = [&](const QString &metric, double value, const QString &unit) {
        report.add({.what = each.name,
                    .metric = metric,
                    .value = value,
                    .unit = unit,
                    .better = Row::Better::Lower});
    };
    add(u"first_token_ms"_s, median(cold), u"ms"_s);
    add(u"first_token_again_ms"_s, median(warm), u"ms"_s);
    add(u"ms_per_message"_s, median(perMessage), u"ms"_s);
    add(u"overhead_bytes"_s, overhead, u"B/message"_s);
}

/// Turns as the window makes them, but for the keys.
class Turns final : public Engine::TurnFactory
{
public:
    explicit Turns(SqliteStore &store) : m_transport(makeTransport(nullptr)), m_journal(store.makeJournal())
    {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        return new Turn(spec, *m_transport, *m_journal, m_key, parent);
    }
    void expect(const Provider &provider) override
    {
        m_transport->through(profileOf(provider)).preconnect(provider.baseUrl);
    }

private:
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<TurnJournal> m_journal;
    OneKey m_key;
};

/// Runs the event loop until `holds`.
template<typename Condition>
void runUntil(Condition holds)
{
    while (!holds())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
}

} // namespace

void compareTransports(const Options &options, Report &report)
{
    const int messages = options.quick ? 200 : 2000;
    const int repeats = options.quick ? 3 : 15;
    const Case cases[] = {
        {u"REST, a request for each message"_s, DialectId::OpenAiChat, messages, 1, restScript},
        {u"SSE"_s, DialectId::OpenAiChat, 1, messages, sseScript},
        {u"WebSocket"_s, DialectId::DuplexWs, 1, messages, webSocketScript},
    };
    for (const Case &each : cases)
        compare(each, repeats, report);
}

void measureOwnShare(const Options &options, Report &report)
{
    const int repeats = options.quick ? 5 : 40;
    for (const bool ahead : {false, true}) {
        QList<double> shares;
        for (int repeat = 0; repeat < repeats; ++repeat) {
            const QTemporaryDir folder;
            DistantServer server([](const ReceivedRequest &) { return sseScript(3).answer; });
            SqliteStore store(folder.filePath(u"rivulet.db"_s));
            Engine engine([&store] { return std::make_unique<Turns>(store); });
            ChatSession session(engine, store);
            QObject::connect(&engine, &Engine::pending, &session, [&engine] { engine.flush(); });
            session.setProvider({.id = u"here"_s, .baseUrl = server.server().url(), .model = u"m"_s});
            // The first start of everything is another figure than the connection's.
            if (ahead) {
                session.expectMessage();
                runUntil([&] { return server.ask([&] { return server.server().openConnections() == 1; }); });
            }
            const auto enter = Clock::now();
            require(session.send(u"Hello"_s), "the session is busy");
            runUntil([&] { return session.phase() == ChatSession::Phase::Idle; });
            shares.append(Seconds(server.requested() - enter).count() * 1e3);
        }
        report.add({.what = ahead ? u"connected while it was written"_s : u"on a new connection"_s,
                    .metric = u"enter_to_request_ms"_s,
                    .value = median(shares),
                    .unit = u"ms"_s,
                    .better = Row::Better::Lower});
    }
}

} // namespace rivulet::bench
