// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"

namespace rivulet {

class Transport;

/// Connects ahead to where the next message to `provider` would be sent, where that goes over HTTP: a program
/// is not started and a WebSocket not opened. Nothing is sent, and no key is needed. On the thread of
/// `transport`.
RIVULET_NET_EXPORT void preconnect(Transport &transport, const Provider &provider);

} // namespace rivulet
