// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/storedcredentials.h"

#include "app/shell/secretstore.h"
#include "net/providers/presets.h"

#include <QtCore/qpromise.h>

#include <memory>
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

void StoredCredentials::key(const Provider &provider, QObject *context,
                            std::function<void(const QByteArray &)> done)
{
    if (neverHasAKey(provider)) {
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done({}); }, Qt::QueuedConnection);
        return;
    }

    auto promise = std::make_shared<QPromise<Secret>>();
    promise->start();
    promise->future().then(context, [done = std::move(done)](const Secret &secret) { done(secret.bytes()); });

    const auto ask = [store = &m_store, name = secretNameOf(provider), promise] {
        store->read(name).then(store, [promise](const Secret &secret) {
            promise->addResult(secret);
            promise->finish();
        });
    };
    QMetaObject::invokeMethod(&m_store, ask, Qt::QueuedConnection);
}

} // namespace rivulet
