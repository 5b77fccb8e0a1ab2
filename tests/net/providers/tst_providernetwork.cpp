// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/connectiontest.h"
#include "net/providers/modellist.h"
#include "net/providers/preconnect.h"
#include "net/transport/requestrules.h"
#include "net/transport/transportswitch.h"
#include "tests/support/faketransport.h"
#include "tests/support/mockproxy.h"
#include "tests/support/mockserver.h"
#include "tests/support/tlsfront.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

// A transport that writes down what it is to connect to ahead.
class AheadTransport final : public FakeTransport
{
public:
    void preconnect(const QUrl &url) override { urls.append(url); }

    QList<QUrl> urls;
};

} // namespace

/// What a provider's network options do for everything that speaks to it, over real sockets.
class tst_ProviderNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<MockServer>();
        m_server->route("/v1/models", MockAnswer::json(R"({"object":"list","data":[{"id":"small"}]})"));
        m_server->route("/v1/chat/completions",
                        MockAnswer::stream({R"(data: {"choices":[{"index":0,"delta":{"content":"yes"}}]})"
                                            "\n\n",
                                            "data: [DONE]\n\n"}));
        m_front = std::make_unique<TlsFront>(m_server->port(), TlsFront::Client::WithCertificate);
        m_proxy = std::make_unique<MockProxy>(MockProxy::Kind::Http, m_front->port());
        m_transport = makeTransport(nullptr);
    }

    void theModelListComesByTheProvidersWay()
    {
        ModelList list(*m_transport);
        const QSignalSpy finished(&list, &ModelList::finished);
        list.start(provider(), "the-key");
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished.constFirst().constFirst().toStringList(), QStringList(u"small"_s));
        QCOMPARE(m_proxy->passed(), QStringList(u"api.example.test:443"_s));
        QCOMPARE(m_front->clients(), QStringList(u"rivulet test client"_s));
    }

    void theConnectionTestGoesTheProvidersWay()
    {
        ConnectionTest test(*m_transport);
        const QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start(provider(), "the-key");
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(test.report().ok());
        QCOMPARE(m_server->count(), 2);
        QCOMPARE(m_proxy->passed(), QStringList(u"api.example.test:443"_s));
    }

    void theConnectionTestNamesAFileThatCanNotBeUsed()
    {
        Provider broken = provider();
        broken.network.caFile = u"/nowhere/ca.pem"_s;
        ConnectionTest test(*m_transport);
        const QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start(broken, "the-key");
        QTRY_COMPARE(finished.count(), 1);
        const ConnectionStep step = test.report().step(ConnectionStep::Kind::Secure);
        QCOMPARE(step.state, ConnectionStep::State::Failed);
        QCOMPARE(step.error->code, QString(transportcode::CaFile));
        QCOMPARE(m_front->accepted(), 0);
    }

    void anotherProviderDoesNotGoThatWay()
    {
        ModelList list(*m_transport);
        const QSignalSpy finished(&list, &ModelList::finished);
        list.start(provider(), "the-key");
        QTRY_COMPARE(finished.count(), 1);
        Provider plain{.id = u"plain"_s, .baseUrl = m_server->url(u"/v1"_s)};
        list.start(plain, "the-key");
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(m_proxy->passed().size(), 1);
    }

    void aMessageUsesTheConnectionThatWasMadeWhileItWasWritten()
    {
        preconnect(*m_transport, provider());
        QTRY_COMPARE(m_front->encrypted(), 1);
        QCOMPARE(m_server->count(), 0);
        ConnectionTest test(*m_transport);
        const QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start(provider(), "the-key");
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(test.report().ok());
        QCOMPARE(m_front->accepted(), 1);
    }

    void onlyWhatGoesOverHttpIsConnectedAhead_data()
    {
        QTest::addColumn<DialectId>("dialect");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("expected");
        QTest::newRow("HTTP") << DialectId::OpenAiChat << u"https://api.example/v1"_s << QString()
                              << u"https://api.example/v1/chat/completions"_s;
        QTest::newRow("a WebSocket") << DialectId::AgentWs << u"wss://api.example/agent"_s << QString()
                                     << QString();
        QTest::newRow("a program") << DialectId::StreamJson << QString() << u"/bin/true"_s << QString();
    }

    void onlyWhatGoesOverHttpIsConnectedAhead()
    {
        QFETCH(const DialectId, dialect);
        QFETCH(const QString, address);
        QFETCH(const QString, program);
        QFETCH(const QString, expected);
        AheadTransport transport;
        preconnect(transport,
                   {.id = u"x"_s, .dialect = dialect, .baseUrl = QUrl(address), .program = program});
        QCOMPARE(transport.urls, expected.isEmpty() ? QList<QUrl>() : QList{QUrl(expected)});
        QCOMPARE(transport.count(), 0);
    }

    void noDialectNeedsAKeyToBeConnectedAhead()
    {
        for (int each = 0; each <= int(DialectId::PlainText); ++each) {
            AheadTransport transport;
            preconnect(
                transport,
                {.id = u"x"_s, .dialect = DialectId(each), .baseUrl = QUrl(u"https://api.example/v1"_s)});
            for (const QUrl &url : std::as_const(transport.urls))
                QCOMPARE(url.host(), u"api.example"_s);
            QCOMPARE(transport.count(), 0);
        }
    }

private:
    [[nodiscard]] Provider provider() const
    {
        return {.id = u"corp"_s,
                .name = u"Corp"_s,
                .baseUrl = QUrl(u"https://api.example.test/v1"_s),
                .model = u"small"_s,
                .network = {.proxy = proxy::Server{.host = u"127.0.0.1"_s, .port = m_proxy->port()},
                            .caFile = tlsFile(u"authority.pem"_s),
                            .certificateFile = tlsFile(u"client.pem"_s),
                            .keyFile = tlsFile(u"client-key.pem"_s)}};
    }

    std::unique_ptr<MockServer> m_server;
    std::unique_ptr<TlsFront> m_front;
    std::unique_ptr<MockProxy> m_proxy;
    std::unique_ptr<Transport> m_transport;
};

QTEST_GUILESS_MAIN(tst_ProviderNetwork)
#include "tst_providernetwork.moc"
