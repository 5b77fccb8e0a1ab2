// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qml/Rows/textitem.h"

#include <vector>

namespace rivulet {

/// The text of a code row in the colours of its language, line for line: it never wraps, and implicitWidth
/// is that of the longest line.
class CodeText : public TextItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString language READ language NOTIFY languageChanged FINAL)

public:
    using TextItem::TextItem;

    /// The language's name for people, or what the author wrote for it; empty for plain text.
    [[nodiscard]] QString language() const { return m_language; }

Q_SIGNALS:
    void languageChanged();

protected:
    [[nodiscard]] TextPieces::Options options() const override;
    void layOut(TextPieces &pieces, const Row &content) override;

private:
    [[nodiscard]] QList<QTextLayout::FormatRange> formats(qsizetype begin, qsizetype length) const;

    const CodeHighlighter *m_highlighter = nullptr; ///< while layOut() runs
    std::vector<qsizetype> m_lines;                 ///< where each begins
    QString m_language;
};

} // namespace rivulet
