// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/exchangerequest.h"

#include <QtCore/qobject.h>

#include <functional>

namespace rivulet {

/// Whether a local program may run: asked before each start. Implementations show people the exact command,
/// remember what they allowed, and ask again when the program or its arguments have changed. Lives on the
/// engine thread; implemented in app/.
class RIVULET_NET_EXPORT ProgramConsent
{
public:
    virtual ~ProgramConsent() = default;

    /// Asks about the program of `request` with its configured arguments and its folder. `done` is called at
    /// most once, on the calling thread, possibly much later; not at all once `context` is gone. Until then
    /// nothing runs.
    virtual void ask(const ProcessRequest &request, QObject *context,
                     std::function<void(bool allowed)> done) = 0;
};

} // namespace rivulet
