// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keychainsecretstore.h"
#include "app/shell/redaction.h"
#include "app/shell/storedcredentials.h"

#include <QtCore/QHash>
#include <QtCore/QMetaObject>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <list>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Outcome = KeychainReply::Outcome;
using State = SecretStoreStatus::State;

const SecretName name{u"openai"_s, u"https://api.example.com:443"_s};
const SecretName elsewhere{u"openai"_s, u"https://evil.example:443"_s};

Secret secret(const char *text)
{
    return Secret(QByteArray(text));
}

// Answers in the next turn of the event loop, or not before it is told to.
class FakeKeychain : public Keychain
{
public:
    void read(const QString &entry, Done done) override
    {
        answer(std::move(done), [this, entry]() -> KeychainReply {
            if (!entries.contains(entry))
                return {.outcome = Outcome::NotFound};
            return {.secret = entries.value(entry)};
        });
    }
    void write(const QString &entry, const Secret &value, Done done) override
    {
        answer(std::move(done), [this, entry, value]() -> KeychainReply {
            entries.insert(entry, value);
            return {};
        });
    }
    void remove(const QString &entry, Done done) override
    {
        answer(std::move(done), [this, entry]() -> KeychainReply {
            return {.outcome = entries.remove(entry) ? Outcome::Done : Outcome::NotFound};
        });
    }

    // What was asked while it hung is answered now.
    void wakeUp()
    {
        hangs = false;
        for (const auto &late : std::exchange(waiting, {}))
            late();
    }

    QHash<QString, Secret> entries;
    std::optional<KeychainReply> refusal; ///< the answer to everything, where set
    bool hangs = false;
    int questions = 0;

private:
    void answer(Done done, std::function<KeychainReply()> work)
    {
        ++questions;
        const auto reply = [this, done = std::move(done), work = std::move(work)] {
            done(refusal ? *refusal : work());
        };
        if (hangs)
            waiting.emplace_back(reply);
        else
            QMetaObject::invokeMethod(&context, reply, Qt::QueuedConnection);
    }

    QObject context;
    std::list<std::function<void()>> waiting;
};

} // namespace

