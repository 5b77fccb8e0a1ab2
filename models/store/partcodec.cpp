// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/partcodec.h"

#include <QtCore/qcborarray.h>
#include <QtCore/qcborvalue.h>

#include <chrono>
#include <initializer_list>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// On disk: never rename, never reorder, only append to the fields of a kind.
constexpr auto textKind = "text"_L1;
constexpr auto reasoningKind = "reasoning"_L1;
constexpr auto toolCallKind = "tool_call"_L1;
constexpr auto toolResultKind = "tool_result"_L1;
constexpr auto approvalKind = "approval"_L1;
constexpr auto statusKind = "status"_L1;
constexpr auto artifactKind = "artifact"_L1;

QByteArray details(const QCborArray &fields)
{
    return fields.toCborValue().toCbor();
}

QString nameOf(ApprovalPart::Answer answer)
{
    switch (answer) {
    case ApprovalPart::Answer::AllowedOnce:
        return u"allowed_once"_s;
    case ApprovalPart::Answer::AllowedAlways:
        return u"allowed_always"_s;
    case ApprovalPart::Answer::Denied:
        return u"denied"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

std::optional<ApprovalPart::Answer> answerFrom(const QString &name)
{
    for (const auto answer : {ApprovalPart::Answer::AllowedOnce, ApprovalPart::Answer::AllowedAlways,
                              ApprovalPart::Answer::Denied}) {
        if (name == nameOf(answer))
            return answer;
    }
    return std::nullopt;
}

struct PartEncoder
{
    StoredPart operator()(const TextPart &part) const
    {
        return {.kind = textKind, .text = part.text, .agent = part.agent};
    }
    StoredPart operator()(const ReasoningPart &part) const
    {
        return {.kind = reasoningKind,
                .text = part.text,
                .agent = part.agent,
                .duration = part.duration.count(),
                .details =
                    part.opaque.isEmpty() ? QByteArray() : details(QCborArray::fromStringList(part.opaque))};
    }
    StoredPart operator()(const ToolCallPart &part) const
    {
        return {.kind = toolCallKind,
                .text = part.arguments,
                .agent = part.agent,
                .details = details({part.index, part.id, part.name})};
    }
    StoredPart operator()(const ToolResultPart &part) const
    {
        return {.kind = toolResultKind,
                .text = part.content,
                .agent = part.agent,
                .details = details({part.id, part.name, part.isError, part.preliminary})};
    }
    StoredPart operator()(const ApprovalPart &part) const
    {
        return {.kind = approvalKind,
                .text = part.arguments,
                .agent = part.agent,
                .details = details({part.id, part.name, part.answer ? nameOf(*part.answer) : QString(),
                                    part.call, part.context, part.reason})};
    }
    StoredPart operator()(const StatusPart &part) const
    {
        return {.kind = statusKind,
                .text = part.message,
                .agent = part.agent,
                .details = details({part.stage, QString(toName(part.state))})};
    }
    StoredPart operator()(const ArtifactPart &part) const
    {
        return {.kind = artifactKind,
                .text = QString::fromUtf8(part.data),
                .agent = part.agent,
                .details = details({part.id, QString(toName(part.kind)), part.title})};
    }
};

QStringList strings(const QCborArray &fields)
{
    QStringList all;
    for (const QCborValueConstRef field : fields)
        all.append(field.toString());
    return all;
}

} // namespace

StoredPart encodePart(const Part &part)
{
    return std::visit(PartEncoder{}, part);
}

std::optional<Part> decodePart(const StoredPart &row)
{
    const QCborArray fields = QCborValue::fromCbor(row.details).toArray();
    const auto string = [&fields](qsizetype at) { return fields.at(at).toString(); };
    if (row.kind == textKind)
        return TextPart{row.text, row.agent};
    if (row.kind == reasoningKind) {
        return ReasoningPart{row.text, std::chrono::milliseconds(row.duration.value_or(0)), row.agent,
                             strings(fields)};
    }
    if (row.kind == toolCallKind) {
        return ToolCallPart{static_cast<int>(fields.at(0).toInteger()), string(1), string(2), row.text,
                            row.agent};
    }
    if (row.kind == toolResultKind) {
        return ToolResultPart{string(0), string(1), row.text, fields.at(2).toBool(), fields.at(3).toBool(),
                              row.agent};
    }
    if (row.kind == approvalKind)
        return ApprovalPart{.id = string(0),
                            .name = string(1),
                            .arguments = row.text,
                            .call = string(3),
                            .context = string(4),
                            .answer = answerFrom(string(2)),
                            .reason = string(5),
                            .agent = row.agent};
    if (row.kind == statusKind) {
        return StatusPart{string(0), row.text,
                          statusStateFromName(string(1)).value_or(event::Status::State::Done), row.agent};
    }
    if (row.kind == artifactKind) {
        return ArtifactPart{string(0), artifactKindFromName(string(1)).value_or(event::Artifact::Kind::File),
                            string(2), row.text.toUtf8(), row.agent};
    }
    return std::nullopt;
}

} // namespace rivulet
