// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/httpheaders.h"

#include <QtCore/qlocale.h>
#include <QtCore/qtimezone.h>

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

QByteArray headerOf(const HttpHeaders &headers, QByteArrayView name)
{
    const auto found = std::ranges::find_if(headers, [&](const auto &field) { return field.first == name; });
    return found == headers.end() ? QByteArray() : found->second.trimmed();
}

QDateTime httpDate(const QByteArray &text)
{
    const QString date = QString::fromLatin1(text.simplified());
    const QLocale english = QLocale::c();
    for (const QString &format : {u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s, u"dddd, dd-MMM-yy HH:mm:ss 'GMT'"_s,
                                  u"ddd MMM d HH:mm:ss yyyy"_s}) {
        QDateTime parsed = english.toDateTime(date, format, 2000);
        if (parsed.isValid()) {
            parsed.setTimeZone(QTimeZone::UTC);
            return parsed;
        }
    }
    return {};
}

QDateTime sentAt(const HttpHeaders &headers, const QDateTime &now)
{
    const QDateTime sent = httpDate(headerOf(headers, "date"));
    return sent.isValid() ? sent : now;
}

} // namespace rivulet
