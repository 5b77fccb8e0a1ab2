// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/ratelimiter.h"

#include "net/turn/tokenbucket.h"
#include "net/wire/chatrequest.h"

#include <QtCore/qhash.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace rivulet {

using std::chrono::milliseconds;

namespace {

constexpr qint64 lettersPerToken = 4;

// Where a server does not say when it grants more: most count by the minute.
constexpr milliseconds usualReset = std::chrono::minutes(1);

struct LettersOf
{
    qint64 operator()(const content::Text &text) const { return text.text.size(); }
    qint64 operator()(const content::Reasoning &reasoning) const { return reasoning.text.size(); }
    qint64 operator()(const content::ToolCall &call) const { return call.arguments.size(); }
    qint64 operator()(const content::ToolResult &result) const { return result.content.size(); }
    qint64 operator()(const content::Approval &approval) const { return approval.reason.size(); }
    // Servers count pictures by their measures, which come to about this.
    qint64 operator()(const content::Attachment &) const { return 1000 * lettersPerToken; }
};

struct Request
{
    enum class State { Waiting, Sent, Answered };
    State state = State::Waiting;
    double tokens = 0; ///< as far as they are known
};

// What one bucket holds: requests or tokens.
struct Allowance
{
    TokenBucket bucket;
    bool isOfTokens = false;

    [[nodiscard]] double share(const Request &request) const { return isOfTokens ? request.tokens : 1; }
};

} // namespace

qint64 estimatedTokens(const ChatRequest &request)
{
    qint64 letters = request.system.size();
    for (const ToolDefinition &tool : request.tools)
        letters += tool.description.size() + tool.parameters.size();
    for (const ChatMessage &message : request.messages) {
        for (const ContentPart &part : message.parts)
            letters += std::visit(LettersOf(), part);
    }
    return (letters + lettersPerToken - 1) / lettersPerToken;
}

/// All that is known of one place.
struct RateLimiter::Line
{
    ProviderLimits limits{};
    std::optional<TokenBucket> ownRequests{}; ///< what the user allows
    std::optional<TokenBucket> ownTokens{};
    std::optional<TokenBucket> grantedRequests{}; ///< what the server said it grants
    std::optional<TokenBucket> grantedTokens{};
    Clock::time_point restsUntil{};
    std::map<quint64, Request> requests{}; ///< in the order in which they came

    void set(const ProviderLimits &next, Clock::time_point now);
    [[nodiscard]] std::vector<Allowance> allowances() const;
    [[nodiscard]] Clock::time_point timeFor(quint64 number, Clock::time_point now) const;
    void send(Request &request, Clock::time_point now);
    void learn(const RateLimits &news, Clock::time_point now);
};

struct RateLimiter::Places
{
    Now now;
    QHash<QString, Line> lines{};
    quint64 lastNumber = 0;
};

void RateLimiter::Line::set(const ProviderLimits &next, Clock::time_point now)
{
    const auto apply = [now](std::optional<TokenBucket> &bucket, std::optional<int> before,
                             std::optional<int> size) {
        if (before == size)
            return;
        if (!size)
            bucket.reset();
        else if (bucket)
            bucket->resize(*size, now);
        else
            bucket = TokenBucket::perMinute(*size, now);
    };
    apply(ownRequests, limits.requestsPerMinute, next.requestsPerMinute);
    apply(ownTokens, limits.tokensPerMinute, next.tokensPerMinute);
    limits = next;
}

std::vector<Allowance> RateLimiter::Line::allowances() const
{
    std::vector<Allowance> all;
    for (const auto &[bucket, isOfTokens] :
         {std::pair(ownRequests, false), std::pair(ownTokens, true), std::pair(grantedRequests, false),
          std::pair(grantedTokens, true)}) {
        if (bucket)
            all.push_back({.bucket = *bucket, .isOfTokens = isOfTokens});
    }
    return all;
}

