// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/conversations.h"

#include "app/cli/console.h"
#include "app/cli/jsonwriter.h"
#include "app/cli/storage.h"
#include "app/shell/wording.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qfile.h>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

QByteArray jsonOf(const ConversationSummary &conversation)
{
    JsonObjectWriter out;
    out.number("id", static_cast<qint64>(conversation.id)).string("title", conversation.title);
    out.string("created", conversation.created.toUTC().toString(Qt::ISODateWithMs));
    out.string("changed", conversation.changed.toUTC().toString(Qt::ISODateWithMs));
    return out.text();
}

QByteArray lineOf(const ConversationSummary &conversation)
{
    return QByteArray::number(static_cast<qint64>(conversation.id)) + "  "
        + conversation.changed.toLocalTime().toString(u"yyyy-MM-dd HH:mm"_s).toLatin1() + "  "
        + forOutput(conversation.title);
}

} // namespace

ExitCode runConversations(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Lists the stored conversations, the last changed first."));
    const QCommandLineOption json(u"json"_s, tr("Prints each as a line of JSON."));
    parser.addOption(json);
    if (const auto code = parse(parser, arguments))
        return *code;
    if (!parser.positionalArguments().isEmpty()) {
        printError(tr("conversations takes no arguments"));
        return LocalError;
    }

    const Paths paths = userPaths();
    if (!QFile::exists(paths.databaseFile()))
        return Done;
    const auto storage = Storage::open(paths);
    if (!storage) {
        printError(tr("%1 The conversations can not be read from here.").arg(storage.error()));
        return LocalError;
    }
    SqliteStore &store = (*storage)->store();
    const bool asJson = parser.isSet(json);
    store.conversations().then(&store, [asJson](const StoreResult<QList<ConversationSummary>> &loaded) {
        if (!loaded) {
            printError(wordsFor(Mishap(loaded.error())).title);
            QCoreApplication::exit(LocalError);
            return;
        }
        for (const ConversationSummary &conversation : *loaded)
            printLine(asJson ? jsonOf(conversation) : lineOf(conversation));
        QCoreApplication::exit(Done);
    });
    return ExitCode(QCoreApplication::exec());
}

} // namespace rivulet::cli
