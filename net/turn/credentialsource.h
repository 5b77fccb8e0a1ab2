// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <functional>

namespace rivulet {

/// Where a turn gets its key. Lives on the engine thread; app/ implements it over the keychain, which may
/// take seconds to answer, so that a turn waits for it without blocking.
class RIVULET_NET_EXPORT CredentialSource
{
public:
    virtual ~CredentialSource() = default;

    /// Looks up the key of `provider` for the origin of its base URL. `done` is called once, later, on the
    /// calling thread, with an empty key where none is stored for that origin; not at all once `context`
    /// is gone.
    virtual void key(const Provider &provider, QObject *context,
                     std::function<void(const QByteArray &key)> done) = 0;
};

} // namespace rivulet
