// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <expected>

namespace rivulet {

/// A local program with its arguments.
struct ProgramCommand
{
    QString program; ///< absolute path; empty where there is no command
    QStringList arguments;
};

/// The command that people mean by what they typed (words in quotes may hold spaces), or what is wrong with
/// it, in words. A program without a path is looked for as a terminal does. Nothing typed is no command.
[[nodiscard]] std::expected<ProgramCommand, QString> commandFrom(const QString &typed);

/// What commandFrom() reads the same command from.
[[nodiscard]] QString toText(const ProgramCommand &command);

} // namespace rivulet
