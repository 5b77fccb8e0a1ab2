// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/storednetworksecrets.h"

#include "app/shell/redaction.h"
#include "app/shell/secretstore.h"

#include <utility>

namespace rivulet {

namespace {

// What has no name was not given, and nobody is asked for it.
void read(SecretStore &store, const SecretName &name, QObject *context,
          std::function<void(const QByteArray &)> done)
{
    if (name.origin.isEmpty()) {
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done({}); }, Qt::QueuedConnection);
        return;
    }
    readSecret(store, name, context, [done = std::move(done)](const Secret &secret) {
        addLiveSecret(secret.bytes());
        done(secret.bytes());
    });
}

} // namespace

StoredNetworkSecrets::StoredNetworkSecrets(SecretStore &store) : m_store(store) {}

void StoredNetworkSecrets::load(const NetworkProfile &profile, QObject *context,
                                std::function<void(const NetworkSecrets &)> done)
{
    const auto readPassphrase = [this, profile, context, done = std::move(done)](const QByteArray &password) {
        read(m_store, keyPassphraseNameOf(profile), context, [password, done](const QByteArray &passphrase) {
            done({.proxyPassword = password, .keyPassphrase = passphrase});
        });
    };
    read(m_store, proxyPasswordNameOf(profile), context, readPassphrase);
}

} // namespace rivulet
