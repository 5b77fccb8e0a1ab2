// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/turn/circuitbreaker.h"
#include "net/turn/ratelimiter.h"
#include "net/turn/turn.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faketransport.h"
#include "tests/support/memoryjournal.h"

#include <QtTest/QTest>

#include <memory>
#include <utility>

namespace rivulet::test {

using namespace Qt::StringLiterals;

/// An event of openai-chat that says `text`.
inline QByteArray delta(QByteArrayView text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text.toByteArray() + "\"}}]}\n\n";
}

inline const QByteArray endOfModel =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
inline const QByteArray endMarker = "data: [DONE]\n\n";

inline QString textOf(const StreamEvents &events)
{
    QString text;
    for (const StreamEvent &event : events) {
        if (const auto *more = std::get_if<event::Text>(&event.payload))
            text += more->text;
    }
    return text;
}

inline StreamEvents failuresIn(StreamEvents events)
{
    events.removeIf(
        [](const StreamEvent &event) { return !std::holds_alternative<event::Failed>(event.payload); });
    return events;
}

/// What a ScriptedDialect asks for, and what it was asked.
struct Script
{
    ExchangeRequest first = WebSocketRequest{.url = QUrl(u"ws://127.0.0.1:9/"_s)};
    QList<HttpRequest> next{};
    std::optional<Command> cancel{};
    std::optional<Command> answer{}; ///< to an approval
    std::optional<HttpRequest> farewell{};
    bool dependsOnReplies = false;
    bool resumable = false;
    bool redirectable = false;
    ChatRequest asked{};
    Endpoint endpoint{};
    QStringList decided{}; ///< the approvals that were decided
    QStringList resumed{}; ///< the cursors after which the stream was joined again
};

/// A protocol of lines: "say" what follows, "ping" to be answered, "post" for a request that says what
/// follows, "more" for a further request, "ask" for an approval, "fail" and "end". After "perhaps" a short
/// silence is the end too. Its place in the stream is the number of lines that were read.
class ScriptedDialect final : public Dialect
{
public:
    explicit ScriptedDialect(std::shared_ptr<Script> script) : m_script(std::move(script)) {}

    std::unique_ptr<Dialect> clone() const override { return std::make_unique<ScriptedDialect>(*this); }
    Framing framing() const override { return Framing::Lines; }
    ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override
    {
        m_script->asked = chat;
        m_script->endpoint = endpoint;
        return m_script->first;
    }
    bool hasNext() const override { return m_more; }
    HttpRequest next(const Endpoint &) override
    {
        m_more = false;
        return m_script->next.size() > 1 ? m_script->next.takeFirst() : m_script->next.constFirst();
    }
    QList<Command> takeReplies() override { return std::exchange(m_replies, {}); }
    bool dependsOnReplies() const override { return m_script->dependsOnReplies; }
    std::optional<HttpRequest> farewell(const Endpoint &) override { return m_script->farewell; }
    std::optional<Command> cancel(const Endpoint &) override { return m_script->cancel; }
    std::optional<Command> decide(const ApprovalDecision &decision) override
    {
        m_script->decided.append(decision.id);
        return m_script->answer;
    }
    std::optional<Command> redirect(const QString &instruction) override
    {
        if (!m_script->redirectable)
            return std::nullopt;
        return ConnectionMessage{"redirect " + instruction.toUtf8()};
    }
    std::optional<ResumeToken> resumeToken() const override
    {
        if (!m_script->resumable || m_lines == 0)
            return std::nullopt;
        return ResumeToken{.stream = u"stream"_s, .cursor = QString::number(m_lines)};
    }
    std::optional<ExchangeRequest> resume(const ResumeToken &token, const Endpoint &) override
    {
        m_script->resumed.append(token.cursor);
        m_lines = token.cursor.toInt();
        return HttpRequest{.method = "GET", .url = QUrl(u"http://127.0.0.1:9/again"_s)};
    }
    std::optional<std::chrono::milliseconds> quietPeriod() const override
    {
        return m_mayEnd ? std::optional(std::chrono::milliseconds(1)) : std::nullopt;
    }
    void finish(bool, EventWriter &out) override
    {
        if (m_mayEnd)
            out.complete();
    }
    void frame(const Frame &frame, EventWriter &out) override
    {
        const QString line = QString::fromUtf8(frame.data.data(), qsizetype(frame.data.size()));
        ++m_lines;
        m_mayEnd = line == "perhaps"_L1;
        if (line.startsWith("say "_L1))
            out.text(line.sliced(4));
        else if (line == "ping"_L1)
            m_replies.append(ConnectionMessage{"pong"});
        else if (line.startsWith("post "_L1))
            m_replies.append(
                HttpRequest{.url = QUrl(u"http://127.0.0.1:9/reply"_s), .body = line.sliced(5).toUtf8()});
        else if (line == "more"_L1)
            m_more = true;
        else if (line == "ask"_L1)
            out.approval(u"q1"_s, u"tool"_s, u"{}"_s);
        else if (line == "fail"_L1)
            out.fail({.kind = NetError::Kind::Overloaded, .message = u"too busy"_s});
        else if (line == "end"_L1)
            out.complete();
        else if (!m_mayEnd)
            out.unknown();
    }

private:
    std::shared_ptr<Script> m_script;
    QList<Command> m_replies;
    int m_lines = 0;
    bool m_more = false;
    bool m_mayEnd = false;
};

/// One turn with everything it needs, and what it said.
struct Stage
{
    explicit Stage(const Script &scripted)
        : Stage(true, {}, false, DialectId::OpenAiChat, std::make_shared<Script>(scripted))
    {}
    explicit Stage(const TurnSpec &spec, const Script &scripted = {})
        : Stage(true, {}, false, {}, std::make_shared<Script>(scripted), spec)
    {}
    explicit Stage(DialectId dialect) : Stage(true, {}, false, dialect) {}
    explicit Stage(bool journalReady = true, const KeyResult &key = {}, bool needsKey = false,
                   DialectId dialect = DialectId::OpenAiChat,
                   const std::shared_ptr<Script> &scripted = nullptr,
                   const std::optional<TurnSpec> &spec = std::nullopt)
        : script(scripted), journal(journalReady), credentials(key),
          turn(spec.value_or(first(dialect, needsKey)), transport, journal, credentials, nullptr,
               optionsFor(scripted))
    {
        QObject::connect(&turn, &Turn::events, &turn, [this](const StreamEvents &more) { events += more; });
        QObject::connect(&turn, &Turn::phaseChanged, &turn,
                         [this](const TurnStatus &status) { statuses.append(status); });
        QObject::connect(&turn, &Turn::ended, &turn, [this](const TurnOutcome &how) {
            ++ends;
            outcome = how;
        });
    }

