// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/provider.h"

#include "net/dialects/dialectregistry.h"

namespace rivulet {

QList<Provider> placesOf(const Provider &provider)
{
    Provider own = provider;
    own.replicas.clear();
    QList<Provider> places{own};
    for (const Replica &replica : provider.replicas) {
        Provider &place = places.emplace_back(own);
        place.replica = replica.id;
        if (!replica.baseUrl.isEmpty())
            place.baseUrl = replica.baseUrl;
        place.credential = replica.credential;
    }
    return places;
}

QString placeName(const Provider &provider)
{
    return provider.replica.isEmpty() ? provider.id : provider.id + u'/' + provider.replica;
}

NetworkProfile profileOf(const Provider &provider)
{
    return {.owner = provider.id, .options = provider.network};
}

QString dialectName(const Provider &provider)
{
    return QString(toName(provider.dialect));
}

} // namespace rivulet
