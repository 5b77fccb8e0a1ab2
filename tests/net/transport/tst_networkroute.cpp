// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "net/transport/transportswitch.h"
#include "net/transport/websockettransport.h"
#include "tests/support/calllog.h"
#include "tests/support/mockproxy.h"
#include "tests/support/mockserver.h"
#include "tests/support/proxysystem.h"
#include "tests/support/tlsfront.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts Patient{.head = 20s, .idle = 20s};

// A name that nobody has: whoever reaches it went through the proxy.
const QString Host = u"api.example.test"_s;

/// An exchange of either kind, by the scheme of its URL, and what came of it.
struct Exchange
{
    Exchange(Transport &transport, const ExchangeRequest &request, const TransportTimeouts &limits = Patient)
        : call(transport.open(request, limits, nullptr)), log(call.get())
    {}

    /// The server has answered as init() tells it to.
    [[nodiscard]] bool isAnswered() const { return log.finished || log.messages == QByteArrayList{"hello"}; }

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

/// Both transports of one route.
struct Wire
{
    explicit Wire(std::shared_ptr<NetworkRoute> way)
        : route(std::move(way)), http(std::make_unique<HttpTransport>(route)),
          webSockets(std::make_unique<WebSocketTransport>(WebSocketOptions(), route))
    {}

    [[nodiscard]] std::unique_ptr<Exchange> open(const QUrl &url, const TransportTimeouts &limits = Patient)
    {
        if (url.scheme().startsWith("ws"_L1))
            return std::make_unique<Exchange>(*webSockets, WebSocketRequest{.url = url}, limits);
        return std::make_unique<Exchange>(*http, HttpRequest{.url = url, .body = R"({"stream":true})"},
                                          limits);
    }

    [[nodiscard]] std::unique_ptr<Exchange> get(const QUrl &url)
    {
        return std::make_unique<Exchange>(*http, HttpRequest{.method = "GET", .url = url});
    }

    std::shared_ptr<NetworkRoute> route;
    std::unique_ptr<Transport> http;
    std::unique_ptr<Transport> webSockets;
};

// Secrets as from a store: there, but later.
class KnownSecrets final : public NetworkSecretSource
{
public:
    explicit KnownSecrets(NetworkSecrets secrets) : m_secrets(std::move(secrets)) {}

    void load(const NetworkProfile &, QObject *context,
              std::function<void(const NetworkSecrets &)> done) override
    {
        ++loaded;
        QMetaObject::invokeMethod(
            context, [done = std::move(done), secrets = m_secrets] { done(secrets); }, Qt::QueuedConnection);
    }

    int loaded = 0;

private:
    NetworkSecrets m_secrets;
};

std::shared_ptr<NetworkRoute> routeWith(const NetworkOptions &options, NetworkSecretSource *secrets = nullptr)
{
    return std::make_shared<NetworkRoute>(NetworkProfile{.owner = u"test"_s, .options = options},
                                          std::make_shared<SystemProxies>(), secrets);
}

std::shared_ptr<NetworkRoute> routeBy(const ProxySystem &system)
{
    return std::make_shared<NetworkRoute>(NetworkProfile(), std::make_shared<SystemProxies>(system.lookup()));
}

NetworkOptions by(const MockProxy &proxy, proxy::Server::Kind kind = proxy::Server::Kind::Http,
                  const QString &user = {})
{
    return {.proxy = proxy::Server{.kind = kind, .host = u"127.0.0.1"_s, .port = proxy.port(), .user = user}};
}

QNetworkProxy systemProxy(const MockProxy &proxy)
{
    return {QNetworkProxy::HttpProxy, u"127.0.0.1"_s, proxy.port()};
}

NetworkOptions trusting()
{
    return {.caFile = tlsFile(u"authority.pem"_s)};
}

NetworkOptions introduced(const QString &key = u"client-key.pem"_s)
{
    NetworkOptions options = trusting();
    options.certificateFile = tlsFile(u"client.pem"_s);
    options.keyFile = tlsFile(key);
    return options;
}

QUrl remote(const QString &scheme)
{
    return QUrl(scheme + u"://"_s + Host + u"/v1/chat"_s);
}

QUrl local(const QString &scheme, quint16 port)
{
    return QUrl(u"%1://127.0.0.1:%2/v1/chat"_s.arg(scheme).arg(port));
}

bool isSecure(const QString &scheme)
{
    return scheme == "https"_L1 || scheme == "wss"_L1;
}

void addSchemes(const QStringList &schemes)
{
    QTest::addColumn<QString>("scheme");
    for (const QString &scheme : schemes)
        QTest::newRow(qPrintable(scheme)) << scheme;
}

} // namespace