    /// Runs until the request is out.
    [[nodiscard]] FakeExchange &connected()
    {
        turn.start();
        [this] { QTRY_COMPARE(transport.count(), 1); }();
        return transport.last();
    }

    [[nodiscard]] QList<TurnPhase> phases() const
    {
        QList<TurnPhase> phases;
        for (const TurnStatus &status : statuses)
            phases.append(status.phase);
        return phases;
    }

    [[nodiscard]] TurnOptions optionsFor(const std::shared_ptr<Script> &scripted)
    {
        TurnOptions options{
            .clock = &clock, .limiter = &limiter, .breaker = &breaker, .random = [this] { return random; }};
        if (scripted)
            options.dialects = [scripted](DialectId) { return std::make_unique<ScriptedDialect>(scripted); };
        return options;
    }

    [[nodiscard]] static TurnSpec first(DialectId dialect = DialectId::OpenAiChat, bool needsKey = false)
    {
        return {.id = TurnId{7},
                .provider = {.id = u"here"_s,
                             .name = u"Here"_s,
                             .dialect = dialect,
                             .baseUrl = QUrl(u"https://server.test/v1"_s),
                             .model = u"small"_s,
                             .needsKey = needsKey,
                             .program = u"/usr/bin/agent"_s,
                             .arguments = {u"-v"_s},
                             .options = {{u"dataset"_s, u"all"_s}}},
                .request = {.messages = {{ChatRole::User, u"Hello"_s}}}};
    }

    /// What the turn may be redirected to.
    [[nodiscard]] static TurnSpec next()
    {
        TurnSpec spec = first();
        spec.id = TurnId{8};
        spec.request.messages += {{ChatRole::Assistant, u"old"_s}, {ChatRole::User, u"shorter"_s}};
        return spec;
    }

    std::shared_ptr<Script> script;
    FakeClock clock;
    RateLimiter limiter{[this] { return clock.now(); }};
    CircuitBreaker breaker{[this] { return clock.now(); }};
    FakeTransport transport;
    MemoryJournal journal;
    OneKey credentials;
    StreamEvents events;
    QList<TurnStatus> statuses;
    double random = 0.5; ///< what the turn draws
    TurnOutcome outcome;
    int ends = 0;
    Turn turn;
};

} // namespace rivulet::test
