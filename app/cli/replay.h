// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// `rivulet-cli replay`: feeds a recorded response body through the real framing and dialect, as if it had
/// come from the network, and prints what it means. No network, no store.
[[nodiscard]] ExitCode runReplay(const QStringList &arguments);

} // namespace rivulet::cli
