// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/responsereader.h"

#include "net/dialects/commonframe.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/json.h"
#include "net/framing/awseventstreamparser.h"
#include "net/framing/limits.h"
#include "net/framing/ndjsonparser.h"
#include "net/framing/sseparser.h"

#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How much of a body's beginning is kept to explain it, should it not be a stream, or to read it as one
// document, should it not be lines.
constexpr qsizetype beginningSize = qsizetype{16} * 1024;

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view viewOf(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

bool hasType(const ResponseHead &head, QByteArrayView type)
{
    return head.contentType.toLower().startsWith(type);
}

// What the first line of a body says about whether the body is a stream of events.
enum class FirstField {
    Event, // it is a comment or a field
    Cut,   // as far as it came, it could be one
    Other,
};

FirstField firstField(QByteArrayView body)
{
    const auto nameEnd = std::ranges::find_if(body, [](char c) { return c == ':' || isSpace(c); });
    const QByteArrayView name(body.begin(), nameEnd);
    constexpr std::array<QByteArrayView, 5> fields{"data", "event", "id", "retry", "error"};
    if (nameEnd == body.end()) {
        const bool cut = std::ranges::any_of(fields, [&](auto field) { return field.startsWith(name); });
        return cut ? FirstField::Cut : FirstField::Other;
    }
    const bool known = name.isEmpty() || std::ranges::find(fields, name) != fields.end();
    return known ? FirstField::Event : FirstField::Other;
}

// Whether a body that gave no event begins like one that might have: with a comment or a field, perhaps cut.
bool looksLikeEvents(QByteArrayView body)
{
    if (body.startsWith(byteOrderMark))
        body = body.sliced(byteOrderMark.size());
    return firstField(body.trimmed()) != FirstField::Other;
}

// How many bytes at the end of `text` begin a character that is not whole.
qsizetype cutCharacterSize(QByteArrayView text)
{
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80)
            continue;
        const qsizetype size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return size > back ? back : 0;
    }
    return 0;
}

} // namespace

struct ResponseReader::State
{
    // What the body turned out to be.
    enum class Body {
        Unknown,     // not a byte of it was seen that tells
        Events,      // server-sent events
        Lines,       // one frame a line
        EventStream, // Amazon's frames
        Text,        // the answer itself
        Document,    // one JSON document
        Page,        // a web page, of which the beginning is enough
        Error,       // whatever a failing status brought
    };

    explicit State(std::unique_ptr<Dialect> translator) : dialect(std::move(translator)) {}
    State(const State &other)
        : dialect(other.dialect->clone()), out(other.out), events(other.events), lines(other.lines),
          eventStream(other.eventStream), head(other.head), body(other.body), kept(other.kept),
          frames(other.frames), understood(other.understood), unknownFrames(other.unknownFrames),
          resumed(other.resumed), failed(other.failed)
    {}

    void recognise(QByteArrayView bytes);
    [[nodiscard]] Body bodyBeginningWith(QByteArrayView start) const;
    [[nodiscard]] Body nativeBody() const;
    void take(QByteArrayView bytes);
    template<typename Parser>
    void takeFrames(Parser &parser, QByteArrayView bytes);
    void takeText(QByteArrayView bytes);
    void keepBeginning(QByteArrayView bytes);
    void translate(const Frame &frame);
    void finishBody(bool clean);
    void readDocument();
    void explainSilence();
    [[nodiscard]] bool hasNothingToResume() const;
    void fail(NetError error);
    void failProtocol(const QString &message);

    std::unique_ptr<Dialect> dialect;
    EventWriter out;
    SseParser events{{.datalessEvents = true, .errorField = true, .bareJson = true}};
    NdjsonParser lines;
    AwsEventStreamParser eventStream;
    json::Reader reader; // for what the dialect does not know
    ResponseHead head;
    Body body = Body::Unknown;
    QByteArray kept; // the body where it is read as a whole, else its beginning, or a character that is cut
    qint64 frames = 0;
    bool understood = false; // at least one frame meant something
    qint64 unknownFrames = 0;
    bool resumed = false; // the response is to go on with a stream that was read before
    bool failed = false;
};

