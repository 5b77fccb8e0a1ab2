// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/report.h"

namespace rivulet::bench {

/// How soon Stop stops an answer that floods the session with 5000 words a second while 64 others stream:
/// from the click, which comes from another thread, to the end of the connection and to a session that takes
/// the next message; and the same while the store is blocked for five seconds. Needs a QCoreApplication.
void measureStops(const Options &options, Report &report);

} // namespace rivulet::bench
