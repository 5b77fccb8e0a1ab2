// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/message.h"

#include "net/providers/provider.h"

#include "net/wire/jsontext.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <type_traits>
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

template<typename P>
qsizetype sizeOf(const QList<Part> &parts)
{
    qsizetype all = 0;
    for (const Part &part : parts) {
        if (const auto *piece = std::get_if<P>(&part))
            all += piece->text.size();
    }
    return all;
}

/// The last part of the lane that ends its words, or that its words are; null where there is none.
Part *lastWords(QList<Part> &parts, const QString &agent)
{
    const auto found = std::find_if(parts.rbegin(), parts.rend(), [&](const Part &part) {
        return !comesBeside(part) && agentOf(part) == agent;
    });
    return found == parts.rend() ? nullptr : &*found;
}

/// The last part of that kind that `fits`; null where there is none.
template<typename P, typename Fits>
P *lastOf(QList<Part> &parts, Fits fits)
{
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        auto *found = std::get_if<P>(&*part);
        if (found && fits(std::as_const(*found)))
            return found;
    }
    return nullptr;
}

TextPart &openText(QList<Part> &parts, const QString &agent)
{
    Part *last = lastWords(parts, agent);
    if (auto *text = last ? std::get_if<TextPart>(last) : nullptr)
        return *text;
    return std::get<TextPart>(parts.emplace_back(TextPart{.text = {}, .agent = agent}));
}

/// Opaque data seals the reasoning before it: what follows is another thought, with data of its own.
ReasoningPart &openReasoning(QList<Part> &parts, const QString &agent)
{
    Part *last = lastWords(parts, agent);
    auto *reasoning = last ? std::get_if<ReasoningPart>(last) : nullptr;
    if (reasoning && reasoning->opaque.isEmpty())
        return *reasoning;
    return std::get<ReasoningPart>(parts.emplace_back(ReasoningPart{.text = {}, .agent = agent}));
}

/// Keeps the first `left` units of all parts of that kind. A part that is cut loses what vouches for it.
template<typename P>
void keepFirst(QList<Part> &parts, qsizetype left)
{
    bool cut = false;
    for (Part &part : parts) {
        auto *piece = std::get_if<P>(&part);
        if (!piece)
            continue;
        qsizetype kept = std::clamp(left, qsizetype{0}, piece->text.size());
        left -= kept;
        if (kept > 0 && kept < piece->text.size() && piece->text.at(kept - 1).isHighSurrogate())
            --kept;
        cut = cut || kept < piece->text.size();
        piece->text.truncate(kept);
        if constexpr (std::is_same_v<P, ReasoningPart>) {
            if (cut)
                piece->opaque.clear();
        }
    }
    parts.removeIf([](const Part &part) {
        const auto *piece = std::get_if<P>(&part);
        if constexpr (std::is_same_v<P, ReasoningPart>)
            return piece && piece->text.isEmpty() && piece->opaque.isEmpty();
        else
            return piece && piece->text.isEmpty();
    });
}

void dropPartialArguments(QList<Part> &parts)
{
    const QList<Part> all = parts;
    for (Part &part : parts) {
        auto *call = std::get_if<ToolCallPart>(&part);
        if (!call || isJsonObject(call->arguments))
            continue;
        const bool answered = std::ranges::any_of(all, [call](const Part &other) {
            const auto *result = std::get_if<ToolResultPart>(&other);
            return result && answers(*result, *call);
        });
        if (!answered)
            call->arguments.clear();
    }
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
    case TurnEnd::Redirected:
        return Message::State::Redirected;
    case TurnEnd::Failed:
        return Message::State::Failed;
    }
    Q_UNREACHABLE_RETURN(Message::State::CutOff);
}

struct Applier
{
    Message &message;
    const QString &agent;

