// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"

#include <QtCore/qpromise.h>

#include <utility>
#include <vector>

namespace rivulet::test {

/// A ConversationSearch that answers when the test says so.
class HandSearch : public ConversationSearch
{
    Q_OBJECT

public:
    struct Asked
    {
        SearchQuery query;
        int limit = 0;
        std::optional<MessageId> from;
    };

    QFuture<StoreResult<SearchPage>> search(const SearchQuery &query, int limit,
                                            std::optional<MessageId> from) override
    {
        asked.append({query, limit, from});
        QPromise<StoreResult<SearchPage>> &promise = m_promises.emplace_back();
        promise.start();
        return promise.future();
    }

    /// Answers what was asked last.
    void answer(const StoreResult<SearchPage> &page) { answer(m_promises.size() - 1, page); }
    /// Answers one of what was asked, counted from 0.
    void answer(std::size_t which, const StoreResult<SearchPage> &page)
    {
        Q_ASSERT_X(m_promises.at(which).future().isValid(), "HandSearch", "nothing is asked");
        // Whoever gets the answer may ask again.
        QPromise<StoreResult<SearchPage>> promise = std::move(m_promises.at(which));
        promise.addResult(page);
        promise.finish();
    }

    QList<Asked> asked;

private:
    std::vector<QPromise<StoreResult<SearchPage>>> m_promises;
};

} // namespace rivulet::test
