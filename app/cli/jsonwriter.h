// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>
#include <QtCore/qtypes.h>

namespace rivulet::cli {

/// Writes one JSON object on one line, its members in the order in which they are added: QJsonObject
/// would sort them, and people read these lines too.
class JsonObjectWriter
{
public:
    JsonObjectWriter &string(QByteArrayView name, QStringView value);
    JsonObjectWriter &number(QByteArrayView name, qint64 value);
    JsonObjectWriter &boolean(QByteArrayView name, bool value);
    /// A value that is JSON text already.
    JsonObjectWriter &json(QByteArrayView name, QByteArrayView text);

    /// The whole object.
    [[nodiscard]] QByteArray text() const { return m_text + '}'; }

private:
    QByteArray m_text{"{"};
};

/// `text` as a JSON string, quotes included. Half a surrogate pair, which UTF-8 cannot hold, becomes "?".
[[nodiscard]] QByteArray toJsonString(QStringView text);

} // namespace rivulet::cli
