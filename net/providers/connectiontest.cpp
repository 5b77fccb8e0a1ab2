// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/connectiontest.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/responsereader.h"
#include "net/framing/limits.h"
#include "net/providers/endpointof.h"
#include "net/providers/fetch.h"
#include "net/transport/requestqueue.h"
#include "net/transport/requestrules.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;
using Kind = ConnectionStep::Kind;
using StepState = ConnectionStep::State;

namespace {

constexpr auto AllKinds = std::to_array<Kind>(
    {Kind::Address, Kind::Reach, Kind::Secure, Kind::Speak, Kind::Key, Kind::Models, Kind::Answer});

// The step at which an error shows that the connection fails.
Kind stepOf(const NetError &error)
{
    constexpr std::array tlsCodes{transportcode::Tls, transportcode::CaFile, transportcode::ClientCertificate,
                                  transportcode::ClientKey, transportcode::ClientKeyLocked};
    if (std::ranges::find(tlsCodes, error.code) != tlsCodes.end())
        return Kind::Secure;
    switch (error.kind) {
    case NetError::Kind::Network:
    case NetError::Kind::Timeout:
        return Kind::Reach;
    case NetError::Kind::Auth:
        return Kind::Key;
    default:
        return Kind::Speak;
    }
}

bool isPage(const Fetched &answer)
{
    return answer.head.contentType.toLower().startsWith("text/html") || answer.body.trimmed().startsWith('<');
}

// There is no such endpoint: some servers list no models.
bool isMissing(int status)
{
    return status == 404 || status == 405 || status == 501;
}

// Whether the answer has begun, in text or in thought.
bool isFirstWord(const StreamEvent &event)
{
    if (const auto *text = std::get_if<event::Text>(&event.payload))
        return !text->text.isEmpty();
    if (const auto *thought = std::get_if<event::Reasoning>(&event.payload))
        return !thought->text.isEmpty();
    return std::holds_alternative<event::ToolCall>(event.payload);
}

} // namespace

bool ConnectionReport::ok() const
{
    return !steps.isEmpty() && std::ranges::all_of(steps, [](const ConnectionStep &step) {
        return step.state == StepState::Passed || step.state == StepState::Skipped;
    });
}

std::optional<NetError> ConnectionReport::error() const
{
    const auto failed = std::ranges::find(steps, StepState::Failed, &ConnectionStep::state);
    return failed == steps.end() ? std::nullopt : failed->error;
}

const ConnectionStep &ConnectionReport::step(ConnectionStep::Kind kind) const
{
    return *std::ranges::find(steps, kind, &ConnectionStep::kind);
}

struct ConnectionTest::State
{
    State(ConnectionTest &owner, Transport &network) : test(owner), transport(network) { reset(); }

    void reset()
    {
        report = {};
        for (const Kind kind : AllKinds)
            report.steps.append({.kind = kind, .state = StepState::Waiting, .error = {}});
    }

    ConnectionStep &step(Kind kind) { return report.steps[std::to_underlying(kind)]; }

    void set(Kind kind, StepState state) { step(kind).state = state; }

    // Everything before `kind` that was still open has shown itself to work.
    void passBefore(Kind kind)
    {
        for (ConnectionStep &earlier : report.steps) {
            const bool isOpen = earlier.state == StepState::Waiting || earlier.state == StepState::Running;
            if (earlier.kind < kind && isOpen)
                earlier.state =
                    earlier.kind == Kind::Secure && !isSecure() ? StepState::Skipped : StepState::Passed;
        }
    }

    bool isSecure() const
    {
        return provider.baseUrl.scheme() == "https"_L1 || provider.baseUrl.scheme() == "wss"_L1;
    }

    void begin()
    {
        const auto request = makeDialect(provider.dialect)->modelsRequest(endpointOf(provider, apiKey));
        if (!request) {
            set(Kind::Address, StepState::Passed);
            goOnWithoutList(false, {});
            return;
        }
        if (const auto refusal = refusalOf(*request)) {
            fail(Kind::Address, *refusal);
            return;
        }
        set(Kind::Address, StepState::Passed);
        set(Kind::Reach, StepState::Running);
        call = fetch(transport.through(profileOf(provider)), *request, limits, &test,
                     [this](const std::expected<Fetched, NetError> &answer) { takeModels(answer); });
        Q_EMIT test.changed(report);
    }

