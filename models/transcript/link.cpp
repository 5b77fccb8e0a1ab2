// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/link.h"

namespace rivulet {

using namespace Qt::StringLiterals;

Link::Link(const QString &target)
{
    const QUrl url(target, QUrl::StrictMode);
    if (!url.isValid() || !url.userInfo().isEmpty())
        return;
    const QString scheme = url.scheme();
    const bool web = (scheme == "http"_L1 || scheme == "https"_L1) && !url.host().isEmpty();
    const bool mail = scheme == "mailto"_L1 && url.path().contains(u'@');
    if (web || mail)
        m_url = url;
}

QString Link::host() const
{
    return m_url.scheme() == "mailto"_L1 ? m_url.path() : m_url.host(QUrl::FullyEncoded);
}

QString Link::address() const
{
    return m_url.toString(QUrl::FullyEncoded);
}

} // namespace rivulet
