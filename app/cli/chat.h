// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// `rivulet-cli chat`: a conversation in the terminal. Enter sends, a line typed while the answer streams
/// redirects it, Ctrl-C stops it, and leaves where nothing runs.
[[nodiscard]] ExitCode runChat(const QStringList &arguments);

} // namespace rivulet::cli
