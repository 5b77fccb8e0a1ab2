// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: the output items of a response, which the Responses and the Realtime protocol
// stream in nearly the same words.

#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"
#include "net/dialects/surrogatejoiner.h"

#include <QtCore/qlatin1stringview.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>

#include <array>
#include <string_view>
#include <vector>

namespace rivulet {

/// What an event is called: by its member "type", or, where a server left that out, by its SSE line.
struct EventName
{
    json::Value type;
    std::string_view line;

    [[nodiscard]] friend bool operator==(const EventName &name, QLatin1StringView text)
    {
        return name.type.isString() ? name.type == text
                                    : name.line == std::string_view(text.data(), text.size());
    }
};

/// The token counts of a response's "usage".
[[nodiscard]] Usage responseUsage(const json::Value &usage);

/// Reads the events of a response's output items: messages, thoughts, calls of every kind and what hosted
/// tools gave. Items are told apart by their place in the output, never by their ids, which some proxies
/// change from event to event.
///
/// Everything streamed is repeated as a whole, up to four times. What was told is never told again; what is
/// missing at its end is.
class ResponseItems
{
public:
    /// Reads an event; returns whether it is one of an output item.
    bool read(const EventName &name, const json::Value &event, EventWriter &out);

    /// The whole output, as the response's last event repeats it: tells what was never streamed.
    void readOutput(const json::Value &output, EventWriter &out);

    /// How many calls were told so far, and how many of them have no result.
    struct CallsSoFar
    {
        int count = 0;
        int open = 0;
    };
    [[nodiscard]] CallsSoFar calls() const { return m_calls; }

    /// The stream is joined in its middle by a reader that did not read its beginning, after as many calls:
    /// what is repeated of items that began before was told, and calls go on counting.
    void joinAfter(CallsSoFar before, EventWriter &out);

    /// Whether the model refused to answer.
    [[nodiscard]] bool refused() const { return m_refused; }

    /// All text of an output.
    [[nodiscard]] static QString textOf(const json::Value &output);

private:
    // The kinds of text that an item streams, each with parts of its own.
    enum Kind : size_t { Text, Refusal, Thought, Summary, Input, kinds };

    // A text in parts that is streamed, and then repeated part by part.
    class Repeated
    {
    public:
        [[nodiscard]] bool isEmpty() const { return m_part < 0; }
        [[nodiscard]] bool isAll(const QString &whole) const { return m_told == whole; }
        [[nodiscard]] bool isNewPart(qint64 part) const { return part != m_part; }
        void add(qint64 part, const QString &piece);
        // What of a part was not told, where what was told is its beginning.
        [[nodiscard]] QString missing(qint64 part, const QString &whole) const;

    private:
        QString m_told;        // of all parts
        qsizetype m_begin = 0; // of the newest part in it
        qint64 m_part = -1;    // the newest part
    };

    struct Item
    {
        qint64 place = 0;
        bool began = false;   // its beginning was seen
        bool settled = false; // it was seen as a whole
        std::array<Repeated, kinds> texts{};
        QString id{};        // of its call, or its own
        QString name{};      // of its call
        int call = -1;       // the index of its call in events
        bool quotes = false; // the call's input is text, told as a string inside of JSON
        bool isOpen = false; // what comes before that string was told
        bool isCode = false; // that text is worth seeing for itself
        QString before{};    // of the JSON, before the text
        SurrogateJoiner joiner{};
        QString server{}; // the label of an MCP server
    };

    template<Kind kind>
    void piece(const json::Value &event, EventWriter &out);
    template<Kind kind>
    void whole(const json::Value &event, EventWriter &out);
    void quotedPiece(const json::Value &event, EventWriter &out);
    void wholePart(const json::Value &event, EventWriter &out);
    void annotation(const json::Value &event, EventWriter &out);
    void itemAdded(const json::Value &event, EventWriter &out);
    void itemDone(const json::Value &event, EventWriter &out);
    void partialImage(const json::Value &event, EventWriter &out);
    template<event::Status::State state>
    void imageStatus(const json::Value &event, EventWriter &out);
    template<event::Status::State state>
    void toolListStatus(const json::Value &event, EventWriter &out);
    void nothing(const json::Value &, EventWriter &) {}

    struct Reading
    {
        QLatin1StringView name;
        void (ResponseItems::*read)(const json::Value &, EventWriter &) = nullptr;
    };
    static const Reading readings[];

    [[nodiscard]] Item &itemOf(const json::Value &event);
    [[nodiscard]] Item &itemAt(qint64 place);
    void begin(Item &item, const json::Value &value, EventWriter &out);
    void settle(Item &item, const json::Value &value, EventWriter &out);
    void openCall(Item &item, const json::Value &value, EventWriter &out);
    void settleCall(Item &item, const json::Value &value, EventWriter &out);
    void closeLastBefore(EventWriter &out);
    void openInput(Item &item, EventWriter &out);
    void settleInput(Item &item, bool isList, EventWriter &out);
    void settleContent(Item &item, const json::Value &content, EventWriter &out);
    void contentPart(Item &item, qint64 part, const json::Value &value, EventWriter &out);
    void tell(Item &item, Kind kind, qint64 part, const QString &text, EventWriter &out);
    void tellQuoted(Item &item, bool isFirst, bool isNewPart, const QString &text, EventWriter &out);
    void tellMissing(Item &item, Kind kind, qint64 part, const QString &text, EventWriter &out);
    void hostedResult(const Item &item, const json::Value &value, EventWriter &out);
    void callOutput(const json::Value &value, EventWriter &out);
    void source(const json::Value &annotation, EventWriter &out);

    std::vector<Item> m_items;
    CallsSoFar m_calls;
    CallsSoFar m_before; // the stream was joined
    bool m_joined = false;
    bool m_refused = false;
    bool m_thought = false; // something of what the model thinks was told
    QSet<QString> m_files;  // cited
};

} // namespace rivulet
