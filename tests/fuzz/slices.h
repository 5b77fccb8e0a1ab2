// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>
#include <vector>

namespace rivulet::fuzz {

using Pieces = std::vector<std::string_view>;

/// A number that depends on all of the input, so that a case is repeated exactly by its bytes alone.
inline std::uint32_t seedOf(std::string_view input)
{
    std::uint32_t seed = 2166136261u;
    for (const char c : input)
        seed = (seed ^ static_cast<unsigned char>(c)) * 16777619u;
    return seed;
}

/// The input in pieces of random sizes up to `largest`.
inline Pieces slices(std::string_view input, std::size_t largest, std::uint32_t seed)
{
    std::mt19937 random(seed);
    Pieces pieces;
    while (!input.empty()) {
        const std::size_t size = std::min<std::size_t>(1 + random() % largest, input.size());
        pieces.push_back(input.substr(0, size));
        input.remove_prefix(size);
    }
    return pieces;
}

/// Whole, byte by byte, and in two kinds of random slices: what all of them must agree on is a case's check.
inline std::vector<Pieces> splitsOf(std::string_view input)
{
    const std::uint32_t seed = seedOf(input);
    return {{input}, slices(input, 1, seed), slices(input, 7, seed), slices(input, 97, seed)};
}

/// Ends the case as found where two splits of the same bytes disagree.
inline void require(bool same)
{
    if (same)
        return;
    std::fputs("two splits of the same bytes mean different things\n", stderr);
    std::abort();
}

} // namespace rivulet::fuzz
