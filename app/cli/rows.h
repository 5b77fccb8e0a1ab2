// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// `rivulet-cli rows`: prints the final rows of a markdown text as JSON, or what each append did to them.
[[nodiscard]] ExitCode runRows(const QStringList &arguments);

} // namespace rivulet::cli
