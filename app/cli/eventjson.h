// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>

namespace rivulet::cli {

/// One event as the line of JSON that scripts read. Members that the event does not fill are left out.
[[nodiscard]] QByteArray toJson(const StreamEvent &event);

/// The members of the "usage" event, without its name, as an object.
[[nodiscard]] QByteArray toJson(const Usage &usage);

/// The members of the "failed" event, without its name, as an object.
[[nodiscard]] QByteArray toJson(const NetError &error);

/// The members of the "artifact" event, without its name and "append", as an object.
[[nodiscard]] QByteArray toJson(const event::Artifact &artifact);

/// The members of the "tool_result" event, without its name, as an object.
[[nodiscard]] QByteArray toJson(const event::ToolResult &result);

} // namespace rivulet::cli
