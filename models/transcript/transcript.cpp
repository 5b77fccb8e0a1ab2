// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcript.h"

#include "models/transcript/chunks.h"
#include "models/transcript/shownparts.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace rivulet::transcript {

using Kind = TranscriptModel::Kind;
using Role = TranscriptModel::Role;

namespace {

/// Notes which segments an event that has just been applied may have changed.
void noteStale(ShownMessage &shown, const StreamEvent &event)
{
    const auto note = [&shown](auto isMeant) {
        for (const auto &segment : shown.segments)
            segment->stale = segment->stale || isMeant(shown.message.parts[segment->part]);
    };
    if (const auto *artifact = std::get_if<event::Artifact>(&event.payload)) {
        note([artifact](const Part &part) {
            const auto *known = std::get_if<ArtifactPart>(&part);
            return known && known->id == artifact->id;
        });
    } else if (const auto *call = std::get_if<event::ToolCall>(&event.payload)) {
        note([call](const Part &part) {
            const auto *known = std::get_if<ToolCallPart>(&part);
            return known && known->index == call->index;
        });
    } else if (std::holds_alternative<event::ToolResult>(event.payload)) {
        note([](const Part &part) {
            return std::holds_alternative<ToolCallPart>(part) || std::holds_alternative<ToolResultPart>(part);
        });
    } else if (std::holds_alternative<event::Approval>(event.payload)) {
        note([](const Part &part) { return std::holds_alternative<ApprovalPart>(part); });
    } else if (std::holds_alternative<event::Status>(event.payload)
               || std::holds_alternative<event::Failed>(event.payload)) {
        note([](const Part &part) { return std::holds_alternative<StatusPart>(part); });
    }
}

} // namespace

Transcript::Transcript(RowListObserver &observer, ErrorWording wording, TranscriptModel::Clock now)
    : m_wording(std::move(wording)), m_now(std::move(now)), m_rows(observer)
{}

const ShownMessage *Transcript::find(MessageId id) const
{
    return findShown(id);
}

ShownMessage *Transcript::findShown(MessageId id) const
{
    const auto found = std::ranges::find(m_messages.rbegin(), m_messages.rend(), id,
                                         [](const auto &shown) { return shown->message.id; });
    return found == m_messages.rend() ? nullptr : found->get();
}

qint64 Transcript::lastAnswer() const
{
    const auto last = std::ranges::find(m_messages.rbegin(), m_messages.rend(), ChatRole::Assistant,
                                        [](const auto &shown) { return shown->message.role; });
    return last == m_messages.rend() ? 0 : qint64((*last)->message.id);
}

// What happens to messages.

void Transcript::open(const QList<Message> &messages)
{
    clear();
    for (const Message &message : messages)
        show(message);
    m_rows.endReset();
}

void Transcript::fail(const StoreError &error)
{
    clear();
    ShownMessage &shown = *m_messages.emplace_back(std::make_unique<ShownMessage>());
    shown.notice = m_wording(error);
    m_rows.insert(0, m_rows.make(Kind::Notice, shown));
    m_rows.endReset();
}

void Transcript::clear()
{
    m_rows.beginReset();
    m_messages.clear();
}

void Transcript::addMessage(const Message &message)
{
    if (!m_messages.empty()) {
        const ShownMessage &last = *m_messages.back();
        if (message.parent && last.message.parent == message.parent && last.message.parts.isEmpty()) {
            qsizetype begin = m_rows.size();
            while (begin > 0 && m_rows[begin - 1].message == &last)
                --begin;
            m_rows.take(begin, m_rows.size() - begin);
            m_messages.pop_back();
        }
    }
    show(message);
}

void Transcript::deliver(MessageId id, const StreamEvents &events)
{
    ShownMessage *shown = findShown(id);
    if (!shown || shown->message.state != Message::State::Streaming)
        return;
    for (const StreamEvent &event : events) {
        // Its text begins anew, and all that stands behind it, since parts may be gone.
        if (std::holds_alternative<event::Replace>(event.payload))
            m_segments.dropFrom(*shown, firstText(shown->message, event.agent));
        apply(shown->message, event);
        noteStale(*shown, event);
    }
    sync(*shown);
}

void Transcript::endMessage(const Message &message)
{
    ShownMessage *shown = findShown(message.id);
    if (!shown || shown->message.state != Message::State::Streaming)
        return;
    const Message before = std::exchange(shown->message, message);
    // The end of a turn may take away what was not delivered. Parts that are no longer the same begin anew.
    qsizetype same = 0;
    while (same < qsizetype(shown->segments.size()) && same < message.parts.size()
           && message.parts[same].index() == before.parts[same].index())
        ++same;
    m_segments.dropFrom(*shown, same);
    for (const auto &segment : shown->segments) {
        const QString &was = wordsOf(before.parts[segment->part]);
        if (segment->stream && !textOf(*shown, *segment).startsWith(was)) {
            m_segments.drop(*shown, *segment);
            segment->stream.emplace();
        }
    }
    close(*shown);
}

void Transcript::showDecision(MessageId id, const QString &approvalId, ApprovalPart::Answer answer)
{
    ShownMessage *shown = findShown(id);
    if (!shown || !decide(shown->message, approvalId, answer))
        return;
    for (const auto &segment : shown->segments) {
        const auto *approval = std::get_if<ApprovalPart>(&shown->message.parts[segment->part]);
        if (approval && approval->id == approvalId)
            m_segments.refresh(*shown, *segment);
    }
}

