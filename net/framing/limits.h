// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Every bound on what a server may make us keep, in one place. Past one of them a stream fails with
/// NetError::Kind::TooLarge; what arrived before stays. They stop a broken or hostile server from eating
/// the memory, so they are far above what honest ones send.
namespace rivulet::limits {

inline constexpr std::size_t KiB = 1024;
inline constexpr std::size_t MiB = 1024 * KiB;

/// Bytes of one line, event or frame: images and files come as base64 in a single event.
inline constexpr std::size_t frame = 64 * MiB;

/// Bytes of all headers of one frame, where the framing has any: they name it, they carry nothing.
inline constexpr std::size_t frameHeaders = 128 * KiB;

/// Bytes of one JSON document that came instead of a stream: as much as a frame, and for the same reason.
inline constexpr std::size_t document = 64 * MiB;

/// Values in one JSON document: a table of a hundred thousand rows fits. Some are sent in two bytes and each
/// costs thirty-two here, so that without a bound of its own a frame could take sixteen times its size.
inline constexpr std::size_t jsonValues = 2 * MiB;

/// UTF-16 units of one answer's text, and as many of its reasoning: a thousand novels' worth of chapters
/// would fit, a model that repeats itself for ever does not.
inline constexpr std::size_t messageText = 32 * MiB;

/// UTF-16 units of all tool arguments of one answer: whole files are written through them.
inline constexpr std::size_t toolArguments = 16 * MiB;

/// Tool calls of one answer: each one costs a row and a place in the next request.
inline constexpr std::size_t toolCalls = 1024;

/// UTF-16 units and bytes of what stands beside an answer's words: tool results, artifacts, questions and
/// what agents have done. Dozens of pictures fit.
inline constexpr std::size_t attached = 128 * MiB;

/// How many of them: each one is a row to people.
inline constexpr std::size_t attachments = 16 * 1024;

/// Messages of one answer, where a protocol makes an answer of several: each one is a step of an agent.
inline constexpr std::size_t messages = 4096;

/// Output items (messages, thoughts, calls) of one answer, where its protocol has such.
inline constexpr std::size_t outputItems = 8 * 1024;

/// Lanes (agents) of one answer: each one is a column or a heading to people.
inline constexpr std::size_t lanes = 256;

/// Decoded bytes that were received and not yet taken; past it the socket is not read.
inline constexpr std::size_t undelivered = 8 * MiB;

/// Decoded bytes that one compressed byte may become on the whole, beyond inflateAllowance. A model that says
/// the same word for ever, compressed without a flush, was measured at 257; a bomb comes to 1027.
inline constexpr std::size_t inflateRatio = 400;

/// Decoded bytes that may come however few compressed ones they came from.
inline constexpr std::size_t inflateAllowance = 8 * MiB;

/// Bytes read of the body of a failing response: error messages are short, error pages are not.
inline constexpr std::size_t errorBody = 64 * KiB;

/// UTF-16 units of NetError::message.
inline constexpr std::size_t errorMessage = 4096;

/// Further requests that one answer may take: protocols shake hands in two or three.
inline constexpr int followUps = 16;

/// Cookies that are kept for one provider, and bytes of each: a balancer needs one or two.
inline constexpr int cookies = 20;
inline constexpr std::size_t cookie = 4 * KiB;

/// Small requests that wait for the one before them: a server that asks and asks gets no more answers.
inline constexpr int waitingRequests = 64;

} // namespace rivulet::limits
