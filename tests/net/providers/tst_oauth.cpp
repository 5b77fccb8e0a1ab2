// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/oauth.h"

#include "net/providers/oauthsession.h"
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "tests/support/faketransport.h"
#include "tests/support/mockserver.h"

#include <QtCore/QUrlQuery>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

#include <optional>
#include <utility>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

credential::OAuth signInSettings()
{
    return {.authorizationUrl = QUrl(u"https://id.example.com/authorize?tenant=a%20b"_s),
            .tokenUrl = QUrl(u"https://id.example.com/token"_s),
            .clientId = u"rivulet"_s,
            .scopes = {u"chat"_s, u"offline_access"_s},
            .audience = u"https://api.example.com"_s};
}

credential::OAuth clientSettings()
{
    credential::OAuth settings = signInSettings();
    settings.grant = credential::OAuth::Grant::ClientCredentials;
    return settings;
}

ResponseHead status(int code, HttpHeaders headers = {})
{
    return {.status = code, .contentType = "application/json", .headers = std::move(headers)};
}

QString fieldOf(const QByteArray &form, const QString &name)
{
    return QUrlQuery(QString::fromUtf8(form)).queryItemValue(name, QUrl::FullyDecoded);
}

/// Secrets in memory.
class KeptSecrets final : public OAuthSecretStore
{
public:
    void load(QObject *context, std::function<void(const OAuthSecrets &)> done) override
    {
        QMetaObject::invokeMethod(
            context,
            [this, done = std::move(done)] {
                if (const auto then = std::exchange(loaded, nullptr))
                    then();
                done(secrets);
            },
            Qt::QueuedConnection);
    }
    void keep(const QByteArray &refreshToken) override
    {
        secrets.refreshToken = refreshToken;
        kept.append(refreshToken);
    }
    void replace(const QByteArray &before, const QByteArray &next) override
    {
        if (const auto first = std::exchange(beforeReplace, nullptr))
            first();
        if (secrets.refreshToken == before)
            keep(next);
    }

    OAuthSecrets secrets;
    QByteArrayList kept;
    std::function<void()> beforeReplace; ///< called once, just before one is compared
    std::function<void()> loaded;        ///< called once, just before they are handed over
};

/// A session with all that it needs, and the tokens that it gave.
struct Stage
{
    explicit Stage(const credential::OAuth &settings = signInSettings(), OAuthSecrets kept = {},
                   std::chrono::milliseconds signInLimit = 5min, bool hasBrowser = true)
        : secrets(makeSecrets(std::move(kept))),
          session(std::make_unique<OAuthSession>(settings, transport, secrets,
                                                 surroundings(signInLimit, hasBrowser)))
    {}

    void ask()
    {
        session->token(&context, [this](const KeyResult &token) { results.append(token); });
    }

    void askWithoutSignIn()
    {
        session->tokenWithoutSignIn(&context, [this](const KeyResult &token) { results.append(token); });
    }

    /// Answers the last request to the token endpoint.
    void answer(const QByteArray &body, int code = 200)
    {
        FakeExchange &server = transport.last();
        server.head(code, "application/json");
        server.bytes(body);
        server.finish();
    }

    static KeptSecrets makeSecrets(OAuthSecrets kept)
    {
        KeptSecrets store;
        store.secrets = std::move(kept);
        return store;
    }

    OAuthSurroundings surroundings(std::chrono::milliseconds signInLimit, bool hasBrowser)
    {
        OAuthSurroundings around{.now = [this] { return now; },
                                 .page = {.title = u"Rivulet"_s,
                                          .signedIn = u"Signed in <b>& done"_s,
                                          .failed = u"Not signed in"_s},
                                 .signInLimit = signInLimit};
        if (hasBrowser)
            around.openBrowser = [this](const QUrl &url) { pages.append(url); };
        return around;
    }