class tst_NetworkRoute : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void aChosenProxyIsUsed_data();
    void aChosenProxyIsUsed();
    void aProxyThatSaysNoIsNamed_data() { addSchemes({u"http"_s, u"https"_s, u"ws"_s}); }
    void aProxyThatSaysNoIsNamed();
    void aProxyThatIsNotThereIsNamed_data() { addSchemes({u"http"_s, u"https"_s, u"ws"_s}); }
    void aProxyThatIsNotThereIsNamed();
    void thisComputerIsReachedWithoutTheProxy_data() { addSchemes({u"http"_s, u"ws"_s}); }
    void thisComputerIsReachedWithoutTheProxy();
    void withoutAProxyTheSystemIsNotAsked();

    void theSystemsProxyIsFoundWithoutBlockingAndUsed_data() { addSchemes({u"http"_s, u"ws"_s}); }
    void theSystemsProxyIsFoundWithoutBlockingAndUsed();
    void aCallIsAbortedAtOnceWhileTheSystemIsAsked_data() { addSchemes({u"http"_s, u"ws"_s}); }
    void aCallIsAbortedAtOnceWhileTheSystemIsAsked();
    void theLimitOfACallRunsWhileTheSystemIsAsked_data() { addSchemes({u"http"_s, u"ws"_s}); }
    void theLimitOfACallRunsWhileTheSystemIsAsked();
    void aCallFailsWhoseTransportGoesWhileTheSystemIsAsked_data() { addSchemes({u"http"_s, u"ws"_s}); }
    void aCallFailsWhoseTransportGoesWhileTheSystemIsAsked();
    void whatIsSaidBeforeASocketOpensIsSaidThen();

    void aServerOfAnUnknownAuthorityIsNotSpokenTo_data() { addSchemes({u"https"_s, u"wss"_s}); }
    void aServerOfAnUnknownAuthorityIsNotSpokenTo();
    void aServerOfAnAuthorityOfOurOwnIs_data() { addSchemes({u"https"_s, u"wss"_s}); }
    void aServerOfAnAuthorityOfOurOwnIs();
    void whatIsOlderThanTls12IsNotSpoken_data() { addSchemes({u"https"_s, u"wss"_s}); }
    void whatIsOlderThanTls12IsNotSpoken();
    void aServerThatAsksWhoWeAreIsTold_data();
    void aServerThatAsksWhoWeAreIsTold();
    void aServerThatAsksInVainSendsUsAway_data() { addSchemes({u"https"_s, u"wss"_s}); }
    void aServerThatAsksInVainSendsUsAway();
    void nothingIsSentWithoutTheFilesThatWereAskedFor_data() { addSchemes({u"https"_s, u"wss"_s}); }
    void nothingIsSentWithoutTheFilesThatWereAskedFor();
    void anotherFileIsReadBeforeTheNextCall();

    void http2IsSpokenWhereItIsAskedFor();
    void http2IsNotOfferedByItself();

    void cookiesAreNotKeptByThemselves();
    void cookiesGoBackWhereTheyAreAskedFor();
    void cookiesAreNotSharedWithAnotherProvider();

    void aRequestUsesTheConnectionThatWasMadeAhead_data();
    void aRequestUsesTheConnectionThatWasMadeAhead();
    void whatIsMadeAheadDoesNotLimitTheStreams();
    void nothingIsMadeAheadTwiceWithinSeconds();
    void nothingIsMadeAheadOfWhatWouldNotBeSent();
    void nothingNewIsMadeAheadWhereAConnectionWaits();
    void aConnectionIsMadeAheadThroughTheProxy();
    void whatCanNotBeMadeAheadIsLeft();

private:
    std::unique_ptr<MockServer> m_server;
};

