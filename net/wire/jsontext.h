// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qstringview.h>

#include <optional>

class QJsonObject;
class QJsonValue;

namespace rivulet {

// JSON text as events carry it: the arguments of a tool call, the data of an artifact. Whoever shows or keeps
// them needs no JSON of its own. Any thread; no text, however broken, does harm.

/// `value` as JSON text of one line: any value, a bare string or number too.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray compactJson(const QJsonValue &value);
[[nodiscard]] RIVULET_NET_EXPORT QByteArray compactJson(const QJsonObject &object);

/// What an artifact holds once `more` was added to `data`: strings and arrays go on, members of objects are
/// set, and what does not fit together is replaced. Both are compact JSON text. Strings and arrays are joined
/// as text, in place, so that the work is that of `more`.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray joinedJson(QByteArray data, const QByteArray &more);

/// Whether `text` is one whole JSON object: the arguments of a call that was not cut off.
[[nodiscard]] RIVULET_NET_EXPORT bool isJsonObject(QStringView text);

/// The text that a JSON string stands for; empty where `json` is none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<QString> stringOfJson(const QByteArray &json);

/// The text of that member of a JSON object; empty where it has none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<QString> jsonMember(const QByteArray &json,
                                                                   QLatin1StringView name);

/// The lines of a table, the first of which names its columns: of an array of arrays, of an array of objects,
/// or of an object that holds such rows as `rows` beside the names as `columns`. Empty where `json` is none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<QList<QStringList>> tableOfJson(const QByteArray &json);

/// `json` in lines, for people to read; as it is where it is no whole JSON.
[[nodiscard]] RIVULET_NET_EXPORT QString indentedJson(const QByteArray &json);

} // namespace rivulet
