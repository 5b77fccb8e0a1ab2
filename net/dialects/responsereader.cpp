// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/responsereader.h"

#include "net/dialects/errorbody.h"
#include "net/framing/limits.h"
#include "net/framing/sseparser.h"

#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How much of a body's beginning is kept to explain it, should it not be a stream.
// As much as excerpt() looks at.
constexpr qsizetype beginningSize = qsizetype{16} * 1024;

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isHtml(const ResponseHead &head)
{
    return head.contentType.toLower().startsWith("text/html");
}

// Whether a body that gave no event begins like one that might have: with a comment or a field, perhaps cut.
bool looksLikeEvents(QByteArrayView body)
{
    if (body.startsWith(byteOrderMark))
        body = body.sliced(byteOrderMark.size());
    body = body.trimmed();
    const auto nameEnd = std::ranges::find_if(body, [](char c) { return c == ':' || isSpace(c); });
    const QByteArrayView name(body.begin(), nameEnd);
    if (name.isEmpty())
        return true;
    const bool cut = nameEnd == body.end();
    return std::ranges::any_of(
        std::initializer_list<QByteArrayView>{"data", "event", "id", "retry", "error"},
        [&](QByteArrayView field) { return cut ? field.startsWith(name) : field == name; });
}

} // namespace

struct ResponseReader::State
{
    // What the body turned out to be.
    enum class Body {
        Unknown,  // not a byte of it was seen that tells
        Events,   // server-sent events
        Document, // one JSON document
        Page,     // a web page, of which the beginning is enough
        Error,    // whatever a failing status brought
    };

    explicit State(std::unique_ptr<Dialect> translator) : dialect(std::move(translator)) {}

    void recognise(QByteArrayView bytes, StreamEvents &events);
    void take(QByteArrayView bytes, StreamEvents &events);
    void takeEvents(QByteArrayView bytes, StreamEvents &events);
    void translate(const Frame &frame, StreamEvents &events);
    void explainSilence(StreamEvents &events);
    void fail(NetError error, StreamEvents &events);
    void failProtocol(const QString &message, StreamEvents &events);

    std::unique_ptr<Dialect> dialect;
    SseParser parser{{.errorField = true}};
    ResponseHead head;
    Body body = Body::Unknown;
    QByteArray kept; // the body where it is read as a whole, else its beginning
    qint64 frames = 0;
    bool understood = false; // the dialect made at least one event
    bool failed = false;
};

ResponseReader::ResponseReader(std::unique_ptr<Dialect> dialect)
    : m_state(std::make_unique<State>(std::move(dialect)))
{}

ResponseReader::~ResponseReader() = default;

void ResponseReader::head(const ResponseHead &head)
{
    m_state->head = head;
    if (head.status < 200 || head.status > 299)
        m_state->body = State::Body::Error;
    else if (isHtml(head))
        m_state->body = State::Body::Page;
}

void ResponseReader::feed(QByteArrayView bytes, StreamEvents &events)
{
    if (m_state->failed || bytes.isEmpty())
        return;
    if (m_state->body == State::Body::Unknown)
        m_state->recognise(bytes, events);
    else
        m_state->take(bytes, events);
}

void ResponseReader::finish(StreamEvents &events)
{
    State &state = *m_state;
    if (state.failed)
        return;
    switch (state.body) {
    case State::Body::Error:
        state.fail(state.dialect->errorFor(state.head, state.kept), events);
        break;
    case State::Body::Page:
        state.failProtocol(u"a web page came instead of an answer: "_s + excerpt(state.kept), events);
        break;
    case State::Body::Document:
        state.dialect->document(state.kept, events);
        break;
    case State::Body::Unknown:
        state.failProtocol(u"the answer is empty"_s, events);
        break;
    case State::Body::Events:
        state.parser.finish([&](const Frame &frame) { state.translate(frame, events); });
        state.dialect->finish(events);
        state.explainSilence(events);
        break;
    }
}

Completeness ResponseReader::completeness() const
{
    return m_state->failed ? Completeness::Failed : m_state->dialect->completeness();
}

// Waits for the first byte that is no white space: it tells what the body is, whatever its type says.
void ResponseReader::State::recognise(QByteArrayView bytes, StreamEvents &events)
{
    // Some servers send blank lines to show that they live: one stands for all.
    if (const qsizetype lineEnd = kept.lastIndexOf('\n'); lineEnd > 0)
        kept.remove(0, lineEnd);
    kept += bytes;
    QByteArrayView start(kept);
    if (start.startsWith(byteOrderMark))
        start = start.sliced(byteOrderMark.size());
    else if (byteOrderMark.startsWith(start))
        return;
    const auto first = std::ranges::find_if_not(start, isSpace);
    if (first == start.end())
        return;

    switch (*first) {
    case '{':
    case '[':
        body = Body::Document;
        break;
    case '<':
        body = Body::Page;
        break;
    default:
        body = Body::Events;
        break;
    }
    const QByteArray all = std::exchange(kept, {});
    take(all, events);
}

void ResponseReader::State::take(QByteArrayView bytes, StreamEvents &events)
{
    switch (body) {
    case Body::Error:
    case Body::Page: {
        const qsizetype room = static_cast<qsizetype>(limits::errorBody) - kept.size();
        kept += bytes.first(std::min(room, bytes.size()));
        break;
    }
    case Body::Document:
        if (bytes.size() > static_cast<qsizetype>(limits::document) - kept.size())
            fail({.kind = NetError::Kind::TooLarge,
                  .message = u"the answer is longer than %1 bytes"_s.arg(limits::document)},
                 events);
        else
            kept += bytes;
        break;
    case Body::Events:
        takeEvents(bytes, events);
        break;
    case Body::Unknown:
        Q_UNREACHABLE();
    }
}

void ResponseReader::State::takeEvents(QByteArrayView bytes, StreamEvents &events)
{
    if (kept.size() < beginningSize)
        kept += bytes.first(std::min(beginningSize - kept.size(), bytes.size()));
    parser.feed(std::string_view(bytes.data(), static_cast<size_t>(bytes.size())),
                [&](const Frame &frame) { translate(frame, events); });
    if (parser.error() == FrameError::TooLarge)
        fail({.kind = NetError::Kind::TooLarge,
              .message = u"a line or an event is longer than %1 bytes"_s.arg(limits::frame)},
             events);
}

void ResponseReader::State::translate(const Frame &frame, StreamEvents &events)
{
    const qsizetype before = events.size();
    dialect->frame(frame, events);
    understood = understood || events.size() > before;
    if (!frame.unterminated)
        ++frames;
}

// Says why a body gave nothing at all, where it was not merely cut off early.
void ResponseReader::State::explainSilence(StreamEvents &events)
{
    if (understood || dialect->completeness() != Completeness::Open)
        return;
    if (frames > 0)
        failProtocol(u"no event of the stream was understood; it begins: "_s + excerpt(kept), events);
    else if (parser.comments() == 0 && !looksLikeEvents(kept))
        failProtocol(u"what came is not a stream of events; it begins: "_s + excerpt(kept), events);
}

void ResponseReader::State::fail(NetError error, StreamEvents &events)
{
    failed = true;
    events.append({.payload = event::Failed{std::move(error)}, .agent = {}});
}

void ResponseReader::State::failProtocol(const QString &message, StreamEvents &events)
{
    fail({.kind = NetError::Kind::Protocol, .status = head.status, .message = message}, events);
}

} // namespace rivulet
