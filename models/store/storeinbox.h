// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/exchangerequest.h"
#include "net/wire/ids.h"
#include "net/wire/streamevent.h"

#include <QtCore/qmutex.h>

#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace rivulet {

/// What the store's thread is to do, and what turns have said, in the order in which it was handed over. Work
/// wakes that thread; words wait for its next commit, because to wake it for each of them would cost more
/// than to write them. Any thread.
class StoreInbox
{
public:
    struct Words
    {
        TurnId turn{};
        StreamEvents events;
        std::optional<ResumeToken> place{}; ///< where the stream can be joined again behind them
    };
    using Work = std::function<void()>;
    using Item = std::variant<Work, Words>;

    /// Whether it was empty.
    bool add(Item item)
    {
        const QMutexLocker lock(&m_mutex);
        m_items.push_back(std::move(item));
        return m_items.size() == 1;
    }

    [[nodiscard]] std::vector<Item> take()
    {
        const QMutexLocker lock(&m_mutex);
        return std::exchange(m_items, {});
    }

private:
    QMutex m_mutex;
    std::vector<Item> m_items;
};

} // namespace rivulet
