// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/discovery.h"
#include "net/transport/httptransport.h"
#include "tests/support/faketransport.h"
#include "tests/support/mockserver.h"

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(rivulet::LocalServerKind)

namespace {

MockAnswer list(const QByteArray &owner, const HttpHeaders &headers = {})
{
    return MockAnswer::whole(200, "application/json",
                             R"({"object":"list","data":[{"id":"nomic-embed-text","owned_by":")" + owner
                                 + R"("},{"id":"talker","owned_by":")" + owner + R"("}]})",
                             headers);
}

} // namespace

class TestDiscovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksAtTheUsualPorts();
    void recognisesAServer_data();
    void recognisesAServer();
    void takesNobodyElseForOne_data();
    void takesNobodyElseForOne();
    void reportsInTheOrderOfTheProbes();
    void doesNotWaitForASilentPort();
    void findsNothingWhereNothingListens();
    void finishesWithoutProbes();
    void sendsNoKeyAndOnlyReads();
    void signalsNothingAfterCancel();
    void mayBeStartedAgainInsideItsSignals();
};

void TestDiscovery::looksAtTheUsualPorts()
{
    QCOMPARE(usualLocalServers(),
             QList<LocalServerProbe>({{.kind = LocalServerKind::Ollama, .port = 11434},
                                      {.kind = LocalServerKind::LlamaCpp, .port = 8080},
                                      {.kind = LocalServerKind::LmStudio, .port = 1234},
                                      {.kind = LocalServerKind::Vllm, .port = 8000}}));
}

void TestDiscovery::recognisesAServer_data()
{
    QTest::addColumn<LocalServerKind>("probed");
    QTest::addColumn<QByteArray>("owner");
    QTest::addColumn<HttpHeaders>("headers");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<LocalServerKind>("found");
    QTest::addColumn<QString>("id");

    using Kind = LocalServerKind;
    const HttpHeaders none;
    const QByteArray no;
    QTest::newRow("Ollama by owner") << Kind::Ollama << QByteArray("library") << none << no << no
                                     << Kind::Ollama << u"ollama"_s;
    QTest::newRow("Ollama by version")
        << Kind::Ollama << QByteArray("me") << none << QByteArray("/api/version")
        << QByteArray(R"({"version":"0.13.5"})") << Kind::Ollama << u"ollama"_s;
    QTest::newRow("llama.cpp by owner")
        << Kind::LlamaCpp << QByteArray("llamacpp") << none << no << no << Kind::LlamaCpp << u"llamacpp"_s;
    QTest::newRow("llama.cpp by header")
        << Kind::LlamaCpp << QByteArray() << HttpHeaders{{"Server", "llama.cpp"}} << no << no
        << Kind::LlamaCpp << u"llamacpp"_s;
    QTest::newRow("llama.cpp by its properties")
        << Kind::LlamaCpp << QByteArray("me") << none << QByteArray("/props")
        << QByteArray(R"({"default_generation_settings":{}})") << Kind::LlamaCpp << u"llamacpp"_s;
    QTest::newRow("LM Studio by owner") << Kind::LmStudio << QByteArray("organization_owner") << none << no
                                        << no << Kind::LmStudio << u"lmstudio"_s;
    QTest::newRow("LM Studio by its own list")
        << Kind::LmStudio << QByteArray("me") << none << QByteArray("/api/v0/models")
        << QByteArray(R"({"data":[{"id":"talker","max_context_length":4096}]})") << Kind::LmStudio
        << u"lmstudio"_s;
    QTest::newRow("vLLM by owner") << Kind::Vllm << QByteArray("vllm") << none << no << no << Kind::Vllm
                                   << u"vllm"_s;
    QTest::newRow("vLLM where llama.cpp was expected")
        << Kind::LlamaCpp << QByteArray("vllm") << none << no << no << Kind::Vllm << u"vllm"_s;
}

