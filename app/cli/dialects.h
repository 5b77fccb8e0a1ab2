// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// `rivulet-cli dialects`: lists the dialects' names, one a line.
[[nodiscard]] ExitCode runDialects(const QStringList &arguments);

} // namespace rivulet::cli
