// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/report.h"

namespace rivulet::bench {

/// REST, SSE and a WebSocket side by side, against a server on a thread of its own: time to the first token,
/// time and overhead a message. Needs a QCoreApplication.
void compareTransports(const Options &options, Report &report);

/// What the application itself adds to the time to the first token: from Enter, through the session, the
/// store and the engine, to the server's having the whole request; on a new connection and on one that was
/// opened while the message was written.
void measureOwnShare(const Options &options, Report &report);

} // namespace rivulet::bench
