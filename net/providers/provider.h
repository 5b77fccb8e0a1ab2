// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/credential.h"
#include "net/wire/dialectid.h"
#include "net/wire/networkoptions.h"

#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <chrono>
#include <optional>

namespace rivulet {

/// Another place at which a provider answers: a second server with the same models, or the same one with
/// another key.
struct Replica
{
    QString id;              ///< stable, unique among the provider's
    QUrl baseUrl{};          ///< empty: the provider's own
    Credential credential{}; ///< where its key comes from

    friend bool operator==(const Replica &, const Replica &) = default;
};

/// How much the user lets a provider be asked, by what was agreed with it. Empty: as much as the server
/// takes.
struct ProviderLimits
{
    std::optional<int> requestsPerMinute{}; ///< at least 1
    std::optional<int> tokensPerMinute{};   ///< at least 1; of prompts and answers together

    friend bool operator==(const ProviderLimits &, const ProviderLimits &) = default;
};

/// Who is asked where a provider does not answer.
struct FallbackRule
{
    QString id{};                            ///< Provider::id; empty: nobody
    std::chrono::milliseconds after{30'000}; ///< for how long nothing may be said before that

    friend bool operator==(const FallbackRule &, const FallbackRule &) = default;
};

/// A server to talk to: which protocol, where, with which model. Holds no secret; the key is looked up as
/// `credential` says, by the provider's id, and bound to the origin of `baseUrl`.
struct Provider
{
    QString id;   ///< stable, such as "demo" or "openai"
    QString name; ///< what people see
    DialectId dialect = DialectId::OpenAiChat;
    QUrl baseUrl;
    QString model;         ///< the model that a new conversation uses
    bool needsKey = false; ///< a request without a key cannot work
    QString program{};     ///< absolute path of the local program that a dialect of programs runs
    QStringList arguments{};
    QMap<QString, QString> options{}; ///< what the dialect declares for a provider, by name
    Credential credential{};          ///< where its key comes from
    NetworkOptions network{};         ///< how its traffic leaves this computer
    ProviderLimits limits{};          ///< of each of its places
    FallbackRule fallback{};
    QList<Replica> replicas{}; ///< where else the same is to be had
    QString replica{};         ///< Replica::id where this is a replica's place; see placesOf()

    friend bool operator==(const Provider &, const Provider &) = default;
};

/// The places at which `provider` answers, its own first, each as a provider without replicas.
[[nodiscard]] RIVULET_NET_EXPORT QList<Provider> placesOf(const Provider &provider);

/// The stable name of one of these places, under which its key is kept: the provider's id, and where it is a
/// replica's a slash and that id too.
[[nodiscard]] RIVULET_NET_EXPORT QString placeName(const Provider &provider);

/// Whose traffic `provider`'s is, and how it leaves.
[[nodiscard]] RIVULET_NET_EXPORT NetworkProfile profileOf(const Provider &provider);

/// The stable name of the provider's dialect, such as "openai-chat": what is kept beside the answers it gave.
[[nodiscard]] RIVULET_NET_EXPORT QString dialectName(const Provider &provider);

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::Provider)
