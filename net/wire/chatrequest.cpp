// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/chatrequest.h"

#include <QtCore/qlatin1stringview.h>

namespace rivulet {

using namespace Qt::StringLiterals;

QString ChatMessage::text() const
{
    QString all;
    for (const ContentPart &part : parts) {
        if (const auto *text = std::get_if<content::Text>(&part))
            all += text->text;
    }
    return all;
}

QLatin1StringView toName(ReasoningEffort effort)
{
    switch (effort) {
    case ReasoningEffort::None:
        return "none"_L1;
    case ReasoningEffort::Minimal:
        return "minimal"_L1;
    case ReasoningEffort::Low:
        return "low"_L1;
    case ReasoningEffort::Medium:
        return "medium"_L1;
    case ReasoningEffort::High:
        return "high"_L1;
    case ReasoningEffort::Max:
        return "max"_L1;
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace rivulet
