// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/tlsfiles.h"

#include "net/framing/limits.h"
#include "net/transport/requestrules.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslkey.h>

#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The bundles of whole systems are half of it.
constexpr qint64 maxFileSize = qint64(limits::MiB);

NetError refused(QLatin1StringView code, const QString &file, const QString &why)
{
    return {.kind = NetError::Kind::Refused, .code = code, .message = file + ": "_L1 + why};
}

std::expected<QByteArray, QString> contentOf(const QString &path)
{
    QFile file(path);
    // A pipe or a device could keep us for ever.
    if (QFileInfo info(path); info.exists() && !info.isFile())
        return std::unexpected(u"not a file"_s);
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(file.errorString());
    QByteArray content = file.read(maxFileSize + 1);
    if (content.size() > maxFileSize)
        return std::unexpected(u"larger than any file of certificates"_s);
    return content;
}

std::expected<QList<QSslCertificate>, NetError> certificatesOf(const QString &path, QLatin1StringView code)
{
    const auto content = contentOf(path);
    if (!content)
        return std::unexpected(refused(code, path, content.error()));
    QList<QSslCertificate> certificates = QSslCertificate::fromData(*content, QSsl::Pem);
    if (certificates.isEmpty())
        return std::unexpected(refused(code, path, u"holds no certificate in PEM"_s));
    return certificates;
}

std::expected<QSslKey, NetError> keyOf(const QString &path, const QByteArray &passphrase)
{
    if (path.isEmpty()) {
        return std::unexpected(NetError{.kind = NetError::Kind::Refused,
                                        .code = transportcode::ClientKey,
                                        .message = u"There is a certificate, but no file with its key"_s});
    }
    const auto content = contentOf(path);
    if (!content)
        return std::unexpected(refused(transportcode::ClientKey, path, content.error()));
    const bool isPem = content->contains("-----BEGIN") && content->contains("PRIVATE KEY-----");
    if (!isPem)
        return std::unexpected(refused(transportcode::ClientKey, path, u"holds no private key in PEM"_s));
    const bool isLocked = content->contains("ENCRYPTED");
    if (isLocked && passphrase.isEmpty()) {
        return std::unexpected(refused(transportcode::ClientKeyLocked, path,
                                       u"the key is encrypted, and there is no passphrase"_s));
    }
    // Only who knows the algorithm can read it.
    for (const QSsl::KeyAlgorithm algorithm : std::array{QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(*content, algorithm, QSsl::Pem, QSsl::PrivateKey, passphrase);
        if (!key.isNull())
            return key;
    }
    return std::unexpected(
        isLocked ? refused(transportcode::ClientKeyLocked, path, u"the passphrase does not open it"_s)
                 : refused(transportcode::ClientKey, path, u"the key can not be read"_s));
}

} // namespace

QByteArray stampOf(const NetworkOptions &options)
{
    QByteArray stamp;
    for (const QString &path : {options.caFile, options.certificateFile, options.keyFile}) {
        const QFileInfo file(path);
        stamp += QByteArray::number(file.size()) + '@'
            + QByteArray::number(file.lastModified().toMSecsSinceEpoch()) + ' ';
    }
    return stamp;
}

std::optional<NetError> problemOfFiles(const NetworkOptions &options, const QByteArray &passphrase)
{
    if (!options.caFile.isEmpty()) {
        if (const auto authorities = certificatesOf(options.caFile, transportcode::CaFile); !authorities)
            return authorities.error();
    }
    if (!options.certificateFile.isEmpty()) {
        const auto chain = certificatesOf(options.certificateFile, transportcode::ClientCertificate);
        if (!chain)
            return chain.error();
        if (const auto key = keyOf(options.keyFile, passphrase); !key)
            return key.error();
    }
    return std::nullopt;
}

QSslConfiguration plainTls()
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    return tls;
}

std::expected<QSslConfiguration, NetError> tlsFor(const NetworkOptions &options, const QByteArray &passphrase)
{
    QSslConfiguration tls = plainTls();
    if (!options.caFile.isEmpty()) {
        const auto authorities = certificatesOf(options.caFile, transportcode::CaFile);
        if (!authorities)
            return std::unexpected(authorities.error());
        // A list of one's own keeps Qt from looking the system's up when it needs them.
        tls.setCaCertificates(QSslConfiguration::systemCaCertificates() + *authorities);
    }
    if (!options.certificateFile.isEmpty()) {
        const auto chain = certificatesOf(options.certificateFile, transportcode::ClientCertificate);
        if (!chain)
            return std::unexpected(chain.error());
        const auto key = keyOf(options.keyFile, passphrase);
        if (!key)
            return std::unexpected(key.error());
        tls.setLocalCertificateChain(*chain);
        tls.setPrivateKey(*key);
    }
    return tls;
}

} // namespace rivulet