    std::chrono::system_clock::time_point now = std::chrono::system_clock::time_point(1'000'000s);
    FakeTransport transport;
    KeptSecrets secrets;
    QList<QUrl> pages;
    QList<KeyResult> results;
    std::unique_ptr<OAuthSession> session;
    QObject context;
};

/// What a browser does with a redirect: asks, reads the whole answer, and leaves.
class Browser
{
public:
    explicit Browser(const QUrl &address) : m_address(address) {}

    QByteArray get(const QString &target, const QByteArray &method = "GET", QByteArray host = {})
    {
        if (host.isEmpty())
            host = m_address.authority().toLatin1();
        QTcpSocket socket;
        socket.connectToHost(m_address.host(), quint16(m_address.port()));
        socket.write(method + ' ' + target.toUtf8() + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        QByteArray answer;
        const auto left = [&] {
            answer += socket.readAll();
            return socket.state() == QAbstractSocket::UnconnectedState;
        };
        return QTest::qWaitFor(left) ? answer : "no answer"_ba;
    }

private:
    QUrl m_address;
};

QUrl redirectOf(const QUrl &page)
{
    return QUrl(QUrlQuery(page).queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
}

QString stateOf(const QUrl &page)
{
    return QUrlQuery(page).queryItemValue(u"state"_s);
}

const QByteArray invalidGrant = "{\"error\":\"invalid_grant\"}";
const QByteArray oneToken =
    "{\"access_token\":\"one\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"r-one\"}";
const QByteArray twoToken = "{\"access_token\":\"two\",\"token_type\":\"bearer\",\"expires_in\":\"3600\"}";

} // namespace

class OAuthTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makes_the_challenge_of_the_standard()
    {
        // RFC 7636, appendix B.
        QCOMPARE(pkceChallenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                 "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    void makes_words_of_the_bytes_that_it_is_given()
    {
        qsizetype wanted = 0;
        const QByteArray word = randomWord([&wanted](qsizetype size) {
            wanted = size;
            return QByteArray(size, '\xff');
        });
        QCOMPARE(wanted, 32);
        QCOMPARE(word, QByteArray(42, '_') + '8');
        QVERIFY(randomWord(systemRandomBytes) != randomWord(systemRandomBytes));
        QCOMPARE(systemRandomBytes(5).size(), 5);
    }

    void sends_the_browser_to_the_servers_page_with_all_that_it_needs()
    {
        const QUrl url =
            authorizationUrl(signInSettings(), QUrl(u"http://127.0.0.1:4711/callback"_s), "s+1", "ch");
        QCOMPARE(url.toEncoded(),
                 "https://id.example.com/authorize?tenant=a%20b&response_type=code&client_id=rivulet"
                 "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&scope=chat%20offline_access"
                 "&audience=https%3A%2F%2Fapi.example.com&state=s%2B1&code_challenge=ch"
                 "&code_challenge_method=S256"_ba);
    }

    void asks_for_tokens_as_the_grant_and_the_client_are()
    {
        const HttpRequest code = tokenRequest(
            signInSettings(), {},
            AuthorizationCode{
                .code = "a/b", .redirect = QUrl(u"http://127.0.0.1:1/callback"_s), .verifier = "v"});
        QCOMPARE(code.method, "POST");
        QCOMPARE(code.url, signInSettings().tokenUrl);
        QCOMPARE(code.body,
                 "grant_type=authorization_code&code=a%2Fb"
                 "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&code_verifier=v&client_id=rivulet"_ba);

        const HttpRequest refresh = tokenRequest(signInSettings(), "s:1", RefreshToken{"r&1"});
        QCOMPARE(refresh.body, "grant_type=refresh_token&refresh_token=r%261"_ba);
        QVERIFY(refresh.headers.contains(
            std::pair<QByteArray, QByteArray>("Authorization", "Basic " + "rivulet:s%3A1"_ba.toBase64())));

        const HttpRequest own = tokenRequest(clientSettings(), "secret", ClientGrant{});
        QCOMPARE(own.body,
                 "grant_type=client_credentials&scope=chat%20offline_access"
                 "&audience=https%3A%2F%2Fapi.example.com"_ba);
    }

    void refuses_settings_that_would_show_a_secret_data()
    {
        QTest::addColumn<QUrl>("token");
        QTest::addColumn<QUrl>("page");
        const QUrl good(u"https://id.example.com/x"_s);
        QTest::newRow("token in clear") << QUrl(u"http://id.example.com/token"_s) << good;
        QTest::newRow("page in clear") << good << QUrl(u"http://id.example.com/authorize"_s);
        QTest::newRow("no token address") << QUrl() << good;
        QTest::newRow("no page") << good << QUrl();
        QTest::newRow("a file") << good << QUrl(u"file:///etc/passwd"_s);
        QTest::newRow("a password") << QUrl(u"https://me:pass@id.example.com/token"_s) << good;
        QTest::newRow("a fragment") << good << QUrl(u"https://id.example.com/a#b"_s);
    }

    void refuses_settings_that_would_show_a_secret()
    {
        QFETCH(const QUrl, token);
        QFETCH(const QUrl, page);
        credential::OAuth settings = signInSettings();
        settings.tokenUrl = token;
        settings.authorizationUrl = page;
        const auto refusal = refusalOf(settings);
        QVERIFY(refusal);
        QCOMPARE(refusal->kind, NetError::Kind::Refused);

        Stage stage(settings, {.refreshToken = "r"});
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error(), *refusal);
        QCOMPARE(stage.transport.count(), 0);
        QVERIFY(stage.pages.isEmpty());
    }

