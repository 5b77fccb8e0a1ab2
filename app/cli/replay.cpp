// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay.h"

#include "app/cli/console.h"
#include "app/cli/eventjson.h"
#include "app/cli/recording.h"
#include "app/cli/summary.h"
#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qfile.h>

#include <algorithm>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

enum class Printed { Text, Events, Summary };

// What the command line asks for.
struct Replay
{
    DialectId dialect;
    Recording recording;
    qsizetype pieceSize;
    Printed output;
};

void printEvent(const StreamEvent &event, Printed output)
{
    if (output == Printed::Events) {
        printLine(toJson(event));
    } else if (output == Printed::Text) {
        if (const auto *text = std::get_if<event::Text>(&event.payload))
            print(text->text.toUtf8());
    }
}

ExitCode play(const Replay &replay)
{
    ResponseReader reader(makeDialect(replay.dialect));
    // Where each piece is a frame, the events of a summary must not depend on the pieces.
    const bool gathers = replay.output == Printed::Summary && reader.dialect().framing() == Framing::Text;
    Summary summary;
    StreamEvents events;
    const auto take = [&] {
        if (gathers)
            coalesce(events);
        for (const StreamEvent &event : std::as_const(events)) {
            summary.add(event);
            printEvent(event, replay.output);
        }
        events.clear();
    };

    reader.head(replay.recording.head);
    const QByteArrayView body(replay.recording.body);
    for (qsizetype at = 0; at < body.size(); at += replay.pieceSize) {
        reader.feed(body.sliced(at, std::min(replay.pieceSize, body.size() - at)), events);
        if (!gathers)
            take();
    }
    reader.finish(ResponseReader::End::Clean, events);
    take();

    const bool complete = reader.completeness() == Completeness::Complete;
    if (replay.output == Printed::Summary)
        printLine(summary.toJson(complete, {}, reader.unknownFrames()));
    else if (replay.output == Printed::Text)
        print("\n");
    if (const auto &error = summary.error()) {
        if (replay.output == Printed::Text)
            printError(error->message);
        return Failed;
    }
    return complete ? Done : Incomplete;
}

} // namespace

ExitCode runReplay(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Replays a recorded response body and prints what it means."));
    parser.addPositionalArgument(u"FILE"_s, tr("The recorded body."), u"FILE"_s);
    const QCommandLineOption dialect(u"dialect"_s, tr("The protocol that it speaks."), tr("name"));
    const QCommandLineOption split(u"split"_s, tr("Feeds pieces of that many bytes."), tr("bytes"));
    const QCommandLineOption splitEach(u"split-each"_s, tr("Feeds one byte at a time."));
    const QCommandLineOption contentType(u"content-type"_s, tr("The content type that it came with."),
                                         tr("type"));
    const QCommandLineOption status(u"status"_s, tr("The HTTP status that it came with."), tr("code"),
                                    u"200"_s);
    const QCommandLineOption framing(
        u"framing"_s,
        tr("How the file holds it: \"body\" as it came, \"payloads\" one a line, \"json-array\" of them, or "
           "\"httprr\" traces."),
        tr("form"), u"body"_s);
    const QCommandLineOption json(u"json"_s, tr("Prints each event as a line of JSON."));
    const QCommandLineOption summary(u"summary"_s, tr("Prints what it amounts to as one line of JSON."));
    parser.addOptions({dialect, split, splitEach, contentType, status, framing, json, summary});
    if (const auto code = parse(parser, arguments))
        return *code;

    const auto wrong = [](const QString &message) {
        printError(message);
        return LocalError;
    };
    if (parser.positionalArguments().size() != 1)
        return wrong(tr("replay takes one FILE"));
    const auto id = dialectFromName(parser.value(dialect));
    if (!id)
        return wrong(
            tr("\"%1\" is not a dialect; \"rivulet-cli dialects\" lists them").arg(parser.value(dialect)));
    if (parser.isSet(json) && parser.isSet(summary))
        return wrong(tr("--json and --summary exclude each other"));

    bool isNumber = false;
    const int code = parser.value(status).toInt(&isNumber);
    if (!isNumber || code < 100 || code > 999)
        return wrong(tr("--status needs an HTTP status"));
    QFile file(parser.positionalArguments().first());
    if (!file.open(QIODevice::ReadOnly))
        return wrong(tr("cannot read %1: %2").arg(file.fileName(), file.errorString()));

    const auto form = recordingFormFromName(parser.value(framing));
    if (!form)
        return wrong(tr("\"%1\" is not a form that replay reads").arg(parser.value(framing)));
    auto recording = readRecording(file.readAll(), *form, makeDialect(*id)->framing());
    if (!recording)
        return wrong(recording.error());
    if (parser.isSet(status))
        recording->head.status = code;
    if (parser.isSet(contentType))
        recording->head.contentType = parser.value(contentType).toLatin1();

    Replay replay{.dialect = *id,
                  .recording = *std::move(recording),
                  .pieceSize = qsizetype{64} * 1024,
                  .output = parser.isSet(json) ? Printed::Events
                      : parser.isSet(summary)  ? Printed::Summary
                                               : Printed::Text};
    if (parser.isSet(splitEach)) {
        replay.pieceSize = 1;
    } else if (parser.isSet(split)) {
        replay.pieceSize = parser.value(split).toLongLong(&isNumber);
        if (!isNumber || replay.pieceSize < 1)
            return wrong(tr("--split needs a number of bytes"));
    }
    return play(replay);
}

} // namespace rivulet::cli
