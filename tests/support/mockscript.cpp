// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockscript.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <array>

namespace rivulet::test {

using namespace Qt::StringLiterals;

namespace {

QByteArray bytesOf(const QJsonValue &value)
{
    return value.toString().toUtf8();
}

HttpHeaders headersOf(const QJsonValue &value)
{
    HttpHeaders headers;
    const QJsonObject object = value.toObject();
    for (auto header = object.begin(); header != object.end(); ++header)
        headers.append({header.key().toLatin1(), bytesOf(header.value())});
    return headers;
}

// One step: an object whose first known member says what it is. True is the value of those that need none.
struct StepRow
{
    QLatin1StringView name;
    QJsonValue::Type type;
    void (*add)(MockAnswer &answer, const QJsonObject &step, const QJsonValue &value);
};

constexpr auto StepRows = std::to_array<StepRow>({
    {"head"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &step, const QJsonValue &value) {
         answer.head(value.toInt(), headersOf(step["headers"_L1]));
     }},
    {"raw"_L1, QJsonValue::String,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) { answer.raw(bytesOf(value)); }},
    {"rawBase64"_L1, QJsonValue::String,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) {
         answer.raw(QByteArray::fromBase64(bytesOf(value)));
     }},
    {"chunk"_L1, QJsonValue::String,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) { answer.chunk(bytesOf(value)); }},
    {"flood"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) {
         answer.flood(value.toInteger());
     }},
    {"delay"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) {
         answer.delay(std::chrono::milliseconds(value.toInteger()));
     }},
    {"stall"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.wait(); }},
    {"end"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.end(); }},
    {"keep"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.keep(); }},
    {"close"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.close(); }},
    {"reset"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.reset(); }},
    {"accept"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &step, const QJsonValue &) {
         answer.accept(headersOf(step["headers"_L1]));
     }},
    {"text"_L1, QJsonValue::String,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) { answer.text(bytesOf(value)); }},
    {"binaryBase64"_L1, QJsonValue::String,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) {
         answer.binary(QByteArray::fromBase64(bytesOf(value)));
     }},
    {"oversizeFrame"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) {
         answer.oversizeFrame(static_cast<quint64>(value.toInteger()));
     }},
    {"expect"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &value) { answer.expect(value.toInt()); }},
    {"deaf"_L1, QJsonValue::Bool,
     [](MockAnswer &answer, const QJsonObject &, const QJsonValue &) { answer.deaf(); }},
    {"closeWith"_L1, QJsonValue::Double,
     [](MockAnswer &answer, const QJsonObject &step, const QJsonValue &value) {
         answer.closeWith(value.toInt(), bytesOf(step["reason"_L1]));
     }},
});

bool addStep(MockAnswer &answer, const QJsonObject &step)
{
    for (const StepRow &row : StepRows) {
        const QJsonValue value = step[row.name];
        if (value.type() != row.type)
            continue;
        row.add(answer, step, value);
        return true;
    }
    return false;
}

} // namespace

std::expected<MockScript::Entry, QString> MockScript::entryOf(const QJsonObject &object,
                                                              const QString &folder)
{
    Entry entry;
    entry.path = bytesOf(object["path"_L1]);
    if (const QJsonValue file = object["play"_L1]; file.isString()) {
        const QString path = QDir(folder).filePath(file.toString());
        if (!QFileInfo(path).isReadable())
            return std::unexpected(u"can not read %1"_s.arg(path));
        entry.stream =
            recordedStream(path, bytesOf(object["contentType"_L1].toString(u"text/event-stream"_s)));
        entry.stream->pause = std::chrono::milliseconds(object["pause"_L1].toInteger());
        entry.stream->pieceSize = object["pieceSize"_L1].toInteger();
        entry.awaitsMessage = object["awaitsMessage"_L1].toBool();
        const QString name = object["fault"_L1].toString(u"none"_s);
        const auto fault = faultFromName(name);
        if (!fault)
            return std::unexpected(u"no fault is named %1"_s.arg(name));
        entry.fault = *fault;
        return entry;
    }
    if (!object["steps"_L1].isArray())
        return std::unexpected(u"an answer needs \"steps\" or \"play\""_s);
    const QJsonArray steps = object["steps"_L1].toArray();
    for (const QJsonValueConstRef step : steps) {
        if (!addStep(entry.steps, step.toObject())) {
            const QByteArray shown = QJsonDocument(step.toObject()).toJson(QJsonDocument::Compact);
            return std::unexpected(u"there is no such step: %1"_s.arg(QString::fromUtf8(shown)));
        }
    }
    return entry;
}

std::expected<MockScript, QString> MockScript::fromJson(const QByteArray &json, const QString &folder)
{
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        return std::unexpected(error.errorString());
    MockScript script;
    const QJsonArray answers = root["answers"_L1].toArray();
    for (const QJsonValueConstRef answer : answers) {
        auto entry = entryOf(answer.toObject(), folder);
        if (!entry)
            return std::unexpected(entry.error());
        script.m_entries.push_back(*std::move(entry));
    }
    if (script.m_entries.empty())
        return std::unexpected(u"there are no \"answers\""_s);
    return script;
}

MockAnswer MockScript::answerTo(const ReceivedRequest &request)
{
    const auto nextFor = [this](const QByteArray &path) {
        Entry *last = nullptr;
        for (Entry &entry : m_entries) {
            if (entry.path != path)
                continue;
            last = &entry;
            if (!entry.isUsed)
                break;
        }
        return last;
    };
    Entry *chosen = nextFor(request.path());
    if (!chosen)
        chosen = nextFor({});
    if (!chosen)
        return htmlPage(404);
    chosen->isUsed = true;
    return chosen->stream ? faulty(*chosen->stream, chosen->fault, request, chosen->awaitsMessage)
                          : chosen->steps;
}

} // namespace rivulet::test
