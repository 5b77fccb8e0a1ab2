// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>
#include <QtCore/qcommandlineparser.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet::cli {

/// Writes to standard output at once, so that what streams is seen as it comes.
void print(QByteArrayView bytes);

/// The same with a line end.
void printLine(QByteArrayView line);

/// What a model wrote, as bytes for standard output. On a terminal it goes without control characters, which
/// could do there what nobody asked for; a file or a pipe gets it as it is.
[[nodiscard]] QByteArray forOutput(const QString &text);

/// Writes "rivulet-cli: <message>" to standard error, without control characters.
void printError(const QString &message);

/// Parses a command's arguments. Returns the exit code to leave with where there is nothing to run: help
/// was asked for and printed, or the arguments were wrong and that was said.
[[nodiscard]] std::optional<ExitCode> parse(QCommandLineParser &parser, const QStringList &arguments);

} // namespace rivulet::cli
