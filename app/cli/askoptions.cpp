// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/askoptions.h"

#include "app/cli/console.h"
#include "net/dialects/dialectregistry.h"

#include <QtCore/qcommandlineparser.h>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

std::expected<AskOptions, ExitCode> AskOptions::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Streams one answer to standard output as it comes. Ctrl-C stops it."));
    parser.addPositionalArgument(u"PROMPT"_s, tr("What to ask; read from standard input when absent."),
                                 u"[PROMPT]"_s);
    const QCommandLineOption provider(
        u"provider"_s, tr("Who is asked: the demo, a preset or one of your own."), tr("id"), u"demo"_s);
    const QCommandLineOption dialect(u"dialect"_s, tr("The protocol of the server at --url."), tr("name"),
                                     u"openai-chat"_s);
    const QCommandLineOption url(u"url"_s, tr("The base address of a server, often ending in /v1."),
                                 tr("url"));
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
    parser.addOptions(
        {provider, dialect, url, model, keyVariable, system, conversation, noStore, json, summary});
    if (const auto code = cli::parse(parser, arguments))
        return std::unexpected(*code);

    const auto wrong = [](const QString &message) {
        printError(message);
        return std::unexpected(LocalError);
    };
    const QStringList prompts = parser.positionalArguments();
    if (prompts.size() > 1)
        return wrong(tr("ask takes one PROMPT; put quotes around it"));
    if (parser.isSet(json) && parser.isSet(summary))
        return wrong(tr("--json and --summary exclude each other"));
    if (parser.isSet(url) && parser.isSet(provider))
        return wrong(tr("--provider and --url exclude each other"));
    if (parser.isSet(dialect) && !parser.isSet(url))
        return wrong(tr("--dialect needs --url"));
    if (parser.isSet(conversation) && parser.isSet(noStore))
        return wrong(tr("--conversation and --no-store exclude each other"));

    AskOptions options{
        .model = parser.value(model),
        .keyVariable = parser.value(keyVariable),
        .system = parser.value(system),
        .prompt = prompts.value(0),
        .keep = !parser.isSet(noStore),
        .output = parser.isSet(json) ? Output::Events
            : parser.isSet(summary)  ? Output::Summary
                                     : Output::Text,
    };
    if (parser.isSet(url)) {
        options.dialect = dialectFromName(parser.value(dialect));
        if (!options.dialect)
            return wrong(tr("\"%1\" is not a dialect; \"rivulet-cli dialects\" lists them")
                             .arg(parser.value(dialect)));
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