    void takeModels(const std::expected<Fetched, NetError> &answer)
    {
        if (!answer) {
            fail(stepOf(answer.error()), answer.error());
            return;
        }
        const auto dialect = makeDialect(provider.dialect);
        const int status = answer->head.status;
        const auto list = status >= 200 && status < 300 ? dialect->models(answer->body) : std::nullopt;
        if (list) {
            passBefore(Kind::Key);
            for (const ListedModel &model : *list)
                report.models.append(model.id);
            set(Kind::Models, StepState::Passed);
            // Some services list their models to everyone: the answer shows whether the key is good.
            const QString model = !provider.model.isEmpty() ? provider.model : report.models.value(0);
            if (!model.isEmpty())
                ask(model);
            else
                passRest();
            return;
        }
        if (status >= 200 && status < 300) {
            const NetError error{.kind = NetError::Kind::Protocol,
                                 .status = status,
                                 .message =
                                     u"The answer is not a list of models: "_s + excerpt(answer->body)};
            goOnWithoutList(isPage(*answer), error);
            return;
        }
        const NetError error = dialect->errorFor(answer->head, answer->body);
        if (isMissing(status)) {
            goOnWithoutList(isPage(*answer), error);
        } else if (error.kind == NetError::Kind::Auth) {
            fail(Kind::Key, error);
        } else {
            fail(Kind::Models, error);
        }
    }

    // Without a list the answer itself has to show whether this is the right address.
    void goOnWithoutList(bool wasPage, const NetError &error)
    {
        passBefore(Kind::Speak);
        set(Kind::Models, StepState::Skipped);
        if (!provider.model.isEmpty())
            ask(provider.model);
        else if (wasPage || error.kind == NetError::Kind::Protocol)
            fail(Kind::Speak, error);
        else
            passRest();
    }

    void ask(const QString &model)
    {
        set(Kind::Answer, StepState::Running);
        auto dialect = makeDialect(provider.dialect);
        ChatRequest chat;
        chat.model = model;
        chat.messages.append({ChatRole::User, u"Say the word yes."_s});
        const ExchangeRequest request = dialect->open(chat, endpointOf(provider, apiKey));
        reader = std::make_unique<ResponseReader>(std::move(dialect));
        followUps = 0;
        clock.start();
        begin(request);
        Q_EMIT test.changed(report);
    }

    void begin(const ExchangeRequest &request)
    {
        call = transport.through(profileOf(provider)).open(request, limits, &test);
        connect(call, &TransportCall::head, &test, [this](const ResponseHead &head) { reader->head(head); });
        connect(call, &TransportCall::bytes, &test, [this](const QByteArray &bytes) {
            StreamEvents events;
            reader->feed(bytes, events);
            takeAndReply(events);
        });
        connect(call, &TransportCall::message, &test, [this](const QByteArray &text) {
            StreamEvents events;
            reader->message(text, events);
            takeAndReply(events);
        });
        connect(call, &TransportCall::finished, &test, [this] {
            StreamEvents events;
            reader->finish(ResponseReader::End::Clean, events);
            if (take(events))
                return;
            if (reader->completeness() == Completeness::Complete) {
                passAnswer();
            } else if (reader->dialect().hasNext() && ++followUps <= rivulet::limits::followUps) {
                call->deleteLater();
                begin(reader->dialect().next(endpointOf(provider, apiKey)));
            } else {
                fail(Kind::Answer,
                     {.kind = NetError::Kind::Protocol, .message = u"The answer ended before it began"_s});
            }
        });
        connect(call, &TransportCall::failed, &test,
                [this](const NetError &error) { fail(Kind::Answer, error); });
    }

    void takeAndReply(const StreamEvents &events)
    {
        if (take(events))
            return;
        for (const Command &reply : reader->dialect().takeReplies()) {
            if (const auto *message = std::get_if<ConnectionMessage>(&reply)) {
                call->send(*message);
                continue;
            }
            if (!replies) {
                const auto fails = [this](const NetError &error) {
                    if (reader->dialect().dependsOnReplies())
                        failAnswer(error);
                };
                replies = std::make_unique<RequestQueue>(
                    transport.through(profileOf(provider)), nullptr,
                    [this, fails](const ResponseHead &head, const QByteArray &body) {
                        fails(reader->dialect().errorFor(head, body));
                    },
                    fails);
            }
            replies->send(std::get<HttpRequest>(reply), limits.head);
        }
    }

