// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"
#include "tests/net/turn/faultstage.h"
#include "tests/support/tlsfront.h"

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

/// Servers that are not found, or are not who they should be: what the user said does not leave, and why it
/// did not is told.
class RefusalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        // A proxy of the machine that runs the tests must not answer for hosts that do not exist.
        for (const char *name :
             {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
            qunsetenv(name);
    }

    void a_server_whose_name_nobody_knows_is_tried_a_few_times()
    {
        FaultStage stage(1);
        stage.provider.baseUrl = QUrl(u"https://nobody.invalid/v1"_s);
        const auto exchange = stage.ask();
        QTRY_COMPARE_WITH_TIMEOUT(exchange->ends, 1, 60s);
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, transportcode::HostNotFound);
        QCOMPARE(exchange->countOf(TurnPhase::Connecting), 5);
        QCOMPARE(exchange->waits().size(), 4);
        QVERIFY(exchange->waits().constFirst() <= 500ms);
        QVERIFY(exchange->text.isEmpty());
        QCOMPARE(exchange->late, 0);
    }

    void a_server_that_can_not_prove_who_it_is_is_told_nothing_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("trusted");
        QTest::addColumn<QString>("reason");
        const QString none;
        QTest::addRow("expired") << u"server-expired.pem"_s << u"server-expired.pem"_s << u"expired"_s;
        QTest::addRow("of another server")
            << u"server-elsewhere.pem"_s << u"server-elsewhere.pem"_s << u"host name"_s;
        QTest::addRow("by itself") << u"server-expired.pem"_s << none << u"self-signed"_s;
        QTest::addRow("by nobody known") << u"server.pem"_s << none << u"self-signed"_s;
    }
    void a_server_that_can_not_prove_who_it_is_is_told_nothing()
    {
        QFETCH(const QString, certificate);
        QFETCH(const QString, trusted);
        QFETCH(const QString, reason);
        FaultStage stage(1);
        TlsFront front(stage.server.port());
        front.setCertificate(certificate);
        stage.provider.baseUrl = QUrl(u"https://127.0.0.1:%1/v1"_s.arg(front.port()));
        if (!trusted.isEmpty())
            stage.provider.network.caFile = tlsFile(trusted);
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Failed);
        QCOMPARE(exchange->outcome.error->code, transportcode::Tls);
        QVERIFY2(exchange->outcome.error->message.contains(reason),
                 qPrintable(exchange->outcome.error->message));
        QCOMPARE(exchange->countOf(TurnPhase::Connecting), 1);
        QCOMPARE(front.received(), QByteArray());
        QCOMPARE(stage.server.count(), 0);
        QCOMPARE(exchange->late, 0);
    }

    void a_trusted_server_is_asked()
    {
        FaultStage stage(1);
        const TlsFront front(stage.server.port());
        stage.provider.baseUrl = QUrl(u"https://127.0.0.1:%1/v1"_s.arg(front.port()));
        stage.provider.network.caFile = tlsFile(u"authority.pem"_s);
        const Speech speech = plainSpeech({u"Hello"_s});
        stage.server.queue(MockAnswer::stream(speech.events));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::Complete);
        QCOMPARE(exchange->text, speech.text());
    }

    void an_answer_over_tls_that_breaks_off_keeps_all_that_came_data() { addSeeds(); }
    void an_answer_over_tls_that_breaks_off_keeps_all_that_came()
    {
        QFETCH(const quint32, seed);
        FaultStage stage(seed);
        const TlsFront front(stage.server.port());
        stage.provider.baseUrl = QUrl(u"https://127.0.0.1:%1/v1"_s.arg(front.port()));
        stage.provider.network.caFile = tlsFile(u"authority.pem"_s);
        const Speech speech = plainSpeech(someWords(stage.dice));
        const int whole = stage.dice.roll(speech.before + 1, static_cast<int>(speech.events.size()) - 3);
        stage.server.queue(brokenOff(speech.events, whole, stage.dice, false));
        const auto exchange = stage.finish();
        QCOMPARE(exchange->outcome.end, TurnEnd::CutOff);
        QCOMPARE(exchange->text, speech.textAfter(whole));
        QCOMPARE(stage.server.count(), 1);
        QCOMPARE(exchange->late, 0);
    }
};

QTEST_GUILESS_MAIN(RefusalsTest)

#include "tst_refusals.moc"
