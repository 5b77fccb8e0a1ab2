// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/logging.h"

namespace rivulet {

Q_LOGGING_CATEGORY(lcTransport, "rivulet.transport", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDialects, "rivulet.dialects", QtInfoMsg)
Q_LOGGING_CATEGORY(lcProviders, "rivulet.providers", QtInfoMsg)
Q_LOGGING_CATEGORY(lcTurn, "rivulet.turn", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDemo, "rivulet.demo", QtInfoMsg)
Q_LOGGING_CATEGORY(lcEngine, "rivulet.engine", QtInfoMsg)
Q_LOGGING_CATEGORY(lcChat, "rivulet.chat", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "rivulet.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcTranscript, "rivulet.transcript", QtInfoMsg)
Q_LOGGING_CATEGORY(lcShell, "rivulet.shell", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDesktop, "rivulet.desktop", QtInfoMsg)
Q_LOGGING_CATEGORY(lcCli, "rivulet.cli", QtInfoMsg)

} // namespace rivulet