    // Whether these events decided the test.
    bool take(const StreamEvents &events)
    {
        for (const StreamEvent &event : events) {
            if (const auto *failed = std::get_if<event::Failed>(&event.payload)) {
                failAnswer(failed->error);
                return true;
            }
            if (isFirstWord(event)) {
                report.firstToken = std::chrono::milliseconds(clock.elapsed());
                passAnswer();
                return true;
            }
        }
        return false;
    }

    void passAnswer()
    {
        set(Kind::Answer, StepState::Passed);
        passRest();
    }

    void failAnswer(const NetError &error)
    {
        const bool isOpen = step(Kind::Speak).state == StepState::Waiting;
        if (error.kind == NetError::Kind::Auth)
            fail(Kind::Key, error);
        else if (isOpen && (error.kind == NetError::Kind::Protocol || isMissing(error.status)))
            fail(Kind::Speak, error);
        else
            fail(Kind::Answer, error);
    }

    void passRest()
    {
        passBefore(Kind::Models);
        if (apiKey.isEmpty() && step(Kind::Key).state == StepState::Passed)
            set(Kind::Key, StepState::Skipped);
        end();
    }

    void fail(Kind kind, const NetError &error)
    {
        // A failure after the key was sent does not show whether the key is good.
        passBefore(std::min(kind, Kind::Key));
        step(kind) = {.kind = kind, .state = StepState::Failed, .error = error};
        end();
    }

    void end()
    {
        for (ConnectionStep &open : report.steps) {
            if (open.state == StepState::Waiting || open.state == StepState::Running)
                open.state = StepState::Skipped;
        }
        drop();
        isRunning = false;
        const QPointer<ConnectionTest> self(&test);
        const int current = round;
        Q_EMIT test.changed(report);
        if (self && round == current)
            Q_EMIT test.finished(report);
    }

    void drop()
    {
        if (TransportCall *dropped = std::exchange(call, nullptr)) {
            QObject::disconnect(dropped, nullptr, &test, nullptr);
            dropped->abort();
            dropped->deleteLater();
        }
        replies.reset();
        const std::unique_ptr<ResponseReader> last = std::move(reader);
        if (const auto farewell =
                last ? last->dialect().farewell(endpointOf(provider, apiKey)) : std::nullopt) {
            auto *lastWord = new RequestQueue(transport.through(profileOf(provider)), &test);
            lastWord->send(*farewell, limits.head);
            lastWord->deleteWhenDone();
        }
    }

    ConnectionTest &test;
    Transport &transport;
    Provider provider;
    QByteArray apiKey;
    TransportTimeouts limits;
    ConnectionReport report;
    QPointer<TransportCall> call;
    std::unique_ptr<ResponseReader> reader;
    std::unique_ptr<RequestQueue> replies;
    int followUps = 0; ///< further requests of the same answer
    QElapsedTimer clock;
    int round = 0; ///< counts start() and cancel(), so that a receiver may call them in the middle
    bool isRunning = false;
};

ConnectionTest::ConnectionTest(Transport &transport, QObject *parent)
    : QObject(parent), m_state(std::make_unique<State>(*this, transport))
{}

ConnectionTest::~ConnectionTest()
{
    m_state->drop();
}

void ConnectionTest::start(const Provider &provider, const QByteArray &apiKey,
                           std::chrono::milliseconds limit)
{
    cancel();
    m_state->reset();
    m_state->provider = provider;
    m_state->apiKey = apiKey;
    m_state->limits = {.head = limit, .idle = limit};
    m_state->isRunning = true;
    QMetaObject::invokeMethod(
        this,
        [this, round = m_state->round] {
            if (m_state->round == round)
                m_state->begin();
        },
        Qt::QueuedConnection);
}

void ConnectionTest::cancel()
{
    ++m_state->round;
    m_state->isRunning = false;
    m_state->drop();
}

bool ConnectionTest::isRunning() const
{
    return m_state->isRunning;
}

ConnectionReport ConnectionTest::report() const
{
    return m_state->report;
}

} // namespace rivulet
