// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keychainsecretstore.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using State = SecretStoreStatus::State;

const SecretName name{u"rivulet-test"_s, u"https://api.example.com:443"_s};

template<typename T>
T result(QFuture<T> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        qFatal("the store does not answer");
    return future.result();
}

} // namespace

/// The real keychain of a desktop session that is made for the test: the test starts itself again inside
/// one, with the name of what is to be tried there. On other systems than Linux it has nothing to say.
class tst_SystemKeychain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyOutlivesTheProgramInGnomeKeyring()
    {
        if (QStandardPaths::findExecutable(u"gnome-keyring-daemon"_s).isEmpty())
            QSKIP("needs gnome-keyring");
        runInSession(u"printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
                     "\"$0\" write && \"$0\" read && \"$0\" remove && \"$0\" nothing"_s);
    }

    void aSessionWithoutAKeychainSaysSo() { runInSession(u"\"$0\" absent"_s); }

    void withoutASessionNothingIsTried()
    {
        const QByteArray address = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", "/nowhere");
        QVERIFY(!hasSessionBus());
        QCOMPARE(makeSecretStore()->status().state, State::NoSessionBus);
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        QVERIFY(hasSessionBus());
        if (address.isNull())
            qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        else
            qputenv("DBUS_SESSION_BUS_ADDRESS", address);
        qputenv("XDG_RUNTIME_DIR", runtime);
    }

private:
    static void runInSession(const QString &script)
    {
        if (QStandardPaths::findExecutable(u"dbus-run-session"_s).isEmpty())
            QSKIP("needs dbus-run-session");
        const QTemporaryDir home;
        QProcess session;
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const QString &variable :
             {u"HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_RUNTIME_DIR"_s, u"XDG_CONFIG_HOME"_s})
            environment.insert(variable, home.path());
        environment.insert(u"XDG_CURRENT_DESKTOP"_s, u"GNOME"_s);
        // A keyring that asks would ask whoever runs the tests.
        environment.remove(u"DISPLAY"_s);
        environment.remove(u"WAYLAND_DISPLAY"_s);
        session.setProcessEnvironment(environment);
        session.setProcessChannelMode(QProcess::MergedChannels);
        session.start(u"dbus-run-session"_s,
                      {u"--"_s, u"sh"_s, u"-c"_s, script, QCoreApplication::applicationFilePath()});
        QVERIFY(session.waitForFinished(60'000));
        QVERIFY2(session.exitCode() == 0, session.readAll().constData());
    }
};

namespace {

// What the program does inside the session. True where it went as it should.
bool act(const QString &what)
{
    const auto store = makeSecretStore();
    const Secret secret("sk-of-a-real-keychain");
    if (what == "write"_L1)
        return result(store->write(name, secret)) == SecretPlace::Keychain;
    if (what == "read"_L1)
        return result(store->read(name)) == secret
            && result(store->read({name.provider, u"https://h:443"_s})).isEmpty();
    if (what == "remove"_L1)
        return result(store->remove(name.provider));
    if (what == "nothing"_L1)
        return result(store->read(name)).isEmpty() && store->status().state == State::Keychain;

    QElapsedTimer timer;
    timer.start();
    const bool kept = result(store->write(name, secret)) == SecretPlace::Session
        && result(store->read(name)) == secret && store->status().sessionOnly();
    qInfo("state %d after %lld ms: %s", int(store->status().state), timer.elapsed(),
          qPrintable(store->status().detail));
    return kept && timer.elapsed() < 10'000;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QString what = QCoreApplication::arguments().value(1);
    for (const QString &act : {u"write"_s, u"read"_s, u"remove"_s, u"nothing"_s, u"absent"_s}) {
        if (what == act) {
            if (::act(what))
                return 0;
            qWarning("%s failed", qPrintable(what));
            return 1;
        }
    }
    tst_SystemKeychain test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_systemkeychain.moc"
