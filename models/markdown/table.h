// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/row.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rivulet::markdown {

/// Parts the lines of tables into their cells. Keeps its buffers from line to line.
class TableLine
{
public:
    /// The cells of `line`, without the spaces around them and with "\\|" as "|". They are valid as long as
    /// `line` is, and until the next call.
    [[nodiscard]] std::span<const std::string_view> cellsOf(std::string_view line);

private:
    std::vector<std::string_view> m_cells;
    std::string m_unescaped;
};

/// The columns that a delimiter row describes; nothing if `line` is none.
[[nodiscard]] std::optional<QList<ColumnAlignment>> tableColumns(std::string_view line);

} // namespace rivulet::markdown
