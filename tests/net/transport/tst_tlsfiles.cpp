// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"
#include "net/transport/tlsfiles.h"
#include "tests/support/tlsfront.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslkey.h>
#include <QtTest/qtest.h>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

NetworkOptions authority(const QString &file)
{
    return {.caFile = file};
}

NetworkOptions client(const QString &certificate, const QString &key)
{
    return {.certificateFile = certificate, .keyFile = key};
}

} // namespace

class tst_TlsFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutFilesItIsTls12AtLeast()
    {
        const auto tls = tlsFor({}, {});
        QVERIFY(tls);
        QCOMPARE(tls->protocol(), QSsl::TlsV1_2OrLater);
        QCOMPARE(*tls, plainTls());
    }

    void anAuthorityIsTrustedBesideTheSystems()
    {
        const auto tls = tlsFor(authority(tlsFile(u"authority.pem"_s)), {});
        QVERIFY(tls);
        const QList<QSslCertificate> own = QSslCertificate::fromPath(tlsFile(u"authority.pem"_s));
        QCOMPARE(own.size(), 1);
        QCOMPARE(tls->caCertificates(), QSslConfiguration::systemCaCertificates() + own);
        QCOMPARE(tls->protocol(), QSsl::TlsV1_2OrLater);
    }

    void aClientCertificateHasItsKey_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("passphrase");
        QTest::newRow("open") << u"client-key.pem"_s << QByteArray();
        QTest::newRow("open, with a passphrase to spare") << u"client-key.pem"_s << QByteArray("unused");
        QTest::newRow("locked") << u"client-key-locked.pem"_s << QByteArray("open-sesame");
    }

    void aClientCertificateHasItsKey()
    {
        QFETCH(const QString, key);
        QFETCH(const QByteArray, passphrase);
        const auto tls = tlsFor(client(tlsFile(u"client.pem"_s), tlsFile(key)), passphrase);
        QVERIFY2(tls, tls ? "" : qPrintable(tls.error().message));
        QCOMPARE(tls->localCertificate().subjectInfo(QSslCertificate::CommonName),
                 QStringList(u"rivulet test client"_s));
        QCOMPARE(tls->privateKey().algorithm(), QSsl::Ec);
        QCOMPARE(problemOfFiles(client(tlsFile(u"client.pem"_s), tlsFile(key)), passphrase), std::nullopt);
    }

    void whatCanNotBeUsedIsNamed_data()
    {
        QTest::addColumn<NetworkOptions>("options");
        QTest::addColumn<QByteArray>("passphrase");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("word"); ///< that the message must hold
        const QString missing = m_folder.filePath(u"nowhere.pem"_s);
        const QString certificate = tlsFile(u"client.pem"_s);
        const QString key = tlsFile(u"client-key.pem"_s);
        const QString locked = tlsFile(u"client-key-locked.pem"_s);
        const QString text = write(u"words.pem"_s, "these are words");
        const QString large = write(u"large.pem"_s, QByteArray(1024 * 1024 + 1, '-'));
        const QString torn =
            write(u"torn.pem"_s, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        QTest::newRow("no file of authorities")
            << authority(missing) << QByteArray() << u"ca_file"_s << u"nowhere.pem"_s;
        QTest::newRow("a folder of authorities")
            << authority(m_folder.path()) << QByteArray() << u"ca_file"_s << u"not a file"_s;
        QTest::newRow("words for authorities") << authority(text) << QByteArray() << u"ca_file"_s << u"PEM"_s;
        QTest::newRow("far too much") << authority(large) << QByteArray() << u"ca_file"_s << u"larger"_s;
        QTest::newRow("no file of the certificate")
            << client(missing, key) << QByteArray() << u"client_certificate"_s << u"nowhere.pem"_s;
        QTest::newRow("a key for a certificate")
            << client(key, key) << QByteArray() << u"client_certificate"_s << u"PEM"_s;
        QTest::newRow("no key") << client(certificate, {}) << QByteArray() << u"client_key"_s << u"key"_s;
        QTest::newRow("no file of the key")
            << client(certificate, missing) << QByteArray() << u"client_key"_s << u"nowhere.pem"_s;
        QTest::newRow("a certificate for a key")
            << client(certificate, certificate) << QByteArray() << u"client_key"_s << u"PEM"_s;
        QTest::newRow("a torn key") << client(certificate, torn) << QByteArray() << u"client_key"_s
                                    << u"read"_s;
        QTest::newRow("a locked key without a passphrase")
            << client(certificate, locked) << QByteArray() << u"client_key_locked"_s << u"encrypted"_s;
        QTest::newRow("a locked key with a wrong one")
            << client(certificate, locked) << QByteArray("guess") << u"client_key_locked"_s << u"open"_s;
    }

    void whatCanNotBeUsedIsNamed()
    {
        QFETCH(const NetworkOptions, options);
        QFETCH(const QByteArray, passphrase);
        QFETCH(const QString, code);
        QFETCH(const QString, word);
        const auto tls = tlsFor(options, passphrase);
        QVERIFY(!tls);
        QCOMPARE(tls.error().kind, NetError::Kind::Refused);
        QCOMPARE(tls.error().code, code);
        QVERIFY2(tls.error().message.contains(word), qPrintable(tls.error().message));
        QCOMPARE(problemOfFiles(options, passphrase), std::optional(tls.error()));
        QVERIFY(passphrase.isEmpty() || !tls.error().message.contains(QString::fromUtf8(passphrase)));
    }

    void theStampChangesWithAFile()
    {
        const NetworkOptions options = authority(write(u"stamp.pem"_s, "one"));
        const QByteArray before = stampOf(options);
        QCOMPARE(stampOf(options), before);
        write(u"stamp.pem"_s, "another");
        QVERIFY(stampOf(options) != before);
    }

private:
    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("can not write %ls", qUtf16Printable(file.fileName()));
        return file.fileName();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(tst_TlsFiles)
#include "tst_tlsfiles.moc"
