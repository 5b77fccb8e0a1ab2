// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// `rivulet-cli html`: prints the rows of a markdown text as HTML, in the form of the specifications'
/// examples, so that their test suites run against it.
[[nodiscard]] ExitCode runHtml(const QStringList &arguments);

} // namespace rivulet::cli
