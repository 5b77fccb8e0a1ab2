// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qloggingcategory.h>

namespace rivulet {

// Every logging category of the project, one a room that has something to say. They start at "info";
// QT_LOGGING_RULES="rivulet.*.debug=true" asks for more. Bodies, headers and keys are never logged, at
// any level: say what happened, to which turn or file, and how much.
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcTransport, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcDialects, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcProviders, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcTurn, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcDemo, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcEngine, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcChat, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcStore, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcTranscript, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcShell, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcDesktop, RIVULET_NET_EXPORT)
Q_DECLARE_EXPORTED_LOGGING_CATEGORY(lcCli, RIVULET_NET_EXPORT)

} // namespace rivulet
