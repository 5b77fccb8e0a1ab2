// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/turn/turnmetrics.h"

#include <QtCore/qbytearray.h>

namespace rivulet {

/// A turn's numbers as a blob of the database: CBOR, each number that is not nothing by its name, so that
/// later versions can add some. Empty where nothing was measured.
[[nodiscard]] RIVULET_MODELS_EXPORT QByteArray encodeMetrics(const TurnMetrics &metrics);

/// What it does not know or can not read is nothing.
[[nodiscard]] RIVULET_MODELS_EXPORT TurnMetrics decodeMetrics(const QByteArray &blob);

} // namespace rivulet