void tst_NetworkRoute::init()
{
    m_server = std::make_unique<MockServer>();
    m_server->setHandler([](const ReceivedRequest &request) {
        return request.header("upgrade").isEmpty() ? MockAnswer::json(R"({"ok":true})")
                                                   : MockAnswer::webSocket({"hello"});
    });
}

// Proxies

void tst_NetworkRoute::aChosenProxyIsUsed_data()
{
    using Kind = proxy::Server::Kind;
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QString>("user");
    for (const auto &[kind, word] : {std::pair(Kind::Http, "http"), std::pair(Kind::Socks5, "socks5")}) {
        for (const QString &scheme : {u"http"_s, u"https"_s, u"ws"_s, u"wss"_s}) {
            QTest::addRow("%s, %s", word, qPrintable(scheme)) << int(kind) << scheme << QString();
            QTest::addRow("%s, %s, by name", word, qPrintable(scheme)) << int(kind) << scheme << u"me"_s;
        }
    }
}

void tst_NetworkRoute::aChosenProxyIsUsed()
{
    QFETCH(const int, kind);
    QFETCH(const QString, scheme);
    QFETCH(const QString, user);
    using Kind = proxy::Server::Kind;
    const TlsFront front(m_server->port());
    MockProxy proxy(Kind(kind) == Kind::Http ? MockProxy::Kind::Http : MockProxy::Kind::Socks5,
                    isSecure(scheme) ? front.port() : m_server->port());
    if (!user.isEmpty())
        proxy.require(user.toUtf8(), "p:ass");
    KnownSecrets secrets({.proxyPassword = "p:ass"});
    NetworkOptions options = by(proxy, Kind(kind), user);
    options.caFile = tlsFile(u"authority.pem"_s);
    Wire wire(routeWith(options, &secrets));

    const auto exchange = wire.open(remote(scheme));
    QTRY_VERIFY2(exchange->isAnswered() || exchange->log.error, "no answer");
    QVERIFY2(!exchange->log.error, qPrintable(exchange->log.error.value_or(NetError()).message));
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(proxy.passed().size(), 1);
    QVERIFY2(proxy.passed().constFirst().contains(Host), qPrintable(proxy.passed().constFirst()));
    QCOMPARE(secrets.loaded, user.isEmpty() ? 0 : 1);
    // A proxy that reads the request takes its own words out of it; through a tunnel the server would get
    // them.
    const bool isTunnel = !proxy.passed().constFirst().startsWith("http://"_L1);
    QVERIFY(!isTunnel || !m_server->bytesFrom(1).toLower().contains("proxy-authorization"));
}

void tst_NetworkRoute::aProxyThatSaysNoIsNamed()
{
    QFETCH(const QString, scheme);
    MockProxy proxy(MockProxy::Kind::Http, m_server->port());
    proxy.require("me", "right");
    KnownSecrets secrets({.proxyPassword = "wrong-password"});
    Wire wire(routeWith(by(proxy, proxy::Server::Kind::Http, u"me"_s), &secrets));
    const auto exchange = wire.open(remote(scheme));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->code, QString(transportcode::Proxy));
    QVERIFY(!exchange->log.error->message.contains("wrong-password"_L1));
    QCOMPARE(m_server->count(), 0);
    QVERIFY(proxy.refused() > 0);
}

void tst_NetworkRoute::aProxyThatIsNotThereIsNamed()
{
    QFETCH(const QString, scheme);
    const proxy::Server nobody{.host = u"127.0.0.1"_s, .port = MockServer::closedPort()};
    Wire wire(routeWith({.proxy = nobody}));
    const auto exchange = wire.open(remote(scheme));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->code, QString(transportcode::Proxy));
}

void tst_NetworkRoute::thisComputerIsReachedWithoutTheProxy()
{
    QFETCH(const QString, scheme);
    const MockProxy proxy(MockProxy::Kind::Http, m_server->port());
    Wire wire(routeWith(by(proxy)));
    const auto exchange = wire.open(local(scheme, m_server->port()));
    QTRY_VERIFY(exchange->isAnswered());
    QCOMPARE(proxy.passed(), QStringList());
}