void TestDiscovery::recognisesAServer()
{
    QFETCH(LocalServerKind, probed);
    QFETCH(QByteArray, owner);
    QFETCH(HttpHeaders, headers);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(LocalServerKind, found);
    QFETCH(QString, id);
    MockServer mock;
    mock.route("/v1/models", list(owner, headers));
    if (!path.isEmpty())
        mock.route(path, MockAnswer::json(body));
    HttpTransport transport;
    Discovery discovery(transport);
    QList<LocalServer> servers;
    connect(&discovery, &Discovery::finished, this, [&](const QList<LocalServer> &all) { servers = all; });
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({{.kind = probed, .port = mock.port()}}, 5s);
    QVERIFY(discovery.isRunning());
    QTRY_COMPARE(finished.size(), 1);

    QVERIFY(!discovery.isRunning());
    QCOMPARE(servers.size(), 1);
    QCOMPARE(servers.first().kind, found);
    QCOMPARE(servers.first().provider.id, id);
    QVERIFY(!servers.first().provider.name.isEmpty());
    QCOMPARE(servers.first().provider.baseUrl, mock.url(u"/v1"_s));
    QCOMPARE(servers.first().models, QStringList({u"nomic-embed-text"_s, u"talker"_s}));
    QCOMPARE(servers.first().provider.model, u"talker"_s);
}

void TestDiscovery::takesNobodyElseForOne_data()
{
    QTest::addColumn<MockAnswer>("answer");
    QTest::newRow("a web page for everything")
        << MockAnswer::whole(200, "text/html", "<!doctype html>version");
    QTest::newRow("an API for everything") << MockAnswer::json(R"({"version":"1","status":"ok"})");
    QTest::newRow("a list for everything") << list("somebody");
    QTest::newRow("nothing there") << MockAnswer::whole(404, "text/plain", "no");
    QTest::newRow("a redirect") << MockAnswer::redirect(302, QUrl(u"http://127.0.0.1:1/"_s));
    QTest::newRow("no HTTP") << MockAnswer().raw("SSH-2.0-OpenSSH\r\n").close();
    QTest::newRow("closed at once") << MockAnswer().reset();
}

void TestDiscovery::takesNobodyElseForOne()
{
    QFETCH(MockAnswer, answer);
    MockServer mock;
    mock.setHandler([answer](const ReceivedRequest &) { return answer; });
    HttpTransport transport;
    for (const LocalServerProbe &probe : usualLocalServers()) {
        Discovery discovery(transport);
        QSignalSpy found(&discovery, &Discovery::found);
        QSignalSpy finished(&discovery, &Discovery::finished);
        discovery.start({{.kind = probe.kind, .port = mock.port()}}, 2s);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(found.size(), 0);
    }
}

void TestDiscovery::reportsInTheOrderOfTheProbes()
{
    FakeTransport transport;
    Discovery discovery(transport);
    QList<LocalServer> servers;
    connect(&discovery, &Discovery::finished, this, [&](const QList<LocalServer> &all) { servers = all; });
    QSignalSpy found(&discovery, &Discovery::found);
    discovery.start(
        {{.kind = LocalServerKind::Ollama, .port = 1}, {.kind = LocalServerKind::Vllm, .port = 2}});
    for (const int late : {1, 0}) {
        QCOMPARE(servers.size(), 0);
        FakeExchange &exchange = transport.exchange(late);
        exchange.head(200, "application/json");
        exchange.bytes(late ? R"({"data":[{"id":"v","owned_by":"vllm"}]})"
                            : R"([{"id":"o","owned_by":"library"}])");
        exchange.finish();
    }
    QCOMPARE(found.size(), 2);
    QCOMPARE(servers.size(), 2);
    QCOMPARE(servers.first().kind, LocalServerKind::Ollama);
    QCOMPARE(servers.last().kind, LocalServerKind::Vllm);
}

