// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/exchangerequest.h"
#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

#include <optional>

namespace rivulet {

/// A piece of a turn's journal.
struct JournalPiece
{
    StreamEvents events;
    /// Where the stream can be joined again behind the events. An empty stream is that of the piece before.
    std::optional<ResumeToken> place{};

    friend bool operator==(const JournalPiece &, const JournalPiece &) = default;
};

/// It as compact bytes: CBOR, one array per event that begins with its kind, the place as the last one.
[[nodiscard]] QByteArray encodeJournal(const JournalPiece &piece);

/// What such bytes hold. Kinds of a later version are skipped; damaged bytes end the piece where the damage
/// begins, and then it names no place.
[[nodiscard]] JournalPiece decodeJournal(const QByteArray &bytes);

} // namespace rivulet
