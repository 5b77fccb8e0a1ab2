// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstringview.h>

#include <expected>
#include <optional>

namespace rivulet {

/// A server that people use often, so that only a key is left to type.
struct ProviderPreset
{
    /// Where a preset's server stands; lists group by it.
    enum class Place {
        BuiltIn, ///< the demo, whose address is known only once it runs
        Cloud,   ///< a service on the internet
        Local,   ///< a program on this computer, on its usual port
        Custom,  ///< any other server of a dialect: the address is the user's to type
    };

    Provider provider; ///< `baseUrl` is empty for BuiltIn and Custom, `model` where none is a safe choice
    Place place = Place::Cloud;
    QUrl keyPage;        ///< where the service hands out keys; empty where none is needed
    QString keyVariable; ///< the environment variable that usually holds the key; empty where none does

    friend bool operator==(const ProviderPreset &, const ProviderPreset &) = default;
};

/// The presets that a file in the form of resources/providers/presets.json holds, in its order; what is wrong
/// with it, for whoever wrote it, where it is none. Whatever is not understood is a fault: a file that was
/// meant for a later version must not be half obeyed.
[[nodiscard]] RIVULET_NET_EXPORT std::expected<QList<ProviderPreset>, QString>
readPresets(const QByteArray &json);

/// All presets, in the order in which they are listed to people: the demo first, the custom one last.
[[nodiscard]] RIVULET_NET_EXPORT const QList<ProviderPreset> &providerPresets();

/// The preset whose provider has that id; empty where there is none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<ProviderPreset> presetById(QStringView id);

} // namespace rivulet
