// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/jsonwriter.h"

namespace rivulet::cli {

JsonObjectWriter &JsonObjectWriter::string(QByteArrayView name, QStringView value)
{
    return json(name, toJsonString(value));
}

JsonObjectWriter &JsonObjectWriter::number(QByteArrayView name, qint64 value)
{
    return json(name, QByteArray::number(value));
}

JsonObjectWriter &JsonObjectWriter::boolean(QByteArrayView name, bool value)
{
    return json(name, value ? "true" : "false");
}

JsonObjectWriter &JsonObjectWriter::json(QByteArrayView name, QByteArrayView text)
{
    if (m_text.size() > 1)
        m_text += ',';
    m_text += '"';
    m_text += name;
    m_text += "\":";
    m_text += text;
    return *this;
}

QByteArray toJsonString(QStringView text)
{
    const QByteArray utf8 = text.toUtf8();
    QByteArray out;
    out.reserve(utf8.size() + 2);
    out += '"';
    for (const char c : utf8) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
            else
                out += c;
        }
    }
    out += '"';
    return out;
}

} // namespace rivulet::cli
