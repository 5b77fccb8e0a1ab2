// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/search.h"

#include "app/cli/console.h"
#include "app/cli/jsonwriter.h"
#include "app/shell/paths.h"
#include "app/shell/wording.h"
#include "models/store/sqlitesearch.h"

#include <QtCore/qcommandlineparser.h>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int usualLimit = 50;

QByteArray nameOf(ChatRole role)
{
    return role == ChatRole::User ? "user"_ba : "assistant"_ba;
}

QByteArray jsonOf(const SearchHit &hit)
{
    QByteArray matches;
    for (const TextRange &match : hit.snippet.matches) {
        matches += matches.isEmpty() ? "[" : ",[";
        matches += QByteArray::number(match.begin) + ',' + QByteArray::number(match.end) + ']';
    }
    JsonObjectWriter out;
    out.number("conversation", static_cast<qint64>(hit.conversation));
    out.number("message", static_cast<qint64>(hit.message));
    out.string("title", hit.title);
    out.string("role", QString::fromLatin1(nameOf(hit.role)));
    out.string("created", hit.created.toUTC().toString(Qt::ISODateWithMs));
    out.string("snippet", hit.snippet.text);
    out.json("matches", QByteArray('[' + matches + ']'));
    return out.text();
}

QByteArray lineOf(const SearchHit &hit)
{
    return QByteArray::number(static_cast<qint64>(hit.conversation)) + "  "
        + hit.created.toLocalTime().toString(u"yyyy-MM-dd HH:mm"_s).toLatin1() + "  " + nameOf(hit.role)
        + "  " + forOutput(hit.title) + "\n    " + forOutput(hit.snippet.text);
}

void finish(const StoreResult<SearchPage> &found, bool asJson)
{
    if (!found) {
        printError(wordsFor(Mishap(found.error())).title);
        QCoreApplication::exit(LocalError);
        return;
    }
    for (const SearchHit &hit : found->hits)
        printLine(asJson ? jsonOf(hit) : lineOf(hit));
    if (found->isIndexing)
        printError(
            tr("older messages are not searchable yet; they will be once Rivulet has run for a while"));
    QCoreApplication::exit(Done);
}

} // namespace

ExitCode runSearch(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Looks for words in the stored conversations, the newest messages first. Besides words, QUERY may "
           "have \"words in quotes\", -word, from:user, from:assistant, in:\"words of the title\", "
           "after:2026-01-31, before:2026-01-31, has:code and model:name. What begins with a hyphen follows "
           "--."));
    parser.addPositionalArgument(u"query"_s, tr("What to look for."), u"QUERY"_s);
    const QCommandLineOption json(u"json"_s, tr("Prints each message that was found as a line of JSON."));
    const QCommandLineOption limit(u"limit"_s, tr("At most that many messages."), u"N"_s,
                                   QString::number(usualLimit));
    parser.addOptions({json, limit});
    if (const auto code = parse(parser, arguments))
        return *code;
    const SearchQuery query = parseSearch(parser.positionalArguments().join(u' '));
    if (query.isEmpty()) {
        printError(tr("what to look for is missing"));
        return LocalError;
    }
    bool isNumber = false;
    const int count = parser.value(limit).toInt(&isNumber);
    if (!isNumber || count < 1) {
        printError(tr("--limit takes a positive number"));
        return LocalError;
    }

    SqliteSearch search(userPaths().databaseFile());
    const bool asJson = parser.isSet(json);
    search.search(query, count).then(&search, [asJson](const StoreResult<SearchPage> &found) {
        finish(found, asJson);
    });
    return ExitCode(QCoreApplication::exec());
}

} // namespace rivulet::cli
