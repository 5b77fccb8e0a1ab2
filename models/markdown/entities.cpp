// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/entities.h"

#include "models/markdown/characters.h"

#include <algorithm>
#include <iterator>

namespace rivulet::markdown {

namespace {

struct Named
{
    std::string_view name;
    char32_t first;
    char32_t second;
};

constexpr Named namedEntities[] = {
#include "models/markdown/entities.inc"
};

constexpr std::size_t longestName = 31;

Entity numeric(std::string_view text)
{
    const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const std::size_t begin = hex ? 3 : 2;
    const std::size_t longest = hex ? 6 : 7;
    std::size_t at = begin;
    char32_t value = 0;
    while (at < text.size() && at - begin < longest && (hex ? isHexDigit(text[at]) : isDigit(text[at]))) {
        value = value * (hex ? 16 : 10) + char32_t(digitValue(text[at]));
        ++at;
    }
    if (at == text.size())
        return {.unfinished = true};
    if (at == begin || text[at] != ';')
        return {};
    const bool invalid = value == 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000);
    return {.length = at + 1, .points = {invalid ? U'\ufffd' : value}};
}

} // namespace

Entity entityAt(std::string_view text)
{
    if (text.size() > 1 && text[1] == '#')
        return numeric(text);
    std::size_t at = 1;
    while (at < text.size() && at <= longestName && isAlphanumeric(text[at]))
        ++at;
    if (at == text.size())
        return {.unfinished = true};
    if (at == 1 || text[at] != ';')
        return {};
    const std::string_view name = text.substr(1, at - 1);
    const auto *const found = std::ranges::lower_bound(namedEntities, name, {}, &Named::name);
    if (found == std::end(namedEntities) || found->name != name)
        return {};
    return {.length = at + 1, .points = {found->first, found->second}};
}

} // namespace rivulet::markdown
