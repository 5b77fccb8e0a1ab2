// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/mockfaults.h"

#include <QtCore/qstring.h>

#include <expected>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QJsonObject)

namespace rivulet::test {

/// What a MockServer that runs alone is told to do, as JSON; the README of this folder shows one.
class MockScript
{
public:
    /// Reads a script; paths in it count from `folder`. Why not, where it is none.
    [[nodiscard]] static std::expected<MockScript, QString> fromJson(const QByteArray &json,
                                                                     const QString &folder);

    /// The answer to the next request: the first one for its path that was not given yet, else the last one
    /// for it; where there is none, the same among those without a path; else 404.
    [[nodiscard]] MockAnswer answerTo(const ReceivedRequest &request);

private:
    struct Entry
    {
        QByteArray path; ///< empty: every path
        MockAnswer steps;
        std::optional<PlayedStream> stream; ///< played instead of steps
        Fault fault = Fault::None;
        bool awaitsMessage = false;
        bool isUsed = false;
    };
    [[nodiscard]] static std::expected<Entry, QString> entryOf(const QJsonObject &object,
                                                               const QString &folder);

    std::vector<Entry> m_entries;
};

} // namespace rivulet::test
