// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/report.h"

#include <string>

namespace rivulet::bench {

/// Measures what others make of the same markdown, in this run: md4c and cmark-gfm where they were there when
/// this was built, and the libraries in yardsticks/ where node is there and they are. Says on standard error
/// what is missing.
void addMarkdownYardsticks(Report &report, const Options &options, const std::string &answer);

} // namespace rivulet::bench
