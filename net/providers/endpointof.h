// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/providers/provider.h"

namespace rivulet {

/// What a dialect needs to know of `provider`, with its key.
[[nodiscard]] inline Endpoint endpointOf(const Provider &provider, const QByteArray &key)
{
    return {.baseUrl = provider.baseUrl,
            .apiKey = key,
            .program = provider.program,
            .arguments = provider.arguments,
            .options = provider.options};
}

} // namespace rivulet
