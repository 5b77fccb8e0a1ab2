// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/report.h"

#include <optional>

namespace rivulet::bench {

/// So many answers at once, and what they may cost.
struct Load
{
    const char *name = "";
    int streams = 0;
    int perSecond = 0;   ///< words of each stream
    bool sockets = true; ///< against a server in another process; else from a transport in this one
    std::optional<double> cores{};
    std::optional<double> p99{}; ///< milliseconds
    std::optional<double> megabytes{};
};

/// Runs the load through turns, mailbox and journal, for ten seconds or three, and fails the program where a
/// word was lost on the way to the mailbox or into the database. Needs a QCoreApplication; the memory that
/// it reports is the process's.
void measureLoad(const Load &load, const Options &options, Report &report);

} // namespace rivulet::bench
