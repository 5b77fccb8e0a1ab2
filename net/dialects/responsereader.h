// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/export.h"

#include <QtCore/qbytearray.h>

#include <memory>

namespace rivulet {

/// From bytes to events for one response: picks the framing by status, content type and first byte, cuts
/// frames, lets the dialect translate them, and turns a failing status or a foreign body (an HTML page,
/// one JSON document) into the error or the answer that it is. The live path and `replay` share it.
///
/// Any split of the same bytes gives the same events once neighbouring deltas are coalesced. One thread.
class RIVULET_NET_EXPORT ResponseReader
{
public:
    explicit ResponseReader(std::unique_ptr<Dialect> dialect);
    ~ResponseReader();

    /// Takes the head; call once, before any bytes.
    void head(const ResponseHead &head);

    /// Takes the next piece of the decoded body and appends what it means to `events`. After a Failed
    /// event nothing is appended but token counts.
    void feed(QByteArrayView bytes, StreamEvents &events);

    /// The body has ended. Appends what was held back, and Failed where the body was an error.
    void finish(StreamEvents &events);

    /// Whether the protocol's own end was seen: the only measure of a complete answer.
    [[nodiscard]] Completeness completeness() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet
