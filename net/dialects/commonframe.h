// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what servers of every protocol send although it is not of the protocol.

#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"

#include <QtCore/qbytearrayview.h>

namespace rivulet {

/// Reads a frame that its dialect does not know: a chunk {"type", "data", "timestamp"} as gateways wrap them,
/// or an error in one of the usual forms. Returns whether it was one of these.
bool readCommonFrame(const json::Value &frame, EventWriter &out);

/// Reads a JSON document that its dialect does not know as an answer given at once, in one of the usual
/// members, or as an error. Returns whether it was one of these.
bool readCommonDocument(const json::Value &document, EventWriter &out);

} // namespace rivulet
