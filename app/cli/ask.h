// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// Streams one answer to standard output as it comes, and keeps it unless told otherwise.
ExitCode runAsk(const QStringList &arguments);

} // namespace rivulet::cli
