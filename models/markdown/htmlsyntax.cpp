// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/htmlsyntax.h"

#include <algorithm>
#include <array>
#include <string>

namespace rivulet::markdown {

namespace {

bool containsCaseless(std::string_view text, std::string_view lowered)
{
    return !std::ranges::search(text, lowered, {}, lower).empty();
}

/// Scans on to `terminator`, from `from`.
Scan scanTo(std::string_view text, std::size_t from, std::string_view terminator)
{
    const std::size_t at = text.find(terminator, from);
    return at == npos ? Scan{Match::Unfinished} : Scan{Match::Yes, at + terminator.size()};
}

std::size_t skipTagName(std::string_view text, std::size_t at)
{
    while (at < text.size() && (isAlphanumeric(text[at]) || text[at] == '-'))
        ++at;
    return at;
}

Scan scanAttributeValue(std::string_view text, std::size_t at)
{
    if (at == text.size())
        return {Match::Unfinished};
    if (text[at] == '"' || text[at] == '\'')
        return scanTo(text, at + 1, text.substr(at, 1));
    const std::size_t begin = at;
    while (at < text.size() && !isSpace(text[at]) && std::string_view("\"'=<>`").find(text[at]) == npos)
        ++at;
    return at == begin ? Scan{Match::No} : Scan{Match::Yes, at};
}

/// The rest of an open tag, behind its name.
Scan scanAttributes(std::string_view text, std::size_t at)
{
    while (at < text.size()) {
        const std::size_t name = skipSpace(text, at);
        if (name == text.size())
            break;
        if (text[name] == '>')
            return {Match::Yes, name + 1};
        if (text[name] == '/') {
            if (name + 1 == text.size())
                break;
            return text[name + 1] == '>' ? Scan{Match::Yes, name + 2} : Scan{Match::No};
        }
        if (name == at || !(isLetter(text[name]) || text[name] == '_' || text[name] == ':'))
            return {Match::No};
        at = name + 1;
        while (at < text.size()
               && (isAlphanumeric(text[at]) || std::string_view("_.:-").find(text[at]) != npos))
            ++at;
        const std::size_t equals = skipSpace(text, at);
        if (equals == text.size())
            break;
        if (text[equals] != '=')
            continue;
        const Scan value = scanAttributeValue(text, skipSpace(text, equals + 1));
        if (value.match != Match::Yes)
            return value;
        at = value.end;
    }
    return {Match::Unfinished};
}

Scan scanTag(std::string_view text, std::size_t at)
{
    ++at;
    if (at == text.size())
        return {Match::Unfinished};
    const bool closing = text[at] == '/';
    if (closing && ++at == text.size())
        return {Match::Unfinished};
    if (!isLetter(text[at]))
        return {Match::No};
    at = skipTagName(text, at);
    if (!closing)
        return at == text.size() ? Scan{Match::Unfinished} : scanAttributes(text, at);
    at = skipSpace(text, at);
    if (at == text.size())
        return {Match::Unfinished};
    return text[at] == '>' ? Scan{Match::Yes, at + 1} : Scan{Match::No};
}

constexpr std::array<std::string_view, 4> verbatimTags{"pre", "script", "style", "textarea"};

constexpr std::array<std::string_view, 62> blockTags{
    "address",  "article",    "aside",  "base",    "basefont", "blockquote", "body",     "caption",  "center",
    "col",      "colgroup",   "dd",     "details", "dialog",   "dir",        "div",      "dl",       "dt",
    "fieldset", "figcaption", "figure", "footer",  "form",     "frame",      "frameset", "h1",       "h2",
    "h3",       "h4",         "h5",     "h6",      "head",     "header",     "hr",       "html",     "iframe",
    "legend",   "li",         "link",   "main",    "menu",     "menuitem",   "nav",      "noframes", "ol",
    "optgroup", "option",     "p",      "param",   "search",   "section",    "summary",  "table",    "tbody",
    "td",       "tfoot",      "th",     "thead",   "title",    "tr",         "track",    "ul"};

/// The name of the tag that `line` starts with, lower case, cut after what any of ours could be.
std::string loweredTagName(std::string_view line, std::size_t begin)
{
    const std::string_view name = line.substr(begin, skipTagName(line, begin) - begin);
    std::string lowered(name.substr(0, 12));
    std::ranges::transform(lowered, lowered.begin(), lower);
    return lowered;
}

} // namespace

HtmlForm htmlFormAt(std::string_view text, std::size_t at)
{
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--"))
        return HtmlForm::Comment;
    if (rest.starts_with("<?"))
        return HtmlForm::Instruction;
    if (rest.starts_with("<![CDATA["))
        return HtmlForm::CData;
    return rest.starts_with("<!") ? HtmlForm::Declaration : HtmlForm::Tag;
}

Scan scanHtml(std::string_view text, std::size_t at)
{
    switch (htmlFormAt(text, at)) {
    case HtmlForm::Comment:
        if (text.substr(at + 4).starts_with('>'))
            return {Match::Yes, at + 5};
        if (text.substr(at + 4).starts_with("->"))
            return {Match::Yes, at + 6};
        return scanTo(text, at + 4, "-->");
    case HtmlForm::Instruction:
        return scanTo(text, at + 2, "?>");
    case HtmlForm::CData:
        return scanTo(text, at + 9, "]]>");
    case HtmlForm::Declaration: {
        const std::string_view rest = text.substr(at);
        if (std::string_view("<![CDATA[").starts_with(rest) || rest == "<!-")
            return {Match::Unfinished};
        return isLetter(rest[2]) ? scanTo(text, at + 2, ">") : Scan{Match::No};
    }
    case HtmlForm::Tag:
        break;
    }
    return scanTag(text, at);
}

int htmlBlockStart(std::string_view line)
{
    if (line.starts_with("<!--"))
        return 2;
    if (line.starts_with("<?"))
        return 3;
    if (line.starts_with("<![CDATA["))
        return 5;
    if (line.starts_with("<!"))
        return line.size() > 2 && isLetter(line[2]) ? 4 : 0;

    const bool closing = line.starts_with("</");
    const std::size_t nameBegin = closing ? 2 : 1;
    const std::string name = loweredTagName(line, nameBegin);
    if (name.empty())
        return 0;
    const std::string_view behind = line.substr(skipTagName(line, nameBegin));
    const bool ends = behind.empty() || isSpace(behind.front()) || behind.front() == '>';
    const bool verbatim = std::ranges::contains(verbatimTags, name);
    if (!closing && verbatim && ends)
        return 1;
    if ((ends || behind.starts_with("/>")) && std::ranges::binary_search(blockTags, name))
        return 6;
    if (!closing && verbatim)
        return 0;
    const Scan tag = scanTag(line, 0);
    return tag.match == Match::Yes && trimmed(line.substr(tag.end)).empty() ? 7 : 0;
}

bool htmlBlockEnds(int kind, std::string_view line)
{
    switch (kind) {
    case 1:
        return std::ranges::any_of(verbatimTags, [line](std::string_view name) {
            return containsCaseless(line, std::string("</").append(name).append(">"));
        });
    case 2:
        return line.find("-->") != npos;
    case 3:
        return line.find("?>") != npos;
    case 4:
        return line.find('>') != npos;
    case 5:
        return line.find("]]>") != npos;
    default:
        return false;
    }
}

} // namespace rivulet::markdown
