// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// The mock server alone: for trying a client by hand against streams and faults.
#include "net/dialects/dialectregistry.h"
#include "tests/support/mockscript.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qstringconverter.h>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

namespace {

constexpr int WrongUse = 2;

void print(const QJsonObject &line)
{
    const QByteArray json = QJsonDocument(line).toJson(QJsonDocument::Compact);
    std::fprintf(stdout, "%s\n", json.constData());
    std::fflush(stdout);
}

int wrong(const QString &message)
{
    std::fprintf(stderr, "rivulet-mockserver: %s\n", message.toLocal8Bit().constData());
    return WrongUse;
}

// Bytes as text where they are text, so that people can read them.
void insert(QJsonObject &line, QLatin1StringView name, const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(bytes);
    if (decoder.hasError())
        line.insert(QString(name + "Base64"_L1), QString::fromLatin1(bytes.toBase64()));
    else
        line.insert(name, text);
}

void print(const MockServer::Received &received)
{
    QJsonArray headers;
    for (const auto &[name, value] : received.request.headers)
        headers.append(QJsonArray{QString::fromLatin1(name), QString::fromLatin1(value)});
    QJsonObject line{{u"connection"_s, received.connection},
                     {u"method"_s, QString::fromLatin1(received.request.method)},
                     {u"target"_s, QString::fromLatin1(received.request.target)},
                     {u"headers"_s, headers}};
    insert(line, "body"_L1, received.request.body);
    print(line);
}

QString nameOf(WebSocketOpcode opcode)
{
    switch (opcode) {
    case WebSocketOpcode::Continuation:
        return u"continuation"_s;
    case WebSocketOpcode::Text:
        return u"text"_s;
    case WebSocketOpcode::Binary:
        return u"binary"_s;
    case WebSocketOpcode::Close:
        return u"close"_s;
    case WebSocketOpcode::Ping:
        return u"ping"_s;
    case WebSocketOpcode::Pong:
        return u"pong"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

void print(const MockServer::ReceivedMessage &received)
{
    QJsonObject line{{u"connection"_s, received.connection}, {u"frame"_s, nameOf(received.message.opcode)}};
    insert(line, "payload"_L1, received.message.payload);
    print(line);
}

// A single query of agent-ws runs as soon as it is open; everywhere else the client speaks first.
bool awaitsMessage(DialectId dialect, const ReceivedRequest &request)
{
    return dialect != DialectId::AgentWs || request.path().endsWith("/interactive");
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"rivulet-mockserver"_s);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Plays a script, or a recorded stream with a fault, to every client on 127.0.0.1."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"script"_s, u"A script in JSON."_s, u"[SCRIPT.json]"_s);
    const QCommandLineOption port(u"port"_s, u"Where to listen; a free port by default."_s, u"number"_s,
                                  u"0"_s);
    const QCommandLineOption file(u"play"_s, u"A recorded stream to play instead of a script."_s, u"file"_s);
    const QCommandLineOption dialectName(u"dialect"_s, u"Whose stream it is."_s, u"name"_s, u"openai-chat"_s);
    const QCommandLineOption faultName(u"fault"_s, u"What goes wrong; see --faults."_s, u"name"_s, u"none"_s);
    const QCommandLineOption delay(u"delay"_s, u"Milliseconds before each piece."_s, u"number"_s, u"0"_s);
    const QCommandLineOption size(u"piece"_s, u"Bytes of a piece, instead of an event."_s, u"number"_s,
                                  u"0"_s);
    const QCommandLineOption faults(u"faults"_s, u"Lists the faults."_s);
    parser.addOptions({port, file, dialectName, faultName, delay, size, faults});
    parser.process(app);

    if (parser.isSet(faults)) {
        for (const Fault fault : allFaults())
            std::fprintf(stdout, "%s\n", toName(fault).data());
        return 0;
    }
    const QStringList scripts = parser.positionalArguments();
    if (scripts.size() + (parser.isSet(file) ? 1 : 0) != 1)
        return wrong(u"needs one script, or --play with a file"_s);
    const auto numberOf = [&](const QCommandLineOption &option, int most) -> std::optional<int> {
        bool isNumber = false;
        const int number = parser.value(option).toInt(&isNumber);
        return isNumber && number >= 0 && number <= most ? std::optional(number) : std::nullopt;
    };
    const auto portNumber = numberOf(port, 65'535);
    const auto pause = numberOf(delay, 3'600'000);
    const auto pieceSize = numberOf(size, 1 << 30);
    if (!portNumber || !pause || !pieceSize)
        return wrong(u"--port, --delay and --piece need numbers"_s);

    MockServer::Handler handler;
    if (parser.isSet(file)) {
        const auto dialect = dialectFromName(parser.value(dialectName));
        const auto fault = faultFromName(parser.value(faultName));
        if (!dialect || !fault)
            return wrong(dialect ? u"there is no such fault"_s : u"there is no such dialect"_s);
        if (!QFileInfo(parser.value(file)).isReadable())
            return wrong(u"can not read %1"_s.arg(parser.value(file)));
        PlayedStream stream =
            recordedStream(parser.value(file), contentTypeOf(makeDialect(*dialect)->framing()));
        stream.pause = std::chrono::milliseconds(*pause);
        stream.pieceSize = *pieceSize;
        handler = [stream, fault = *fault, dialect = *dialect](const ReceivedRequest &request) {
            return faulty(stream, fault, request, awaitsMessage(dialect, request));
        };
    } else {
        QFile source(scripts.first());
        if (!source.open(QIODevice::ReadOnly))
            return wrong(u"can not read %1"_s.arg(scripts.first()));
        auto script = MockScript::fromJson(source.readAll(), QFileInfo(source).path());
        if (!script)
            return wrong(script.error());
        handler = [script = *std::move(script)](const ReceivedRequest &request) mutable {
            return script.answerTo(request);
        };
    }

    MockServer server(static_cast<quint16>(*portNumber));
    server.setHandler(std::move(handler));
    QObject::connect(&server, &MockServer::requested, &server, [&] { print(server.received().back()); });
    QObject::connect(&server, &MockServer::messageReceived, &server,
                     [&] { print(server.messages().back()); });
    print(QJsonObject{{u"http"_s, server.url().toString()},
                      {u"webSocket"_s, server.webSocketUrl().toString()}});
    return QCoreApplication::exec();
}
