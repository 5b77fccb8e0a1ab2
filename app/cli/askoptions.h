// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"
#include "net/wire/dialectid.h"

#include <QtCore/qmap.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <expected>
#include <optional>

namespace rivulet::cli {

/// What a command that streams prints.
enum class Output {
    Text,    ///< the answer's text as it comes
    Events,  ///< each event as a line of JSON
    Summary, ///< what it amounts to as one line of JSON
};

/// What the command line asks for.
struct AskOptions
{
    QString provider;                 ///< an id; empty where `url` or `program` is given
    std::optional<DialectId> dialect; ///< with `url` or `program`
    QUrl url;
    QString program; ///< absolute path of the one that answers
    QStringList arguments;
    QMap<QString, QString> options; ///< the dialect's own, by name
    QString model;                  ///< empty for the provider's own
    QString keyVariable;            ///< the environment variable that holds the key; empty for the keychain
    QString system;
    QString prompt;                     ///< empty where it is to be read from standard input
    std::optional<qint64> conversation; ///< the one to go on with
    bool keep = true;                   ///< false for --no-store
    Output output = Output::Text;

    friend bool operator==(const AskOptions &, const AskOptions &) = default;

    /// What is asked for: "ask" takes a PROMPT and a form of its output, "chat" what is typed.
    enum class Form { Question, Conversation };

    /// Reads the arguments of "ask" or "chat". The error is the code to leave with, once what is wrong was
    /// said or help was printed.
    [[nodiscard]] static std::expected<AskOptions, ExitCode> parse(const QStringList &arguments,
                                                                   Form form = Form::Question);
};

} // namespace rivulet::cli
