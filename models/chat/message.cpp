// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/message.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace rivulet {

namespace {

constexpr qint64 epoch = 1'577'836'800'000; // 2020-01-01T00:00:00Z, in milliseconds
constexpr int counterBits = 12;

template<typename P>
QString joined(const QList<Part> &parts)
{
    QString all;
    for (const Part &part : parts) {
        if (const auto *piece = std::get_if<P>(&part))
            all += piece->text;
    }
    return all;
}

/// The part that takes the next delta of its kind: the last one, or a new one where that is of another kind.
template<typename P>
P &openPart(QList<Part> &parts)
{
    if (parts.isEmpty() || !std::holds_alternative<P>(parts.constLast()))
        parts.append(P{});
    return std::get<P>(parts.last());
}

template<typename P>
void keepFirst(QList<Part> &parts, qsizetype left)
{
    for (Part &part : parts) {
        auto *piece = std::get_if<P>(&part);
        if (!piece)
            continue;
        qsizetype kept = std::clamp(left, qsizetype{0}, piece->text.size());
        left -= kept;
        if (kept > 0 && kept < piece->text.size() && piece->text.at(kept - 1).isHighSurrogate())
            --kept;
        piece->text.truncate(kept);
    }
    parts.removeIf([](const Part &part) {
        const auto *piece = std::get_if<P>(&part);
        return piece && piece->text.isEmpty();
    });
}

Message::State stateOf(TurnEnd end)
{
    switch (end) {
    case TurnEnd::Complete:
        return Message::State::Complete;
    case TurnEnd::CutOff:
        return Message::State::CutOff;
    case TurnEnd::Stopped:
        return Message::State::Stopped;
    case TurnEnd::Failed:
        return Message::State::Failed;
    }
    Q_UNREACHABLE_RETURN(Message::State::CutOff);
}

struct Applier
{
    Message &message;

    void operator()(const event::Started &started) const
    {
        // The server knows better than the request which model answers: an alias has been resolved.
        if (!started.model.isEmpty())
            message.model = started.model;
    }
    void operator()(const event::Text &delta) const
    {
        if (!delta.text.isEmpty())
            openPart<TextPart>(message.parts).text += delta.text;
    }
    void operator()(const event::Reasoning &delta) const
    {
        if (!delta.text.isEmpty())
            openPart<ReasoningPart>(message.parts).text += delta.text;
    }
    void operator()(const event::Replace &replaced) const
    {
        if (replaced.part >= 0 && replaced.part < message.parts.size())
            std::visit([&](auto &part) { part.text = replaced.text; }, message.parts[replaced.part]);
    }
    void operator()(const event::UsageReported &report) const { message.usage = report.usage; }
    void operator()(const event::Finished &finished) const { message.finish = finished.reason; }
    void operator()(const event::Failed &failed) const { message.error = failed.error; }

    // A message has no part for these yet. They are named one by one, so that a new kind of event does not
    // compile until someone has decided what becomes of it.
    void operator()(const event::ReasoningOpaque &) const {}
    void operator()(const event::ToolCall &) const {}
    void operator()(const event::Approval &) const {}
    void operator()(const event::ToolResult &) const {}
    void operator()(const event::Status &) const {}
    void operator()(const event::Artifact &) const {}
};

} // namespace

qint64 nextId()
{
    static std::atomic<qint64> last = 0;
    const qint64 now = (QDateTime::currentMSecsSinceEpoch() - epoch) * (qint64{1} << counterBits);
    qint64 previous = last.load(std::memory_order_relaxed);
    qint64 next = 0;
    // A clock that stands or goes back, and a millisecond with more than 4096 ids, count on from the last.
    do {
        next = std::max(previous + 1, now);
    } while (!last.compare_exchange_weak(previous, next, std::memory_order_relaxed));
    return next;
}

QString Message::text() const
{
    return joined<TextPart>(parts);
}

QString Message::reasoning() const
{
    return joined<ReasoningPart>(parts);
}

void apply(Message &message, const StreamEvent &event)
{
    std::visit(Applier{message}, event.payload);
}

void apply(Message &message, const TurnOutcome &outcome)
{
    message.state = stateOf(outcome.end);
    message.finish = outcome.reason;
    message.error = outcome.error;
    if (outcome.delivered) {
        keepFirst<TextPart>(message.parts, outcome.delivered->text);
        keepFirst<ReasoningPart>(message.parts, outcome.delivered->reasoning);
    }
}

} // namespace rivulet
