// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/journalcodec.h"

#include <QtCore/qcborarray.h>
#include <QtCore/qcborstreamreader.h>
#include <QtCore/qcborstreamwriter.h>
#include <QtCore/qcborvalue.h>

#include <utility>

namespace rivulet {

namespace {

// On disk: never renumber.
enum class Kind {
    Started = 1,
    Text = 2,
    Reasoning = 3,
    Replace = 4,
    Usage = 5,
    Finished = 6,
    Failed = 7,
    ReasoningOpaque = 8,
    ToolCall = 9,
    Approval = 10,
    ToolResult = 11,
    Status = 12,
    Artifact = 13,
    Place = 14,
};

QCborValue orNull(std::optional<qint64> number)
{
    return number ? QCborValue(*number) : QCborValue(nullptr);
}

std::optional<qint64> numberOf(const QCborValue &value)
{
    return value.isInteger() ? std::optional(value.toInteger()) : std::nullopt;
}

QCborArray record(Kind kind, std::initializer_list<QCborValue> fields)
{
    QCborArray array(fields);
    array.prepend(static_cast<int>(kind));
    return array;
}

struct EventEncoder
{
    QCborArray operator()(const event::Started &started) const
    {
        return record(Kind::Started, {started.id, started.model, started.session});
    }
    QCborArray operator()(const event::Text &delta) const { return record(Kind::Text, {delta.text}); }
    QCborArray operator()(const event::Reasoning &delta) const
    {
        return record(Kind::Reasoning, {delta.text});
    }
    QCborArray operator()(const event::Replace &replaced) const
    {
        return record(Kind::Replace, {replaced.part, replaced.text});
    }
    QCborArray operator()(const event::UsageReported &report) const
    {
        const Usage &usage = report.usage;
        return record(Kind::Usage,
                      {orNull(usage.inputTokens), orNull(usage.outputTokens), orNull(usage.reasoningTokens),
                       orNull(usage.cachedTokens)});
    }
    QCborArray operator()(const event::Finished &finished) const
    {
        return record(Kind::Finished, {QString(toName(finished.reason))});
    }
    QCborArray operator()(const event::Failed &failed) const
    {
        const NetError &error = failed.error;
        const auto retryAfter =
            error.retryAfter ? std::optional<qint64>(error.retryAfter->count()) : std::nullopt;
        return record(
            Kind::Failed,
            {QString(toName(error.kind)), error.status, error.code, error.message, orNull(retryAfter)});
    }

