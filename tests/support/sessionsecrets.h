// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/secretstore.h"

#include <QtCore/qlist.h>
#include <QtCore/qpromise.h>

#include <algorithm>
#include <utility>

namespace rivulet::test {

/// Keys in memory, for this session only.
class SessionSecrets : public SecretStore
{
public:
    QFuture<Secret> read(const SecretName &name) override
    {
        const auto it = std::ranges::find(keys, name, &std::pair<SecretName, Secret>::first);
        return QtFuture::makeReadyValueFuture(it == keys.cend() ? Secret() : it->second);
    }
    QFuture<SecretPlace> write(const SecretName &name, const Secret &secret) override
    {
        keys.removeIf([&name](const auto &entry) { return entry.first.provider == name.provider; });
        keys.append({name, secret});
        return QtFuture::makeReadyValueFuture(SecretPlace::Session);
    }
    QFuture<bool> remove(const QString &provider) override
    {
        keys.removeIf([&provider](const auto &entry) { return entry.first.provider == provider; });
        Q_EMIT removed(provider);
        return QtFuture::makeReadyValueFuture(true);
    }
    SecretStoreStatus status() const override
    {
        return {.state = SecretStoreStatus::State::NoSessionBus, .detail = {}};
    }

    QList<std::pair<SecretName, Secret>> keys;
};

} // namespace rivulet::test
