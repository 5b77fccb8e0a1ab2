// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/secret.h"
#include "net/providers/provider.h"

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <functional>

namespace rivulet {

/// Names a key: whose it is, and the one origin it may be sent to.
struct SecretName
{
    QString provider; ///< Provider::id
    QString origin;   ///< see originOf()

    friend bool operator==(const SecretName &, const SecretName &) = default;
};

/// The URL's scheme, host and port, such as "https://api.example.com:443"; empty where it has no host.
[[nodiscard]] QString originOf(const QUrl &url);

/// The name of the provider's key.
[[nodiscard]] SecretName secretNameOf(const Provider &provider);

/// The names of what a provider's OAuth sign-in has to keep. Their origin is both that of the token endpoint,
/// where they are sent to, and that of the base URL, where what they give is sent to: a change of either asks
/// anew. Empty for a provider that has no such sign-in.
[[nodiscard]] SecretName refreshTokenNameOf(const Provider &provider);
[[nodiscard]] SecretName clientSecretNameOf(const Provider &provider);

/// The name of the password for the proxy that the profile chose, which is for this user of this proxy only.
/// Its origin is empty where the profile has no such proxy, or no user for it.
[[nodiscard]] SecretName proxyPasswordNameOf(const NetworkProfile &profile);

/// The name of the passphrase for the profile's key file, which is for this file only. Its origin is empty
/// where the profile has none.
[[nodiscard]] SecretName keyPassphraseNameOf(const NetworkProfile &profile);

/// Whether keys outlive the program, and if not, why.
struct SecretStoreStatus
{
    enum class State {
        Unknown,      ///< the keychain was not asked yet
        Keychain,     ///< keys are kept by the system
        NoSessionBus, ///< session only: there is no desktop session to ask
        NoKeychain,   ///< session only: the system has none, or none that runs
        TimedOut, ///< session only until it answers: it did not within the limit, maybe it waits for the user
        Denied,   ///< session only: the user or the system refused
        Failed,   ///< session only: anything else, see detail
    };
    State state = State::Unknown;
    QString detail; ///< the system's words, for the details view and the log

    /// Whether keys given now are gone when the program ends.
    [[nodiscard]] bool sessionOnly() const { return state != State::Unknown && state != State::Keychain; }

    friend bool operator==(const SecretStoreStatus &, const SecretStoreStatus &) = default;
};

/// Where a key that was written is kept.
enum class SecretPlace {
    Keychain, ///< outlives the program
    Session,  ///< in memory, until the program ends
};

/// The keys of providers. Asynchronous, for a keychain may ask the user first; every future finishes on
/// the store's thread, where the methods are called too, and is cancelled where the store goes first.
class SecretStore : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The key of that name; empty where there is none for that provider and that origin.
    [[nodiscard]] virtual QFuture<Secret> read(const SecretName &name) = 0;

    /// Keeps the key, which is not empty, and tells where. It takes the place of the provider's key for any
    /// other origin.
    [[nodiscard]] virtual QFuture<SecretPlace> write(const SecretName &name, const Secret &secret) = 0;

    /// Forgets the provider's key, whatever its origin. False where the keychain did not confirm that: it may
    /// be there again after the next start.
    [[nodiscard]] virtual QFuture<bool> remove(const QString &provider) = 0;

    [[nodiscard]] virtual SecretStoreStatus status() const = 0;

Q_SIGNALS:
    /// The provider's key is being forgotten: whatever was got for it is to be forgotten, too.
    void removed(const QString &provider);
    void statusChanged(const rivulet::SecretStoreStatus &status);
};

/// Reads from a store that may live on another thread. `done` is called once, later, on the calling thread,
/// with what SecretStore::read() gives; not at all once `context` is gone.
void readSecret(SecretStore &store, const SecretName &name, QObject *context,
                std::function<void(const Secret &secret)> done);

/// Writes to a store that may live on another thread, or removes there, where `secret` is empty. Whoever
/// reads later on the calling thread reads this.
void keepSecret(SecretStore &store, const SecretName &name, const Secret &secret);

/// Writes to a store that may live on another thread, as keepSecret() does, but only while the key that it
/// has by that name is `before`.
void replaceSecret(SecretStore &store, const SecretName &name, const Secret &before, const Secret &next);

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::SecretStoreStatus)