    void a_token_is_withdrawn_at_a_safe_place_only()
    {
        credential::OAuth settings = signInSettings();
        settings.revocationUrl = QUrl(u"https://id.example.com/revoke"_s);
        QVERIFY(!refusalOf(settings));
        settings.revocationUrl = QUrl(u"http://id.example.com/revoke"_s);
        QCOMPARE(refusalOf(settings)->code, transportcode::KeyInClear);
        Stage stage(settings, {.refreshToken = "r-zero"});
        bool told = false;
        stage.session->signOut(&stage.context, [&told](const auto &) { told = true; });
        QTRY_VERIFY(told);
        QCOMPARE(stage.transport.count(), 0);
        QVERIFY(stage.secrets.secrets.refreshToken.isEmpty());
    }

    void takes_settings_that_keep_secrets()
    {
        QVERIFY(!refusalOf(signInSettings()));
        credential::OAuth here = clientSettings();
        here.authorizationUrl.clear();
        here.tokenUrl = QUrl(u"http://127.0.0.1:8080/token"_s);
        QVERIFY(!refusalOf(here));
        here.clientId.clear();
        QVERIFY(refusalOf(here));
    }

    void reads_what_the_server_gave()
    {
        QCOMPARE(readTokens(status(200),
                            "{\"access_token\":\"a.b-c\",\"token_type\":\"bearer\",\"expires_in\":60,"
                            "\"refresh_token\":\"r\",\"scope\":\"chat read\",\"id_token\":\"x\"}"),
                 (OAuthTokens{.accessToken = "a.b-c",
                              .refreshToken = "r",
                              .expiresIn = 60s,
                              .scopes = {u"chat"_s, u"read"_s}}));
        const auto bare = readTokens(status(200), "{\"access_token\":\"a\"}");
        QCOMPARE(bare, OAuthTokens{.accessToken = "a"});
        QCOMPARE(readTokens(status(200), twoToken)->expiresIn, 3600s);
        QCOMPARE(readTokens(status(200), "{\"access_token\":\"a\",\"expires_in\":1e300}")->expiresIn,
                 31536000s);
        QCOMPARE(readTokens(status(200), "{\"access_token\":\"a\",\"expires_in\":-5}")->expiresIn,
                 std::nullopt);
    }