class tst_KeychainSecretStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        auto keychain = std::make_unique<FakeKeychain>();
        m_keychain = keychain.get();
        m_store = std::make_unique<KeychainSecretStore>(std::move(keychain), 50ms);
    }

    void cleanup()
    {
        m_store.reset();
        qunsetenv("RIVULET_TEST_KEY");
    }

    void nothingIsKnownBeforeTheFirstQuestion() { QCOMPARE(m_store->status(), SecretStoreStatus{}); }

    void aKeyThatWasWrittenIsReadByTheNextProgram()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        QCOMPARE(m_store->status().state, State::Keychain);
        startAgain();
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
    }

    void aKeyThatIsNotThereIsEmptyAndNoTrouble()
    {
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(m_store->status().state, State::Keychain);
    }

    void aKeyIsNotGivenForAnotherOrigin()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        QCOMPARE(result(m_store->read(elsewhere)), Secret());
        startAgain();
        QCOMPARE(result(m_store->read(elsewhere)), Secret());
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
    }

    void aKeyForANewOriginTakesThePlaceOfTheOld()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        QCOMPARE(result(m_store->write(elsewhere, secret("sk-two"))), SecretPlace::Keychain);
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(result(m_store->read(elsewhere)), secret("sk-two"));
        QCOMPARE(m_keychain->entries.size(), 1);
    }

    void anEntryThatSomebodyElseWroteIsNoKey()
    {
        m_keychain->entries.insert(name.provider, secret("no origin in here"));
        QCOMPARE(result(m_store->read(name)), Secret());
    }

    void withoutAnOriginThereIsNoKey()
    {
        QCOMPARE(result(m_store->read({u"openai"_s, {}})), Secret());
        QCOMPARE(m_keychain->questions, 0);
    }

    void aKeyIsReadFromTheKeychainOnce()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        startAgain();
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        const int questions = m_keychain->questions;
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        QCOMPARE(m_keychain->questions, questions);
    }

    void aRemovedKeyIsGone()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        QVERIFY(result(m_store->remove(name.provider)));
        QCOMPARE(result(m_store->read(name)), Secret());
        startAgain();
        QCOMPARE(result(m_store->read(name)), Secret());
    }

    void withoutASessionBusKeysLiveInMemory()
    {
        m_store = std::make_unique<KeychainSecretStore>(nullptr);
        QCOMPARE(m_store->status().state, State::NoSessionBus);
        QVERIFY(m_store->status().sessionOnly());
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Session);
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        QCOMPARE(result(m_store->read(elsewhere)), Secret());
        QVERIFY(result(m_store->remove(name.provider)));
        QCOMPARE(result(m_store->read(name)), Secret());
    }

    void whereTheKeychainFailsKeysLiveInMemory_data()
    {
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<State>("state");
        QTest::newRow("absent") << Outcome::Unavailable << State::NoKeychain;
        QTest::newRow("locked") << Outcome::Denied << State::Denied;
        QTest::newRow("broken") << Outcome::Failed << State::Failed;
    }

    void whereTheKeychainFailsKeysLiveInMemory()
    {
        QFETCH(const Outcome, outcome);
        QFETCH(const State, state);
        m_keychain->refusal = KeychainReply{.outcome = outcome, .detail = u"no"_s};
        QSignalSpy told(m_store.get(), &SecretStore::statusChanged);
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Session);
        QCOMPARE(m_store->status(), (SecretStoreStatus{.state = state, .detail = u"no"_s}));
        QCOMPARE(told.size(), 1);
        QVERIFY(m_store->status().sessionOnly());
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        QVERIFY(!result(m_store->remove(name.provider)));
        QCOMPARE(result(m_store->read(name)), Secret());
    }

    void aUserWhoSaidNoIsNotAskedAgain()
    {
        m_keychain->refusal = KeychainReply{.outcome = Outcome::Denied};
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(result(m_store->read({u"other"_s, u"https://other.example:443"_s})), Secret());
        QCOMPARE(m_keychain->questions, 1);

        m_keychain->refusal.reset();
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
    }

    void aKeychainThatHangsIsGivenUpAfterTheLimit()
    {
        m_keychain->hangs = true;
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(m_store->status().state, State::TimedOut);

        // Nobody waits for it twice, and a key given now works.
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Session);
        QVERIFY(m_store->read(name).isFinished());
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        QVERIFY(!result(m_store->remove(u"other"_s)));
        QCOMPARE(m_keychain->questions, 1);
    }

    void anAnswerThatComesLateCountsForTheNextQuestion()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-one"))), SecretPlace::Keychain);
        startAgain();
        m_keychain->hangs = true;
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(m_store->status().state, State::TimedOut);
        m_keychain->wakeUp();
        QCOMPARE(m_store->status().state, State::Keychain);
        QCOMPARE(result(m_store->read(name)), secret("sk-one"));
        QCOMPARE(result(m_store->write(elsewhere, secret("sk-two"))), SecretPlace::Keychain);
    }

    void aLateAnswerDoesNotReplaceANewerKey()
    {
        QCOMPARE(result(m_store->write(name, secret("sk-old"))), SecretPlace::Keychain);
        startAgain();
        m_keychain->hangs = true;
        QCOMPARE(result(m_store->read(name)), Secret());
        QCOMPARE(result(m_store->write(name, secret("sk-new"))), SecretPlace::Session);
        m_keychain->wakeUp();
        QCOMPARE(result(m_store->read(name)), secret("sk-new"));
    }

    void whatIsAskedWhenTheStoreGoesIsCancelled()
    {
        m_keychain->hangs = true;
        const QFuture<Secret> future = m_store->read(name);
        m_store.reset();
        QVERIFY(future.isCanceled());
    }

    void theEnvironmentGivesAKeyWhereNoOtherIsKept()
    {
        qputenv("RIVULET_TEST_KEY", " sk-from-env\n");
        m_store->setVariable(name, u"RIVULET_TEST_KEY"_s);
        QCOMPARE(result(m_store->read(name)), secret("sk-from-env"));
        QCOMPARE(result(m_store->read(elsewhere)), Secret());
        QCOMPARE(result(m_store->write(name, secret("sk-typed"))), SecretPlace::Keychain);
        QCOMPARE(result(m_store->read(name)), secret("sk-typed"));
    }

    void theEnvironmentNeedsNoKeychain()
    {
        qputenv("RIVULET_TEST_KEY", "sk-from-env");
        m_store = std::make_unique<KeychainSecretStore>(nullptr);
        m_store->setVariable(name, u"RIVULET_TEST_KEY"_s);
        QCOMPARE(result(m_store->read(name)), secret("sk-from-env"));
    }

    void everyKeyThatPassesIsBlottedOutOfTheLog()
    {
        qputenv("RIVULET_TEST_KEY", "environs of the third kind");
        m_store->setVariable({u"env"_s, name.origin}, u"RIVULET_TEST_KEY"_s);
        QCOMPARE(result(m_store->write(name, secret("plain words of a key"))), SecretPlace::Keychain);
        QVERIFY(!result(m_store->read({u"env"_s, name.origin})).isEmpty());
        QCOMPARE(redacted(u"a plain words of a key b"), u"a [redacted] b"_s);
        QCOMPARE(redacted(u"a environs of the third kind b"), u"a [redacted] b"_s);
    }

    void theOriginIsSchemeHostAndPort_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("origin");
        QTest::newRow("usual port") << u"https://API.example.com/v1"_s << u"https://api.example.com:443"_s;
        QTest::newRow("usual http port") << u"http://localhost/"_s << u"http://localhost:80"_s;
        QTest::newRow("own port") << u"http://127.0.0.1:8080/v1"_s << u"http://127.0.0.1:8080"_s;
        QTest::newRow("IPv6") << u"http://[::1]:11434"_s << u"http://[::1]:11434"_s;
        QTest::newRow("user info") << u"https://u:p@h.example/"_s << u"https://h.example:443"_s;
        QTest::newRow("international")
            << u"https://bücher.example"_s << u"https://xn--bcher-kva.example:443"_s;
        QTest::newRow("no host") << u"/v1"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }

    void theOriginIsSchemeHostAndPort()
    {
        QFETCH(const QString, url);
        QTEST(originOf(QUrl(url)), "origin");
    }

    void aTurnGetsItsKeyOnItsOwnThread()
    {
        const Provider provider{.id = u"openai"_s, .baseUrl = QUrl(u"https://api.example.com/v1"_s)};
        QCOMPARE(result(m_store->write(secretNameOf(provider), secret("sk-one"))), SecretPlace::Keychain);

        QThread engine;
        engine.start();
        auto *onEngine = new QObject;
        onEngine->moveToThread(&engine);
        QByteArray key;
        std::atomic<bool> there = false;
        QMetaObject::invokeMethod(onEngine, [&] {
            auto credentials = std::make_shared<StoredCredentials>(*m_store);
            credentials->key(provider, onEngine, [&, credentials](const KeyResult &got) {
                key = QThread::currentThread() == &engine ? got.value_or("error") : "another thread"_ba;
                there = true;
            });
        });
        QTRY_VERIFY(there);
        QCOMPARE(key, "sk-one");
        onEngine->deleteLater();
        engine.quit();
        engine.wait();
    }

    void theDemoAsksNoKeychain()
    {
        m_keychain->hangs = true;
        StoredCredentials credentials(*m_store);
        std::optional<QByteArray> key;
        const Provider demo{.id = u"demo"_s, .baseUrl = QUrl(u"http://127.0.0.1:1/v1"_s)};
        credentials.key(demo, this, [&key](const KeyResult &got) { key = got.value_or("error"); });
        QVERIFY2(!key, "the answer comes later, never from inside");
        QTRY_COMPARE(key, QByteArray());
        QCOMPARE(m_keychain->questions, 0);
    }

private:
    // The same keychain under another store, as after a restart.
    void startAgain()
    {
        auto keychain = std::make_unique<FakeKeychain>();
        keychain->entries = m_keychain->entries;
        m_keychain = keychain.get();
        m_store = std::make_unique<KeychainSecretStore>(std::move(keychain), 50ms);
    }

    template<typename T>
    static T result(QFuture<T> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }))
            qFatal("the store does not answer");
        return future.result();
    }

    FakeKeychain *m_keychain = nullptr;
    std::unique_ptr<KeychainSecretStore> m_store;
};

QTEST_GUILESS_MAIN(tst_KeychainSecretStore)
#include "tst_keychainsecretstore.moc"
