// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: the messages of LangChain, which all its servers send, in every form in which they
// are streamed.

#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"
#include "net/wire/chatrequest.h"
#include "net/wire/usage.h"

#include <QtCore/qhash.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qlist.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>

#include <optional>
#include <vector>

namespace rivulet {

/// A history as LangChain's messages. Reasoning is left out, and so is white space at the end of an answer
/// that is to be gone on with: models refuse both.
[[nodiscard]] QJsonArray langChainMessages(const QList<ChatMessage> &messages);

/// Puts together the messages of one run, whether they come in deltas, as everything so far, as blocks, or
/// in snapshots of a state, and writes what is new of each. Tool calls are told apart by id, or by their
/// place in their message; usage adds up over the messages.
class LangChainMessages
{
public:
    /// The lane of what follows.
    void setLane(const QString &lane, EventWriter &out);

    /// One message or piece of one: what it holds is new. One without an id goes by `otherwise` or, without
    /// that, goes on with the current one. Returns whether it was a message.
    bool add(const json::Value &message, EventWriter &out, const QString &otherwise = {});

    /// One message as far as it has come. One without an id goes by `otherwise` or, without that, is new.
    void grow(const json::Value &message, EventWriter &out, const QString &otherwise = {});

    /// The messages of a state, history included: those after the last question count, where nothing else
    /// tells them.
    void snapshot(const json::Value &messages, EventWriter &out);

    // Parts of a message

    /// The message that parts are said of from now on; opened where it is new. Returns whether it was.
    bool enter(const QString &id, EventWriter &out);
    void text(const QString &delta, EventWriter &out);
    /// `block` tells one train of thought from the next; empty where they are not told apart.
    void reasoning(const QString &delta, const QString &block, EventWriter &out);
    /// A call that is known by `id` or, where it has none, by its place in the message.
    void toolCall(const QString &id, const QString &place, const QString &name, EventWriter &out);
    /// More of the arguments of the call named last.
    void toolArguments(const QString &delta, EventWriter &out);
    /// The arguments of the call named last as far as they have come.
    void growToolArguments(const QString &whole, EventWriter &out);
    /// All of its arguments, told once the message is over, unless pieces of them were.
    void wholeToolArguments(const json::Value &arguments);
    void toolResult(const QString &id, const QString &name, const json::Value &content, bool isError,
                    EventWriter &out);
    [[nodiscard]] bool isAnswered(const QString &id) const { return m_answered.contains(id); }
    /// The id of the newest call of that name that has no result yet; empty where there is none.
    [[nodiscard]] QString openCallNamed(const QString &name) const;
    void usage(const json::Value &counts, bool addsUp, EventWriter &out);
    void finishReason(const json::Value &reason);

    /// Writes the arguments that were held back.
    void settle(EventWriter &out);

    /// Why the newest message of the main lane ended; empty where it does not say.
    [[nodiscard]] std::optional<FinishReason> finishReason() const;

    /// Whether the current message has no text yet.
    [[nodiscard]] bool saidNothing() const;

private:
    struct Message
    {
        QString id;
        QString lane;
        QString text;
        QString reasoning;
        QString reasoningBlock;
        Usage usage;
        std::optional<FinishReason> reason;
        int files = 0;
    };
    struct Call
    {
        QString id;
        QString place; ///< the message and its place in it
        QString lane;
        QString name;
        QString told;    ///< of the arguments
        QString pending; ///< all of the arguments, not told yet
        int index = 0;   ///< in events
        size_t message = 0;
    };

    void content(const json::Value &content, EventWriter &out);
    void block(const json::Value &block, EventWriter &out);
    void file(const json::Value &block, EventWriter &out);
    void metadata(const json::Value &message, bool addsUp, EventWriter &out);
    void growText(const QString &whole, EventWriter &out);
    [[nodiscard]] bool isKnown(const QString &id, const QString &text) const;
    [[nodiscard]] Message &current() { return m_messages[m_current]; }

    std::vector<Message> m_messages{1};
    QHash<QString, size_t> m_messageOf;
    size_t m_current = 0;
    std::vector<Call> m_calls;
    size_t m_call = 0; ///< named last
    QSet<QString> m_answered;
    QString m_lane;
};

} // namespace rivulet
