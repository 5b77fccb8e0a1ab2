// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/networkroute.h"

namespace rivulet {

class SecretStore;

/// The passwords of proxies and the passphrases of keys out of the store, which may live on another thread.
/// Each is made known to the log, so that it is blotted out there. Any thread, each call on its own.
class StoredNetworkSecrets final : public NetworkSecretSource
{
public:
    /// `store` outlives the object.
    explicit StoredNetworkSecrets(SecretStore &store);

    void load(const NetworkProfile &profile, QObject *context,
              std::function<void(const NetworkSecrets &secrets)> done) override;

private:
    SecretStore &m_store;
};

} // namespace rivulet
