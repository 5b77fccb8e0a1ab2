// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/keychain.h"
#include "app/shell/secretstore.h"

#include <QtCore/qhash.h>

#include <chrono>
#include <memory>

namespace rivulet {

/// Keys in the system's keychain; where there is none, or it does not answer, in memory for this session.
/// Memory is asked first (a key is read from the keychain once), then the keychain, then the environment.
/// Every key that passes is made known to the log, so that it is blotted out there.
///
/// While an answer is overdue, and once reading was denied, the keychain is not asked again: no turn waits
/// twice, and no user is asked twice. A new key is still offered to it.
///
/// An entry holds the origin with the key, so that neither a changed address nor a changed settings file
/// can send a key elsewhere.
class KeychainSecretStore final : public SecretStore
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds Limit{5'000};

    /// Without a keychain (null) keys live in memory, and the status says NoSessionBus. `limit` is how long
    /// one answer is waited for; what comes later still counts for the next question.
    explicit KeychainSecretStore(std::unique_ptr<Keychain> keychain, std::chrono::milliseconds limit = Limit,
                                 QObject *parent = nullptr);
    ~KeychainSecretStore() override;

    /// Reads `name` from that environment variable where no other key is kept for it.
    void setVariable(const SecretName &name, const QString &variable);

    [[nodiscard]] QFuture<Secret> read(const SecretName &name) override;
    [[nodiscard]] QFuture<SecretPlace> write(const SecretName &name, const Secret &secret) override;
    [[nodiscard]] QFuture<bool> remove(const QString &provider) override;
    [[nodiscard]] SecretStoreStatus status() const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The store both programs use: the system's keychain where there is a session to ask, else memory.
[[nodiscard]] std::unique_ptr<KeychainSecretStore> makeSecretStore();

} // namespace rivulet
