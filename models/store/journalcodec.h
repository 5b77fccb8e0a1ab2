// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

namespace rivulet {

/// A piece of a turn's journal as compact bytes: CBOR, one array per event that begins with its kind.
[[nodiscard]] QByteArray encodeJournal(const StreamEvents &events);

/// The events in such bytes. Kinds of a later version are skipped; damaged bytes end the list where the
/// damage begins.
[[nodiscard]] StreamEvents decodeJournal(const QByteArray &bytes);

} // namespace rivulet
