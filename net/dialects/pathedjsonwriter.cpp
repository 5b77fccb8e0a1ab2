// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/pathedjsonwriter.h"

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Far deeper than any tool's arguments; every further level would cost memory for a few bytes of path.
constexpr qsizetype deepest = 64;

QString escaped(QStringView text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += u'\\';
        if (c == u'\n')
            result += "\\n"_L1;
        else if (c < u' ')
            result += u"\\u%1"_s.arg(uint{c.unicode()}, 4, 16, QChar(u'0'));
        else
            result += c;
    }
    return result;
}

} // namespace

QString PathedJsonWriter::value(QStringView path, const QString &json)
{
    const auto steps = stepsOf(path);
    if (!steps)
        return {};
    QString text = closeString();
    if (const auto place = enter(*steps))
        text += *place + json;
    return text;
}

QString PathedJsonWriter::string(QStringView path, QStringView piece, bool willContinue)
{
    const auto steps = stepsOf(path);
    if (!steps)
        return {};
    QString text;
    if (m_openString != *steps) {
        text = closeString();
        const auto place = enter(*steps);
        if (!place)
            return text;
        text += *place + u'"';
        m_openString = *steps;
    }
    text += escaped(piece);
    if (!willContinue)
        text += closeString();
    return text;
}

QString PathedJsonWriter::finish()
{
    const QString rest = closeString() + (m_levels.isEmpty() ? u"{"_s : QString());
    if (m_levels.isEmpty())
        m_levels.append(Level{});
    return rest + closeDownTo(0);
}

std::optional<QList<PathedJsonWriter::Step>> PathedJsonWriter::stepsOf(QStringView path)
{
    if (!path.startsWith(u'$'))
        return std::nullopt;
    path = path.sliced(1);
    QList<Step> steps;
    while (!path.isEmpty()) {
        if (steps.size() == deepest)
            return std::nullopt;
        if (path.front() == u'.') {
            const auto end =
                std::find_if(path.begin() + 1, path.end(), [](QChar c) { return c == u'.' || c == u'['; });
            const QStringView name(path.begin() + 1, end);
            if (name.isEmpty())
                return std::nullopt;
            steps.append({.name = name.toString()});
            path = path.sliced(name.size() + 1);
            continue;
        }
        const bool quoted = path.size() > 1 && (path[1] == u'\'' || path[1] == u'"');
        const QString closing = quoted ? QString(path[1]) + u']' : u"]"_s;
        const qsizetype begin = quoted ? 2 : 1;
        const qsizetype end = path.indexOf(closing, begin);
        if (path.front() != u'[' || end < 0)
            return std::nullopt;
        const QStringView inside = path.sliced(begin, end - begin);
        if (quoted) {
            steps.append({.name = inside.toString()});
        } else {
            bool isNumber = false;
            const qint64 index = inside.toLongLong(&isNumber);
            if (!isNumber || index < 0)
                return std::nullopt;
            steps.append({.name = {}, .index = index});
        }
        path = path.sliced(end + closing.size());
    }
    // The arguments themselves are an object.
    if (steps.isEmpty() || steps.first().index >= 0)
        return std::nullopt;
    return steps;
}

// Leaves what is open and does not lead to the path, and opens what does.
std::optional<QString> PathedJsonWriter::enter(const QList<Step> &path)
{
    qsizetype depth = 0;
    while (depth + 1 < m_levels.size() && depth + 1 < path.size() && m_levels[depth].last == path[depth])
        ++depth;
    if (!m_levels.isEmpty()) {
        const Level &common = m_levels[depth];
        const Step &step = path[depth];
        const bool goesBack = common.last == step || (common.last && common.last->index > step.index);
        if (common.isArray != (step.index >= 0) || goesBack)
            return std::nullopt;
    }

    QString text = m_levels.isEmpty() ? u"{"_s : closeDownTo(depth + 1);
    if (m_levels.isEmpty())
        m_levels.append(Level{});
    for (;; ++depth) {
        Level &level = m_levels[depth];
        const Step &step = path[depth];
        if (level.last)
            text += u',';
        if (!level.isArray)
            text += u'"' + escaped(step.name) + u"\":"_s;
        level.last = step;
        if (depth + 1 == path.size())
            return text;
        const bool isArray = path[depth + 1].index >= 0;
        text += isArray ? u'[' : u'{';
        m_levels.append({.isArray = isArray});
    }
}

QString PathedJsonWriter::closeDownTo(qsizetype depth)
{
    QString text;
    while (m_levels.size() > depth)
        text += m_levels.takeLast().isArray ? u']' : u'}';
    return text;
}

QString PathedJsonWriter::closeString()
{
    if (m_openString.isEmpty())
        return {};
    m_openString.clear();
    return u"\""_s;
}

} // namespace rivulet
