// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

namespace rivulet {

/// Lets this process open ten thousand files and sockets at a time, or as many as the system lets it: some
/// start programs with 256, and a thousand answers are a thousand sockets. Once, before the first thread;
/// does nothing where there is no such limit.
RIVULET_NET_EXPORT void raiseDescriptorLimit();

/// Takes that back in a child process, between fork and exec: a program that was written for the usual limit
/// may not cope with a higher one. Safe there.
void restoreDescriptorLimit();

} // namespace rivulet
