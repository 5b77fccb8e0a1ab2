// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/servedemo.h"

#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "net/demo/demoserver.h"

#include <QtCore/qcommandlineparser.h>

#include <limits>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

ExitCode runServeDemo(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Runs the demo server on this computer and prints its address. Ctrl-C stops it."));
    const QCommandLineOption port(u"port"_s, tr("Where to listen; a free port by default."), tr("number"),
                                  u"0"_s);
    const QCommandLineOption rate(u"rate"_s, tr("Tokens per second; 0 is as fast as they are taken."),
                                  tr("number"));
    parser.addOptions({port, rate});
    if (const auto code = parse(parser, arguments))
        return *code;

    const auto wrong = [](const QString &message) {
        printError(message);
        return LocalError;
    };
    if (!parser.positionalArguments().isEmpty())
        return wrong(tr("serve-demo takes no arguments"));
    bool isNumber = false;
    const quint16 number = parser.value(port).toUShort(&isNumber);
    if (!isNumber)
        return wrong(tr("--port needs a number up to %1").arg(std::numeric_limits<quint16>::max()));

    DemoServer server;
    if (parser.isSet(rate)) {
        const double tokens = parser.value(rate).toDouble(&isNumber);
        if (!isNumber || tokens < 0)
            return wrong(tr("--rate needs a number"));
        server.setTokensPerSecond(tokens);
    }
    if (!server.start(number))
        return wrong(tr("can not listen on port %1: %2").arg(number).arg(server.errorString()));

    const Interrupt interrupt;
    QObject::connect(&interrupt, &Interrupt::requested, &server, [] { QCoreApplication::exit(Stopped); });
    // The default comes first and alone, so that scripts find it.
    printLine(server.baseUrl().toEncoded());
    printLine(QByteArray("agent-ws " + server.agentUrl().toEncoded()));
    printLine(QByteArray("duplex-ws " + server.duplexUrl().toEncoded()));
    return ExitCode(QCoreApplication::exec());
}

} // namespace rivulet::cli
