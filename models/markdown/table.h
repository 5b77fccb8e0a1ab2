// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/row.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rivulet::markdown {

/// The cells of a table's line (GFM 4.10), each without the spaces around it and with its "\|" resolved.
[[nodiscard]] std::vector<std::string> tableCells(std::string_view line);

/// The columns that a delimiter row such as "|:--|--:|" gives; nothing where `line` is none.
[[nodiscard]] std::optional<QList<ColumnAlignment>> tableColumns(std::string_view line);

} // namespace rivulet::markdown
