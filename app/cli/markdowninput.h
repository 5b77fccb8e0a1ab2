// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"
#include "models/markdown/markdownstream.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qcommandlineoption.h>
#include <QtCore/qcommandlineparser.h>

#include <expected>
#include <functional>

namespace rivulet::cli {

/// The part of the command line that `html` and `rows` share: a FILE and how it is cut into pieces.
class MarkdownInput
{
public:
    MarkdownInput();

    /// Adds FILE, --split and --split-each.
    void addTo(QCommandLineParser &parser) const;

    /// Reads what the arguments name. Returns the exit code to leave with where that was impossible, and says
    /// why on standard error.
    [[nodiscard]] std::expected<void, ExitCode> read(const QCommandLineParser &parser);

    /// Appends piece by piece, calling `appended` with what each changed, and finishes.
    void feed(MarkdownStream &stream, const std::function<void(const MarkdownPatch &)> &appended = {}) const;

private:
    QCommandLineOption m_split;
    QCommandLineOption m_splitEach;
    QByteArray m_text;
    qsizetype m_pieceSize = 0;
};

} // namespace rivulet::cli