void tst_NetworkRoute::withoutAProxyTheSystemIsNotAsked()
{
    const ProxySystem system;
    const auto route = std::make_shared<NetworkRoute>(NetworkProfile{.options = {.proxy = proxy::None()}},
                                                      std::make_shared<SystemProxies>(system.lookup()));
    QObject context;
    std::optional<Departure> departure;
    route->prepare(remote(u"https"_s), &context, [&](const auto &prepared) { departure = *prepared; });
    // At once, for there is nobody to ask.
    QVERIFY(departure);
    QCOMPARE(departure->proxies, QList{QNetworkProxy(QNetworkProxy::NoProxy)});
    QCOMPARE(system.asked(), 0);
}

void tst_NetworkRoute::theSystemsProxyIsFoundWithoutBlockingAndUsed()
{
    QFETCH(const QString, scheme);
    const MockProxy proxy(MockProxy::Kind::Http, m_server->port());
    ProxySystem system(systemProxy(proxy));
    system.block();
    Wire wire(routeBy(system));
    const auto first = wire.open(remote(scheme));
    QTRY_COMPARE(system.asked(), 1);
    // While the system's script stands still, others come and go over this thread.
    const auto other = wire.get(m_server->url());
    QTRY_VERIFY(other->log.finished);
    QVERIFY(first->log.isEmpty());
    QCOMPARE(m_server->count(), 1);
    QVERIFY(!system.askedHere());

    system.unblock();
    QTRY_VERIFY(first->isAnswered());
    QCOMPARE(proxy.passed().size(), 1);
    const auto second = wire.open(remote(scheme));
    QTRY_VERIFY(second->isAnswered());
    QCOMPARE(system.asked(), 1);
}

void tst_NetworkRoute::aCallIsAbortedAtOnceWhileTheSystemIsAsked()
{
    QFETCH(const QString, scheme);
    const MockProxy proxy(MockProxy::Kind::Http, m_server->port());
    ProxySystem system(systemProxy(proxy));
    system.block();
    const auto proxies = std::make_shared<SystemProxies>(system.lookup());
    Wire wire(std::make_shared<NetworkRoute>(NetworkProfile(), proxies));
    const auto aborted = wire.open(remote(scheme));
    auto deleted = wire.open(remote(scheme));
    QTRY_COMPARE(system.asked(), 1);
    aborted->call->abort();
    deleted.reset();
    system.unblock();
    QTRY_VERIFY(proxies->known(remote(scheme)));
    // Whatever would be sent for them would be sent before this one.
    const auto last = wire.get(m_server->url());
    QTRY_VERIFY(last->log.finished);
    QVERIFY(aborted->log.isEmpty());
    QCOMPARE(proxy.passed(), QStringList());
    QCOMPARE(m_server->count(), 1);
}

void tst_NetworkRoute::theLimitOfACallRunsWhileTheSystemIsAsked()
{
    QFETCH(const QString, scheme);
    ProxySystem system;
    system.block();
    Wire wire(routeBy(system));
    const auto exchange = wire.open(remote(scheme), {.head = 30ms, .idle = 30ms});
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange->log.error->code, QString(transportcode::NoAnswer));
}

void tst_NetworkRoute::aCallFailsWhoseTransportGoesWhileTheSystemIsAsked()
{
    QFETCH(const QString, scheme);
    ProxySystem system;
    system.block();
    std::optional<Wire> wire(routeBy(system));
    const auto exchange = wire->open(remote(scheme));
    QTRY_COMPARE(system.asked(), 1);
    wire->http.reset();
    wire->webSockets.reset();
    system.unblock();
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->kind, NetError::Kind::Network);
}

void tst_NetworkRoute::whatIsSaidBeforeASocketOpensIsSaidThen()
{
    const MockProxy proxy(MockProxy::Kind::Http, m_server->port());
    ProxySystem system(systemProxy(proxy));
    system.block();
    Wire wire(routeBy(system));
    const Exchange exchange(*wire.webSockets, WebSocketRequest{.url = remote(u"ws"_s), .messages = {"one"}});
    exchange.call->send({.text = "two"});
    system.unblock();
    QTRY_COMPARE(m_server->texts(), QByteArrayList({"one", "two"}));
}

// Certificates

void tst_NetworkRoute::aServerOfAnUnknownAuthorityIsNotSpokenTo()
{
    QFETCH(const QString, scheme);
    const TlsFront front(m_server->port());
    Wire wire(routeWith({}));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->code, QString(transportcode::Tls));
    QCOMPARE(m_server->count(), 0);
}

