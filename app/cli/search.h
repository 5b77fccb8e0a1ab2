// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// Looks for words in the stored conversations, the newest messages first. Only reads, so that another
/// process may own the data folder.
ExitCode runSearch(const QStringList &arguments);

} // namespace rivulet::cli
