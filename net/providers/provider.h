// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/credential.h"
#include "net/wire/dialectid.h"
#include "net/wire/networkoptions.h"

#include <QtCore/qmap.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

namespace rivulet {

/// A server to talk to: which protocol, where, with which model. Holds no secret; the key is looked up as
/// `credential` says, by the provider's id, and bound to the origin of `baseUrl`.
struct Provider
{
    QString id;   ///< stable, such as "demo" or "openai"; the key's name in the keychain
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

    friend bool operator==(const Provider &, const Provider &) = default;
};

/// Whose traffic `provider`'s is, and how it leaves.
[[nodiscard]] RIVULET_NET_EXPORT NetworkProfile profileOf(const Provider &provider);

/// The stable name of the provider's dialect, such as "openai-chat": what is kept beside the answers it gave.
[[nodiscard]] RIVULET_NET_EXPORT QString dialectName(const Provider &provider);

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::Provider)
