// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace rivulet::bench {

/// Lets eight answers stream side by side for that time, through session, engine, sockets and store; some are
/// stopped, some redirected, and each that has ended makes room for another. Prints how memory and open files
/// went, and returns whether both stayed within bounds: memory grew by less than a twentieth after the first
/// fifth of the time, and as many files were open at the end as then. Needs a QCoreApplication and /proc.
[[nodiscard]] bool soak(std::chrono::minutes time);

} // namespace rivulet::bench
