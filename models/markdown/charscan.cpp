// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/charscan.h"

#include <array>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rivulet::markdown {

namespace {

constexpr auto specialCharacters = [] {
    std::array<bool, 256> special{};
    for (const char c : {'\n', '!', '$', '&', '*', '<', '[', '\\', ']', '_', '`', '~'})
        special[static_cast<unsigned char>(c)] = true;
    return special;
}();

#ifdef __SSE2__
constexpr std::size_t width = sizeof(__m128i);

__m128i load(std::string_view text, std::size_t at)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(text.data() + at));
}

__m128i equals(__m128i bytes, char c)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/// All bits of each byte that is `first` or one of the `more` that follow it.
__m128i isBetween(__m128i bytes, char first, char more)
{
    const __m128i offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(more)), offset);
}

unsigned bitsOf(__m128i bytes)
{
    return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}

unsigned specialBits(__m128i bytes)
{
    const __m128i brackets = _mm_or_si128(isBetween(bytes, '[', 2), isBetween(bytes, '_', 1));
    const __m128i delimiters = _mm_or_si128(equals(bytes, '*'), equals(bytes, '~'));
    const __m128i marks = _mm_or_si128(equals(bytes, '!'), equals(bytes, '$'));
    const __m128i openers = _mm_or_si128(equals(bytes, '&'), equals(bytes, '<'));
    const __m128i ends = _mm_or_si128(equals(bytes, '\n'), openers);
    return bitsOf(_mm_or_si128(_mm_or_si128(brackets, delimiters), _mm_or_si128(marks, ends)));
}
#endif

bool startsAutolink(char c, char next)
{
    return c == '@' || (c == ':' && next == '/') || ((c | 0x20) == 'w' && (next | 0x20) == 'w');
}

} // namespace

std::size_t nextSpecial(std::string_view text, std::size_t from, std::size_t to)
{
    std::size_t at = from;
#ifdef __SSE2__
    for (; at + width <= to; at += width) {
        if (const unsigned bits = specialBits(load(text, at)))
            return at + std::size_t(std::countr_zero(bits));
    }
#endif
    while (at < to && !specialCharacters[static_cast<unsigned char>(text[at])])
        ++at;
    return at;
}

std::size_t nextAutolinkMark(std::string_view text, std::size_t from)
{
    std::size_t at = from;
#ifdef __SSE2__
    const __m128i lower = _mm_set1_epi8(0x20);
    for (; at + width < text.size(); at += width) {
        const __m128i bytes = load(text, at);
        const __m128i next = load(text, at + 1);
        const __m128i doubled =
            _mm_and_si128(equals(_mm_or_si128(bytes, lower), 'w'), equals(_mm_or_si128(next, lower), 'w'));
        const __m128i scheme = _mm_and_si128(equals(bytes, ':'), equals(next, '/'));
        const unsigned bits = bitsOf(_mm_or_si128(_mm_or_si128(doubled, scheme), equals(bytes, '@')));
        if (bits != 0)
            return at + std::size_t(std::countr_zero(bits));
    }
#endif
    for (; at < text.size(); ++at) {
        if (startsAutolink(text[at], at + 1 < text.size() ? text[at + 1] : '\0'))
            return at;
    }
    return std::string_view::npos;
}

std::size_t plainLength(std::string_view text)
{
    std::size_t at = 0;
#ifdef __SSE2__
    for (; at + width <= text.size(); at += width) {
        const __m128i bytes = load(text, at);
        if (const unsigned bits = bitsOf(bytes) | bitsOf(equals(bytes, '\0')))
            return at + std::size_t(std::countr_zero(bits));
    }
#endif
    while (at < text.size() && text[at] > 0)
        ++at;
    return at;
}

} // namespace rivulet::markdown
