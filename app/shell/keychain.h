// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/secret.h"

#include <QtCore/qstring.h>

#include <functional>
#include <memory>

namespace rivulet {

/// What a keychain answered.
struct KeychainReply
{
    enum class Outcome {
        Done,        ///< read, written or removed
        NotFound,    ///< nothing of that name: for a read and a remove
        Unavailable, ///< there is no keychain, or it does not run
        Denied,      ///< the user or the system said no
        Failed,      ///< anything else
    };
    Outcome outcome = Outcome::Done;
    Secret secret;  ///< where a read is Done
    QString detail; ///< the system's words

    friend bool operator==(const KeychainReply &, const KeychainReply &) = default;
};

/// The system's keychain as we need it: entries by name. It may take for ever to answer; whoever uses it
/// keeps the time. One thread; `done` is called once, later, or never.
class Keychain
{
public:
    using Done = std::function<void(const KeychainReply &reply)>;

    virtual ~Keychain() = default;
    virtual void read(const QString &entry, Done done) = 0;
    virtual void write(const QString &entry, const Secret &secret, Done done) = 0;
    virtual void remove(const QString &entry, Done done) = 0;
};

/// The keychain of macOS or Windows, or the Secret Service or KWallet elsewhere, never in plain text.
[[nodiscard]] std::unique_ptr<Keychain> systemKeychain();

/// Whether there is a desktop session to ask: elsewhere than on macOS and Windows the keychain is reached
/// over the session bus, and where there is none, libraries would wait or start one of their own.
[[nodiscard]] bool hasSessionBus();

} // namespace rivulet
