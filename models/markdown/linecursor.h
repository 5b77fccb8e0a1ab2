// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/characters.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

/// Columns by which code is indented.
inline constexpr std::size_t codeIndent = 4;

/// A place in a line, in bytes and in columns, where a tab can be used up in parts.
class LineCursor
{
public:
    explicit LineCursor(std::string_view line) : m_line(line) { look(); }

    [[nodiscard]] std::size_t indent() const { return m_textColumn - m_column; }
    [[nodiscard]] bool isIndented() const { return indent() >= codeIndent; }
    [[nodiscard]] bool isBlank() const { return m_text == m_line.size(); }
    /// The first character that is no space; not where isBlank().
    [[nodiscard]] char front() const { return m_line[m_text]; }
    /// From there on.
    [[nodiscard]] std::string_view text() const { return m_line.substr(m_text); }
    [[nodiscard]] std::size_t textBegin() const { return m_text; }
    /// From here on, without the rest of a tab that is used up in part.
    [[nodiscard]] std::string_view rest() const { return m_line.substr(begin()); }
    [[nodiscard]] std::size_t begin() const { return m_at + (m_insideTab ? 1 : 0); }
    [[nodiscard]] std::size_t padding() const { return m_insideTab ? columnsToTabStop() : 0; }
    [[nodiscard]] std::size_t column() const { return m_column; }
    [[nodiscard]] bool atSpace() const
    {
        return m_at < m_line.size() && rivulet::markdown::isBlank(m_line[m_at]);
    }

    void skipColumns(std::size_t count)
    {
        while (count > 0 && m_at < m_line.size()) {
            if (m_line[m_at] == '\t') {
                const std::size_t step = std::min(count, columnsToTabStop());
                m_insideTab = step < columnsToTabStop();
                m_column += step;
                count -= step;
                m_at += m_insideTab ? 0 : 1;
            } else {
                m_insideTab = false;
                ++m_at;
                ++m_column;
                --count;
            }
        }
        look();
    }
    void skipToText()
    {
        m_at = m_text;
        m_column = m_textColumn;
        m_insideTab = false;
    }

private:
    [[nodiscard]] std::size_t columnsToTabStop() const { return 4 - m_column % 4; }

    void look()
    {
        m_text = m_at;
        m_textColumn = m_column;
        while (m_text < m_line.size() && rivulet::markdown::isBlank(m_line[m_text])) {
            m_textColumn += m_line[m_text] == '\t' ? 4 - m_textColumn % 4 : 1;
            ++m_text;
        }
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::size_t m_column = 0;
    bool m_insideTab = false;
    std::size_t m_text = 0;
    std::size_t m_textColumn = 0;
};

} // namespace rivulet::markdown
