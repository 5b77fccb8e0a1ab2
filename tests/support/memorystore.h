// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"

#include <QtCore/qhash.h>
#include <QtCore/qpromise.h>

#include <algorithm>
#include <optional>

namespace rivulet::test {

/// A ConversationStore in memory. Answers at once, or when the test says so.
class MemoryStore : public ConversationStore
{
    Q_OBJECT

public:
    QFuture<StoreResult<QList<ConversationSummary>>> conversations() override
    {
        return QtFuture::makeReadyValueFuture(StoreResult<QList<ConversationSummary>>(summaries));
    }

    QFuture<StoreResult<QList<ConversationSummary>>> resumable(const QDateTime &) override
    {
        QList<ConversationSummary> found;
        std::ranges::copy_if(summaries, std::back_inserter(found), [this](const auto &summary) {
            return std::ranges::any_of(all, [&summary](const Message &message) {
                return message.conversation == summary.id && message.resume.has_value();
            });
        });
        return QtFuture::makeReadyValueFuture(StoreResult<QList<ConversationSummary>>(found));
    }

    QFuture<StoreResult<QList<Message>>> messages(ConversationId id) override
    {
        if (holdLoads) {
            auto &load = held.emplace_back(id, QPromise<StoreResult<QList<Message>>>());
            load.second.start();
            return load.second.future();
        }
        return QtFuture::makeReadyValueFuture(answer(id));
    }

    QFuture<StoreResult<Unsent>> unsent(ConversationId id) override
    {
        if (failure)
            return QtFuture::makeReadyValueFuture(StoreResult<Unsent>(std::unexpected(*failure)));
        return QtFuture::makeReadyValueFuture(StoreResult<Unsent>(unsentWords.value(id)));
    }

    /// Answers the oldest load that is being held.
    void release()
    {
        auto [id, promise] = std::move(held.front());
        held.erase(held.begin());
        promise.addResult(answer(id));
        promise.finish();
    }

    void putConversation(const ConversationSummary &conversation) override
    {
        const auto it = std::ranges::find(summaries, conversation.id, &ConversationSummary::id);
        if (it == summaries.end())
            summaries.append(conversation);
        else
            *it = conversation;
    }

    void putMessage(const Message &message) override
    {
        const auto it = std::ranges::find(all, message.id, &Message::id);
        if (it == all.end())
            all.append(message);
        else
            *it = message;
    }

    void putUnsent(ConversationId id, const Unsent &words) override
    {
        const bool known =
            id == ConversationId{} || std::ranges::contains(summaries, id, &ConversationSummary::id);
        if (words.isEmpty())
            unsentWords.remove(id);
        else if (known)
            unsentWords.insert(id, words);
    }

    void removeConversation(ConversationId id) override
    {
        unsentWords.remove(id);
        summaries.removeIf([id](const ConversationSummary &summary) { return summary.id == id; });
        all.removeIf([id](const Message &message) { return message.conversation == id; });
    }

    StoreHealth health() const override
    {
        return {.state = StoreHealth::State::Good, .error = {}, .movedTo = {}};
    }

    QList<ConversationSummary> summaries;
    QList<Message> all;
    QHash<ConversationId, Unsent> unsentWords;
    std::optional<StoreError> failure; ///< what every load answers, where set
    bool holdLoads = false;
    std::vector<std::pair<ConversationId, QPromise<StoreResult<QList<Message>>>>> held;

private:
    StoreResult<QList<Message>> answer(ConversationId id) const
    {
        if (failure)
            return std::unexpected(*failure);
        QList<Message> found;
        std::ranges::copy_if(all, std::back_inserter(found),
                             [id](const Message &message) { return message.conversation == id; });
        return found;
    }
};

} // namespace rivulet::test
