// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

#include <optional>

namespace rivulet {

/// Writes the text of a JSON object whose values come one by one, each with its path ("$.files[0].name"), and
/// its strings in pieces. What is written at once is told at once, so values must come in the order of the
/// text: one that goes back to what is closed already is left out. One thread.
class PathedJsonWriter
{
public:
    /// More of the text: a value that is JSON text already.
    [[nodiscard]] QString value(QStringView path, const QString &json);

    /// More of the text: a string or a piece of one, which stays open where it `willContinue`.
    [[nodiscard]] QString string(QStringView path, QStringView piece, bool willContinue);

    /// Whether anything was written.
    [[nodiscard]] bool hasBegun() const { return !m_levels.isEmpty(); }

    /// The rest of the text, from which on it is whole.
    [[nodiscard]] QString finish();

private:
    // A member of an object, or an item of an array.
    struct Step
    {
        QString name;
        qint64 index = -1; ///< of an item

        friend bool operator==(const Step &, const Step &) = default;
    };
    // An object or an array that is open.
    struct Level
    {
        bool isArray = false;
        std::optional<Step> last{}; ///< what was written into it last
    };

    [[nodiscard]] static std::optional<QList<Step>> stepsOf(QStringView path);
    [[nodiscard]] std::optional<QString> enter(const QList<Step> &path);
    [[nodiscard]] QString closeDownTo(qsizetype depth);
    [[nodiscard]] QString closeString();

    QList<Level> m_levels;    ///< the outermost object first; none before the first text
    QList<Step> m_openString; ///< the path of the string that is open; none where empty
};

} // namespace rivulet