ResponseReader::ResponseReader(std::unique_ptr<Dialect> dialect)
    : m_state(std::make_unique<State>(std::move(dialect)))
{}

ResponseReader::ResponseReader(const ResponseReader &other) : m_state(std::make_unique<State>(*other.m_state))
{}

ResponseReader::~ResponseReader() = default;

std::optional<ExchangeRequest> ResponseReader::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    auto request = m_state->dialect->resume(token, endpoint);
    m_state->resumed = request.has_value();
    return request;
}

void ResponseReader::head(const ResponseHead &head)
{
    State &state = *m_state;
    state.head = head;
    state.events.reset();
    state.lines.reset();
    state.eventStream.reset();
    state.kept.clear();
    state.frames = 0;
    state.body = State::Body::Unknown;
    if (head.status < 200 || head.status > 299) {
        state.body = State::Body::Error;
        return;
    }
    if (hasType(head, "text/html"))
        state.body = State::Body::Page;
    state.dialect->head(head);
}

void ResponseReader::feed(QByteArrayView bytes, StreamEvents &events)
{
    State &state = *m_state;
    state.out.writeTo(events);
    if (state.failed || bytes.isEmpty())
        return;
    if (state.body == State::Body::Unknown)
        state.recognise(bytes);
    else
        state.take(bytes);
}

void ResponseReader::message(QByteArrayView text, StreamEvents &events)
{
    State &state = *m_state;
    state.out.writeTo(events);
    if (state.failed)
        return;
    state.body = State::Body::Lines;
    state.keepBeginning(text);
    state.translate(Frame{.type = {},
                          .data = viewOf(text),
                          .id = {},
                          .retry = {},
                          .unterminated = false,
                          .kind = FrameKind::Event,
                          .headers = {}});
}

void ResponseReader::finish(End end, StreamEvents &events)
{
    State &state = *m_state;
    state.out.writeTo(events);
    if (state.failed)
        return;
    // What began like a field and went no further was a line after all.
    if (state.body == State::Body::Unknown && !state.kept.trimmed().isEmpty()) {
        state.body = state.nativeBody();
        const QByteArray all = std::exchange(state.kept, {});
        state.take(all);
    }
    if (end == End::Clean && state.hasNothingToResume()) {
        state.fail({.kind = NetError::Kind::Protocol,
                    .status = state.head.status,
                    .code = nothingToResume,
                    .message = u"the server has no such stream under way"_s});
        return;
    }
    switch (state.body) {
    case State::Body::Error:
        if (!state.dialect->goesOnAfter(state.head, state.kept))
            state.fail(state.dialect->errorFor(state.head, state.kept));
        break;
    case State::Body::Page:
        state.fail({.kind = NetError::Kind::Protocol,
                    .status = state.head.status,
                    .code = webPage,
                    .message = u"a web page came instead of an answer: "_s + excerpt(state.kept)});
        break;
    case State::Body::Document:
        state.readDocument();
        break;
    case State::Body::Unknown:
        if (!state.dialect->hasNext() && !state.understood)
            state.failProtocol(u"the answer is empty"_s);
        break;
    case State::Body::Events:
    case State::Body::Lines:
    case State::Body::EventStream:
    case State::Body::Text:
        state.finishBody(end == End::Clean);
        break;
    }
}

Completeness ResponseReader::completeness() const
{
    return m_state->failed ? Completeness::Failed : m_state->out.completeness();
}

qint64 ResponseReader::unknownFrames() const
{
    return m_state->unknownFrames;
}

Dialect &ResponseReader::dialect()
{
    return *m_state->dialect;
}

