// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/autolinks.h"

#include "models/markdown/characters.h"
#include "models/markdown/charscan.h"

#include <algorithm>
#include <array>

namespace rivulet::markdown {

namespace {

QString url(std::string_view prefix, std::string_view text)
{
    QString out;
    appendText(out, prefix);
    appendText(out, text);
    return out;
}

bool startsWithCaseless(std::string_view text, std::string_view lowered)
{
    return text.size() >= lowered.size()
        && std::ranges::equal(text.substr(0, lowered.size()), lowered, {}, lower);
}

bool isBracketedUri(std::string_view text)
{
    const std::size_t colon = text.find(':');
    if (colon == npos || colon < 2 || colon > 32 || !isLetter(text.front()))
        return false;
    return std::ranges::all_of(text.substr(0, colon),
                               [](char c) { return isAlphanumeric(c) || c == '+' || c == '.' || c == '-'; });
}

bool isBracketedAddress(std::string_view text)
{
    const std::size_t at = text.find('@');
    if (at == npos || at == 0)
        return false;
    static constexpr std::string_view punctuation = ".!#$%&'*+/=?^_`{|}~-";
    if (!std::ranges::all_of(text.substr(0, at),
                             [](char c) { return isAlphanumeric(c) || punctuation.find(c) != npos; }))
        return false;
    std::size_t begin = at + 1;
    while (true) {
        const std::size_t dot = std::min(text.find('.', begin), text.size());
        const std::string_view part = text.substr(begin, dot - begin);
        if (part.empty() || part.size() > 63 || part.front() == '-' || part.back() == '-'
            || !std::ranges::all_of(part, [](char c) { return isAlphanumeric(c) || c == '-'; }))
            return false;
        if (dot == text.size())
            return true;
        begin = dot + 1;
    }
}

/// Behind the domain that begins at `at`; `at` where there is no valid one.
std::size_t skipDomain(std::string_view text, std::size_t at, bool needsDot)
{
    std::size_t end = at;
    int dots = 0;
    std::array<int, 2> underscores{}; // in the last segment and in the one before
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (c == '_') {
            ++underscores[0];
        } else if (c == '.') {
            underscores = {0, underscores[0]};
            ++dots;
        } else if (!isAlphanumeric(c) && c != '-' && static_cast<unsigned char>(c) < 0x80) {
            break;
        }
    }
    const bool begins =
        end > at && (isAlphanumeric(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80);
    const bool valid = begins && underscores[0] == 0 && underscores[1] == 0 && (dots > 0 || !needsDot);
    return valid ? end : at;
}

/// The end of a link that could reach up to `end`, without what rather belongs to the sentence around it.
std::size_t withoutTrailingPunctuation(std::string_view text, std::size_t begin, std::size_t end)
{
    const std::string_view link = text.substr(begin, end - begin);
    auto opened = std::ranges::count(link, '(');
    auto closed = std::ranges::count(link, ')');
    while (end > begin) {
        const char c = text[end - 1];
        if (std::string_view("?!.,:*_~'\"").find(c) != npos) {
            --end;
        } else if (c == ')' && closed > opened) {
            --closed;
            --end;
        } else if (c == ';') {
            std::size_t name = end - 1;
            while (name > begin && isAlphanumeric(text[name - 1]))
                --name;
            if (name == begin || name == end - 1 || text[name - 1] != '&')
                break;
            end = name - 1;
        } else {
            break;
        }
    }
    return end;
}

std::size_t skipPath(std::string_view text, std::size_t at)
{
    while (at < text.size() && !isSpace(text[at]) && text[at] != '<')
        ++at;
    return at;
}

std::optional<Autolink> webAddressAt(std::string_view text, std::size_t at)
{
    if (!startsWithCaseless(text.substr(at), "www."))
        return {};
    if (at > 0 && !isSpace(text[at - 1]) && std::string_view("*_~(").find(text[at - 1]) == npos
        && static_cast<unsigned char>(text[at - 1]) < 0x80)
        return {};
    const std::size_t domain = skipDomain(text, at, true);
    if (domain == at)
        return {};
    const std::size_t end = withoutTrailingPunctuation(text, at, skipPath(text, domain));
    if (end <= at + 4)
        return {};
    return Autolink{at, end, url("http://", text.substr(at, end - at)), at + 4};
}

/// The link whose "://" is at `colon`, where it begins at `from` or later.
std::optional<Autolink> urlAround(std::string_view text, std::size_t colon, std::size_t from)
{
    std::size_t begin = colon;
    while (begin > from && isAlphanumeric(text[begin - 1]))
        --begin;
    const std::string_view scheme = text.substr(begin, colon - begin);
    if (scheme.size() > 5 || (begin > 0 && isAlphanumeric(text[begin - 1])))
        return {};
    constexpr std::array<std::string_view, 3> schemes{"http", "https", "ftp"};
    if (std::ranges::none_of(schemes, [scheme](std::string_view known) {
            return scheme.size() == known.size() && startsWithCaseless(scheme, known);
        }))
        return {};
    const std::size_t domain = skipDomain(text, colon + 3, false);
    if (domain == colon + 3)
        return {};
    const std::size_t end = withoutTrailingPunctuation(text, begin, skipPath(text, domain));
    if (end <= colon + 3)
        return {};
    return Autolink{begin, end, url({}, text.substr(begin, end - begin)), colon + 3};
}

/// The e-mail address around the "@" at `sign`, where it begins at `from` or later.
std::optional<Autolink> addressAround(std::string_view text, std::size_t sign, std::size_t from)
{
    std::size_t begin = sign;
    while (begin > from
           && (isAlphanumeric(text[begin - 1]) || std::string_view(".-_+").find(text[begin - 1]) != npos))
        --begin;
    if (begin == sign)
        return {};
    std::size_t end = sign + 1;
    int dots = 0;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (c == '.' && end + 1 < text.size() && isAlphanumeric(text[end + 1]))
            ++dots;
        else if (!isAlphanumeric(c) && c != '-' && c != '_')
            break;
    }
    if (dots == 0 || !isLetter(text[end - 1]) || (end < text.size() && text[end] == '@'))
        return {};
    return Autolink{begin, end, url("mailto:", text.substr(begin, end - begin)), sign + 1};
}

} // namespace

std::optional<Autolink> bracketedAutolink(std::string_view text, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '>' && text[end] != '<'
           && static_cast<unsigned char>(text[end]) > ' ')
        ++end;
    if (end >= text.size() || text[end] != '>' || end == at + 1)
        return {};
    const std::string_view inner = text.substr(at + 1, end - at - 1);
    if (isBracketedUri(inner))
        return Autolink{at + 1, end, url({}, inner), end};
    if (isBracketedAddress(inner))
        return Autolink{at + 1, end, url("mailto:", inner), end};
    return {};
}

std::optional<Autolink> nextExtendedAutolink(std::string_view text, std::size_t from)
{
    for (std::size_t at = nextAutolinkMark(text, from); at != npos; at = nextAutolinkMark(text, at + 1)) {
        std::optional<Autolink> link;
        if (text[at] == '@')
            link = addressAround(text, at, from);
        else if (text[at] != ':')
            link = webAddressAt(text, at);
        else if (text.substr(at).starts_with("://"))
            link = urlAround(text, at, from);
        if (link)
            return link;
    }
    return {};
}

} // namespace rivulet::markdown
