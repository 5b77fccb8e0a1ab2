// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/turn/credentialsource.h"

namespace rivulet {

class SecretStore;

/// Turns' keys out of the store, which lives on another thread: the question goes there, the answer comes
/// back. The built-in demo has none, and nobody is asked. Made and destroyed on the engine thread.
class StoredCredentials final : public CredentialSource
{
public:
    /// `store` outlives the object and every turn.
    explicit StoredCredentials(SecretStore &store);

    void key(const Provider &provider, QObject *context, Done done) override;

private:
    SecretStore &m_store;
};

} // namespace rivulet
