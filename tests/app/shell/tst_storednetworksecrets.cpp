// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/redaction.h"
#include "app/shell/secretstore.h"
#include "app/shell/storednetworksecrets.h"
#include "tests/support/sessionsecrets.h"

#include <QtTest/qtest.h>

#include <optional>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

NetworkProfile profile()
{
    return {.owner = u"corp"_s,
            .options = {.proxy = proxy::Server{.host = u"proxy.example"_s, .port = 3128, .user = u"me"_s},
                        .certificateFile = u"/etc/client.pem"_s,
                        .keyFile = u"/etc/client-key.pem"_s}};
}

/// A store that counts how often it is asked.
class CountedSecrets final : public SessionSecrets
{
public:
    QFuture<Secret> read(const SecretName &name) override
    {
        ++asked;
        return SessionSecrets::read(name);
    }

    int asked = 0;
};

} // namespace

class tst_StoredNetworkSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSecretsOfAProfileComeFromTheStore()
    {
        (void)m_store.write(proxyPasswordNameOf(profile()), Secret("the-proxy-password"));
        (void)m_store.write(keyPassphraseNameOf(profile()), Secret("the-key-passphrase"));
        QCOMPARE(load(profile()), u"the-proxy-password the-key-passphrase"_s);
        QCOMPARE(redacted(u"a the-proxy-password b"), u"a [redacted] b"_s);
        QCOMPARE(redacted(u"a the-key-passphrase b"), u"a [redacted] b"_s);
    }

    void theyAreForNothingElse_data()
    {
        QTest::addColumn<NetworkProfile>("other");
        const auto row = [](const char *name, auto change) {
            NetworkProfile other = profile();
            change(other);
            QTest::newRow(name) << other;
        };
        const auto server = [](NetworkProfile &other) -> proxy::Server & {
            return std::get<proxy::Server>(other.options.proxy);
        };
        row("another provider", [](auto &other) { other.owner = u"other"_s; });
        row("another proxy, another file", [&](auto &other) {
            server(other).host = u"other.example"_s;
            other.options.keyFile = u"/etc/other-key.pem"_s;
        });
        row("another port, another file", [&](auto &other) {
            server(other).port = 1;
            other.options.keyFile = u"/etc/other-key.pem"_s;
        });
        row("another user, no file", [&](auto &other) {
            server(other).user = u"you"_s;
            other.options.keyFile.clear();
        });
        row("another kind, no file", [&](auto &other) {
            server(other).kind = proxy::Server::Kind::Socks5;
            other.options.keyFile.clear();
        });
    }

    void theyAreForNothingElse()
    {
        QFETCH(const NetworkProfile, other);
        (void)m_store.write(proxyPasswordNameOf(profile()), Secret("the-proxy-password"));
        (void)m_store.write(keyPassphraseNameOf(profile()), Secret("the-key-passphrase"));
        QCOMPARE(load(other), u" "_s);
    }

    void nobodyIsAskedForWhatWasNotChosen()
    {
        NetworkProfile plain{.owner = u"corp"_s};
        plain.options.proxy = proxy::Server{.host = u"proxy.example"_s, .port = 3128};
        m_store.asked = 0;
        QCOMPARE(load(plain), u" "_s);
        QCOMPARE(m_store.asked, 0);
    }

private:
    QString load(const NetworkProfile &of)
    {
        StoredNetworkSecrets secrets(m_store);
        std::optional<NetworkSecrets> loaded;
        QObject context;
        secrets.load(of, &context, [&](const NetworkSecrets &found) { loaded = found; });
        if (loaded || !QTest::qWaitFor([&] { return loaded.has_value(); }))
            return u"at the wrong time"_s;
        return QString::fromUtf8(loaded->proxyPassword + ' ' + loaded->keyPassphrase);
    }

    CountedSecrets m_store;
};

QTEST_GUILESS_MAIN(tst_StoredNetworkSecrets)
#include "tst_storednetworksecrets.moc"
