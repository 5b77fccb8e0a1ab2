// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

namespace rivulet {

/// Takes the reasoning out of an answer that carries it as `<think>…</think>` before its text, as servers
/// without a reasoning parser send it. Tags may be cut anywhere. Only a tag that opens the answer counts:
/// later ones are the model talking about tags. Nothing but the two tags is dropped.
class ThinkTags
{
public:
    /// What a piece of content amounts to; reasoning comes before text.
    struct Split
    {
        QString reasoning;
        QString text;

        friend bool operator==(const Split &, const Split &) = default;
    };

    /// Takes the next piece of content. Holds back what may be a part of a tag.
    [[nodiscard]] Split take(QString content);

    /// The content has ended: gives back what was held.
    [[nodiscard]] Split flush();

private:
    enum class Place { Start, Reasoning, Answer };

    Place m_place = Place::Start;
    QString m_held;
};

} // namespace rivulet