void tst_NetworkRoute::aServerOfAnAuthorityOfOurOwnIs()
{
    QFETCH(const QString, scheme);
    const TlsFront front(m_server->port());
    Wire wire(routeWith(trusting()));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->isAnswered());
    QCOMPARE(front.encrypted(), 1);
    QCOMPARE(front.clients(), QStringList());
}

void tst_NetworkRoute::whatIsOlderThanTls12IsNotSpoken()
{
    QFETCH(const QString, scheme);
    TlsFront front(m_server->port());
    QT_WARNING_PUSH
    QT_WARNING_DISABLE_DEPRECATED
    front.setProtocol(QSsl::TlsV1_1);
    QT_WARNING_POP
    Wire wire(routeWith(trusting()));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->code, QString(transportcode::Tls));
    QCOMPARE(m_server->count(), 0);
}

void tst_NetworkRoute::aServerThatAsksWhoWeAreIsTold_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QString>("key");
    for (const QString &scheme : {u"https"_s, u"wss"_s}) {
        for (const QString &key : {u"client-key.pem"_s, u"client-key-locked.pem"_s})
            QTest::addRow("%s, %s", qPrintable(scheme), qPrintable(key)) << scheme << key;
    }
}

void tst_NetworkRoute::aServerThatAsksWhoWeAreIsTold()
{
    QFETCH(const QString, scheme);
    QFETCH(const QString, key);
    const TlsFront front(m_server->port(), TlsFront::Client::WithCertificate);
    KnownSecrets secrets({.keyPassphrase = "open-sesame"});
    Wire wire(routeWith(introduced(key), &secrets));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->isAnswered());
    QCOMPARE(front.clients(), QStringList(u"rivulet test client"_s));
}

void tst_NetworkRoute::aServerThatAsksInVainSendsUsAway()
{
    QFETCH(const QString, scheme);
    const TlsFront front(m_server->port(), TlsFront::Client::WithCertificate);
    Wire wire(routeWith(trusting()));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->kind, NetError::Kind::Network);
    QCOMPARE(m_server->count(), 0);
}

void tst_NetworkRoute::nothingIsSentWithoutTheFilesThatWereAskedFor()
{
    QFETCH(const QString, scheme);
    const TlsFront front(m_server->port());
    KnownSecrets secrets({.keyPassphrase = "guess"});
    Wire wire(routeWith(introduced(u"client-key-locked.pem"_s), &secrets));
    const auto exchange = wire.open(local(scheme, front.port()));
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange->log.error->code, QString(transportcode::ClientKeyLocked));
    QCOMPARE(front.accepted(), 0);
}

void tst_NetworkRoute::anotherFileIsReadBeforeTheNextCall()
{
    const TlsFront front(m_server->port());
    const QTemporaryDir folder;
    NetworkOptions options;
    options.caFile = folder.filePath(u"authority.pem"_s);
    Wire wire(routeWith(options));
    const auto missing = wire.open(local(u"https"_s, front.port()));
    QTRY_VERIFY(missing->log.error);
    QCOMPARE(missing->log.error->code, QString(transportcode::CaFile));
    QVERIFY(QFile::copy(tlsFile(u"authority.pem"_s), options.caFile));
    const auto there = wire.open(local(u"https"_s, front.port()));
    QTRY_VERIFY(there->isAnswered());
    // A connection that was made with the old authority does not outlive it.
    QVERIFY(QFile::remove(options.caFile));
    QVERIFY(QFile::copy(tlsFile(u"client.pem"_s), options.caFile));
    const auto changed = wire.open(local(u"https"_s, front.port()));
    QTRY_VERIFY(changed->log.error);
    QCOMPARE(changed->log.error->code, QString(transportcode::Tls));
}

// HTTP/2

void tst_NetworkRoute::http2IsSpokenWhereItIsAskedFor()
{
    TlsFront front(0);
    front.answerHttp2(R"({"ok":2})");
    NetworkOptions options = trusting();
    options.http2 = true;
    Wire wire(routeWith(options));
    const auto exchange = wire.open(local(u"https"_s, front.port()));
    QTRY_VERIFY(exchange->log.finished || exchange->log.error);
    QCOMPARE(exchange->log.error.value_or(NetError()).message, QString());
    QCOMPARE(front.applicationProtocol(), "h2");
    QCOMPARE(exchange->log.body, R"({"ok":2})");
    QCOMPARE(front.received().count(R"({"stream":true})"), 1);
}