void Transcript::setExpanded(quint64 rowId, bool expanded)
{
    const Entry *head = m_rows.find(rowId);
    if (!head || (head->kind != Kind::Reasoning && head->kind != Kind::Tool))
        return;
    ShownMessage &shown = *head->message;
    Segment &segment = *head->segment;
    if ((segment.open || segment.stream.has_value()) == expanded)
        return;
    if (head->kind == Kind::Tool)
        segment.open = expanded;
    if (!expanded) {
        m_segments.drop(shown, segment);
    } else if (head->kind == Kind::Tool) {
        m_segments.refresh(shown, segment);
    } else {
        segment.stream.emplace();
        m_segments.feed(shown, segment);
        if (segment.took)
            m_segments.finish(shown, segment);
    }
    m_segments.touchHead(segment, {Role::Expanded});
}

// How a message becomes rows.

void Transcript::show(const Message &message)
{
    ShownMessage &shown = *m_messages.emplace_back(std::make_unique<ShownMessage>());
    shown.message = message;
    if (message.role == ChatRole::User) {
        shown.words = chunksOf(message.text());
        Entries entries;
        for (qsizetype at = 0; at < shown.words.size(); ++at)
            entries.push_back(m_rows.make(Kind::User, shown, nullptr, at));
        m_rows.insert(m_rows.size(), std::move(entries));
        return;
    }
    if (message.state == Message::State::Streaming) {
        sync(shown);
        if (shown.segments.empty())
            m_rows.insert(m_rows.size(), m_rows.make(Kind::Pending, shown));
    } else {
        close(shown);
    }
}

/// Makes the segments follow the message's parts.
void Transcript::sync(ShownMessage &shown)
{
    const qsizetype parts = shown.message.parts.size();
    bool pending = m_rows.endsPending(shown);
    for (qsizetype part = 0; pending && part < parts; ++part) {
        if (isShown(shown.message, part)) {
            m_rows.take(m_rows.size() - 1, 1);
            pending = false;
        }
    }

    for (auto part = qsizetype(shown.segments.size()); part < parts; ++part) {
        const Part &said = shown.message.parts[part];
        if (!comesBeside(said)) {
            for (const auto &earlier : shown.segments) {
                if (agentOf(shown.message.parts[earlier->part]) == agentOf(said))
                    endReasoning(shown, *earlier);
            }
        }
        Segment &segment = *shown.segments.emplace_back(std::make_unique<Segment>());
        segment.part = part;
        if (isShown(shown.message, part))
            begin(shown, segment);
        else
            segment.stale = false;
    }
    for (const auto &segment : shown.segments) {
        if (isWords(shown.message.parts[segment->part]))
            m_segments.feed(shown, *segment);
        else if (std::exchange(segment->stale, false) && isShown(shown.message, segment->part))
            m_segments.refresh(shown, *segment);
    }
}

/// Gives a new segment the line above its rows, where its part has one, and what its rows come from.
void Transcript::begin(ShownMessage &shown, Segment &segment)
{
    const Part &part = shown.message.parts[segment.part];
    std::optional<Kind> head;
    if (std::holds_alternative<ReasoningPart>(part)) {
        segment.began = m_now();
        head = Kind::Reasoning;
    } else if (std::holds_alternative<ToolCallPart>(part) || std::holds_alternative<ToolResultPart>(part)) {
        head = Kind::Tool;
    } else if (std::holds_alternative<ApprovalPart>(part)) {
        // What it is about is not to be opened first.
        segment.open = true;
        head = Kind::Approval;
    } else if (std::holds_alternative<StatusPart>(part)) {
        head = Kind::Status;
    } else if (const auto *text = std::get_if<TextPart>(&part)) {
        segment.stream.emplace();
        // Who of several agents says it.
        if (!text->agent.isEmpty()) {
            segment.headline.title = text->agent;
            head = Kind::Status;
        }
    }
    if (!head)
        return;
    if (!isWords(part))
        segment.headline = headlineOf(shown.message, segment.part);
    m_segments.addHead(shown, segment, *head);
}

void Transcript::endReasoning(ShownMessage &shown, Segment &segment)
{
    if (!isReasoning(segment) || segment.took)
        return;
    segment.took = std::chrono::milliseconds(segment.began.msecsTo(m_now()));
    m_segments.finish(shown, segment);
    m_segments.touchHead(segment, {Role::Running, Role::Seconds, Role::Newest});
}

/// Shows a message that is over.
void Transcript::close(ShownMessage &shown)
{
    for (const auto &segment : shown.segments)
        segment->stale = isShown(shown.message, segment->part);
    sync(shown);
    for (const auto &segment : shown.segments) {
        if (isReasoning(*segment))
            endReasoning(shown, *segment);
        else
            m_segments.finish(shown, *segment);
        const auto *reasoning = std::get_if<ReasoningPart>(&shown.message.parts[segment->part]);
        if (reasoning && reasoning->duration.count() > 0)
            segment->took = reasoning->duration;
    }
    const qsizetype end = m_rows.endOf(shown);
    if (m_rows.endsPending(shown))
        m_rows.take(end - 1, 1);

    const Message &message = shown.message;
    std::optional<Mishap> mishap;
    if (message.state == Message::State::Failed && message.error)
        mishap = *message.error;
    else if (message.state != Message::State::Complete)
        mishap = message.state;
    else if (message.finish != FinishReason::Stop)
        mishap = message.finish;
    Entries entries;
    if (mishap) {
        shown.notice = m_wording(*mishap);
        if (!shown.notice.title.isEmpty())
            entries.push_back(m_rows.make(Kind::Notice, shown));
    }
    if (m_rows.endOf(shown) > 0 && m_rows[m_rows.endOf(shown) - 1].message == &shown)
        entries.push_back(m_rows.make(Kind::Footer, shown));
    m_rows.insert(m_rows.endOf(shown), std::move(entries));
}

} // namespace rivulet::transcript
