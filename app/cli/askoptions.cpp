// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/askoptions.h"

#include "app/cli/console.h"
#include "net/dialects/dialectregistry.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qstandardpaths.h>

#include <algorithm>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

// Where a program is that is named as in a shell: by a path, or found on PATH.
QString programAt(const QString &name)
{
    if (name.contains(u'/') || QDir::isAbsolutePath(name)) {
        const QFileInfo file(name);
        return file.isFile() && file.isExecutable() ? file.absoluteFilePath() : QString();
    }
    return QStandardPaths::findExecutable(name);
}

// Each NAME=VALUE by its name; the error says which one the dialect does not know, and what it knows.
std::expected<QMap<QString, QString>, QString> dialectOptions(const QStringList &given, DialectId dialect)
{
    const QList<DialectOption> known = makeDialect(dialect)->options();
    QMap<QString, QString> options;
    for (const QString &each : given) {
        const QString name = each.section(u'=', 0, 0);
        if (!each.contains(u'='))
            return std::unexpected(
                tr("--option needs a name and a value, as in name=value; not \"%1\"").arg(each));
        if (std::ranges::none_of(known, [&](const DialectOption &option) { return option.name == name; })) {
            QStringList names;
            for (const DialectOption &option : known)
                names.append(option.name);
            return std::unexpected(
                names.isEmpty() ? tr("the dialect \"%1\" has no settings of its own").arg(toName(dialect))
                                : tr("\"%1\" is no setting of the dialect \"%2\"; there are: %3")
                                      .arg(name, toName(dialect), names.join(u", ")));
        }
        options.insert(name, each.section(u'=', 1));
    }
    return options;
}

} // namespace

