// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// Lists the stored conversations, the last changed first.
ExitCode runConversations(const QStringList &arguments);

} // namespace rivulet::cli
