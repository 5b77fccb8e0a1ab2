// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoreply.h"

#include <QtCore/qchar.h>
#include <QtCore/qfile.h>

#include <algorithm>
#include <array>
#include <span>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

enum class Topic {
    Tour,
    Code,
    Table,
    Math,
    Long,
    Slow,
    Drop,
    Reasoning,
    RateLimited,
    ServerError,
    Arabic,
    Japanese,
    Welcome,
};

constexpr qsizetype DefaultEssayWords = 4000;
constexpr qsizetype MaxEssayWords = 100'000;
constexpr qsizetype MaxQuoted = 300;

struct Trigger
{
    QStringView words; ///< must stand in the prompt as whole words, one after the other
    Topic topic;
};

// The first that matches decides, so the more special ones come first.
constexpr auto Triggers = std::to_array<Trigger>({
    {u"server error", Topic::ServerError},
    {u"500", Topic::ServerError},
    {u"error", Topic::RateLimited},
    {u"rate limit", Topic::RateLimited},
    {u"429", Topic::RateLimited},
    {u"drop", Topic::Drop},
    {u"disconnect", Topic::Drop},
    {u"slow", Topic::Slow},
    {u"slowly", Topic::Slow},
    {u"long", Topic::Long},
    {u"essay", Topic::Long},
    {u"story", Topic::Long},
    {u"reasoning", Topic::Reasoning},
    {u"reason", Topic::Reasoning},
    {u"think", Topic::Reasoning},
    {u"thinking", Topic::Reasoning},
    {u"arabic", Topic::Arabic},
    {u"العربية", Topic::Arabic},
    {u"عربي", Topic::Arabic},
    {u"japanese", Topic::Japanese},
    {u"日本語", Topic::Japanese},
    {u"math", Topic::Math},
    {u"maths", Topic::Math},
    {u"mathematics", Topic::Math},
    {u"formula", Topic::Math},
    {u"formulas", Topic::Math},
    {u"equation", Topic::Math},
    {u"table", Topic::Table},
    {u"tables", Topic::Table},
    {u"code", Topic::Code},
    {u"program", Topic::Code},
    {u"function", Topic::Code},
    {u"tour", Topic::Tour},
    {u"help", Topic::Tour},
    {u"markdown", Topic::Tour},
});

// The prompt's words in lower case, with one blank before and after each.
QString wordsOf(const QString &prompt)
{
    QString words = u" "_s;
    for (const QChar c : prompt.toCaseFolded()) {
        if (c.isLetterOrNumber() || c.isMark() || c.isSurrogate())
            words += c;
        else if (!words.endsWith(u' '))
            words += u' ';
    }
    if (!words.endsWith(u' '))
        words += u' ';
    return words;
}

Topic topicOf(const QString &prompt)
{
    const QString words = wordsOf(prompt);
    const auto stands = [&](const Trigger &trigger) {
        return words.contains(QString(u' ' + trigger.words.toString() + u' '));
    };
    if (const auto found = std::ranges::find_if(Triggers, stands); found != Triggers.end())
        return found->topic;
    const auto writtenIn = [&](std::initializer_list<QChar::Script> scripts) {
        return std::ranges::any_of(prompt,
                                   [&](QChar c) { return std::ranges::contains(scripts, c.script()); });
    };
    if (writtenIn({QChar::Script_Arabic}))
        return Topic::Arabic;
    if (writtenIn({QChar::Script_Hiragana, QChar::Script_Katakana}))
        return Topic::Japanese;
    return Topic::Welcome;
}

// The user's words as a quote that no markdown in them can leave or change.
QString quoted(const QString &prompt)
{
    QString shown = prompt.trimmed();
    if (shown.size() > MaxQuoted) {
        const bool splitsPair = shown.at(MaxQuoted - 1).isHighSurrogate();
        shown = shown.first(splitsPair ? MaxQuoted - 1 : MaxQuoted) + u'…';
    }
    constexpr QStringView marks = u"\\`*_{}[]<>()#+-.!|~$&:/@=^\"'";
    QString quote = u"> "_s;
    for (const QChar c : std::as_const(shown)) {
        if (c == u'\n')
            quote += "\\\n> "_L1;
        else if (c != u'\r')
            quote += marks.contains(c) ? QString(u'\\' + QString(c)) : QString(c);
    }
    return quote;
}