// Lets all who wait go in their order, as soon as they can, until it is the turn of `number`.
RateLimiter::Clock::time_point RateLimiter::Line::timeFor(quint64 number, Clock::time_point now) const
{
    std::vector<Allowance> left = allowances();
    Clock::time_point time = std::max(now, restsUntil);
    for (const auto &[each, request] : requests) {
        if (each > number)
            break;
        if (request.state != Request::State::Waiting)
            continue;
        for (const Allowance &allowance : left)
            time = std::max(time, allowance.bucket.timeFor(allowance.share(request), time));
        for (Allowance &allowance : left)
            allowance.bucket.take(allowance.share(request), time);
    }
    return time;
}

void RateLimiter::Line::send(Request &request, Clock::time_point now)
{
    request.state = Request::State::Sent;
    for (auto *bucket : {&ownRequests, &grantedRequests}) {
        if (*bucket)
            (*bucket)->take(1, now);
    }
    for (auto *bucket : {&ownTokens, &grantedTokens}) {
        if (*bucket)
            (*bucket)->take(request.tokens, now);
    }
}

void RateLimiter::Line::learn(const RateLimits &news, Clock::time_point now)
{
    // The server may not have seen yet what is on its way to it.
    double sent = 0;
    double sentTokens = 0;
    for (const auto &[number, request] : requests) {
        if (request.state == Request::State::Sent) {
            ++sent;
            sentTokens += request.tokens;
        }
    }
    const auto apply = [now](std::optional<TokenBucket> &bucket, const RateAllowance &said, double onTheWay) {
        if (said.remaining)
            bucket = TokenBucket::untilReset(double(*said.remaining) - onTheWay, said.limit, now,
                                             now + said.resetsIn.value_or(usualReset));
    };
    apply(grantedRequests, news.requests, sent);
    apply(grantedTokens, news.tokens, sentTokens);
}

RateLimiter::Ticket::Ticket(std::shared_ptr<Places> places, QString place, quint64 number)
    : m_places(std::move(places)), m_place(std::move(place)), m_number(number)
{}

RateLimiter::Ticket::~Ticket()
{
    if (m_places)
        m_places->lines[m_place].requests.erase(m_number);
}

RateLimiter::Ticket::Ticket(Ticket &&) noexcept = default;

RateLimiter::Ticket &RateLimiter::Ticket::operator=(Ticket &&other) noexcept
{
    std::swap(m_places, other.m_places);
    std::swap(m_place, other.m_place);
    std::swap(m_number, other.m_number);
    return *this;
}

milliseconds RateLimiter::Ticket::wait() const
{
    const Clock::time_point now = m_places->now();
    return std::chrono::ceil<milliseconds>(m_places->lines[m_place].timeFor(m_number, now) - now);
}

void RateLimiter::Ticket::noteSent()
{
    Line &line = m_places->lines[m_place];
    Request &request = line.requests[m_number];
    if (request.state == Request::State::Waiting)
        line.send(request, m_places->now());
}

void RateLimiter::Ticket::noteHead(int status, const RateLimits &limits)
{
    Line &line = m_places->lines[m_place];
    const Clock::time_point now = m_places->now();
    line.requests[m_number].state = Request::State::Answered;
    line.learn(limits, now);
    if (status >= 400 && limits.retryAfter)
        line.restsUntil = now + std::min<milliseconds>(*limits.retryAfter, longestRest);
}

void RateLimiter::Ticket::noteUsage(const Usage &usage)
{
    Line &line = m_places->lines[m_place];
    Request &request = line.requests[m_number];
    const auto counted = double(usage.inputTokens.value_or(0) + usage.outputTokens.value_or(0));
    if (counted <= 0 || request.state == Request::State::Waiting)
        return;
    if (line.ownTokens)
        line.ownTokens->take(counted - request.tokens, m_places->now());
    request.tokens = counted;
}

RateLimiter::RateLimiter(Now now) : m_places(std::make_shared<Places>(Places{.now = std::move(now)})) {}

RateLimiter::~RateLimiter() = default;

RateLimiter::Ticket RateLimiter::enter(const Provider &place, qint64 tokens)
{
    const QString name = placeName(place);
    Line &line = m_places->lines[name];
    line.set(place.limits, m_places->now());
    const quint64 number = ++m_places->lastNumber;
    line.requests[number].tokens = static_cast<double>(std::max<qint64>(tokens, 0));
    return {m_places, name, number};
}

} // namespace rivulet