    void takes_no_nonsense_for_a_token_and_repeats_nothing_of_it_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a page") << "<html>hush-hush</html>"_ba;
        QTest::newRow("a list") << "[\"hush-hush\"]"_ba;
        QTest::newRow("no token") << "{\"id_token\":\"hush-hush\"}"_ba;
        QTest::newRow("a number") << "{\"access_token\":12345}"_ba;
        QTest::newRow("a line end") << "{\"access_token\":\"hush-hush\\r\\nX: y\"}"_ba;
        QTest::newRow("another alphabet") << "{\"access_token\":\"hush-hush-\xc3\xa9\"}"_ba;
        QTest::newRow("another type") << "{\"access_token\":\"hush-hush\",\"token_type\":\"mac\"}"_ba;
        QTest::newRow("endless") << "{\"access_token\":\"" + QByteArray(70'000, 'x') + "\"}";
    }

    void takes_no_nonsense_for_a_token_and_repeats_nothing_of_it()
    {
        QFETCH(const QByteArray, body);
        const auto tokens = readTokens(status(200), body);
        QVERIFY(!tokens);
        QCOMPARE(tokens.error().kind, NetError::Kind::Protocol);
        QCOMPARE(tokens.error().code, oauthcode::BadTokenAnswer);
        QVERIFY(!tokens.error().message.contains(u"hush"));
    }

    void tells_errors_by_their_words_and_else_by_their_status_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<NetError::Kind>("kind");
        using Kind = NetError::Kind;
        const auto word = [](QByteArrayView name) { return "{\"error\":\"" + name.toByteArray() + "\"}"; };
        QTest::newRow("invalid_grant") << 400 << word("invalid_grant") << Kind::Auth;
        QTest::newRow("invalid_client") << 401 << word("invalid_client") << Kind::Auth;
        QTest::newRow("unauthorized_client") << 400 << word("unauthorized_client") << Kind::Auth;
        QTest::newRow("invalid_request") << 400 << word("invalid_request") << Kind::InvalidRequest;
        QTest::newRow("invalid_scope") << 400 << word("invalid_scope") << Kind::InvalidRequest;
        QTest::newRow("unsupported_grant_type")
            << 400 << word("unsupported_grant_type") << Kind::InvalidRequest;
        QTest::newRow("an error with 200") << 200 << word("invalid_grant") << Kind::Auth;
        QTest::newRow("an unknown word") << 400 << word("mfa_required") << Kind::Http;
        QTest::newRow("too many") << 429 << QByteArray() << Kind::RateLimited;
        QTest::newRow("busy") << 503 << "<html>"_ba << Kind::Overloaded;
        QTest::newRow("broken") << 500 << "{}"_ba << Kind::Server;
        QTest::newRow("not found") << 404 << "<html>"_ba << Kind::Http;
        QTest::newRow("denied") << 403 << QByteArray() << Kind::Auth;
    }

    void tells_errors_by_their_words_and_else_by_their_status()
    {
        QFETCH(const int, code);
        QFETCH(const QByteArray, body);
        QFETCH(const NetError::Kind, kind);
        const auto tokens = readTokens(status(code, {{"retry-after", "7"}}), body);
        QVERIFY(!tokens);
        QCOMPARE(tokens.error().kind, kind);
        QCOMPARE(tokens.error().status, code);
        QCOMPARE(tokens.error().retryAfter, 7s);
    }

