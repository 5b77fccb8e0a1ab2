// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/provider.h"

#include "net/dialects/dialectregistry.h"

namespace rivulet {

NetworkProfile profileOf(const Provider &provider)
{
    return {.owner = provider.id, .options = provider.network};
}

QString dialectName(const Provider &provider)
{
    return QString(toName(provider.dialect));
}

} // namespace rivulet
