// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/statusline.h"

#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 500;

constexpr std::array words{"message"_L1, "text"_L1, "label"_L1, "title"_L1, "status"_L1};
constexpr std::array states{"status"_L1, "state"_L1, "level"_L1};
constexpr std::array done{"done"_L1, "complete"_L1, "completed"_L1, "success"_L1};
constexpr std::array failed{"error"_L1, "failed"_L1};

} // namespace

QString statusLine(const json::Value &value)
{
    if (value.isString())
        return value.string().left(longest);
    for (const QLatin1StringView member : words) {
        if (value[member].isString())
            return value[member].string().left(longest);
    }
    return value.isTruthy() ? QString::fromUtf8(value.compact()).left(longest) : QString();
}

event::Status::State statusState(const json::Value &value)
{
    for (const QLatin1StringView member : states) {
        const json::Value state = value[member];
        const auto is = [&](QLatin1StringView word) { return state == word; };
        if (std::ranges::any_of(done, is))
            return event::Status::State::Done;
        if (std::ranges::any_of(failed, is))
            return event::Status::State::Failed;
    }
    return event::Status::State::Running;
}

} // namespace rivulet
