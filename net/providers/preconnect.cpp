// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/preconnect.h"

#include "net/dialects/dialectregistry.h"
#include "net/providers/endpointof.h"
#include "net/transport/transport.h"

namespace rivulet {

using namespace Qt::StringLiterals;

void preconnect(Transport &transport, const Provider &provider)
{
    if (provider.baseUrl.isEmpty() && !provider.program.isEmpty())
        return;
    // Only the dialect knows where it sends what, and over what.
    ChatRequest chat;
    chat.model = provider.model;
    chat.messages.append({ChatRole::User, u"?"_s});
    const ExchangeRequest request = makeDialect(provider.dialect)->open(chat, endpointOf(provider, {}));
    if (const auto *http = std::get_if<HttpRequest>(&request))
        transport.through(profileOf(provider)).preconnect(http->url);
}

} // namespace rivulet