std::expected<AskOptions, ExitCode> AskOptions::parse(const QStringList &arguments, Form form)
{
    QCommandLineParser parser;
    if (form == Form::Question) {
        parser.setApplicationDescription(
            tr("Streams one answer to standard output as it comes. Ctrl-C stops it."));
        parser.addPositionalArgument(u"PROMPT"_s, tr("What to ask; read from standard input when absent."),
                                     u"[PROMPT]"_s);
    } else {
        parser.setApplicationDescription(
            tr("A conversation in the terminal. Enter sends; a line typed while the answer comes gives it "
               "another course; Ctrl-C stops it, and leaves where nothing comes."));
    }
    const QCommandLineOption provider(
        u"provider"_s, tr("Who is asked: the demo, a preset or one of your own."), tr("id"), u"demo"_s);
    const QCommandLineOption dialect(
        u"dialect"_s, tr("The protocol of --url (without it openai-chat) or --command (stream-json)."),
        tr("name"));
    const QCommandLineOption url(u"url"_s, tr("The base address of a server, often ending in /v1."),
                                 tr("url"));
    const QCommandLineOption command(
        u"command"_s, tr("A local program that answers over its standard input and output."), tr("program"));
    const QCommandLineOption argument(u"arg"_s, tr("An argument for --command; may be repeated."),
                                      tr("text"));
    const QCommandLineOption option(u"option"_s, tr("A setting of the dialect; may be repeated."),
                                    tr("name=value"));
    const QCommandLineOption model(u"model"_s, tr("The model that answers."), tr("name"));
    const QCommandLineOption keyVariable(u"key-env"_s, tr("The environment variable that holds the key."),
                                         tr("variable"));
    const QCommandLineOption system(u"system"_s, tr("Instructions that go before the conversation."),
                                    tr("text"));
    const QCommandLineOption conversation(u"conversation"_s, tr("Goes on with that stored conversation."),
                                          tr("id"));
    const QCommandLineOption noStore(u"no-store"_s, tr("Keeps nothing on the disk."));
    const QCommandLineOption json(u"json"_s, tr("Prints each event as a line of JSON."));
    const QCommandLineOption summary(
        u"summary"_s, tr("Prints what it amounts to as one line of JSON, with how it arrived in numbers."));
    parser.addOptions({provider, dialect, url, command, argument, option, model, keyVariable, system,
                       conversation, noStore});
    if (form == Form::Question)
        parser.addOptions({json, summary});
    if (const auto code = cli::parse(parser, arguments))
        return std::unexpected(*code);

    const auto wrong = [](const QString &message) {
        printError(message);
        return std::unexpected(LocalError);
    };
    const QStringList prompts = parser.positionalArguments();
    if (form == Form::Conversation && !prompts.isEmpty())
        return wrong(tr("chat takes no PROMPT: type it once it runs"));
    if (prompts.size() > 1)
        return wrong(tr("ask takes one PROMPT; put quotes around it"));
    const bool asEvents = form == Form::Question && parser.isSet(json);
    const bool asSummary = form == Form::Question && parser.isSet(summary);
    if (asEvents && asSummary)
        return wrong(tr("--json and --summary exclude each other"));
    if (int(parser.isSet(url)) + int(parser.isSet(command)) + int(parser.isSet(provider)) > 1)
        return wrong(tr("--provider, --url and --command exclude each other"));
    if (parser.isSet(dialect) && !parser.isSet(url) && !parser.isSet(command))
        return wrong(tr("--dialect needs --url or --command"));
    if (parser.isSet(argument) && !parser.isSet(command))
        return wrong(tr("--arg needs --command"));
    if (parser.isSet(option) && !parser.isSet(url) && !parser.isSet(command))
        return wrong(tr("--option needs --url or --command"));
    if (parser.isSet(conversation) && parser.isSet(noStore))
        return wrong(tr("--conversation and --no-store exclude each other"));

    AskOptions options{
        .model = parser.value(model),
        .keyVariable = parser.value(keyVariable),
        .system = parser.value(system),
        .prompt = prompts.value(0),
        .keep = !parser.isSet(noStore),
        .output = asEvents ? Output::Events
            : asSummary    ? Output::Summary
                           : Output::Text,
    };
    if (parser.isSet(url) || parser.isSet(command)) {
        options.dialect = parser.isSet(dialect) ? dialectFromName(parser.value(dialect))
            : parser.isSet(command)             ? DialectId::StreamJson
                                                : DialectId::OpenAiChat;
        if (!options.dialect)
            return wrong(tr("\"%1\" is not a dialect; \"rivulet-cli dialects\" lists them")
                             .arg(parser.value(dialect)));
        auto given = dialectOptions(parser.values(option), *options.dialect);
        if (!given)
            return wrong(given.error());
        options.options = *std::move(given);
    }
    if (parser.isSet(command)) {
        if (!makeDialect(*options.dialect)->runsPrograms())
            return wrong(
                tr("the dialect \"%1\" does not speak to local programs").arg(toName(*options.dialect)));
        options.program = programAt(parser.value(command));
        if (options.program.isEmpty())
            return wrong(tr("there is no program \"%1\"").arg(parser.value(command)));
        options.arguments = parser.values(argument);
    } else if (parser.isSet(url)) {
        options.url = QUrl(parser.value(url), QUrl::StrictMode);
        if (!options.url.isValid() || options.url.host().isEmpty())
            return wrong(
                tr("\"%1\" is not an address such as https://api.example.com/v1").arg(parser.value(url)));
    } else {
        options.provider = parser.value(provider);
    }
    if (!options.keyVariable.isEmpty() && qEnvironmentVariableIsEmpty(qPrintable(options.keyVariable)))
        return wrong(tr("the environment variable %1 is not set").arg(options.keyVariable));
    if (parser.isSet(conversation)) {
        bool isNumber = false;
        options.conversation = parser.value(conversation).toLongLong(&isNumber);
        if (!isNumber)
            return wrong(tr("--conversation needs a number; \"rivulet-cli conversations\" lists them"));
    }
    if (prompts.size() == 1 && options.prompt.trimmed().isEmpty())
        return wrong(tr("the PROMPT is empty"));
    return options;
}

} // namespace rivulet::cli
