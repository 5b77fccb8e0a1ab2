// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/credential.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace rivulet {

/// Those who wait for the same key, so that it is fetched once for all of them. One thread.
class KeyWaiters
{
public:
    using Done = std::function<void(const KeyResult &key)>;

    void add(QObject *context, Done done) { m_waiting.emplace_back(context, std::move(done)); }

    /// Whether one of them is still there.
    [[nodiscard]] bool anybody() const
    {
        return std::ranges::any_of(m_waiting, [](const auto &each) { return !each.first.isNull(); });
    }

    /// Tells each of them once, but those who are gone. Whoever asks again meanwhile waits anew.
    void tell(const KeyResult &key)
    {
        // One of them may be the end of this object.
        for (const auto waiting = std::exchange(m_waiting, {}); const auto &[context, done] : waiting) {
            if (context)
                done(key);
        }
    }

private:
    std::vector<std::pair<QPointer<QObject>, Done>> m_waiting;
};

} // namespace rivulet
