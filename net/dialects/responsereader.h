// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlatin1stringview.h>

#include <memory>
#include <optional>

namespace rivulet {

/// NetError::code where a stream was to be joined again and the server has none: it is over, and all there is
/// to know is what was read, or what the server keeps elsewhere.
inline constexpr auto nothingToResume = QLatin1StringView("nothing_to_resume");

/// NetError::code where a web page came in the place of an answer.
inline constexpr auto webPage = QLatin1StringView("web_page");

/// From bytes to events for one exchange: picks the framing by status, content type and first bytes, cuts
/// frames, lets the dialect translate them, and turns a failing status or a foreign body (an HTML page,
/// one JSON document) into the error or the answer that it is. The live path and `replay` share it.
///
/// Any split of the same bytes gives the same events once neighbouring deltas are coalesced. One thread.
class RIVULET_NET_EXPORT ResponseReader
{
public:
    explicit ResponseReader(std::unique_ptr<Dialect> dialect);
    ~ResponseReader();
    /// A copy goes on from the same place, on its own. Not while a call is under way.
    ResponseReader(const ResponseReader &other);
    ResponseReader &operator=(const ResponseReader &) = delete;

    /// Asks the dialect for the request that joins a stream again, Dialect::resume(). An answer that then
    /// holds nothing is no empty answer: it fails with nothingToResume.
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token, const Endpoint &endpoint);

    /// Takes the head; call once, before any bytes. Again for each further response of the exchange.
    void head(const ResponseHead &head);

    /// Takes the next piece of the decoded body and appends what it means to `events`. After a Failed
    /// event nothing is appended but token counts.
    void feed(QByteArrayView bytes, StreamEvents &events);

    /// Takes one whole message of a transport that keeps messages apart. Such a transport has no head.
    void message(QByteArrayView text, StreamEvents &events);

    /// How a body ends.
    enum class End {
        Clean,  ///< as its transport says it should
        Broken, ///< the connection was lost
    };

    /// The body has ended. Appends what was held back, and Failed where the body was an error.
    void finish(End end, StreamEvents &events);

    /// Whether the protocol's own end was seen: the only measure of a complete answer.
    [[nodiscard]] Completeness completeness() const;

    /// Frames and documents that nobody knew.
    [[nodiscard]] qint64 unknownFrames() const;

    /// The translator, for what goes out.
    [[nodiscard]] Dialect &dialect();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet
