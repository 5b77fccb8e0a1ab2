// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtGui/qcolor.h>

#include <memory>

namespace rivulet {

/// A coloured stretch of a line of code, in UTF-16 units from the line's start.
struct CodeSpan
{
    qsizetype begin = 0;
    qsizetype length = 0;
    QColor color;
    bool bold = false;
    bool italic = false;

    friend bool operator==(const CodeSpan &, const CodeSpan &) = default;
};

/// Colours one block of code line by line as it arrives: a finished line is coloured once, from the state
/// that the line before it left; only the partial last line is done again. GUI thread: KSyntaxHighlighting's
/// states belong to one shared repository. Colours have a contrast of at least 4.5:1 on the background of
/// code.
class RIVULET_MODELS_EXPORT CodeHighlighter
{
public:
    enum class Theme { Light, Dark };

    /// `language`: a name, an alias or a file extension ("cpp", "C++", "py"); unknown ones give plain text.
    CodeHighlighter(const QString &language, Theme theme);
    ~CodeHighlighter();
    CodeHighlighter(CodeHighlighter &&) noexcept;
    CodeHighlighter &operator=(CodeHighlighter &&) noexcept;

    /// Takes the whole text so far, of which everything up to the last line was passed before, and returns
    /// the number of the first line whose spans are new. Lines over 4096 units stay plain.
    qsizetype update(QStringView text);

    [[nodiscard]] qsizetype lineCount() const;
    /// Spans of line `line`, 0 to lineCount() - 1.
    [[nodiscard]] const QList<CodeSpan> &spans(qsizetype line) const;

    /// A highlighter for the text that follows, in the state that the last line of this one left: long code
    /// is shown in chunks of whole lines, each with a highlighter of its own.
    [[nodiscard]] CodeHighlighter following() const;

    /// The language's name for people ("C++"), empty for plain text.
    [[nodiscard]] QString languageName() const;

private:
    class Engine;
    explicit CodeHighlighter(std::unique_ptr<Engine> engine);

    std::unique_ptr<Engine> m_engine;
};

} // namespace rivulet
