// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/typedaddress.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

std::expected<QUrl, QString> baseUrlFrom(const QString &typed)
{
    const QString text = typed.trimmed();
    if (text.isEmpty())
        return std::unexpected(QCoreApplication::translate(
            "rivulet::ProviderEditor", "Type the server's address, such as http://localhost:8080/v1."));
    // "localhost:8080" reads as a scheme; what has no "://" is meant as a host.
    const QUrl url(text.contains("://"_L1) ? text : u"https://"_s + text, QUrl::StrictMode);
    if (!url.isValid())
        return std::unexpected(QCoreApplication::translate(
            "rivulet::ProviderEditor", "This is not an address. It looks like https://host/v1."));
    constexpr std::array schemes{"https"_L1, "http"_L1, "wss"_L1, "ws"_L1};
    if (std::ranges::find(schemes, url.scheme()) == schemes.end())
        return std::unexpected(QCoreApplication::translate(
            "rivulet::ProviderEditor", "The address begins with https://, http://, wss:// or ws://."));
    if (url.host().isEmpty())
        return std::unexpected(
            QCoreApplication::translate("rivulet::ProviderEditor", "The address names no server."));
    if (!url.userInfo().isEmpty())
        return std::unexpected(QCoreApplication::translate(
            "rivulet::ProviderEditor", "Leave the user name out of the address; the key has its own field."));
    if (url.hasQuery() || url.hasFragment())
        return std::unexpected(
            QCoreApplication::translate("rivulet::ProviderEditor", "Leave out what follows “?” or “#”."));
    return url.adjusted(QUrl::StripTrailingSlash);
}

} // namespace rivulet
