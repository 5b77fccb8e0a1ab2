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
enum class Kind { Started = 1, Text = 2, Reasoning = 3, Replace = 4, Usage = 5, Finished = 6, Failed = 7 };

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

struct Encoder
{
    QCborArray operator()(const event::Started &started) const
    {
        return record(Kind::Started, {started.id, started.model});
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

    // Each of them gets its kind together with its part of a message.
    QCborArray operator()(const event::ReasoningOpaque &) const { return {}; }
    QCborArray operator()(const event::ToolCall &) const { return {}; }
    QCborArray operator()(const event::Approval &) const { return {}; }
    QCborArray operator()(const event::ToolResult &) const { return {}; }
    QCborArray operator()(const event::Status &) const { return {}; }
    QCborArray operator()(const event::Artifact &) const { return {}; }
};

std::optional<StreamEvent::Payload> payloadOf(const QCborArray &record)
{
    switch (static_cast<Kind>(record.at(0).toInteger())) {
    case Kind::Started:
        return event::Started{record.at(1).toString(), record.at(2).toString()};
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
    }
    return std::nullopt;
}

} // namespace

QByteArray encodeJournal(const StreamEvents &events)
{
    QByteArray bytes;
    QCborStreamWriter writer(&bytes);
    for (const StreamEvent &event : events) {
        const QCborArray record = std::visit(Encoder{}, event.payload);
        if (!record.isEmpty())
            record.toCborValue().toCbor(writer);
    }
    return bytes;
}

StreamEvents decodeJournal(const QByteArray &bytes)
{
    StreamEvents events;
    qsizetype offset = 0;
    while (offset < bytes.size()) {
        // A reader reads one item and then stands still, so each event has its own.
        QCborStreamReader reader(bytes.constData() + offset, bytes.size() - offset);
        const QCborValue value = QCborValue::fromCbor(reader);
        if (!value.isArray() || reader.lastError() != QCborError::NoError)
            break;
        if (auto payload = payloadOf(value.toArray()))
            events.append({std::move(*payload), {}});
        offset += reader.currentOffset();
    }
    return events;
}

} // namespace rivulet
