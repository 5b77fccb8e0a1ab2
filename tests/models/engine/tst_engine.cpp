// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/engine/engine.h"

#include "tests/support/faketransport.h"
#include "tests/support/memoryjournal.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray delta(QByteArrayView text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text.toByteArray() + "\"}}]}\n\n";
}

/// What lives on the engine thread: each request is answered by a script there.
class ScriptedFloor : public Engine::TurnFactory
{
public:
    explicit ScriptedFloor(FakeTransport::Script script) : m_transport(std::move(script)) {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        return new Turn(spec, m_transport, m_journal, m_key, parent);
    }

private:
    FakeTransport m_transport;
    MemoryJournal m_journal;
    OneKey m_key;
};

TurnSpec spec(qint64 id)
{
    return {.id = TurnId{id},
            .provider = {.baseUrl = QUrl(u"http://127.0.0.1:9/v1"_s)},
            .request = {.model = u"m"_s, .messages = {{ChatRole::User, u"Hello"_s}}}};
}

/// Collects what an engine says of its turns.
struct Listener
{
    explicit Listener(Engine &engine)
    {
        QObject::connect(&engine, &TurnRunner::events, &engine,
                         [this](TurnId turn, const StreamEvents &events) {
                             for (const StreamEvent &event : events) {
                                 if (const auto *text = std::get_if<event::Text>(&event.payload))
                                     texts[turn] += text->text;
                             }
                         });
        QObject::connect(&engine, &TurnRunner::ended, &engine,
                         [this](TurnId turn, const TurnOutcome &outcome) { ends[turn] = outcome; });
    }
    QHash<TurnId, QString> texts;
    QHash<TurnId, TurnOutcome> ends;
};

} // namespace

class EngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runs_a_turn_on_its_own_thread_and_tells_of_it_here()
    {
        std::atomic<QThread *> serverThread = nullptr;
        Engine engine([&serverThread] {
            return std::make_unique<ScriptedFloor>([&serverThread](FakeExchange &server) {
                serverThread = QThread::currentThread();
                server.head();
                server.bytes(delta("Hello ") + delta("there") + "data: [DONE]\n\n");
            });
        });
        Listener heard(engine);
        engine.start(spec(1));
        QTRY_VERIFY(heard.ends.contains(TurnId{1}));
        QCOMPARE(heard.texts.value(TurnId{1}), u"Hello there"_s);
        QCOMPARE(heard.ends.value(TurnId{1}).end, TurnEnd::Complete);
        QVERIFY(serverThread != QThread::currentThread());
    }

    void what_is_expected_is_told_to_the_factory_on_its_thread()
    {
        struct Expecting final : ScriptedFloor
        {
            explicit Expecting(std::atomic<QThread *> &where) : ScriptedFloor({}), thread(where) {}
            void expect(const Provider &provider) override
            {
                if (provider.id == u"here"_s)
                    thread = QThread::currentThread();
            }
            std::atomic<QThread *> &thread;
        };
        std::atomic<QThread *> thread = nullptr;
        Engine engine([&thread] { return std::make_unique<Expecting>(thread); });
        engine.expect({.id = u"here"_s});
        QTRY_VERIFY(thread != nullptr);
        QVERIFY(thread != QThread::currentThread());
    }

    void asks_for_a_frame_for_what_can_wait_and_flushes_by_itself_where_none_comes()
    {
        Engine engine([] {
            return std::make_unique<ScriptedFloor>([](FakeExchange &server) {
                server.head();
                server.bytes(delta("first "));
                QTimer::singleShot(20, [&server] { server.bytes(delta("second")); });
            });
        });
        Listener heard(engine);
        QSignalSpy pending(&engine, &Engine::pending);
        engine.start(spec(1));
        QTRY_COMPARE(heard.texts.value(TurnId{1}), u"first second"_s);
        QVERIFY(pending.count() >= 1);
        QVERIFY(heard.ends.isEmpty());
    }

    void nothing_of_a_stopped_turn_is_told_whatever_still_arrives()
    {
        std::atomic<bool> closed = false;
        Engine engine([&closed] {
            return std::make_unique<ScriptedFloor>([&closed](FakeExchange &server) {
                server.head();
                auto *flood = new QTimer;
                QObject::connect(flood, &QTimer::timeout, flood, [&server, &closed, flood] {
                    if (server.isClosed()) {
                        closed = true;
                        flood->deleteLater();
                        return;
                    }
                    for (int i = 0; i < 100; ++i)
                        server.bytes(delta("word "));
                });
                flood->start(0);
            });
        });
        Listener heard(engine);
        engine.start(spec(1));
        QTRY_VERIFY(heard.texts.value(TurnId{1}).size() > 1000);
        engine.flush();
        engine.stop(TurnId{1}, {.text = heard.texts.value(TurnId{1}).size()});
        const QString atStop = heard.texts.value(TurnId{1});
        QTRY_VERIFY(closed.load());
        QCoreApplication::processEvents();
        engine.flush();
        QCOMPARE(heard.texts.value(TurnId{1}), atStop);
        QVERIFY(!heard.ends.contains(TurnId{1}));
    }

    void many_turns_run_side_by_side_and_never_mix()
    {
        Engine engine([] {
            return std::make_unique<ScriptedFloor>([](FakeExchange &server) {
                const QByteArray question = server.request().body;
                const QByteArray name = question.contains("odd") ? "odd " : "even ";
                server.head();
                for (int i = 0; i < 50; ++i)
                    server.bytes(delta(name));
                server.bytes("data: [DONE]\n\n");
            });
        });
        Listener heard(engine);
        for (qint64 id = 1; id <= 64; ++id) {
            TurnSpec turn = spec(id);
            turn.request.messages[0] = {ChatRole::User, id % 2 ? u"odd"_s : u"even"_s};
            engine.start(turn);
        }
        QTRY_COMPARE(heard.ends.size(), 64);
        for (qint64 id = 1; id <= 64; ++id)
            QCOMPARE(heard.texts.value(TurnId{id}), (id % 2 ? u"odd "_s : u"even "_s).repeated(50));
    }

    void its_end_ends_the_turns_that_still_run()
    {
        std::atomic<FakeExchange *> open = nullptr;
        std::atomic<bool> destroyed = false;
        struct Sentinel
        {
            std::atomic<bool> &gone;
            ~Sentinel() { gone = true; }
        };
        {
            Engine engine([&] {
                return std::make_unique<ScriptedFloor>(
                    [&open, sentinel = std::make_shared<Sentinel>(destroyed)](FakeExchange &server) {
                        server.head();
                        open = &server;
                    });
            });
            engine.start(spec(1));
            QTRY_VERIFY(open.load());
        }
        QVERIFY(destroyed.load());
    }
};

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_engine.moc"