// Waits for the first bytes that tell what the body is, whatever its type says.
void ResponseReader::State::recognise(QByteArrayView bytes)
{
    // Some servers send blank lines to show that they live: one stands for all.
    if (const qsizetype lineEnd = kept.lastIndexOf('\n'); lineEnd > 0 && kept.trimmed().isEmpty())
        kept.remove(0, lineEnd);
    kept += bytes;
    if (nativeBody() == Body::Text) {
        body = Body::Text;
        if (hasType(head, "application/json"))
            body = Body::Document;
        else if (hasType(head, "text/event-stream"))
            body = Body::Events;
    } else {
        QByteArrayView start(kept);
        if (start.startsWith(byteOrderMark))
            start = start.sliced(byteOrderMark.size());
        else if (byteOrderMark.startsWith(start))
            return;
        const auto first = std::ranges::find_if_not(start, isSpace);
        if (first == start.end())
            return;
        body = bodyBeginningWith(QByteArrayView(first, start.end()));
    }
    if (body == Body::Unknown)
        return;
    const QByteArray all = std::exchange(kept, {});
    take(all);
}

ResponseReader::State::Body ResponseReader::State::bodyBeginningWith(QByteArrayView start) const
{
    const Body native = nativeBody();
    switch (start.front()) {
    case '{':
    case '[':
        return native == Body::Lines ? Body::Lines : Body::Document;
    case '<':
        return Body::Page;
    default:
        break;
    }
    if (native == Body::Events)
        return Body::Events;
    switch (firstField(start)) {
    case FirstField::Event:
        return Body::Events;
    case FirstField::Cut:
        return Body::Unknown;
    case FirstField::Other:
        return native;
    }
    Q_UNREACHABLE_RETURN(native);
}

ResponseReader::State::Body ResponseReader::State::nativeBody() const
{
    switch (dialect->framing()) {
    case Framing::Sse:
        return Body::Events;
    case Framing::Lines:
        return Body::Lines;
    case Framing::AwsEventStream:
        return Body::EventStream;
    case Framing::Text:
        return Body::Text;
    }
    Q_UNREACHABLE_RETURN(Body::Events);
}

void ResponseReader::State::take(QByteArrayView bytes)
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
                  .message = u"the answer is longer than %1 bytes"_s.arg(limits::document)});
        else
            kept += bytes;
        break;
    case Body::Events:
        takeFrames(events, bytes);
        break;
    case Body::Lines:
        takeFrames(lines, bytes);
        break;
    case Body::EventStream:
        takeFrames(eventStream, bytes);
        break;
    case Body::Text:
        takeText(bytes);
        break;
    case Body::Unknown:
        Q_UNREACHABLE();
    }
}

template<typename Parser>
void ResponseReader::State::takeFrames(Parser &parser, QByteArrayView bytes)
{
    keepBeginning(bytes);
    parser.feed(viewOf(bytes), [this](const Frame &frame) { translate(frame); });
    if (parser.error() == FrameError::TooLarge)
        fail({.kind = NetError::Kind::TooLarge,
              .message = u"a line or an event is longer than %1 bytes"_s.arg(limits::frame)});
    else if (parser.error() == FrameError::Corrupt)
        failProtocol(u"what came is damaged: a length or a checksum in it is wrong"_s);
}

// Characters are decoded whole, so what is cut waits for its rest.
void ResponseReader::State::takeText(QByteArrayView bytes)
{
    const QByteArray text = std::exchange(kept, {}) + bytes;
    const qsizetype cut = cutCharacterSize(text);
    kept = text.last(cut);
    if (const QByteArrayView whole = QByteArrayView(text).chopped(cut); !whole.isEmpty())
        translate(Frame{.type = {},
                        .data = viewOf(whole),
                        .id = {},
                        .retry = {},
                        .unterminated = false,
                        .kind = FrameKind::Event,
                        .headers = {}});
}

