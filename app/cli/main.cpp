// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/ask.h"
#include "app/cli/chat.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/conversations.h"
#include "app/cli/dialects.h"
#include "app/cli/doctor.h"
#include "app/cli/html.h"
#include "app/cli/replay.h"
#include "app/cli/rows.h"
#include "app/cli/search.h"
#include "app/cli/servedemo.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <iterator>

namespace {

using namespace rivulet::cli;
using namespace Qt::StringLiterals;

// In the order in which help lists them.
constexpr Command commands[] = {
    {"ask", QT_TRANSLATE_NOOP("cli", "Streams one answer to standard output as it comes."), &runAsk},
    {"chat", QT_TRANSLATE_NOOP("cli", "A conversation in the terminal."), &runChat},
    {"conversations", QT_TRANSLATE_NOOP("cli", "Lists the stored conversations."), &runConversations},
    {"search", QT_TRANSLATE_NOOP("cli", "Looks for words in the stored conversations."), &runSearch},
    {"serve-demo", QT_TRANSLATE_NOOP("cli", "Runs the demo server alone."), &runServeDemo},
    {"doctor", QT_TRANSLATE_NOOP("cli", "Prints versions, places and the state of everything, for a report."),
     &runDoctor},
    {"replay", QT_TRANSLATE_NOOP("cli", "Replays a recorded response body and prints what it means."),
     &runReplay},
    {"dialects", QT_TRANSLATE_NOOP("cli", "Lists the dialects' names."), &runDialects},
    {"html", QT_TRANSLATE_NOOP("cli", "Prints a markdown text as HTML."), &runHtml},
    {"rows", QT_TRANSLATE_NOOP("cli", "Prints the transcript rows of a markdown text as JSON."), &runRows},
};

void printHelp()
{
    QString help = tr("Usage: rivulet-cli COMMAND [OPTIONS]\n\nCommands:\n");
    for (const Command &command : commands)
        help += u"  "_s + QLatin1StringView(command.name).toString().leftJustified(14) + tr(command.summary)
            + u'\n';
    help += tr("\n\"rivulet-cli COMMAND --help\" explains one of them.\n");
    print(help.toLocal8Bit());
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"rivulet-cli"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(RIVULET_VERSION));

    QStringList arguments = QCoreApplication::arguments().sliced(1);
    const QString name = arguments.value(0);
    if (name == u"--version" || name == u"-v") {
        printLine("rivulet-cli " RIVULET_VERSION);
        return Done;
    }
    if (name == u"--help" || name == u"-h" || name == u"help") {
        printHelp();
        return Done;
    }

    const auto command = std::ranges::find_if(
        commands, [&](const Command &row) { return name == QLatin1StringView(row.name); });
    if (command == std::end(commands)) {
        printError(name.isEmpty()
                       ? tr("a command is missing; \"rivulet-cli --help\" lists them")
                       : tr("there is no command \"%1\"; \"rivulet-cli --help\" lists them").arg(name));
        return LocalError;
    }
    arguments.first().prepend(u"rivulet-cli ");
    return command->run(arguments);
}