    void operator()(const event::Started &started) const
    {
        // The server knows better than the request which model answers: an alias has been resolved.
        if (!started.model.isEmpty())
            message.model = started.model;
        if (!started.session.isEmpty())
            message.session = started.session;
    }
    void operator()(const event::Text &delta) const
    {
        if (!delta.text.isEmpty())
            openText(message.parts, agent).text += delta.text;
    }
    void operator()(const event::Reasoning &delta) const
    {
        if (!delta.text.isEmpty())
            openReasoning(message.parts, agent).text += delta.text;
    }
    void operator()(const event::ReasoningOpaque &opaque) const
    {
        Part *last = lastWords(message.parts, agent);
        auto *reasoning = last ? std::get_if<ReasoningPart>(last) : nullptr;
        if (!reasoning)
            reasoning = &openReasoning(message.parts, agent);
        reasoning->opaque.append(opaque.data);
    }
    void operator()(const event::Replace &replaced) const
    {
        QList<Part> &parts = message.parts;
        const auto isOfLane = [&](qsizetype at) {
            const auto *text = std::get_if<TextPart>(&parts.at(at));
            return text && text->agent == agent;
        };
        qsizetype last = parts.size() - 1;
        while (last >= 0 && !isOfLane(last))
            --last;
        if (last < 0) {
            (*this)(event::Text{replaced.text});
            return;
        }
        // The whole stands where the last of it stood: behind the calls that it may have needed.
        std::get<TextPart>(parts[last]).text = replaced.text;
        const bool isGone = replaced.text.isEmpty();
        for (qsizetype at = last; at >= 0; --at) {
            if ((at < last || isGone) && isOfLane(at))
                parts.removeAt(at);
        }
    }
    void operator()(const event::ToolCall &delta) const
    {
        // Who joins a stream in another run counts from the beginning: another id is another call.
        auto *call = lastOf<ToolCallPart>(
            message.parts, [&](const ToolCallPart &known) { return known.index == delta.index; });
        if (!call || (!delta.id.isEmpty() && !call->id.isEmpty() && call->id != delta.id)) {
            call = &std::get<ToolCallPart>(
                message.parts.emplace_back(ToolCallPart{.index = delta.index, .agent = agent}));
        }
        if (!delta.id.isEmpty())
            call->id = delta.id;
        if (!delta.name.isEmpty())
            call->name = delta.name;
        call->arguments += delta.arguments;
    }
    void operator()(const event::Approval &approval) const
    {
        auto *known = lastOf<ApprovalPart>(message.parts, [&](const ApprovalPart &asked) {
            return asked.id == approval.id && asked.agent == agent;
        });
        if (!known) {
            known = &std::get<ApprovalPart>(
                message.parts.emplace_back(ApprovalPart{.id = approval.id, .agent = agent}));
        }
        known->name = approval.name;
        known->arguments = approval.arguments;
        known->call = approval.call;
        known->context = approval.context;
    }
    void operator()(const event::ToolResult &result) const
    {
        const ToolResultPart part{result.id,      result.name,        result.content,
                                  result.isError, result.preliminary, agent};
        auto *known = lastOf<ToolResultPart>(message.parts, [&](const ToolResultPart &earlier) {
            return earlier.preliminary && earlier.id == part.id
                && (!part.id.isEmpty() || earlier.name == part.name);
        });
        if (known)
            *known = part;
        else
            message.parts.append(part);
    }
    void operator()(const event::Status &status) const
    {
        auto *known = lastOf<StatusPart>(message.parts, [&](const StatusPart &earlier) {
            return earlier.state == event::Status::State::Running && earlier.stage == status.stage
                && earlier.agent == agent;
        });
        if (!known) {
            message.parts.append(StatusPart{status.stage, status.message, status.state, agent});
            return;
        }
        known->state = status.state;
        if (!status.message.isEmpty())
            known->message = status.message;
    }
    void operator()(const event::Artifact &artifact) const
    {
        auto *known = lastOf<ArtifactPart>(
            message.parts, [&](const ArtifactPart &earlier) { return earlier.id == artifact.id; });
        if (!known) {
            message.parts.append(
                ArtifactPart{artifact.id, artifact.kind, artifact.title, artifact.data, agent});
            return;
        }
        if (artifact.append) {
            known->data = joinedJson(std::move(known->data), artifact.data);
            if (!artifact.title.isEmpty())
                known->title = artifact.title;
        } else {
            *known = {artifact.id, artifact.kind, artifact.title, artifact.data, agent};
        }
    }
    void operator()(const event::UsageReported &report) const { message.usage = report.usage; }
    void operator()(const event::Finished &finished) const { message.finish = finished.reason; }
    void operator()(const event::Failed &failed) const
    {
        // An agent that fails is not the answer that fails.
        if (agent.isEmpty())
            message.error = failed.error;
        else
            (*this)(event::Status{
                .stage = {}, .message = failed.error.message, .state = event::Status::State::Failed});
    }
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
    std::visit(Applier{message, event.agent}, event.payload);
}

void apply(Message &message, const TurnOutcome &outcome)
{
    message.state = stateOf(outcome.end);
    message.finish = outcome.reason;
    message.error = outcome.error;
    message.metrics = outcome.metrics;
    message.resume = outcome.resume;
    if (outcome.delivered) {
        keepFirst<TextPart>(message.parts, outcome.delivered->text);
        keepFirst<ReasoningPart>(message.parts, outcome.delivered->reasoning);
        dropPartialArguments(message.parts);
    }
}

void handOver(Message &message, const Provider &provider)
{
    message.provider = provider.name;
    message.providerId = provider.id;
    message.dialect = dialectName(provider);
    message.model = provider.model;
    message.session.clear();
    message.resume.reset();
    message.usage = {};
    message.parts.clear();
}

Delivered deliveredOf(const Message &message)
{
    return {.text = sizeOf<TextPart>(message.parts), .reasoning = sizeOf<ReasoningPart>(message.parts)};
}

bool decide(Message &message, const QString &approvalId, ApprovalPart::Answer answer)
{
    for (Part &part : message.parts) {
        auto *asked = std::get_if<ApprovalPart>(&part);
        if (asked && asked->id == approvalId && !asked->answer) {
            asked->answer = answer;
            return true;
        }
    }
    return false;
}

bool hasDecisions(const Message &message)
{
    return std::ranges::any_of(message.parts, [](const Part &part) {
        const auto *asked = std::get_if<ApprovalPart>(&part);
        return asked && asked->answer;
    });
}

const QString &agentOf(const Part &part)
{
    return std::visit([](const auto &p) -> const QString & { return p.agent; }, part);
}

bool comesBeside(const Part &part)
{
    return std::holds_alternative<StatusPart>(part) || std::holds_alternative<ArtifactPart>(part);
}

bool answers(const ToolResultPart &result, const ToolCallPart &call)
{
    return result.id == call.id && (!call.id.isEmpty() || result.name == call.name);
}

} // namespace rivulet