    void spends_the_refresh_token_once_for_all_who_wait()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        stage.ask();
        QVERIFY2(stage.results.isEmpty(), "the answer comes later, never from inside");
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.ask();
        QCOMPARE(fieldOf(stage.transport.last().request().body, u"refresh_token"_s), u"r-zero"_s);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 3);
        for (const KeyResult &result : std::as_const(stage.results))
            QCOMPARE(result, "one"_ba);
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.secrets.kept, QByteArrayList{"r-one"});
    }

    void uses_a_token_until_a_minute_before_its_end()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);

        stage.now += 3539s;
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], "one"_ba);
        QCOMPARE(stage.transport.count(), 1);

        stage.now += 1s;
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 2);
        QCOMPARE(fieldOf(stage.transport.last().request().body, u"refresh_token"_s), u"r-one"_s);
        stage.answer(twoToken);
        QTRY_COMPARE(stage.results.size(), 3);
        QCOMPARE(stage.results[2], "two"_ba);
        // It named no other refresh token, so the one before goes on to be good.
        QCOMPARE(stage.secrets.secrets.refreshToken, "r-one");
    }

    void gets_another_token_once_one_was_dropped_but_not_for_one_that_is_gone()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);

        stage.session->drop("an older one");
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.transport.count(), 1);

        stage.session->drop("one");
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 2);
    }

    void a_failure_is_told_and_the_next_one_tries_again()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.transport.last().fail({.kind = NetError::Kind::Network, .code = u"unreachable"_s});
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Network);
        QCOMPARE(stage.secrets.secrets.refreshToken, "r-zero");
        QVERIFY(stage.pages.isEmpty());

        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 2);
    }

    void a_secret_that_the_server_repeats_is_not_told()
    {
        Stage stage(signInSettings(), {.clientSecret = "c-secret", .refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer("{\"error\":\"invalid_client\",\"error_description\":\"c-secret does not fit r-zero\"}",
                     401);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().message, u"[redacted] does not fit [redacted]"_s);
    }

    void a_client_signs_in_for_itself()
    {
        Stage stage(clientSettings(), {.clientSecret = "c-secret", .refreshToken = "not for this"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        QCOMPARE(fieldOf(stage.transport.last().request().body, u"grant_type"_s), u"client_credentials"_s);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "one"_ba);
        QVERIFY(stage.secrets.kept.isEmpty());
        QVERIFY(stage.pages.isEmpty());
    }

    void a_client_without_its_secret_asks_for_nothing()
    {
        Stage stage(clientSettings());
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Auth);
        QCOMPARE(stage.results[0].error().code, oauthcode::NoClientSecret);
        QCOMPARE(stage.transport.count(), 0);
    }

    void a_user_signs_in_with_the_browser()
    {
        Stage stage;
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 1);
        const QUrl page = stage.pages[0];
        const QUrl back = redirectOf(page);
        QCOMPARE(back.host(), u"127.0.0.1"_s);
        const QByteArray shown = Browser(back).get(back.path() + u"?code=c%2F1&state="_s + stateOf(page));
        QVERIFY(shown.startsWith("HTTP/1.1 200 "));
        QVERIFY(shown.contains("Signed in &lt;b&gt;&amp; done"));
        QVERIFY(!shown.contains("c%2F1"));

        QTRY_COMPARE(stage.transport.count(), 1);
        const QByteArray body = stage.transport.last().request().body;
        QCOMPARE(fieldOf(body, u"code"_s), u"c/1"_s);
        QCOMPARE(fieldOf(body, u"redirect_uri"_s), back.toString());
        QCOMPARE(pkceChallenge(fieldOf(body, u"code_verifier"_s).toUtf8()),
                 QUrlQuery(page).queryItemValue(u"code_challenge"_s).toUtf8());
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "one"_ba);
        QCOMPARE(stage.secrets.kept, QByteArrayList{"r-one"});

        QTcpSocket late;
        late.connectToHost(back.host(), quint16(back.port()));
        QVERIFY2(!late.waitForConnected(), "nothing listens any more");
    }

    void takes_only_the_redirect_that_it_waits_for()
    {
        Stage stage;
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 1);
        const QUrl back = redirectOf(stage.pages[0]);
        const QString good = back.path() + u"?code=c&state="_s + stateOf(stage.pages[0]);
        Browser browser(back);
        QVERIFY(browser.get(u"/"_s).startsWith("HTTP/1.1 404 "));
        QVERIFY(browser.get(u"/favicon.ico"_s).startsWith("HTTP/1.1 404 "));
        QVERIFY(browser.get(back.path() + u"?code=c"_s).startsWith("HTTP/1.1 400 "));
        QVERIFY(browser.get(back.path() + u"?code=c&state=guess"_s).startsWith("HTTP/1.1 400 "));
        QVERIFY(browser.get(back.path() + u"?error=access_denied&state=guess"_s).startsWith("HTTP/1.1 400 "));
        QVERIFY(browser.get(good, "POST").startsWith("HTTP/1.1 405 "));
        QVERIFY(browser.get(good, "GET", "evil.example").startsWith("HTTP/1.1 400 "));
        QVERIFY(browser.get(u"nonsense with blanks"_s).startsWith("HTTP/1.1 400 "));
        QCOMPARE(stage.transport.count(), 0);
        QVERIFY(stage.results.isEmpty());

        QVERIFY(browser.get(good).startsWith("HTTP/1.1 200 "));
        QTRY_COMPARE(stage.transport.count(), 1);
    }

    void a_user_who_says_no_is_told_so()
    {
        Stage stage;
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 1);
        const QUrl back = redirectOf(stage.pages[0]);
        const QByteArray shown = Browser(back).get(
            back.path() + u"?error=access_denied&error_description=The+user+said+no&state="_s
            + stateOf(stage.pages[0]));
        QVERIFY(shown.contains("Not signed in"));
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error(),
                 (NetError{.kind = NetError::Kind::Auth,
                           .code = u"access_denied"_s,
                           .message = u"The user said no"_s}));
        QCOMPARE(stage.transport.count(), 0);
    }

    void a_sign_in_does_not_wait_for_ever()
    {
        Stage stage(signInSettings(), {}, 1ms);
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Timeout);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInTimedOut);
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 2);
        QVERIFY(stateOf(stage.pages[0]) != stateOf(stage.pages[1]));
    }

    void without_a_browser_nobody_signs_in()
    {
        Stage stage(signInSettings(), {}, 5min, false);
        stage.ask();
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInNeeded);
    }

    void no_browser_opens_for_whoever_does_not_want_the_users_help()
    {
        Stage stage;
        stage.askWithoutSignIn();
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInNeeded);
        QVERIFY(stage.pages.isEmpty());

        // Whoever comes beside it is not turned away with it.
        stage.askWithoutSignIn();
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 1);
        QCOMPARE(stage.results.size(), 1);
        QVERIFY(!Browser(redirectOf(stage.pages[0]))
                     .get(redirectOf(stage.pages[0]).path() + u"?code=c&state="_s + stateOf(stage.pages[0]))
                     .isEmpty());
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 3);
        QCOMPARE(stage.results[1], "one"_ba);
        QCOMPARE(stage.results[2], "one"_ba);
    }

    void whoever_wants_to_sign_in_is_not_told_what_others_are_told()
    {
        Stage stage;
        // It comes just when it has been decided that nobody signs in.
        stage.secrets.loaded = [&stage] {
            QMetaObject::invokeMethod(&stage.context, [&stage] { stage.ask(); }, Qt::QueuedConnection);
        };
        stage.askWithoutSignIn();
        QTRY_COMPARE(stage.pages.size(), 1);
        QCOMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInNeeded);
    }

    void without_help_a_refresh_token_is_spent()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.askWithoutSignIn();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "one"_ba);
        QVERIFY(stage.pages.isEmpty());
    }

    void a_spent_refresh_token_is_forgotten_and_the_user_signs_in_again()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer("{\"error\":\"invalid_grant\"}", 400);
        QTRY_COMPARE(stage.pages.size(), 1);
        QCOMPARE(stage.secrets.kept, QByteArrayList{QByteArray()});
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_refresh_token_that_another_session_has_spent_is_followed_by_the_next()
    {
        Stage stage(signInSettings(), {.clientSecret = "c-secret", .refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.secrets.keep("r-one");
        stage.answer(invalidGrant, 400);
        QTRY_COMPARE(stage.transport.count(), 2);
        QCOMPARE(fieldOf(stage.transport.last().request().body, u"refresh_token"_s), u"r-one"_s);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "one"_ba);
        QVERIFY(stage.pages.isEmpty());
        QVERIFY(!stage.secrets.kept.contains(QByteArray()));
    }

    void the_newer_token_is_not_removed_for_the_older_one()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"}, 5min, false);
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        // The other session keeps its token at the last moment: after this one has looked.
        stage.secrets.beforeReplace = [&stage] { stage.secrets.keep("r-one"); };
        stage.answer(invalidGrant, 400);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInNeeded);
        QCOMPARE(stage.secrets.secrets.refreshToken, "r-one");
    }

    void a_token_that_comes_after_another_one_was_kept_does_not_take_its_place()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.secrets.keep("r-of-another-session");
        stage.answer("{\"access_token\":\"one\",\"refresh_token\":\"r-one\"}");
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "one"_ba);
        QCOMPARE(stage.secrets.secrets.refreshToken, "r-of-another-session");
    }

    void a_user_who_signs_out_has_no_token_any_more()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 1);
        QList<std::optional<NetError>> told;
        stage.session->signOut(&stage.context, [&told](const auto &trouble) { told.append(trouble); });
        QVERIFY(told.isEmpty());
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(!told[0]);
        QVERIFY(stage.secrets.secrets.refreshToken.isEmpty());
        QVERIFY2(stage.transport.count() == 1, "the settings name no place to withdraw it");
        stage.askWithoutSignIn();
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1].error().code, oauthcode::SignInNeeded);
    }

    void a_server_that_can_withdraw_tokens_is_asked_to()
    {
        credential::OAuth settings = signInSettings();
        settings.revocationUrl = QUrl(u"https://id.example.com/revoke"_s);
        Stage stage(settings, {.clientSecret = "c-secret", .refreshToken = "r-zero"});
        QList<std::optional<NetError>> told;
        const auto take = [&told](const auto &trouble) { told.append(trouble); };
        stage.session->signOut(&stage.context, take);
        QTRY_COMPARE(stage.transport.count(), 1);
        const HttpRequest &request = stage.transport.last().request();
        QCOMPARE(request.url, settings.revocationUrl);
        QCOMPARE(fieldOf(request.body, u"token"_s), u"r-zero"_s);
        QCOMPARE(fieldOf(request.body, u"token_type_hint"_s), u"refresh_token"_s);
        QVERIFY(request.headers.contains(
            std::pair<QByteArray, QByteArray>("Authorization", "Basic " + "rivulet:c-secret"_ba.toBase64())));
        QVERIFY2(stage.secrets.secrets.refreshToken.isEmpty(), "here it is forgotten at once");
        stage.answer({});
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(!told[0]);

        stage.secrets.keep("r-one");
        stage.session->signOut(&stage.context, take);
        QTRY_COMPARE(stage.transport.count(), 2);
        stage.answer("{\"error\":\"server_error\",\"error_description\":\"r-one?\"}", 503);
        QTRY_COMPARE(told.size(), 2);
        QCOMPARE(told[1]->kind, NetError::Kind::Server);
        QCOMPARE(told[1]->message, u"[redacted]?"_s);
        QVERIFY(stage.secrets.secrets.refreshToken.isEmpty());
    }

    void nothing_that_was_under_way_signs_the_user_in_again()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        stage.ask();
        QTRY_COMPARE(stage.transport.count(), 1);
        bool told = false;
        stage.session->signOut(&stage.context, [&told](const auto &) { told = true; });
        QTRY_VERIFY(told);
        stage.answer("{\"access_token\":\"one\",\"refresh_token\":\"r-one\"}");
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignedOut);
        QVERIFY(stage.secrets.secrets.refreshToken.isEmpty());
        QVERIFY(stage.pages.isEmpty());
    }

    void signing_out_ends_a_sign_in_that_waits()
    {
        Stage stage;
        stage.ask();
        QTRY_COMPARE(stage.pages.size(), 1);
        const QUrl back = redirectOf(stage.pages[0]);
        stage.session->signOut(&stage.context, [](const auto &) {});
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignedOut);
        QTcpSocket late;
        late.connectToHost(back.host(), quint16(back.port()));
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void whoever_comes_to_a_page_that_was_left_sees_it_again()
    {
        Stage stage;
        auto gone = std::make_unique<QObject>();
        bool told = false;
        stage.session->token(gone.get(), [&told](const KeyResult &) { told = true; });
        QTRY_COMPARE(stage.pages.size(), 1);
        gone.reset();
        stage.ask();
        QCOMPARE(stage.pages.size(), 2);
        QCOMPARE(stage.pages[0], stage.pages[1]);
        stage.ask();
        QCOMPARE(stage.pages.size(), 2);

        const QUrl back = redirectOf(stage.pages[1]);
        (void)Browser(back).get(back.path() + u"?code=c&state="_s + stateOf(stage.pages[1]));
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_COMPARE(stage.results.size(), 2);
        QVERIFY(!told);
    }

    void the_whole_way_goes_over_real_sockets()
    {
        MockServer server;
        QByteArray verifier;
        server.setHandler([&verifier](const ReceivedRequest &request) {
            verifier = fieldOf(request.body, u"code_verifier"_s).toUtf8();
            return MockAnswer::json(oneToken);
        });
        credential::OAuth settings = signInSettings();
        settings.tokenUrl = server.url(u"/token"_s);
        HttpTransport network;
        KeptSecrets secrets;
        QUrl page;
        OAuthSurroundings around;
        around.openBrowser = [&page](const QUrl &url) { page = url; };
        OAuthSession session(settings, network, secrets, around);
        std::optional<KeyResult> result;
        session.token(this, [&result](const KeyResult &token) { result = token; });
        QTRY_VERIFY(!page.isEmpty());
        const QUrl back = redirectOf(page);
        const QString target = back.path() + u"?code=c&state="_s + stateOf(page);
        QVERIFY(Browser(back).get(target).startsWith("HTTP/1.1 200 "));
        QTRY_VERIFY(result);
        QCOMPARE(*result, "one"_ba);
        QCOMPARE(server.count(), 1);
        QCOMPARE(server.received().at(0).request.header("content-type"), "application/x-www-form-urlencoded");
        QCOMPARE(pkceChallenge(verifier), QUrlQuery(page).queryItemValue(u"code_challenge"_s).toUtf8());
    }

    void secrets_follow_no_redirect()
    {
        MockServer elsewhere;
        MockServer server;
        server.route("/token", MockAnswer::redirect(307, elsewhere.url(u"/token"_s)));
        credential::OAuth settings = signInSettings();
        settings.tokenUrl = server.url(u"/token"_s);
        HttpTransport network;
        KeptSecrets secrets;
        secrets.secrets.refreshToken = "r-zero";
        OAuthSession session(settings, network, secrets);
        std::optional<KeyResult> result;
        session.token(this, [&result](const KeyResult &token) { result = token; });
        QTRY_VERIFY(result);
        QVERIFY(!*result);
        QCOMPARE(server.count(), 1);
        QCOMPARE(elsewhere.count(), 0);
        QCOMPARE(secrets.secrets.refreshToken, "r-zero");
    }

    void a_waiter_may_end_the_session()
    {
        Stage stage(signInSettings(), {.refreshToken = "r-zero"});
        bool told = false;
        stage.session->token(&stage.context, [&](const KeyResult &) {
            told = true;
            stage.session.reset();
        });
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer(oneToken);
        QTRY_VERIFY(told);
    }
};

QTEST_GUILESS_MAIN(OAuthTest)
#include "tst_oauth.moc"