// An essay of at least `wanted` words out of a dozen paragraphs. The order differs from chapter to
// chapter, and no chapter is empty or holds a paragraph twice.
QString essay(qsizetype wanted)
{
    const QStringList paragraphs = demoText(u"long.md"_s).trimmed().split("\n\n"_L1);
    QString text = u"# The habit of the place\n"_s;
    qsizetype words = 6;
    for (qsizetype chapter = 1; chapter == 1 || words < wanted; ++chapter) {
        text += u"\n## %1. A walk along the water\n\n"_s.arg(chapter);
        words += 7;
        for (qsizetype part = 0; part < 4 && (part == 0 || words < wanted); ++part) {
            const QString &paragraph = paragraphs.at((chapter * 5 + part * 7) % paragraphs.size());
            text += paragraph + u"\n\n"_s;
            words += paragraph.count(u' ') + 1;
        }
    }
    return text;
}

qsizetype essayWords(const QString &prompt)
{
    for (const QString &word : wordsOf(prompt).split(u' ', Qt::SkipEmptyParts)) {
        bool ok = false;
        if (const int number = word.toInt(&ok); ok && number > 0)
            return std::min<qsizetype>(number, MaxEssayWords);
    }
    return DefaultEssayWords;
}

} // namespace

QString demoText(const QString &name)
{
    QFile file(u":/rivulet/demo/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("The demo text %ls is not compiled in", qUtf16Printable(name));
    return QString::fromUtf8(file.readAll());
}

DemoReply demoReply(const QString &prompt)
{
    DemoReply reply;
    switch (topicOf(prompt)) {
    case Topic::Tour:
        reply.text = demoText(u"tour.md"_s);
        break;
    case Topic::Code:
        reply.text = demoText(u"code.md"_s);
        break;
    case Topic::Table:
        reply.text = demoText(u"table.md"_s);
        break;
    case Topic::Math:
        reply.text = demoText(u"math.md"_s);
        break;
    case Topic::Long:
        reply.text = essay(essayWords(prompt));
        break;
    case Topic::Slow:
        reply.text = demoText(u"slow.md"_s);
        reply.slow = true;
        break;
    case Topic::Drop:
        reply.text = demoText(u"drop.md"_s).trimmed();
        reply.ending = DemoReply::Ending::Drop;
        break;
    case Topic::Reasoning:
        reply.reasoning = demoText(u"reasoning.thinking.md"_s);
        reply.text = demoText(u"reasoning.md"_s);
        break;
    case Topic::RateLimited:
        reply.ending = DemoReply::Ending::RateLimited;
        break;
    case Topic::ServerError:
        reply.ending = DemoReply::Ending::ServerError;
        break;
    case Topic::Arabic:
        reply.text = demoText(u"arabic.md"_s);
        break;
    case Topic::Japanese:
        reply.text = demoText(u"japanese.md"_s);
        break;
    case Topic::Welcome:
        reply.text = demoText(u"welcome.md"_s).replace("%1"_L1, quoted(prompt));
        break;
    }
    return reply;
}

QStringList demoTokens(const QString &text)
{
    constexpr auto sizes = std::to_array<qsizetype>({4, 5, 3, 5, 4, 6, 4});
    QStringList tokens;
    qsizetype turn = 0;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = std::min(text.size(), at + sizes[static_cast<std::size_t>(turn++) % sizes.size()]);
        if (text.at(end - 1).isHighSurrogate() && end < text.size())
            ++end;
        tokens.append(text.sliced(at, end - at));
        at = end;
    }
    return tokens;
}

QStringList demoWords(const QString &text)
{
    QStringList words;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = at;
        while (end < text.size() && !text.at(end).isSpace())
            ++end;
        while (end < text.size() && text.at(end).isSpace())
            ++end;
        words.append(text.sliced(at, end - at));
        at = end;
    }
    return words;
}

} // namespace rivulet
