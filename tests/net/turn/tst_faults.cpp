// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/responsereader.h"
#include "net/transport/networkwatch.h"
#include "net/transport/requestrules.h"
#include "net/transport/websockettransport.h"
#include "tests/net/turn/faultstage.h"
#include "tests/support/mockfaults.h"

#include <QtCore/QUrlQuery>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <variant>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

// After the request of `received`, the events that it asks for: from the beginning, or after one of them.
qsizetype firstDue(const ReceivedRequest &received)
{
    const QUrlQuery query(QUrl(QString::fromLatin1(received.target)));
    return query.hasQueryItem(u"starting_after"_s)
        ? query.queryItemValue(u"starting_after"_s).toLongLong() + 1
        : 0;
}

/// A computer that sleeps when the test says so.
struct Sleeper
{
    Sleeper() { watch.compareClocks(); }

    void pass(std::chrono::seconds onTheWall, std::chrono::seconds awake)
    {
        wall += onTheWall;
        steady += awake;
        watch.compareClocks();
    }

    class Source final : public NetworkSource
    {
        [[nodiscard]] NetworkState state() const override { return {.reach = NetworkState::Reach::Online}; }
    };
    NetworkWatch::WallClock::time_point wall{1'000'000s};
    NetworkWatch::SteadyClock::time_point steady{1'000s};
    NetworkWatch watch{std::make_unique<Source>(),
                       SleepClocks{.wall = [this] { return wall; }, .steady = [this] { return steady; }}};
};

/// Takes a server of this computer for one that is far away.
class FarAway final : public Transport
{
public:
    FarAway(std::unique_ptr<Transport> way, QUrl server) : m_way(std::move(way)), m_server(std::move(server))
    {}

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override
    {
        HttpRequest rerouted = std::get<HttpRequest>(request);
        rerouted.url.setHost(m_server.host());
        rerouted.url.setPort(m_server.port());
        return m_way->open(rerouted, timeouts, parent);
    }

private:
    std::unique_ptr<Transport> m_way;
    QUrl m_server;
};

} // namespace

