// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/redaction.h"

#include <QtCore/QDebug>
#include <QtCore/QElapsedTimer>
#include <QtTest/QTest>

#include <utility>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_Redaction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatLooksLikeASecretIsBlottedOut_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        const auto row = [](const char *name, const char16_t *text, const char16_t *clean) {
            QTest::newRow(name) << QString::fromUtf16(text) << QString::fromUtf16(clean);
        };
        row("sk- key", u"key sk-abc123DEF456 was", u"key [redacted] was");
        row("sk- key with parts", u"sk-proj-a_b-c1234567.", u"[redacted].");
        row("Groq key", u"(gsk_0123456789abcdef)", u"([redacted])");
        row("Hugging Face key", u"hf_abcdefghijkl", u"[redacted]");
        row("Google key", u"AIzaSyA-0123456789_abcdefg", u"[redacted]");
        row("AWS key id", u"AKIAIOSFODNN7EXAMPLE", u"[redacted]");
        row("GitHub token", u"ghp_abcdefghijklmnop", u"[redacted]");
        row("bearer", u"sent Bearer abc.def-123 to", u"sent Bearer [redacted] to");
        row("bearer in a URL", u"bearer%20abcdef123", u"bearer%20[redacted]");
        row("basic", u"Basic dXNlcjpwYXNzd29yZA==", u"Basic [redacted]");
        row("web token", u"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!", u"[redacted]!");
        row("authorization header", u"Authorization: Digest username=me, x\nnext",
            u"Authorization: [redacted]\nnext");
        row("authorization in JSON", u"{\"authorization\":\"Token abc def\",\"a\":1}",
            u"{\"authorization\":\"[redacted]\",\"a\":1}");
        row("authorization in escaped JSON", u"\"{\\\"Authorization\\\":\\\"Token abc\\\",\\\"a\\\":1}\"",
            u"\"{\\\"Authorization\\\":\\\"[redacted]\",\\\"a\\\":1}\"");
        row("cookie", u"Set-Cookie: session=abc; Path=/", u"Set-Cookie: [redacted]");
        row("x-api-key header", u"x-api-key: 0123abc", u"x-api-key: [redacted]");
        row("x-goog-api-key header", u"x-goog-api-key: 0123abc, other", u"x-goog-api-key: [redacted], other");
        row("api_key in a dictionary", u"{'api_key': 'abc def'}", u"{'api_key': '[redacted]'}");
        row("apikey with an equals sign", u"apikey=abc123;", u"apikey=[redacted];");
        row("password", u"password = hunter2", u"password = [redacted]");
        row("client secret", u"\"client_secret\" : \"a b c\"", u"\"client_secret\" : \"[redacted]\"");
        row("key in a URL", u"GET /v1?a=1&key=abc&b=2", u"GET /v1?a=1&key=[redacted]&b=2");
        row("token in a URL", u"https://h/?token=abc&x=1", u"https://h/?token=[redacted]&x=1");
        row("access token in a fragment", u"https://h/#access_token=abc&x=1",
            u"https://h/#access_token=[redacted]&x=1");
        row("code of a sign-in", u"http://127.0.0.1:1/?code=4/abc&state=xyz",
            u"http://127.0.0.1:1/?code=[redacted]&state=[redacted]");
        row("user info", u"https://me:pass@example.com/x", u"https://[redacted]@example.com/x");
        row("private key", u"a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb",
            u"a\n[redacted]\nb");
        row("private key that is cut", u"-----BEGIN PRIVATE KEY-----\nMII", u"[redacted]");
        row("e-mail", u"by jo.do+x@mail.example.org.", u"by [redacted].");
        row("hexadecimal", u"0123456789abcdef0123456789abcdef", u"[redacted]");
        row("long and mixed", u"AbCdEfGhIjKlMnOpQrStUvWxYz012345", u"[redacted]");
        row("two of a kind", u"sk-abc123DEF456 sk-abc123DEF457", u"[redacted] [redacted]");
    }

    void whatLooksLikeASecretIsBlottedOut()
    {
        QFETCH(const QString, text);
        QTEST(redacted(text), "clean");
    }

    void wordsAndNumbersStay_data()
    {
        QTest::addColumn<QString>("text");
        for (const char16_t *text :
             {u"", u"turn 1234567890123 ended: complete, 84 tokens/s",
              u"GET https://api.example.com/v1/models 200", u"the first token, after 120 ms",
              u"output_tokens 12", u"a risk-assessment of task-scheduling",
              u"basic authentication is refused", u"/home/jo/.local/share/rivulet/history.sqlite",
              u"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", u"monkey = banana",
              u"model m-1 at http://127.0.0.1:8080/v1", u"rivulet::HttpTransport::open(const HttpRequest &)",
              u"größer als 10 MB 🜂"})
            QTest::newRow(qPrintable(QString::fromUtf16(text).left(30))) << QString::fromUtf16(text);
    }

    void wordsAndNumbersStay()
    {
        QFETCH(const QString, text);
        QCOMPARE(redacted(text), text);
    }

    void headersAsTheDebuggerPrintsThemAreBlottedOut()
    {
        const QList<std::pair<QByteArray, QByteArray>> headers{{"Authorization", "Bearer abcdef123"},
                                                               {"x-api-key", "plainplain"}};
        QString text;
        QDebug(&text) << headers;
        const QString clean = redacted(text);
        QVERIFY2(!clean.contains("abcdef123"_L1) && !clean.contains("plainplain"_L1), qPrintable(clean));
        QVERIFY2(clean.contains("Authorization"_L1) && clean.contains("x-api-key"_L1), qPrintable(clean));
    }

    void aLiveSecretIsBlottedOutWhateverItLooksLike()
    {
        QCOMPARE(redacted(u"open sesame/please"), u"open sesame/please"_s);
        addLiveSecret("open sesame/please");
        QCOMPARE(redacted(u"x open sesame/please y open sesame/please"), u"x [redacted] y [redacted]"_s);
        QCOMPARE(redacted(u"?q=open%20sesame%2Fplease"), u"?q=[redacted]"_s);
        QCOMPARE(redacted(u"in base64 b3BlbiBzZXNhbWUvcGxlYXNl"), u"in base64 [redacted]"_s);
    }

    void theLongerOfTwoLiveSecretsIsBlottedOutFirst()
    {
        addLiveSecret("nesting dolls");
        addLiveSecret("nesting dolls inside");
        QCOMPARE(redacted(u"nesting dolls inside"), u"[redacted]"_s);
    }

    void aShortLiveSecretBlotsOutNoWords()
    {
        addLiveSecret("ollama");
        addLiveSecret("");
        QCOMPARE(redacted(u"ollama answers"), u"ollama answers"_s);
    }

    void noTextIsSlow_data()
    {
        QTest::addColumn<QString>("unit");
        for (const char *unit :
             {"a", "A1b", "-", "=", "://", "eyJ", "sk-", "@", "a.", "key=", "bearer ", "\"", "\\",
              "-----BEGIN PRIVATE KEY-----", "token:", "authorization", "a@a.", "basic "})
            QTest::newRow(unit) << QString::fromLatin1(unit);
    }

    void noTextIsSlow()
    {
        QFETCH(const QString, unit);
        const QString text = unit.repeated(200'000 / unit.size());
        (void)redacted(u"warm");
        QElapsedTimer timer;
        timer.start();
        (void)redacted(text);
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(u"%1 ms"_s.arg(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(tst_Redaction)
#include "tst_redaction.moc"