    QCborArray operator()(const event::ReasoningOpaque &opaque) const
    {
        return record(Kind::ReasoningOpaque, {opaque.index, opaque.data});
    }
    QCborArray operator()(const event::ToolCall &call) const
    {
        return record(Kind::ToolCall, {call.index, call.id, call.name, call.arguments});
    }
    QCborArray operator()(const event::Approval &approval) const
    {
        return record(Kind::Approval,
                      {approval.id, approval.name, approval.arguments, approval.call, approval.context});
    }
    QCborArray operator()(const event::ToolResult &result) const
    {
        return record(Kind::ToolResult,
                      {result.id, result.name, result.content, result.isError, result.preliminary});
    }
    QCborArray operator()(const event::Status &status) const
    {
        return record(Kind::Status, {status.stage, status.message, QString(toName(status.state))});
    }
    QCborArray operator()(const event::Artifact &artifact) const
    {
        return record(
            Kind::Artifact,
            {artifact.id, QString(toName(artifact.kind)), artifact.title, artifact.append, artifact.data});
    }
};

std::optional<StreamEvent::Payload> payloadOf(const QCborArray &record)
{
    switch (static_cast<Kind>(record.at(0).toInteger())) {
    case Kind::Started:
        return event::Started{record.at(1).toString(), record.at(2).toString(), record.at(3).toString()};
    case Kind::Text:
        return event::Text{record.at(1).toString()};
    case Kind::Reasoning:
        return event::Reasoning{record.at(1).toString()};
    case Kind::Replace:
        return event::Replace{static_cast<int>(record.at(1).toInteger()), record.at(2).toString()};
    case Kind::Usage:
        return event::UsageReported{{.inputTokens = numberOf(record.at(1)),
                                     .outputTokens = numberOf(record.at(2)),
                                     .reasoningTokens = numberOf(record.at(3)),
                                     .cachedTokens = numberOf(record.at(4))}};
    case Kind::Finished:
        return event::Finished{finishReasonFromName(record.at(1).toString()).value_or(FinishReason::Other)};
    case Kind::Failed: {
        NetError error{.kind = errorKindFromName(record.at(1).toString()).value_or(NetError::Kind::Network),
                       .status = static_cast<int>(record.at(2).toInteger()),
                       .code = record.at(3).toString(),
                       .message = record.at(4).toString()};
        if (const auto retryAfter = numberOf(record.at(5)))
            error.retryAfter = std::chrono::milliseconds(*retryAfter);
        return event::Failed{std::move(error)};
    }
    case Kind::ReasoningOpaque:
        return event::ReasoningOpaque{static_cast<int>(record.at(1).toInteger()), record.at(2).toString()};
    case Kind::ToolCall:
        return event::ToolCall{static_cast<int>(record.at(1).toInteger()), record.at(2).toString(),
                               record.at(3).toString(), record.at(4).toString()};
    case Kind::Approval:
        return event::Approval{record.at(1).toString(), record.at(2).toString(), record.at(3).toString(),
                               record.at(4).toString(), record.at(5).toString()};
    case Kind::ToolResult:
        return event::ToolResult{record.at(1).toString(), record.at(2).toString(), record.at(3).toString(),
                                 record.at(4).toBool(), record.at(5).toBool()};
    case Kind::Status:
        return event::Status{
            record.at(1).toString(), record.at(2).toString(),
            statusStateFromName(record.at(3).toString()).value_or(event::Status::State::Running)};
    case Kind::Artifact:
        return event::Artifact{
            record.at(1).toString(),
            artifactKindFromName(record.at(2).toString()).value_or(event::Artifact::Kind::File),
            record.at(3).toString(), record.at(4).toBool(), record.at(5).toByteArray()};
    case Kind::Place:
        break; // no event
    }
    return std::nullopt;
}

// The lane, where it is not the main one, is an array at the end: no field of any kind is one.
void setAgent(QCborArray &record, const QString &agent)
{
    if (!agent.isEmpty())
        record.append(QCborArray{agent});
}

QString agentOf(const QCborArray &record)
{
    return record.last().toArray().at(0).toString();
}

} // namespace

QByteArray encodeJournal(const JournalPiece &piece)
{
    QByteArray bytes;
    QCborStreamWriter writer(&bytes);
    for (const StreamEvent &event : piece.events) {
        QCborArray record = std::visit(EventEncoder{}, event.payload);
        setAgent(record, event.agent);
        record.toCborValue().toCbor(writer);
    }
    if (piece.place)
        record(Kind::Place, {piece.place->cursor, piece.place->stream}).toCborValue().toCbor(writer);
    return bytes;
}

JournalPiece decodeJournal(const QByteArray &bytes)
{
    JournalPiece piece;
    qsizetype offset = 0;
    while (offset < bytes.size()) {
        // A reader reads one item and then stands still, so each event has its own.
        QCborStreamReader reader(bytes.constData() + offset, bytes.size() - offset);
        const QCborValue value = QCborValue::fromCbor(reader);
        if (!value.isArray() || reader.lastError() != QCborError::NoError)
            break;
        const QCborArray record = value.toArray();
        if (auto payload = payloadOf(record))
            piece.events.append({std::move(*payload), agentOf(record)});
        else if (static_cast<Kind>(record.at(0).toInteger()) == Kind::Place)
            piece.place = ResumeToken{.stream = record.at(2).toString(), .cursor = record.at(1).toString()};
        offset += reader.currentOffset();
    }
    return piece;
}

} // namespace rivulet
