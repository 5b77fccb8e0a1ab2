// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/storedcredentials.h"

#include "app/shell/secretstore.h"
#include "net/providers/presets.h"

#include <utility>

namespace rivulet {

namespace {

// Whoever only tries the demo is not to be asked to unlock a keychain, nor to wait for one.
bool neverHasAKey(const Provider &provider)
{
    const auto preset = presetById(provider.id);
    return preset && preset->place == ProviderPreset::Place::BuiltIn;
}

} // namespace

StoredCredentials::StoredCredentials(SecretStore &store) : m_store(store) {}

void StoredCredentials::key(const Provider &provider, QObject *context, Done done)
{
    if (neverHasAKey(provider)) {
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(QByteArray()); }, Qt::QueuedConnection);
        return;
    }

    readSecret(m_store, secretNameOf(provider), context,
               [done = std::move(done)](const Secret &secret) { done(secret.bytes()); });
}

} // namespace rivulet
