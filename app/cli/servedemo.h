// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// Runs the demo server alone, until Ctrl-C.
ExitCode runServeDemo(const QStringList &arguments);

} // namespace rivulet::cli