void tst_NetworkRoute::http2IsNotOfferedByItself()
{
    TlsFront front(m_server->port());
    front.answerHttp2("unasked");
    Wire wire(routeWith(trusting()));
    const auto exchange = wire.open(local(u"https"_s, front.port()));
    QTRY_VERIFY(exchange->isAnswered());
    QVERIFY(front.applicationProtocol() != "h2");
    QCOMPARE(exchange->log.body, R"({"ok":true})");
}

// Cookies

void tst_NetworkRoute::cookiesAreNotKeptByThemselves()
{
    m_server->queue(MockAnswer::whole(200, "text/plain", "x", {{"Set-Cookie", "node=7; Path=/"}}));
    Wire wire(routeWith({}));
    const auto first = wire.get(m_server->url());
    QTRY_VERIFY(first->log.finished);
    const auto second = wire.get(m_server->url());
    QTRY_VERIFY(second->log.finished);
    QVERIFY(!wire.route->cookies());
    QVERIFY(m_server->received().back().request.header("cookie").isEmpty());
}

void tst_NetworkRoute::cookiesGoBackWhereTheyAreAskedFor()
{
    m_server->queue(MockAnswer::whole(200, "text/plain", "x", {{"Set-Cookie", "node=7; Path=/"}}));
    Wire wire(routeWith({.cookies = true}));
    const auto first = wire.get(m_server->url());
    QTRY_VERIFY(first->log.finished);
    for (const QString &scheme : {u"http"_s, u"ws"_s}) {
        const auto next = wire.open(local(scheme, m_server->port()));
        QTRY_VERIFY(next->isAnswered());
        QCOMPARE(m_server->received().back().request.header("cookie"), "node=7");
    }
}

void tst_NetworkRoute::cookiesAreNotSharedWithAnotherProvider()
{
    m_server->queue(MockAnswer::whole(200, "text/plain", "x", {{"Set-Cookie", "node=7; Path=/"}}));
    const auto transport = makeTransport(nullptr);
    const auto ask = [&](const QString &owner) {
        return std::make_unique<Exchange>(transport->through({.owner = owner, .options = {.cookies = true}}),
                                          HttpRequest{.method = "GET", .url = m_server->url()});
    };
    const auto first = ask(u"one"_s);
    QTRY_VERIFY(first->log.finished);
    const auto other = ask(u"other"_s);
    QTRY_VERIFY(other->log.finished);
    QVERIFY(m_server->received().back().request.header("cookie").isEmpty());
    const auto again = ask(u"one"_s);
    QTRY_VERIFY(again->log.finished);
    QCOMPARE(m_server->received().back().request.header("cookie"), "node=7");
}

// Connections that are made ahead

void tst_NetworkRoute::aRequestUsesTheConnectionThatWasMadeAhead_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<bool>("isIntroduced");
    QTest::newRow("http") << u"http"_s << false;
    QTest::newRow("https") << u"https"_s << false;
    QTest::newRow("https with a client's certificate") << u"https"_s << true;
}

void tst_NetworkRoute::aRequestUsesTheConnectionThatWasMadeAhead()
{
    QFETCH(const QString, scheme);
    QFETCH(const bool, isIntroduced);
    const TlsFront front(m_server->port(),
                         isIntroduced ? TlsFront::Client::WithCertificate : TlsFront::Client::Anybody);
    Wire wire(routeWith(isIntroduced ? introduced() : trusting()));
    const QUrl url = local(scheme, isSecure(scheme) ? front.port() : m_server->port());
    wire.http->preconnect(url);
    QTRY_COMPARE(m_server->openConnections(), 1);
    QVERIFY(!isSecure(scheme) || front.encrypted() == 1);
    // Nothing was said yet.
    QCOMPARE(m_server->count(), 0);
    QCOMPARE(m_server->bytesFrom(1), QByteArray());

    const auto exchange = wire.open(url);
    QTRY_VERIFY(exchange->isAnswered());
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(m_server->received().front().connection, 1);
    QCOMPARE(m_server->openConnections(), 1);
    QCOMPARE(front.accepted(), isSecure(scheme) ? 1 : 0);
}

