// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: the events of Anthropic's Messages API, which several protocols carry.

#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <optional>
#include <vector>

namespace rivulet {

/// Why a model ended, by the API's `stop_reason`; empty where none is given.
[[nodiscard]] std::optional<FinishReason> anthropicFinishReason(const json::Value &reason);

/// What a tool gave, as text to read: `content` of a tool result in any of its forms.
[[nodiscard]] QString anthropicResultText(const json::Value &content);

/// Token counts as the API reports them, in several `usage` objects: what is read from its cache or written
/// there counts as input.
class AnthropicUsage
{
public:
    /// Takes the next report. What it leaves out keeps what was told before.
    void add(const json::Value &usage);

    [[nodiscard]] const Usage &total() const { return m_total; }

private:
    std::optional<qint64> m_input;
    std::optional<qint64> m_cacheWrite;
    Usage m_total;
};

/// Translates the events of one lane: messages, one after the other, made of content blocks. It tells what
/// they say and notes how they end; whether that ends the exchange is for the dialect around it to know.
///
/// A block that has to go back with the next request goes out whole, as compact JSON, once it has ended:
/// signed and redacted thoughts, what the server's own tools were asked and gave, and compactions.
class AnthropicEvents
{
public:
    enum class Outcome {
        Unknown, ///< no event of the API, or one of a kind that did not exist when this was written
        Read,
        Stopped, ///< the message has ended
    };

    /// `lane` tells the calls of several lanes of one answer apart.
    explicit AnthropicEvents(const QString &lane = {}) : m_lane(lane) {}

    /// Whether that is the name of an event; "error" is none of a message.
    [[nodiscard]] static bool isEventName(const json::Value &name);

    /// Translates one event. `name` is the one of its frame, for servers that leave it out of the payload.
    [[nodiscard]] Outcome event(const json::Value &event, QByteArrayView name, EventWriter &out);

    /// Translates a content block that came whole.
    void wholeBlock(const json::Value &block, EventWriter &out);

    /// Translates a whole message, as it comes where no stream was made of it.
    void wholeMessage(const json::Value &message, EventWriter &out);

    /// Tells what a tool gave, a "tool_result" or one of the server's own tools.
    void toolResult(const json::Value &block, EventWriter &out);

    /// The stream ends here: a block that is open stays as it is, but what is complete of it is told.
    void close(EventWriter &out) { closeBlocks(false, out); }

    /// Why the newest message ended, as far as was said.
    [[nodiscard]] std::optional<FinishReason> finishReason() const { return m_finish; }

    /// Token counts of the newest message.
    [[nodiscard]] const Usage &usage() const { return m_usage.total(); }

private:
    struct Block
    {
        enum class Kind { Text, Thinking, Tool, ServerTool, Compaction, Kept, Other };

        qint64 index = 0;
        Kind kind = Kind::Other;
        QByteArray start{};  ///< the block as it began, compact JSON, where it may go back
        QString input{};     ///< all arguments of a tool, where they came with its beginning
        QString text{};      ///< thoughts, a compaction or the server tool's arguments, as far as they came
        QString signature{}; ///< of thoughts
        int call = -1;       ///< of a tool, in events
    };

    void messageStart(const json::Value &message, EventWriter &out);
    void messageDelta(const json::Value &event, EventWriter &out);
    void stopReason(const json::Value &reason, const json::Value &details, EventWriter &out);
    [[nodiscard]] bool startBlock(qint64 index, const json::Value &start, EventWriter &out);
    void startTool(Block &block, const json::Value &start, EventWriter &out);
    [[nodiscard]] bool delta(qint64 index, const json::Value &delta, EventWriter &out);
    void citation(const json::Value &citation, EventWriter &out);
    [[nodiscard]] std::vector<Block>::iterator openBlock(qint64 index);
    void end(qint64 index, EventWriter &out);
    void closeBlocks(bool whole, EventWriter &out);
    void closeBlock(const Block &block, bool whole, EventWriter &out);
    void keep(const QByteArray &block, EventWriter &out);
    void hold(QString &text, const QString &more, EventWriter &out);

    QString m_lane;
    std::vector<Block> m_blocks; ///< those that are open
    std::optional<FinishReason> m_finish;
    AnthropicUsage m_usage;
    QHash<QString, QString> m_toolNames; ///< by the id of the call
    qint64 m_unnamedCalls = 0;
    int m_kept = 0;
    size_t m_held = 0; ///< units in m_blocks
};

} // namespace rivulet
