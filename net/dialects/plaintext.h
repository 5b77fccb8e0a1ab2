// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// Servers whose answer is the body itself, as text: the AI SDK's text stream, a script of a few lines. The
/// same servers' events with bare text, and their JSON documents, are read as well.
///
/// The text has no end marker but its end: complete means that the body ended as its transport says it
/// should, and not with a server's words that it was interrupted, which are a failure and no text.
class PlainText final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Text; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    void event(const Frame &frame, EventWriter &out);
    [[nodiscard]] bool object(const json::Value &value, EventWriter &out);
    void text(const QString &delta, EventWriter &out);

    json::Reader m_reader;
    bool m_events = false;        ///< the body is events, of which each holds a piece
    std::optional<bool> m_quoted; ///< whether the pieces are JSON strings
    QString m_held;               ///< the end of the text, which may begin a server's remark
    bool m_began = false;
};

} // namespace rivulet
