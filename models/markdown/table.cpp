// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/table.h"

#include "models/markdown/characters.h"

namespace rivulet::markdown {

namespace {

/// `cell` with its escaped pipes as such, kept at the end of `unescaped`, which has room for it.
std::string_view withPipes(std::string_view cell, std::string &unescaped)
{
    const std::size_t begin = unescaped.size();
    for (std::size_t at = 0; at < cell.size(); ++at) {
        if (!cell.substr(at).starts_with("\\|"))
            unescaped += cell[at];
    }
    return std::string_view(unescaped).substr(begin);
}

} // namespace

std::span<const std::string_view> TableLine::cellsOf(std::string_view line)
{
    m_cells.clear();
    m_unescaped.clear();
    line = trimmed(line);
    if (line.starts_with('|'))
        line.remove_prefix(1);
    const bool hasEscapes = line.find('\\') != npos;
    if (hasEscapes)
        m_unescaped.reserve(line.size());
    while (true) {
        std::size_t end = line.find('|');
        while (hasEscapes && end != npos && end > 0 && line[end - 1] == '\\')
            end = line.find('|', end + 1);
        const bool isLast = end >= line.size();
        std::string_view cell = trimmed(line.substr(0, end));
        if (isLast && cell.empty())
            break;
        m_cells.push_back(hasEscapes ? withPipes(cell, m_unescaped) : cell);
        if (isLast)
            break;
        line.remove_prefix(end + 1);
    }
    return m_cells;
}

std::optional<QList<ColumnAlignment>> tableColumns(std::string_view line)
{
    if (line.find_first_not_of("|-: \t") != std::string_view::npos
        || line.find('-') == std::string_view::npos)
        return {};
    QList<ColumnAlignment> columns;
    TableLine cells;
    for (std::string_view dashes : cells.cellsOf(line)) {
        const bool left = dashes.starts_with(':');
        if (left)
            dashes.remove_prefix(1);
        const bool right = dashes.ends_with(':');
        if (right)
            dashes.remove_suffix(1);
        if (dashes.empty() || dashes.find_first_not_of('-') != std::string_view::npos)
            return {};
        columns.append(left && right ? ColumnAlignment::Center
                           : left    ? ColumnAlignment::Left
                           : right   ? ColumnAlignment::Right
                                     : ColumnAlignment::None);
    }
    return columns;
}

} // namespace rivulet::markdown
