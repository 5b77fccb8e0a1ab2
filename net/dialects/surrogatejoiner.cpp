// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/surrogatejoiner.h"

#include "net/wire/jsontext.h"

#include <QtCore/qjsonvalue.h>

#include <utility>

namespace rivulet {

QString SurrogateJoiner::take(QString delta)
{
    if (delta.isEmpty())
        return {};
    if (m_waiting.isNull() && delta.isValidUtf16())
        return delta;
    QString text = m_waiting.isNull() ? delta : QString(std::exchange(m_waiting, QChar()) + delta);
    if (text.back().isHighSurrogate()) {
        m_waiting = text.back();
        text.chop(1);
    }
    return wellFormed(text);
}

QString SurrogateJoiner::flush()
{
    return std::exchange(m_waiting, QChar()).isNull() ? QString() : QString(QChar::ReplacementCharacter);
}

QString wellFormed(const QString &text)
{
    if (text.isValidUtf16())
        return text;
    QString result = text;
    for (qsizetype i = 0; i < result.size(); ++i) {
        if (!result.at(i).isSurrogate())
            continue;
        const bool paired =
            result.at(i).isHighSurrogate() && i + 1 < result.size() && result.at(i + 1).isLowSurrogate();
        if (paired)
            ++i;
        else
            result[i] = QChar::ReplacementCharacter;
    }
    return result;
}

QByteArray jsonText(const QString &text)
{
    return compactJson(wellFormed(text));
}

} // namespace rivulet
