// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/export.h"

#include <QtCore/qlist.h>
#include <QtCore/qstringview.h>

#include <memory>
#include <optional>

namespace rivulet {

/// Every dialect, in the order in which they are listed to people.
[[nodiscard]] RIVULET_NET_EXPORT QList<DialectId> allDialects();

/// The dialect's stable name, such as "openai-chat".
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(DialectId id);

/// The dialect of that stable name; empty where there is none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<DialectId> dialectFromName(QStringView name);

/// A fresh translator for one answer.
[[nodiscard]] RIVULET_NET_EXPORT std::unique_ptr<Dialect> makeDialect(DialectId id);

} // namespace rivulet
