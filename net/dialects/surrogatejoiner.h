// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qchar.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// Makes well-formed UTF-16 of the deltas of one text. Some servers cut an emoji into two JSON strings, each
/// with half a surrogate pair: such halves are joined; a half that stays alone becomes U+FFFD.
class SurrogateJoiner
{
public:
    /// Takes the next delta. What it gives back is well-formed and may lack a last half, which waits.
    [[nodiscard]] QString take(QString delta);

    /// The text has ended: gives back what a waiting half amounts to.
    [[nodiscard]] QString flush();

private:
    QChar m_waiting; ///< a high surrogate, or null
};

/// `text` with each unpaired surrogate replaced by U+FFFD.
[[nodiscard]] QString wellFormed(const QString &text);

/// `text` as a JSON string, with its quotes, well-formed.
[[nodiscard]] QByteArray jsonText(const QString &text);

} // namespace rivulet
