// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace rivulet {

/// What the demo says to a prompt, and how it behaves while it says it.
struct DemoReply
{
    enum class Ending {
        Complete,    ///< as the protocol wants it
        Drop,        ///< the connection is reset after the text
        RateLimited, ///< no text: status 429 with Retry-After
        ServerError, ///< no text: status 500
    };

    QString reasoning; ///< what it thinks first, in markdown; often empty
    QString text;      ///< the answer, in markdown
    Ending ending = Ending::Complete;
    bool slow = false; ///< one word a second, whatever the server's rate

    friend bool operator==(const DemoReply &, const DemoReply &) = default;
};

/// The reply to `prompt`, chosen by the words in it; the same prompt always gets the same reply. A number
/// beside "long" sets the words of the essay, up to 100 000.
[[nodiscard]] RIVULET_NET_EXPORT DemoReply demoReply(const QString &prompt);

/// One of the texts that the demo is made of, by its file's name.
[[nodiscard]] RIVULET_NET_EXPORT QString demoText(const QString &name);

/// Cuts `text` as a model's tokens would: pieces of three to six characters that never split a code point,
/// and care about words and markdown as little as tokens do.
[[nodiscard]] RIVULET_NET_EXPORT QStringList demoTokens(const QString &text);

/// Cuts `text` into words, each with the blanks after it.
[[nodiscard]] RIVULET_NET_EXPORT QStringList demoWords(const QString &text);

} // namespace rivulet
