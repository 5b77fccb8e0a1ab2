// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace rivulet::cli {

/// Prints what a person who helps would ask for: versions, places, the health of the database, keychain and
/// network; no secrets, so that it can be pasted anywhere. LocalError where something needs care.
ExitCode runDoctor(const QStringList &arguments);

} // namespace rivulet::cli
