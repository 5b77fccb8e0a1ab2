// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// The data stream of the AI SDK up to version 4, still spoken by many back ends: a code, a colon and a JSON
/// value a line. The codes that assistant-ui adds are read as well.
///
/// Complete means that `d`, the end of the message, was seen.
class VercelData final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void frame(const Frame &frame, EventWriter &out) override;

private:
    [[nodiscard]] bool part(QByteArrayView code, const json::Value &value, EventWriter &out);
    [[nodiscard]] bool extension(QByteArrayView code, const json::Value &value, EventWriter &out);
    [[nodiscard]] int toolCall(const json::Value &value, EventWriter &out);
    void toolResult(const json::Value &value, EventWriter &out);
    void opaque(const json::Value &value, EventWriter &out);
    void list(QLatin1StringView name, const json::Value &items, EventWriter &out);
    void file(const json::Value &value, EventWriter &out);
    void stepUsage(const json::Value &counts, EventWriter &out);
    void finishMessage(const json::Value &value, EventWriter &out);

    json::Reader m_reader;
    QHash<QString, QString> m_toolNames; ///< by the call's id
    Usage m_usage;                       ///< of the steps so far
    int m_opaque = 0;
    int m_files = 0;
};

} // namespace rivulet