void tst_NetworkRoute::whatIsMadeAheadDoesNotLimitTheStreams()
{
    m_server->setHandler([](const ReceivedRequest &) { return MockAnswer::stream(); });
    Wire wire(routeWith({}));
    wire.http->preconnect(m_server->url());
    QTRY_COMPARE(m_server->openConnections(), 1);
    std::vector<std::unique_ptr<Exchange>> streams;
    streams.reserve(10);
    for (int i = 0; i < 10; ++i)
        streams.push_back(wire.open(m_server->url()));
    QTRY_VERIFY(std::ranges::all_of(streams, [](const auto &each) { return each->log.head.has_value(); }));
}

void tst_NetworkRoute::nothingIsMadeAheadTwiceWithinSeconds()
{
    std::chrono::steady_clock::time_point now{};
    NetworkRoute route({}, std::make_shared<SystemProxies>(), nullptr, [&now] { return now; });
    const QUrl url = remote(u"https"_s);
    QVERIFY(route.admitsPreconnect(url));
    QVERIFY(!route.admitsPreconnect(url));
    QVERIFY(!route.admitsPreconnect(QUrl(u"https://"_s + Host + u"/another/path"_s)));
    QVERIFY(route.admitsPreconnect(remote(u"http"_s)));
    now += 9999ms;
    QVERIFY(!route.admitsPreconnect(url));
    now += 1ms;
    QVERIFY(route.admitsPreconnect(url));
    QVERIFY(!route.admitsPreconnect(url));
}

void tst_NetworkRoute::nothingIsMadeAheadOfWhatWouldNotBeSent()
{
    Wire wire(routeWith({}));
    wire.http->preconnect(local(u"ws"_s, m_server->port()));
    QUrl withUser = m_server->url();
    withUser.setUserName(u"me"_s);
    wire.http->preconnect(withUser);
    wire.http->preconnect({});
    const auto last = wire.get(m_server->url());
    QTRY_VERIFY(last->log.finished);
    QCOMPARE(m_server->received().back().connection, 1);
    QCOMPARE(m_server->openConnections(), 1);
}

void tst_NetworkRoute::nothingNewIsMadeAheadWhereAConnectionWaits()
{
    std::chrono::steady_clock::time_point now{};
    Wire wire(std::make_shared<NetworkRoute>(NetworkProfile(), std::make_shared<SystemProxies>(), nullptr,
                                             [&now] { return now; }));
    for (int i = 0; i < 3; ++i) {
        now += 1min;
        wire.http->preconnect(m_server->url());
        const auto exchange = wire.open(m_server->url());
        QTRY_VERIFY(exchange->isAnswered());
        QCOMPARE(m_server->received().back().connection, 1);
    }
    QCOMPARE(m_server->openConnections(), 1);
}

void tst_NetworkRoute::aConnectionIsMadeAheadThroughTheProxy()
{
    const TlsFront front(m_server->port());
    const MockProxy proxy(MockProxy::Kind::Http, front.port());
    NetworkOptions options = by(proxy);
    options.caFile = tlsFile(u"authority.pem"_s);
    Wire wire(routeWith(options));
    wire.http->preconnect(remote(u"https"_s));
    QTRY_COMPARE(m_server->openConnections(), 1);
    const auto exchange = wire.open(remote(u"https"_s));
    QTRY_VERIFY(exchange->isAnswered());
    QCOMPARE(proxy.passed(), QStringList(Host + u":443"_s));
    QCOMPARE(front.accepted(), 1);
}

void tst_NetworkRoute::whatCanNotBeMadeAheadIsLeft()
{
    Wire wire(routeWith({}));
    const QUrl nowhere = local(u"http"_s, MockServer::closedPort());
    wire.http->preconnect(nowhere);
    const auto exchange = wire.open(nowhere);
    QTRY_VERIFY(exchange->log.error);
    QCOMPARE(exchange->log.error->code, QString(transportcode::ConnectionRefused));
}

QTEST_GUILESS_MAIN(tst_NetworkRoute)
#include "tst_networkroute.moc"
