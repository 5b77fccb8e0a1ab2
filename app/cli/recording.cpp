// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/recording.h"

#include "app/cli/command.h"

#include <QtCore/qendian.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <utility>

#include <zlib.h>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array forms{
    std::pair{"body"_L1, RecordingForm::Body}, std::pair{"payloads"_L1, RecordingForm::Payloads},
    std::pair{"httprr"_L1, RecordingForm::HttpTrace}, std::pair{"json-array"_L1, RecordingForm::JsonArray}};

Recording succeeded(const QByteArray &body, Framing framing)
{
    return {.head = {.status = 200, .contentType = contentTypeOf(framing), .headers = {}}, .body = body};
}

QByteArray bigEndian(quint32 number)
{
    QByteArray bytes(sizeof number, Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

QByteArray checksum(const QByteArray &bytes)
{
    return bigEndian(static_cast<quint32>(
        ::crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), static_cast<uInt>(bytes.size()))));
}

QByteArray textHeader(const QByteArray &name, const QByteArray &value)
{
    return static_cast<char>(name.size()) + name + '\7'
        + bigEndian(static_cast<quint32>(value.size())).last(2) + value;
}

// One frame of Amazon's eventstream from its payload, which names the event: {"messageStop": {…}}.
QByteArray eventStreamFrame(const QByteArray &payload)
{
    const QJsonObject named = QJsonDocument::fromJson(payload).object();
    if (named.isEmpty())
        return {};
    const QByteArray headers =
        textHeader(":message-type", "event") + textHeader(":event-type", named.begin().key().toUtf8());
    const QByteArray data = QJsonDocument(named.begin().value().toObject()).toJson(QJsonDocument::Compact);
    const qsizetype size = 16 + headers.size() + data.size();
    const QByteArray lengths =
        bigEndian(static_cast<quint32>(size)) + bigEndian(static_cast<quint32>(headers.size()));
    const QByteArray checked = lengths + checksum(lengths) + headers + data;
    return checked + checksum(checked);
}

QByteArray framed(const QByteArray &payload, Framing framing)
{
    switch (framing) {
    case Framing::Sse:
        return "data: " + payload + "\n\n";
    case Framing::AwsEventStream:
        return eventStreamFrame(payload);
    case Framing::Lines:
    case Framing::Text:
        return payload + '\n';
    }
    Q_UNREACHABLE_RETURN(payload);
}

QByteArray compact(const QJsonValue &value)
{
    const QByteArray text =
        QJsonDocument(value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject()))
            .toJson(QJsonDocument::Compact);
    return text;
}

// What the server said in one recorded message: nothing where the client said it. A line that is in no
// envelope stands for itself.
QByteArray receivedMessage(const QByteArray &line)
{
    const QJsonObject envelope = QJsonDocument::fromJson(line).object();
    const QString direction = envelope["dir"_L1].toString();
    const bool isReceived = direction == "received"_L1 || direction == "recv"_L1;
    if (!isReceived && direction != "sent"_L1 && direction != "send"_L1)
        return line + '\n';
    const QJsonValue data = envelope[envelope.contains("data"_L1) ? "data"_L1 : "message"_L1];
    if (!isReceived || data.isUndefined())
        return {};
    if (!data.isString())
        return compact(data) + '\n';
    return data.toString().toUtf8().replace('\n', ' ') + '\n';
}

QByteArray receivedMessages(const QByteArray &lines)
{
    const bool lastIsWhole = lines.endsWith('\n');
    QByteArray body;
    for (const QByteArray &line : lines.split('\n')) {
        if (!line.trimmed().isEmpty())
            body += receivedMessage(line);
    }
    if (!lastIsWhole)
        body.chop(1);
    return body;
}

QByteArray payloadLines(const QByteArray &lines, Framing framing)
{
    QByteArray stream;
    for (const QByteArray &line : lines.split('\n')) {
        const QByteArray payload = line.trimmed();
        if (!payload.isEmpty())
            stream += framed(payload, framing);
    }
    return stream;
}

std::expected<Recording, QString> jsonArray(QByteArray file, Framing framing)
{
    if (file.startsWith("\xEF\xBB\xBF"))
        file.remove(0, 3);
    const QJsonDocument document = QJsonDocument::fromJson(file);
    if (!document.isArray())
        return std::unexpected(tr("the file is no JSON array"));
    QByteArray stream;
    const QJsonArray payloads = document.array();
    for (const QJsonValueConstRef payload : payloads)
        stream += framed(compact(QJsonValue(payload)), framing);
    return succeeded(stream, framing);
}

std::expected<Recording, QString> response(const QByteArray &bytes)
{
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    const QList<QByteArray> words = bytes.left(bytes.indexOf("\r\n")).split(' ');
    if (headEnd < 0 || words.size() < 2 || !words.first().startsWith("HTTP/"))
        return std::unexpected(tr("the trace holds no HTTP response"));
    Recording recording{.head = {.status = words[1].toInt(), .contentType = {}, .headers = {}},
                        .body = bytes.sliced(headEnd + 4)};
    const QList<QByteArray> lines = bytes.left(headEnd).split('\n');
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0)
            continue;
        const QByteArray name = line.left(colon).toLower();
        const QByteArray value = line.sliced(colon + 1).trimmed();
        if (name == "content-type")
            recording.head.contentType = value;
        recording.head.headers.append({name, value});
    }
    return recording;
}

// After a first line each exchange is announced by the sizes of its request and its response. The last
// response counts: what comes before it prepared it.
std::expected<Recording, QString> httpTrace(const QByteArray &file)
{
    if (!file.startsWith("httprr trace v1\n"))
        return std::unexpected(tr("the file is no httprr trace"));
    qsizetype at = file.indexOf('\n') + 1;
    QByteArray last;
    while (at < file.size()) {
        const qsizetype lineEnd = file.indexOf('\n', at);
        const QList<QByteArray> sizes =
            lineEnd < 0 ? QList<QByteArray>() : file.sliced(at, lineEnd - at).split(' ');
        bool isNumber = sizes.size() == 2;
        const qsizetype request = isNumber ? sizes[0].toLongLong(&isNumber) : 0;
        const qsizetype answer = isNumber ? sizes[1].toLongLong(&isNumber) : 0;
        const qsizetype rest = file.size() - lineEnd - 1;
        if (!isNumber || request < 0 || answer < 0 || request > rest || answer > rest - request)
            return std::unexpected(tr("the trace is damaged"));
        last = file.sliced(lineEnd + 1 + request, answer);
        at = lineEnd + 1 + request + answer;
    }
    return response(last);
}

} // namespace

std::optional<RecordingForm> recordingFormFromName(QStringView name)
{
    const auto form = std::ranges::find_if(forms, [&](const auto &known) { return name == known.first; });
    return form == forms.end() ? std::nullopt : std::optional(form->second);
}

std::expected<Recording, QString> readRecording(const QByteArray &file, RecordingForm form, Framing framing)
{
    switch (form) {
    case RecordingForm::Body:
        return succeeded(framing == Framing::Lines ? receivedMessages(file) : file, framing);
    case RecordingForm::Payloads:
        return succeeded(payloadLines(file, framing), framing);
    case RecordingForm::HttpTrace:
        return httpTrace(file);
    case RecordingForm::JsonArray:
        return jsonArray(file, framing);
    }
    Q_UNREACHABLE_RETURN(succeeded(file, framing));
}

} // namespace rivulet::cli
