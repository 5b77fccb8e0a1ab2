// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstringlist.h>

namespace rivulet::cli {

/// What the program's exit code tells a script.
enum ExitCode : int {
    Done = 0,       ///< done and complete
    LocalError = 1, ///< wrong usage or a local error, explained on standard error
    Incomplete = 3, ///< the stream ended without its protocol's own end marker
    Failed = 4,     ///< the stream failed; the error was printed
    Stopped = 130,  ///< stopped by the user
};

/// One of the program's commands, a row of the table in main.cpp.
struct Command
{
    const char *name;
    const char *summary; ///< one line for people, marked with QT_TRANSLATE_NOOP("cli", …)

    /// Runs to its end with a QCoreApplication in place. `arguments` starts with what stands for the
    /// program's name, such as "rivulet-cli replay", as QCommandLineParser wants it.
    ExitCode (*run)(const QStringList &arguments);
};

/// Translates the command line's own wording.
[[nodiscard]] inline QString tr(const char *text)
{
    return QCoreApplication::translate("cli", text);
}

} // namespace rivulet::cli
