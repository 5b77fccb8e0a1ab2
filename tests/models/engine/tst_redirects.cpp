// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"
#include "models/engine/engine.h"
#include "tests/net/turn/speech.h"
#include "tests/support/faketransport.h"
#include "tests/support/memoryjournal.h"
#include "tests/support/memorystore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTimer>
#include <QtTest/QTest>

#include <algorithm>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int redirectsPerSeed = 5;

// The number of the course that a request or an instruction asks for: "course 7".
int courseIn(const QByteArray &text)
{
    const qsizetype at = text.lastIndexOf("course ");
    qsizetype end = at + 7;
    while (end < text.size() && text.at(end) >= '0' && text.at(end) <= '9')
        ++end;
    return at < 0 ? 0 : text.sliced(at + 7, end - at - 7).toInt();
}

// What the server says of a course, up to that word.
QString words(int course, int count)
{
    QString text;
    for (int word = 1; word <= count; ++word)
        text += u"<%1.%2>"_s.arg(course).arg(word);
    return text;
}

/// What each turn was said to have brought. Engine thread.
class TurnsJournal final : public TurnJournal
{
public:
    void begin(TurnId, std::function<void()> ready) override
    {
        QTimer::singleShot(0, &m_context, std::move(ready));
    }
    void append(TurnId turn, const StreamEvents &events, const std::optional<ResumeToken> &) override
    {
        for (const StreamEvent &event : events) {
            if (const auto *text = std::get_if<event::Text>(&event.payload))
                texts[turn] += text->text;
        }
    }
    void handOver(TurnId, const Provider &) override {}
    void finish(TurnId turn, const TurnOutcome &outcome) override { outcomes.insert(turn, outcome); }

    QHash<TurnId, QString> texts;
    QHash<TurnId, TurnOutcome> outcomes;

private:
    QObject m_context;
};

/// A server that goes on with its old words until it has heard of the new course, and some time after that.
/// It speaks openai-chat, one stream for each course, or duplex-ws, all on one connection. Engine thread.
class Server final : public QObject, public Engine::TurnFactory
{
public:
    explicit Server(quint32 seed)
        : m_dice(seed), m_transport([this](FakeExchange &exchange) { answer(exchange); })
    {
        connect(&m_ownPace, &QTimer::timeout, this, &Server::speak);
    }

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        return new Turn(spec, m_transport, journal, m_key, parent);
    }

    /// Each stream says its next word.
    void speak()
    {
        for (Stream &stream : m_streams) {
            hear(stream);
            if (stream.course > 0)
                say(stream,
                    words(stream.course, ++said[stream.course])
                        .sliced(words(stream.course, said[stream.course] - 1).size()));
        }
    }
    /// As fast as it can, by itself.
    void speakAtOwnPace() { m_ownPace.start(0); }

    /// Says the last course's last word.
    void finish(int course)
    {
        m_ownPace.stop();
        for (Stream &stream : m_streams) {
            while (stream.exchange->sent().size() > stream.heard)
                hear(stream);
            if (stream.course != course)
                continue;
            if (stream.isSocket)
                stream.exchange->message(R"({"type":"done"})");
            else
                stream.exchange->bytes("data: [DONE]\n\n");
        }
    }
    /// Whether it knows of that course.
    [[nodiscard]] bool hasHeardOf(int course) const
    {
        return std::ranges::any_of(m_streams, [course](const Stream &stream) {
            return stream.course == course
                || std::ranges::any_of(stream.exchange->sent(),
                                       [course](const QByteArray &text) { return courseIn(text) == course; });
        });
    }

    TurnsJournal journal;
    QHash<int, int> said;       ///< words of each course
    QList<QByteArray> requests; ///< bodies, of HTTP

private:
    struct Stream
    {
        FakeExchange *exchange = nullptr;
        bool isSocket = false;
        int course = 0; ///< 0 once it was cancelled
        qsizetype heard = 0;
    };

    void answer(FakeExchange &exchange)
    {
        if (const auto *socket = std::get_if<WebSocketRequest>(&exchange.exchangeRequest())) {
            exchange.opened();
            m_streams.append({&exchange, true, courseIn(socket->messages.constFirst())});
            return;
        }
        requests.append(exchange.request().body);
        exchange.head();
        m_streams.append({&exchange, false, courseIn(exchange.request().body)});
    }

    // Now and then it looks at what was said to it.
    void hear(Stream &stream)
    {
        if (stream.exchange->sent().size() == stream.heard || m_dice.toss())
            return;
        const QByteArray instruction = stream.exchange->sent().at(stream.heard++);
        stream.exchange->message(R"({"type":"user_interrupt","message":"heard"})");
        stream.course = courseIn(instruction);
    }

    static void say(const Stream &stream, const QString &word)
    {
        if (stream.isSocket)
            stream.exchange->message(R"({"type":"token","content":")" + word.toUtf8() + "\"}");
        else
            stream.exchange->bytes(R"(data: {"choices":[{"index":0,"delta":{"content":")" + word.toUtf8()
                                   + "\"}}]}\n\n");
    }

    Dice m_dice;
    FakeTransport m_transport;
    OneKey m_key;
    QTimer m_ownPace;
    QList<Stream> m_streams;
};

/// A conversation whose answer is given another course a few times, at moments that the dice choose.
class Conversation
{
public:
    Conversation(quint32 seed, DialectId dialect)
        : m_dice(seed), m_engine([this, seed] {
              auto server = std::make_unique<Server>(seed + 1'000'000);
              m_server = server.get();
              return server;
          }),
          session(m_engine, m_store)
    {
        session.setProvider({.id = u"here"_s,
                             .dialect = dialect,
                             .baseUrl = QUrl(dialect == DialectId::DuplexWs ? u"ws://127.0.0.1:9"_s
                                                                            : u"http://127.0.0.1:9/v1"_s),
                             .model = u"m"_s,
                             .options = {{u"quiet_period_ms"_s, u"600000"_s}}});
    }

