// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/table.h"

#include "models/markdown/characters.h"

namespace rivulet::markdown {

std::vector<std::string> tableCells(std::string_view line)
{
    line = trimmed(line);
    if (line.starts_with('|'))
        line.remove_prefix(1);
    std::vector<std::string> cells;
    std::string cell;
    const auto take = [&] {
        cells.emplace_back(trimmed(cell));
        cell.clear();
    };
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '|') {
            take();
        } else if (line[at] == '\\' && at + 1 < line.size()) {
            if (line[at + 1] != '|')
                cell += line[at];
            cell += line[++at];
        } else {
            cell += line[at];
        }
    }
    if (!trimmed(cell).empty())
        take();
    return cells;
}

std::optional<QList<ColumnAlignment>> tableColumns(std::string_view line)
{
    if (line.find_first_not_of("|-: \t") != std::string_view::npos
        || line.find('-') == std::string_view::npos)
        return {};
    QList<ColumnAlignment> columns;
    for (const std::string &cell : tableCells(line)) {
        std::string_view dashes = cell;
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
