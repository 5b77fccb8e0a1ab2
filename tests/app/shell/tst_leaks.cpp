// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keychainsecretstore.h"
#include "app/shell/log.h"
#include "app/shell/paths.h"
#include "app/shell/settings.h"
#include "app/shell/wording.h"
#include "net/wire/logging.h"

#include <QtCore/QDebug>
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <utility>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

// A fake secret, and the part of it that must never be found.
struct Seed
{
    QString shape;
    QString secret;
};

QString random(QRandomGenerator &generator, qsizetype size, QStringView alphabet)
{
    QString text;
    for (qsizetype i = 0; i < size; ++i)
        text += alphabet[generator.bounded(alphabet.size())];
    return text;
}

// Ten of each of the ten shapes that keys, tokens and people's addresses have.
QList<Seed> makeSeeds()
{
    QRandomGenerator generator(20261121);
    constexpr QStringView alphanumeric = u"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr QStringView hexadecimal = u"0123456789abcdef";
    constexpr QStringView lower = u"abcdefghijklmnopqrstuvwxyz";
    QList<Seed> seeds;
    for (int i = 0; i < 10; ++i) {
        const auto part = [&](qsizetype size) { return random(generator, size, alphanumeric); };
        seeds += {
            {u"sk"_s, u"sk-"_s + part(40)},
            {u"sk-ant"_s, u"sk-ant-api03-"_s + part(60)},
            {u"gsk"_s, u"gsk_"_s + part(30)},
            {u"AIza"_s, u"AIzaSy"_s + part(33)},
            {u"AKIA"_s, u"AKIA"_s + part(16).toUpper()},
            {u"jwt"_s, u"eyJ"_s + part(20) + u".eyJ"_s + part(30) + u'.' + part(40)},
            {u"hex"_s, random(generator, 32, hexadecimal)},
            {u"mixed"_s, part(16) + u"aA1"_s + part(24)},
            {u"e-mail"_s, random(generator, 12, lower) + u"@mail.example.org"_s},
            {u"words"_s, random(generator, 7, lower) + u'-' + random(generator, 9, lower)},
        };
    }
    return seeds;
}

} // namespace

class tst_Leaks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The shapes that patterns know are only logged; a key that looks like plain words is one that the store
    // knows, as every key in use is.
    void aHundredSecretsAreInNoFile()
    {
        const QTemporaryDir home;
        const Paths paths = pathsBelow(home.path());
        QVERIFY(createFolders(paths).has_value());
        const QList<Seed> seeds = makeSeeds();
        QCOMPARE(seeds.size(), 100);
        {
            const Log log(paths.log, u"rivulet"_s, {.fileSize = 64 * 1024, .files = 8});
            KeychainSecretStore store(nullptr);
            SettingsFile settings(paths.settingsFile());
            for (const Seed &seed : seeds) {
                if (seed.shape == "words"_L1)
                    QVERIFY(store.write({seed.secret, u"https://h:443"_s}, Secret(seed.secret.toUtf8()))
                                .isFinished());
                sendEverywhere(seed.secret, settings);
            }
            QVERIFY(log.flush(std::chrono::seconds(30)));
        }

        int files = 0;
        QDirIterator walk(home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            QFile file(walk.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString content = QString::fromUtf8(file.readAll());
            for (const Seed &seed : seeds)
                QVERIFY2(!content.contains(seed.secret), qPrintable(seed.shape + u' ' + file.fileName()));
            ++files;
        }
        QVERIFY2(files >= 3, "there is nothing to search");
    }

private:
    static void sendEverywhere(const QString &secret, SettingsFile &settings)
    {
        const QByteArray bytes = secret.toUtf8();
        const QList<std::pair<QByteArray, QByteArray>> headers{{"Authorization", "Bearer " + bytes},
                                                               {"x-api-key", bytes}};
        QUrl url(u"https://api.example.com/v1/chat"_s);
        url.setQuery(u"key="_s + secret);
        const NetError error{.kind = NetError::Kind::Auth,
                             .status = 401,
                             .message = u"Incorrect API key provided: "_s + secret + u"."_s};

        qCWarning(lcTransport) << headers;
        qCWarning(lcTransport) << "request to" << url;
        qCInfo(lcDialects, "{\"error\":{\"message\":\"bad key %s\"}}", bytes.constData());
        qCInfo(lcTurn).noquote() << "failed:" << error.message;
        qCInfo(lcProviders) << QStringList{secret};
        qCInfo(lcDemo) << bytes;
        qCCritical(lcShell) << wordsFor(Mishap(error)).details;
        qWarning("curl -H 'Authorization: Bearer %s'", bytes.constData());
        qWarning("%s", bytes.constData());

        QUrl withUser(u"https://api.example.com/v1"_s);
        withUser.setUserName(secret);
        withUser.setPassword(secret);
        qCInfo(lcProviders) << withUser.toString();
        QVERIFY(settings.save({.providers = {{.id = u"mine"_s, .baseUrl = withUser}}}).has_value());
    }
};

QTEST_GUILESS_MAIN(tst_Leaks)
#include "tst_leaks.moc"
