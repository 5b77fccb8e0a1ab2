// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <functional>

namespace rivulet {

/// Where a turn gets its key. Lives on the engine thread; app/ implements it over the keychain, over programs
/// and over sign-ins, which may take long to answer, so that a turn waits for it without blocking.
class RIVULET_NET_EXPORT CredentialSource
{
public:
    using Done = std::function<void(const KeyResult &key)>;

    virtual ~CredentialSource() = default;

    /// Looks up the key of `provider` for the origin of its base URL. `done` is called once, later, on the
    /// calling thread, with an empty key where none is stored for that origin, and with an error where
    /// there should be one that can not be had; not at all once `context` is gone.
    virtual void key(const Provider &provider, QObject *context, Done done) = 0;

    /// Gets another key in place of `refused`, which the server did not accept. False where there is no other
    /// one to be had: then `done` is not called. Else it is, as by key(), and the key may be the same again.
    [[nodiscard]] virtual bool renew(const Provider &provider, const QByteArray &refused, QObject *context,
                                     const Done &done)
    {
        Q_UNUSED(provider)
        Q_UNUSED(refused)
        Q_UNUSED(context)
        Q_UNUSED(done)
        return false;
    }
};

} // namespace rivulet
