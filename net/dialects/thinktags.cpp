// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/thinktags.h"

#include <QtCore/qlatin1stringview.h>
#include <QtCore/qstringview.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView openTag = "<think>"_L1;
constexpr QLatin1StringView closeTag = "</think>"_L1;

// White space before the tag that is still taken for a start; more of it is an answer of white space.
constexpr qsizetype longestIndent = 64;

// How much of the end of `text` may be the beginning of `tag`.
qsizetype openEnd(QStringView text, QLatin1StringView tag)
{
    for (qsizetype length = std::min(text.size(), tag.size() - 1); length > 0; --length) {
        if (text.last(length) == tag.first(length))
            return length;
    }
    return 0;
}

} // namespace

ThinkTags::Split ThinkTags::take(QString content)
{
    if (m_place == Place::Answer)
        return {{}, std::move(content)};

    QString pending = std::exchange(m_held, {}) + content;
    if (m_place == Place::Start) {
        const auto start = std::ranges::find_if_not(pending, [](QChar c) { return c.isSpace(); });
        const QStringView opening(start, pending.cend());
        const bool mayOpen = start - pending.cbegin() <= longestIndent;
        if (mayOpen && opening.startsWith(openTag)) {
            m_place = Place::Reasoning;
            pending = opening.sliced(openTag.size()).toString();
        } else if (mayOpen && openTag.startsWith(opening)) {
            m_held = pending;
            return {};
        } else {
            m_place = Place::Answer;
            return {{}, pending};
        }
    }

    const qsizetype close = pending.indexOf(closeTag);
    if (close >= 0) {
        m_place = Place::Answer;
        return {pending.first(close), pending.sliced(close + closeTag.size())};
    }
    const qsizetype held = openEnd(pending, closeTag);
    m_held = pending.last(held);
    pending.chop(held);
    return {pending, {}};
}

ThinkTags::Split ThinkTags::flush()
{
    const Place place = std::exchange(m_place, Place::Answer);
    QString held = std::exchange(m_held, {});
    return place == Place::Reasoning ? Split{held, {}} : Split{{}, held};
}

} // namespace rivulet