/// Every way in which a server or a network can fail a turn, many times, each time in another place. Whatever
/// happens: what is shown is what the server said, from its beginning, each word once; no request is made
/// twice that may be at work; and the turn ends once, and is silent afterwards.
class FaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_server_that_is_not_there_is_tried_a_few_times_data() { addSeeds(); }
    void a_server_that_is_not_there_is_tried_a_few_times()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        stage.provider.baseUrl.setPort(MockServer::closedPort());
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, transportcode::ConnectionRefused);
        QCOMPARE(exchange->countOf(TurnPhase::Connecting), 5);
        std::chrono::milliseconds longest = 500ms;
        for (const auto wait : exchange->waits()) {
            QVERIFY(wait <= longest);
            longest *= 2;
        }
        QVERIFY(exchange->text.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void a_server_that_hangs_up_before_its_answer_is_asked_once_data() { addSeeds(); }
    void a_server_that_hangs_up_before_its_answer_is_asked_once()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const bool reuses = stage.dice.toss();
        if (reuses) {
            stage.server.queue(MockAnswer::stream(plainSpeech({u"Hi"_s}).events));
            QCOMPARE(stage.finish()->outcome.end, TurnEnd::Complete);
        }
        switch (stage.dice.roll(0, 2)) {
        case 0:
            stage.server.queue(MockAnswer().close());
            break;
        case 1:
            stage.server.queue(MockAnswer().reset());
            break;
        default:
            stage.server.queue(cutInHead());
        }
        const auto exchange = stage.finish(2);
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->kind, NetError::Kind::Network);
        QCOMPARE(stage.server.count(), reuses ? 2 : 1);
        QVERIFY(exchange->waits().isEmpty());
        QVERIFY(exchange->text.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void an_answer_that_breaks_off_keeps_all_that_came_data() { addSeeds(); }
    void an_answer_that_breaks_off_keeps_all_that_came()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        const int whole = stage.dice.roll(0, static_cast<int>(speech.events.size()) - 3);
        const bool reset = stage.dice.toss();
        stage.server.queue(brokenOff(speech.events, whole, stage.dice, reset));
        stage.server.queue(MockAnswer::stream(speech.events));
        const auto exchange = stage.finish();
        if (stage.server.count() == 1) {
            QCOMPARE(exchange->outcome.end, TurnEnd::CutOff);
            QVERIFY(!exchange->text.isEmpty());
            QVERIFY(speech.text().startsWith(exchange->text));
            if (!reset)
                QCOMPARE(exchange->text, speech.textAfter(whole));
        } else {
            // Nothing had been said: that is asked for again, once.
            QVERIFY(reset || speech.textAfter(whole).isEmpty());
            QCOMPARE(stage.server.count(), 2);
            QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
            QCOMPARE(exchange->text, speech.text());
        }
        QVERIFY(exchange->failures.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void an_answer_that_can_be_joined_again_comes_whole_data() { addSeeds(); }
    void an_answer_that_can_be_joined_again_comes_whole()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::OpenAiResponses);
        const Speech speech = resumableSpeech(someWords(stage.dice));
        int cuts = stage.dice.roll(1, 4);
        qsizetype told = 0; // events so far
        bool skipped = false;
        stage.server.setHandler([&](const ReceivedRequest &request) {
            const qsizetype from = firstDue(request);
            skipped = skipped || from > told;
            const QByteArrayList due = speech.events.sliced(std::min(from, speech.events.size()));
            if (cuts-- <= 0 || due.size() < 2)
                return MockAnswer::stream(due);
            // Its name comes with the first event.
            const int least = from == 0 ? 1 : 0;
            const int whole = stage.dice.roll(least, static_cast<int>(due.size()) - 1);
            told = from + whole;
            return brokenOff(due, whole, stage.dice, false);
        });
        const auto exchange = stage.finish();
        QVERIFY(!skipped);
        QCOMPARE(exchange->text, speech.text());
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.countOf("POST"), 1);
        QCOMPARE(stage.countOf("GET"), exchange->countOf(TurnPhase::Resuming));
        QVERIFY(exchange->failures.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void an_end_without_the_end_marker_is_never_complete_data() { addSeeds(); }
    void an_end_without_the_end_marker_is_never_complete()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        const int whole = stage.dice.roll(2, static_cast<int>(speech.events.size()) - 3);
        MockAnswer answer = MockAnswer::streamUntilClose();
        answer.raw(speech.events.first(whole).join()).close();
        stage.server.queue(answer);
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::CutOff);
        QVERIFY(!exchange->outcome.endMarker);
        QCOMPARE(exchange->text, speech.textAfter(whole));
        QCOMPARE(stage.server.count(), 1);
        QCOMPARE(exchange->late, 0);
    }

    void a_server_that_falls_silent_is_noticed_and_then_given_up_data() { addSeeds(); }
    void a_server_that_falls_silent_is_noticed_and_then_given_up()
    {
        QFETCH(const quint32, seed);
        const bool resumable = seed % 2 == 0;
        FaultStage stage(seed, resumable ? DialectId::OpenAiResponses : DialectId::OpenAiChat);
        const QStringList words = someWords(stage.dice);
        const Speech speech = resumable ? resumableSpeech(words) : plainSpeech(words);
        const int whole = stage.dice.roll(speech.before + 1, static_cast<int>(speech.events.size()) - 3);
        stage.server.setHandler([&](const ReceivedRequest &request) {
            if (firstDue(request) > 0)
                return MockAnswer::stream(
                    speech.events.sliced(std::min(firstDue(request), speech.events.size())));
            MockAnswer answer = MockAnswer::stream();
            for (const QByteArray &event : speech.events.first(whole))
                answer.chunk(event);
            return answer.wait();
        });
        const auto exchange = stage.ask();
        QTRY_COMPARE(exchange->text, speech.textAfter(whole));
        stage.clock.advance(19'999ms);
        QCOMPARE(exchange->turn->phase(), TurnPhase::Streaming);
        stage.clock.advance(1ms);
        QCOMPARE(exchange->turn->phase(), TurnPhase::Stalled);
        stage.clock.advance(resumable ? 39'999ms : 99'999ms);
        QCOMPARE(exchange->turn->phase(), TurnPhase::Stalled);
        stage.clock.advance(1ms);
        QTRY_COMPARE(exchange->ends, 1);
        QCOMPARE(exchange->outcome.end, resumable ? TurnEnd::Complete : TurnEnd::CutOff);
        QCOMPARE(exchange->text, resumable ? speech.text() : speech.textAfter(whole));
        QCOMPARE(stage.countOf("POST"), 1);
        QCOMPARE(exchange->late, 0);
    }

    void a_stream_in_crumbs_is_the_same_stream_data() { addSeeds(); }
    void a_stream_in_crumbs_is_the_same_stream()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        MockAnswer answer = MockAnswer::stream();
        QByteArray rest = speech.events.join();
        while (!rest.isEmpty()) {
            const QByteArray crumb = rest.first(std::min<qsizetype>(stage.dice.roll(1, 40), rest.size()));
            rest.slice(crumb.size());
            answer.chunk(crumb);
        }
        stage.server.queue(answer.end());
        const auto exchange = stage.finish();
        QCOMPARE(exchange->text, speech.text());
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->late, 0);
    }

    void a_busy_server_is_asked_again_and_never_too_early_data() { addSeeds(); }
    void a_busy_server_is_asked_again_and_never_too_early()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        static constexpr std::array statuses{429, 503, 529};
        const int times = stage.dice.roll(1, 4);
        QList<std::chrono::milliseconds> wishes;
        for (int i = 0; i < times; ++i) {
            const auto kind = static_cast<RetryAfter>(stage.dice.roll(0, 4));
            const std::chrono::seconds wish{stage.dice.roll(1, 20)};
            const bool isExact = kind == RetryAfter::Seconds || kind == RetryAfter::Milliseconds;
            // A date has lost the part of a second, and some of its time is over when it is read.
            wishes.append(isExact ? wish : kind == RetryAfter::Date ? wish - 2s : 0ms);
            stage.server.queue(failure(statuses.at(size_t(stage.dice.roll(0, 2))), retryAfter(kind, wish)));
        }
        stage.server.queue(MockAnswer::stream(speech.events));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->text, speech.text());
        QCOMPARE(stage.server.count(), times + 1);
        const auto waits = exchange->waits();
        QCOMPARE(waits.size(), times);
        for (int i = 0; i < times; ++i)
            QVERIFY2(waits[i] >= wishes[i], qPrintable(QString::number(waits[i].count())));
        QVERIFY(exchange->failures.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void a_pause_that_nobody_sits_out_is_for_the_user_to_see_data() { addSeeds(); }
    void a_pause_that_nobody_sits_out_is_for_the_user_to_see()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const std::chrono::seconds wish{stage.dice.roll(121, 86'400)};
        stage.server.queue(failure(429, retryAfter(RetryAfter::Seconds, wish)));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->retryAfter, wish);
        QCOMPARE(stage.server.count(), 1);
        QVERIFY(exchange->waits().isEmpty());
    }

    void an_error_inside_the_stream_is_an_error_and_the_partial_stays_data() { addSeeds(); }
    void an_error_inside_the_stream_is_an_error_and_the_partial_stays()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        const int whole = stage.dice.roll(0, static_cast<int>(speech.events.size()) - 3);
        QByteArrayList events = speech.events.first(whole);
        events.append(R"(data: {"error":{"type":"overloaded_error","message":"Overloaded"}})"
                      "\n\n");
        stage.server.queue(MockAnswer::stream(events));
        stage.server.queue(MockAnswer::stream(speech.events));
        const auto exchange = stage.finish();
        if (speech.textAfter(whole).isEmpty()) {
            QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
            QCOMPARE(exchange->text, speech.text());
            QCOMPARE(stage.server.count(), 2);
        } else {
            QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
            QCOMPARE(exchange->outcome.error->kind, NetError::Kind::Overloaded);
            QCOMPARE(exchange->text, speech.textAfter(whole));
            QCOMPARE(stage.server.count(), 1);
        }
        QCOMPARE(exchange->late, 0);
    }

    void a_web_page_is_named_and_not_asked_for_again_data() { addSeeds(); }
    void a_web_page_is_named_and_not_asked_for_again()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        stage.server.setHandler([](const ReceivedRequest &) { return htmlPage(); });
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, webPage);
        QCOMPARE(stage.server.count(), 1);
        QVERIFY(exchange->text.isEmpty());
    }

    void nothing_goes_where_a_redirect_points_data() { addSeeds(); }
    void nothing_goes_where_a_redirect_points()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        MockServer elsewhere;
        static constexpr std::array statuses{301, 302, 303, 307, 308};
        stage.server.queue(MockAnswer::redirect(statuses.at(size_t(stage.dice.roll(0, 4))),
                                                elsewhere.url(u"/v1/chat/completions"_s)));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, transportcode::Redirect);
        QCOMPARE(stage.server.count(), 1);
        QCOMPARE(elsewhere.count(), 0);
        QCOMPARE(elsewhere.bytesFrom(1), QByteArray());
    }

    void a_network_that_comes_and_goes_is_not_stormed_data() { addSeeds(); }
    void a_network_that_comes_and_goes_is_not_stormed()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::OpenAiResponses);
        const Speech speech = resumableSpeech(someWords(stage.dice));
        stage.passesTime = false;
        // A server of this computer needs no network.
        stage.transport = std::make_unique<FarAway>(std::move(stage.transport), stage.server.url());
        stage.provider.baseUrl.setHost(u"models.example"_s);
        int flaps = 10;
        stage.server.setHandler([&](const ReceivedRequest &request) {
            const qsizetype from = firstDue(request);
            const QByteArrayList due = speech.events.sliced(std::min(from, speech.events.size()));
            if (flaps == 0 || due.size() < 3)
                return MockAnswer::stream(due);
            return brokenOff(due, stage.dice.roll(1, 2), stage.dice, false);
        });
        const auto exchange = stage.ask();
        const auto isResting = [&exchange] {
            const TurnPhase phase = exchange->turn->phase();
            return phase == TurnPhase::Waiting || phase == TurnPhase::Dropped || phase == TurnPhase::Ended;
        };
        while (exchange->ends == 0) {
            QTRY_VERIFY(isResting());
            if (exchange->ends > 0)
                break;
            // The network goes and comes a few times before the turn has got anywhere.
            for (int times = std::min(flaps, stage.dice.roll(3, 5)); times > 0; --times, --flaps) {
                exchange->turn->setOnline(false);
                QCOMPARE(exchange->turn->phase(), TurnPhase::Dropped);
                stage.clock.advance(3s);
                QCOMPARE(exchange->turn->phase(), TurnPhase::Dropped);
                exchange->turn->setOnline(true);
                QCOMPARE(exchange->turn->phase(), TurnPhase::Waiting);
            }
            stage.clock.advance(exchange->statuses.constLast().wait);
        }
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->text, speech.text());
        QCOMPARE(stage.countOf("POST"), 1);
        QVERIFY(stage.server.count() <= 12);
        QCOMPARE(exchange->late, 0);
    }

    void a_computer_that_slept_joins_its_streams_again_data() { addSeeds(); }
    void a_computer_that_slept_joins_its_streams_again()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::OpenAiResponses);
        const Speech speech = resumableSpeech(someWords(stage.dice));
        stage.transport = std::make_unique<FarAway>(std::move(stage.transport), stage.server.url());
        stage.provider.baseUrl.setHost(u"models.example"_s);
        const int whole = stage.dice.roll(1, static_cast<int>(speech.events.size()) - 3);
        // The connection is dead: nothing comes any more, and nobody says so.
        stage.server.setHandler([&](const ReceivedRequest &request) {
            if (firstDue(request) > 0)
                return MockAnswer::stream(
                    speech.events.sliced(std::min(firstDue(request), speech.events.size())));
            MockAnswer answer = MockAnswer::stream();
            for (const QByteArray &event : speech.events.first(whole))
                answer.chunk(event);
            return answer.wait();
        });
        const auto exchange = stage.ask();
        QTRY_COMPARE(stage.server.waiting(), 1);
        QTRY_COMPARE(exchange->text, speech.textAfter(whole));
        Sleeper sleeper;
        connect(&sleeper.watch, &NetworkWatch::cameBack, exchange->turn.get(),
                [&exchange] { exchange->turn->doubtConnection(); });
        if (stage.dice.toss())
            sleeper.pass(std::chrono::hours(1), 0s); // the clock was set, or the computer slept
        else
            sleeper.pass(30s, 30s); // the program was stopped
        QTRY_COMPARE(exchange->ends, 1);
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->text, speech.text());
        for (const auto wait : exchange->waits())
            QVERIFY(wait <= 2s);
        QCOMPARE(stage.countOf("POST"), 1);
        QVERIFY(exchange->failures.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void a_clock_that_jumps_ends_no_stream_that_can_not_be_joined_again()
    {
        FaultStage stage(1);
        stage.transport = std::make_unique<FarAway>(std::move(stage.transport), stage.server.url());
        stage.provider.baseUrl.setHost(u"models.example"_s);
        const Speech speech = plainSpeech({u"one "_s, u"two"_s});
        stage.server.queue(MockAnswer::stream()
                               .chunk(speech.events.first(speech.before + 1).join())
                               .wait()
                               .chunk(speech.events.sliced(speech.before + 1).join())
                               .end());
        const auto exchange = stage.ask();
        QTRY_COMPARE(exchange->text, u"one "_s);
        Sleeper sleeper;
        connect(&sleeper.watch, &NetworkWatch::cameBack, exchange->turn.get(),
                [&exchange] { exchange->turn->doubtConnection(); });
        sleeper.pass(std::chrono::hours(1), 0s);
        stage.server.advance();
        QTRY_COMPARE(exchange->ends, 1);
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->text, speech.text());
    }

    void a_socket_whose_other_end_is_gone_is_noticed_data() { addSeeds(); }
    void a_socket_whose_other_end_is_gone_is_noticed()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::AgentWs);
        stage.transport = std::make_unique<WebSocketTransport>(WebSocketOptions{.ping = 20ms});
        const Speech speech = spokenOverSocket(someWords(stage.dice));
        const int whole = stage.dice.roll(speech.before + 1, static_cast<int>(speech.events.size()) - 3);
        MockAnswer answer = MockAnswer::webSocket();
        for (const QByteArray &event : speech.events.first(whole))
            answer.text(event);
        // Not even pings are answered; nothing closes the connection.
        stage.server.queue(answer.deaf().wait());
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::CutOff);
        QCOMPARE(exchange->outcome.error->code, transportcode::ConnectionLost);
        QCOMPARE(exchange->text, speech.textAfter(whole));
        QCOMPARE(stage.server.count(), 1);
        QCOMPARE(exchange->late, 0);
    }

    void a_socket_that_breaks_keeps_all_that_came_data() { addSeeds(); }
    void a_socket_that_breaks_keeps_all_that_came()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::AgentWs);
        const Speech speech = spokenOverSocket(someWords(stage.dice));
        const int whole = stage.dice.roll(0, static_cast<int>(speech.events.size()) - 3);
        const bool reset = stage.dice.toss();
        stage.server.queue(brokenSocket(speech.events, whole, stage.dice, reset));
        stage.server.queue(MockAnswer::webSocket(speech.events));
        const auto exchange = stage.finish();
        if (exchange->outcome.end == TurnEnd::Complete) {
            // Nothing had been said yet: that is asked for again, once.
            QVERIFY(reset || speech.textAfter(whole).isEmpty());
            QCOMPARE(exchange->text, speech.text());
            QCOMPARE(stage.server.count(), 2);
        } else {
            QVERIFY(exchange->outcome.end == TurnEnd::CutOff || exchange->outcome.end == TurnEnd::Failed);
            QVERIFY(speech.text().startsWith(exchange->text));
            if (!reset)
                QCOMPARE(exchange->text, speech.textAfter(whole));
            QCOMPARE(stage.server.count(), 1);
        }
        QCOMPARE(exchange->late, 0);
    }

    void a_socket_that_is_not_let_through_becomes_a_stream_for_good_data() { addSeeds(); }
    void a_socket_that_is_not_let_through_becomes_a_stream_for_good()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed, DialectId::AgentWs);
        const Speech speech = spokenOverSocket(someWords(stage.dice));
        int sockets = 0;
        stage.server.setHandler([&](const ReceivedRequest &request) {
            if (!request.header("upgrade").isNull()) {
                ++sockets;
                static constexpr std::array refusals{400, 403, 404, 426, 502};
                return stage.dice.toss() ? failure(refusals.at(size_t(stage.dice.roll(0, 4))))
                                         : MockAnswer().close();
            }
            MockAnswer answer = MockAnswer::stream();
            for (const QByteArray &event : speech.events)
                answer.chunk("data: " + event + "\n\n");
            return answer.end();
        });
        for (const qint64 number : {1, 2}) {
            const auto exchange = stage.finish(number);
            QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
            QCOMPARE(exchange->text, speech.text());
            QCOMPARE(exchange->late, 0);
        }
        QCOMPARE(sockets, 1);
        QCOMPARE(stage.server.count(), 3);
    }

    void stop_is_the_end_wherever_it_comes_data() { addSeeds(); }
    void stop_is_the_end_wherever_it_comes()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech speech = plainSpeech(someWords(stage.dice));
        // The server has more to say, whenever it is stopped.
        const qsizetype whole = speech.events.size() - 2;
        MockAnswer answer = MockAnswer::stream();
        for (const QByteArray &event : speech.events.first(whole))
            answer.chunk(event);
        stage.server.queue(answer.wait());
        const auto exchange = stage.ask();
        // After some signal of the turn, whichever it is; or else in the silence at the end.
        int signalsUntilStop = stage.dice.roll(0, static_cast<int>(speech.events.size()) + 3);
        const auto stop = [&exchange] { exchange->turn->stop({.text = exchange->text.size()}); };
        const auto countDown = [&] {
            if (--signalsUntilStop == 0)
                stop();
        };
        connect(exchange->turn.get(), &Turn::events, this, countDown);
        connect(exchange->turn.get(), &Turn::phaseChanged, this, countDown);
        if (signalsUntilStop == 0)
            stop();
        QTRY_VERIFY(exchange->ends == 1 || exchange->text == speech.textAfter(whole));
        stop();
        QCOMPARE(exchange->ends, 1);
        QCOMPARE(exchange->outcome.end, TurnEnd::Stopped);
        QCOMPARE(exchange->outcome.delivered, Delivered{.text = exchange->text.size()});
        QVERIFY(speech.text().startsWith(exchange->text));
        QTRY_COMPARE(stage.server.openConnections(), 0);
        QVERIFY(stage.server.count() <= 1);
        QCOMPARE(exchange->late, 0);
    }

    void another_course_never_mixes_with_the_old_one_data() { addSeeds(); }
    void another_course_never_mixes_with_the_old_one()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const Speech old = plainSpeech(someWords(stage.dice));
        const Speech next = plainSpeech(someWords(stage.dice));
        const int whole = stage.dice.roll(2, static_cast<int>(old.events.size()) - 2);
        MockAnswer slow = MockAnswer::stream();
        for (const QByteArray &event : old.events.first(whole))
            slow.chunk(event);
        slow.wait();
        for (const QByteArray &event : old.events.sliced(whole))
            slow.chunk(event);
        stage.server.queue(slow.end());
        stage.server.queue(MockAnswer::stream(next.events));
        const auto first = stage.ask();
        QTRY_COMPARE(first->text, old.textAfter(whole));
        first->turn->giveWay({.text = first->text.size()});
        QCOMPARE(first->outcome.end, TurnEnd::Redirected);
        const auto second = stage.ask(2);
        stage.server.advance();
        QTRY_COMPARE(second->ends, 1);
        QCOMPARE(second->text, next.text());
        QCOMPARE(second->outcome.end, TurnEnd::Complete);
        QCOMPARE(first->text, old.textAfter(whole));
        QCOMPARE(first->late, 0);
        QCOMPARE(second->late, 0);
    }
};

QTEST_GUILESS_MAIN(FaultsTest)

#include "tst_faults.moc"