void TestDiscovery::doesNotWaitForASilentPort()
{
    MockServer silent;
    silent.setHandler([](const ReceivedRequest &) { return MockAnswer(); });
    MockServer ollama;
    ollama.route("/v1/models", list("library"));
    HttpTransport transport;
    Discovery discovery(transport);
    QSignalSpy found(&discovery, &Discovery::found);
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({{.kind = LocalServerKind::LlamaCpp, .port = silent.port()},
                     {.kind = LocalServerKind::Ollama, .port = ollama.port()}},
                    1500ms);
    QTRY_COMPARE(found.size(), 1);
    QTRY_COMPARE(silent.openConnections(), 1);
    QCOMPARE(finished.size(), 0);
    QTRY_COMPARE(finished.size(), 1);
    QTRY_COMPARE(silent.openConnections(), 0);
}

void TestDiscovery::findsNothingWhereNothingListens()
{
    HttpTransport transport;
    Discovery discovery(transport);
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({{.kind = LocalServerKind::Ollama, .port = MockServer::closedPort()}});
    QCOMPARE(finished.size(), 0);
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(finished.first().first().value<QList<LocalServer>>().isEmpty());
}

void TestDiscovery::finishesWithoutProbes()
{
    FakeTransport transport;
    Discovery discovery(transport);
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({});
    QCOMPARE(finished.size(), 0);
    QTRY_COMPARE(finished.size(), 1);
}

void TestDiscovery::sendsNoKeyAndOnlyReads()
{
    FakeTransport transport;
    Discovery discovery(transport);
    discovery.start();
    QCOMPARE(transport.count(), 4);
    for (qsizetype index = 0; index < transport.count(); ++index) {
        const HttpRequest &request = transport.exchange(index).request();
        QCOMPARE(request.method, "GET");
        QCOMPARE(request.url.host(), u"127.0.0.1"_s);
        QCOMPARE(request.headers, HttpHeaders({{"Accept", "application/json"}}));
        QCOMPARE(transport.exchange(index).timeouts().head, 1s);
    }
}

void TestDiscovery::signalsNothingAfterCancel()
{
    FakeTransport transport;
    Discovery discovery(transport);
    QSignalSpy found(&discovery, &Discovery::found);
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({{.kind = LocalServerKind::Ollama, .port = 1}}, 1ms);
    discovery.cancel();
    QVERIFY(!discovery.isRunning());
    QVERIFY(transport.last().isClosed());
    transport.last().head(200, "application/json");
    transport.last().bytes(R"([{"id":"o","owned_by":"library"}])");
    transport.last().finish();
    // The cancelled round's limit has passed once a later, longer one has.
    Discovery clock(transport);
    QSignalSpy later(&clock, &Discovery::finished);
    clock.start({{.kind = LocalServerKind::Ollama, .port = 1}}, 50ms);
    QTRY_COMPARE(later.size(), 1);
    QCOMPARE(found.size(), 0);
    QCOMPARE(finished.size(), 0);
}

void TestDiscovery::mayBeStartedAgainInsideItsSignals()
{
    FakeTransport transport([](FakeExchange &exchange) {
        exchange.head(200, "application/json");
        exchange.bytes(R"([{"id":"o","owned_by":"library"}])");
        exchange.finish();
    });
    Discovery discovery(transport);
    int rounds = 0;
    const auto again = [&] {
        if (++rounds < 4)
            discovery.start({{.kind = LocalServerKind::Ollama, .port = 1}});
    };
    connect(&discovery, &Discovery::found, this, again);
    connect(&discovery, &Discovery::finished, this, again);
    QSignalSpy finished(&discovery, &Discovery::finished);
    discovery.start({{.kind = LocalServerKind::Ollama, .port = 1}});
    QTRY_VERIFY(!discovery.isRunning());
    QCOMPARE(finished.size(), 1);
    QCOMPARE(rounds, 5);
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
