// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/typedcommand.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

std::expected<ProgramCommand, QString> commandFrom(const QString &typed)
{
    const QStringList words = QProcess::splitCommand(typed);
    if (words.isEmpty())
        return ProgramCommand{};
    const QString &name = words.constFirst();
    const QFileInfo file(name);
    const bool isPath = QDir::isAbsolutePath(name);
    const QString program = isPath ? (file.isFile() && file.isExecutable() ? name : QString())
                                   : QStandardPaths::findExecutable(name);
    if (program.isEmpty())
        return std::unexpected(
            QCoreApplication::translate("rivulet::ProviderEditor", "There is no program “%1”.").arg(name));
    return ProgramCommand{.program = program, .arguments = words.sliced(1)};
}

QString toText(const ProgramCommand &command)
{
    if (command.program.isEmpty())
        return {};
    QStringList words;
    for (QString word : QStringList{command.program} + command.arguments) {
        const bool isPlain =
            !word.isEmpty() && std::ranges::none_of(word, [](QChar c) { return c.isSpace() || c == u'"'; });
        words.append(isPlain ? word : u'"' + word.replace(u'"', u"\"\"\""_s) + u'"');
    }
    return words.join(u' ');
}

} // namespace rivulet
