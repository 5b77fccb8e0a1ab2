// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: applications' own events as something that people can read.

#include "net/dialects/json.h"
#include "net/wire/streamevent.h"

#include <QtCore/qstring.h>

namespace rivulet {

/// What a value says in a line: its words where it has any in a usual member, else its JSON, shortened.
[[nodiscard]] QString statusLine(const json::Value &value);

/// How far it says that its work has come; Running where it does not say.
[[nodiscard]] event::Status::State statusState(const json::Value &value);

} // namespace rivulet