    void play()
    {
        QVERIFY(session.send(u"course 1"_s));
        const bool atOwnPace = m_dice.toss();
        for (int course = 2; course <= redirectsPerSeed + 1; ++course) {
            // Mostly the server has heard of the course before; at times it has not even been asked.
            if (m_dice.roll(0, 3) > 0)
                QTRY_VERIFY(onEngine([&](Server &server) { return server.hasHeardOf(course - 1); }));
            for (int steps = m_dice.roll(0, 40); steps > 0; --steps)
                step(atOwnPace);
            QVERIFY(session.redirect(u"course %1"_s.arg(course)));
        }
        constexpr int last = redirectsPerSeed + 1;
        QTRY_VERIFY(onEngine([&](Server &server) { return server.hasHeardOf(last); }));
        for (int steps = m_dice.roll(0, 20); steps > 0; --steps)
            step(atOwnPace);
        onEngine([](Server &server) {
            server.finish(last);
            return true;
        });
        QTRY_COMPARE(session.phase(), ChatSession::Phase::Idle);
    }

    /// Runs `what` with the server on the engine thread.
    template<typename What>
    std::invoke_result_t<What, Server &> onEngine(What what)
    {
        std::invoke_result_t<What, Server &> result{};
        QMetaObject::invokeMethod(
            m_engine.context(), [&] { result = what(*m_server); }, Qt::BlockingQueuedConnection);
        return result;
    }

private:
    void step(bool atOwnPace)
    {
        switch (m_dice.roll(0, 3)) {
        case 0:
            QCoreApplication::processEvents();
            break;
        case 1:
            m_engine.flush();
            break;
        default:
            if (!m_server)
                QCoreApplication::processEvents();
            else if (atOwnPace)
                QMetaObject::invokeMethod(
                    m_engine.context(), [this] { m_server.load()->speakAtOwnPace(); }, Qt::QueuedConnection);
            else
                onEngine([](Server &server) {
                    server.speak();
                    return true;
                });
        }
    }

    Dice m_dice;
    MemoryStore m_store;
    std::atomic<Server *> m_server = nullptr;
    Engine m_engine;

public:
    ChatSession session;
};

// The assistant's words in a request of openai-chat.
QStringList answersIn(const QByteArray &request)
{
    QStringList answers;
    const QJsonArray messages = QJsonDocument::fromJson(request).object()["messages"_L1].toArray();
    for (const auto message : messages) {
        if (message["role"_L1] == "assistant"_L1)
            answers.append(message["content"_L1].toString());
    }
    return answers;
}

} // namespace

/// Whenever the user gives an answer another course: each answer holds its own words and no other's, from the
/// first one on and without a gap; what was shown is what is kept and what the next request says.
class RedirectsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void old_and_new_answers_never_mix_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<DialectId>("dialect");
        const quint32 runs = qEnvironmentVariableIsEmpty("RIVULET_THOROUGH") ? 10 : 100;
        for (quint32 seed = 1; seed <= runs; ++seed) {
            QTest::addRow("a stream each, seed %u", seed) << seed << DialectId::OpenAiChat;
            QTest::addRow("one connection, seed %u", seed) << seed << DialectId::DuplexWs;
        }
    }
    void old_and_new_answers_never_mix()
    {
        QFETCH(const quint32, seed);
        QFETCH(const DialectId, dialect);
        Conversation conversation(seed, dialect);
        conversation.play();
        if (QTest::currentTestFailed())
            return;

        struct Course
        {
            int said = 0;
            QString journalled;
            std::optional<TurnOutcome> outcome;
        };
        const QList<Message> messages = conversation.session.messages();
        QCOMPARE(messages.size(), 2 * (redirectsPerSeed + 1));
        QStringList shown;
        for (int course = 1; course <= redirectsPerSeed + 1; ++course) {
            const Message &answer = messages.at(2 * course - 1);
            const bool isLast = course == redirectsPerSeed + 1;
            const auto there = conversation.onEngine([&](Server &server) {
                const TurnId turn = turnOf(answer.id);
                return Course{.said = server.said.value(course),
                              .journalled = server.journal.texts.value(turn),
                              .outcome = server.journal.outcomes.contains(turn)
                                  ? std::optional(server.journal.outcomes.value(turn))
                                  : std::nullopt};
            });
            const QString text = answer.text();
            QVERIFY2(words(course, there.said).startsWith(text), qPrintable(text));
            QVERIFY2(text.isEmpty() || text.endsWith(u'>'), qPrintable(text));
            QVERIFY2(words(course, there.said).startsWith(there.journalled), qPrintable(there.journalled));
            QVERIFY(there.journalled.startsWith(text));
            QCOMPARE(answer.state, isLast ? Message::State::Complete : Message::State::Redirected);
            if (there.outcome && !isLast)
                QCOMPARE(there.outcome->delivered, Delivered{.text = text.size()});
            if (isLast)
                QCOMPARE(text, words(course, there.said));
            else if (!text.isEmpty())
                shown.append(text);
        }
        if (dialect == DialectId::OpenAiChat) {
            const auto requests = conversation.onEngine([](Server &server) { return server.requests; });
            QCOMPARE(answersIn(requests.constLast()), shown);
        }
    }
};

QTEST_GUILESS_MAIN(RedirectsTest)

#include "tst_redirects.moc"
