// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet::cli {

/// Folds the events of one stream into what it amounts to. The same for every split of the same bytes.
class Summary
{
public:
    /// Takes the next event.
    void add(const StreamEvent &event);

    /// The object that --summary prints. `complete` says whether the protocol's own end marker was seen;
    /// `metrics` is an object to go in as "metrics", or empty; `unknownFrames` is told where there were any.
    [[nodiscard]] QByteArray toJson(bool complete, QByteArrayView metrics = {},
                                    qint64 unknownFrames = 0) const;

    /// The first failure of the stream itself, where there was one.
    [[nodiscard]] const std::optional<NetError> &error() const { return m_error; }

private:
    void take(const event::Started &started);
    void take(const event::Text &text);
    void take(const event::Reasoning &reasoning);
    void take(const event::ReasoningOpaque &) {}
    void take(const event::Replace &replace);
    void take(const event::ToolCall &call);
    void take(const event::Approval &) {}
    void take(const event::ToolResult &result);
    void take(const event::Status &) {}
    void take(const event::Artifact &artifact);
    void take(const event::UsageReported &reported);
    void take(const event::Finished &finished);
    void take(const event::Failed &failed);

    QString m_model;
    QString m_text;
    QString m_reasoning;
    QList<event::ToolCall> m_toolCalls; ///< with whole arguments
    QList<event::ToolResult> m_toolResults;
    QList<event::Artifact> m_artifacts;
    Usage m_usage;
    std::optional<FinishReason> m_finish;
    std::optional<NetError> m_error;
    qint64 m_events = 0;
};

} // namespace rivulet::cli