void ResponseReader::State::keepBeginning(QByteArrayView bytes)
{
    if (kept.size() < beginningSize)
        kept += bytes.first(std::min(beginningSize - kept.size(), bytes.size()));
}

void ResponseReader::State::translate(const Frame &frame)
{
    if (failed || out.completeness() == Completeness::Complete)
        return;
    const qint64 unknownBefore = out.unknownCount();
    dialect->frame(frame, out);
    bool known = out.unknownCount() == unknownBefore;
    if (!known && out.isOpen()) {
        const std::optional<json::Value> value = reader.read(QByteArrayView(frame.data));
        known = value && readCommonFrame(*value, out);
        if (!known && frame.type == "error" && !frame.data.empty()) {
            out.fail({.kind = NetError::Kind::Server, .message = excerpt(QByteArrayView(frame.data))});
            known = true;
        }
    }
    understood = understood || known;
    unknownFrames += known || frame.unterminated ? 0 : 1;
    if (!frame.unterminated)
        ++frames;
}

void ResponseReader::State::finishBody(bool clean)
{
    const auto sink = [this](const Frame &frame) { translate(frame); };
    if (body == Body::Events) {
        events.finish(sink);
    } else if (body == Body::Lines) {
        lines.finish(sink);
    } else if (body == Body::EventStream) {
        eventStream.finish();
        // An end inside a frame is none that the server meant.
        clean = clean && eventStream.error() != FrameError::Truncated;
    } else if (!kept.isEmpty()) {
        const QByteArray rest = std::exchange(kept, {});
        translate(Frame{.type = {},
                        .data = viewOf(rest),
                        .id = {},
                        .retry = {},
                        .unterminated = true,
                        .kind = FrameKind::Event,
                        .headers = {}});
    }
    if (out.completeness() != Completeness::Complete)
        dialect->finish(clean, out);
    out.flush();
    explainSilence();
}

void ResponseReader::State::readDocument()
{
    if (dialect->document(kept, out) || dialect->hasNext()) {
        out.flush();
        return;
    }
    const std::optional<json::Value> document = reader.read(kept);
    if (document && readCommonDocument(*document, out))
        return;
    NetError error = document ? errorFromJson(*document, 0) : NetError();
    if (!error.message.isEmpty()) {
        fail(std::move(error));
        return;
    }
    failProtocol(u"the document that came is no answer; it begins: "_s + excerpt(kept));
}

// A server without the stream says so by an empty body, mostly with the status 204. Signs of life say no
// more.
bool ResponseReader::State::hasNothingToResume() const
{
    if (!resumed || frames > 0 || dialect->hasNext())
        return false;
    if (body != Body::Events)
        return body == Body::Unknown;
    return kept.size() < beginningSize
        && std::ranges::all_of(
               kept.split('\n'),
               [](const QByteArray &line) { return line.startsWith(':') || line.trimmed().isEmpty(); });
}

// Says why a body gave nothing at all, where it was not merely cut off early.
void ResponseReader::State::explainSilence()
{
    if (understood || !out.isOpen() || dialect->hasNext())
        return;
    // One document over several lines is no line that anyone knows.
    const bool whole = kept.size() < beginningSize;
    if (body == Body::Lines && whole && reader.read(kept)) {
        readDocument();
        return;
    }
    if (frames > 0)
        failProtocol(u"no event of the stream was understood; it begins: "_s + excerpt(kept));
    else if (body == Body::Events && events.comments() == 0 && !looksLikeEvents(kept))
        failProtocol(u"what came is not a stream of events; it begins: "_s + excerpt(kept));
}

void ResponseReader::State::fail(NetError error)
{
    out.fail(std::move(error));
    failed = true;
}

void ResponseReader::State::failProtocol(const QString &message)
{
    fail({.kind = NetError::Kind::Protocol, .status = head.status, .message = message});
}

} // namespace rivulet
