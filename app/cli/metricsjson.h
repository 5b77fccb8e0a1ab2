// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/pricetable.h"
#include "net/turn/turnmetrics.h"

#include <QtCore/qbytearray.h>

#include <optional>

namespace rivulet::cli {

/// The object that --summary prints as "metrics": `first_byte_ms`, `first_token_ms` and `total_ms` from the
/// first request; `tokens_per_s` while tokens came; `gaps` between arrivals of text (`count`, `p50_ms`,
/// `p95_ms`, `p99_ms`, `max_ms`); `stalls`, `retries` and `resumes`; `wire_bytes` and `decoded_bytes` of the
/// body; `cost_usd` by the list of prices, where there is one. What never happened is left out.
[[nodiscard]] QByteArray toJson(const TurnMetrics &metrics, const std::optional<Cost> &cost = {});

} // namespace rivulet::cli
