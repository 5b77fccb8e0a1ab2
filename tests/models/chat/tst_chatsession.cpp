// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"

#include "models/chat/turnrunner.h"
#include "tests/support/memorystore.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

/// A TurnRunner whose turns the test plays by hand. What is queued comes out with flush(), as with a
/// mailbox.
class HandRunner : public TurnRunner
{
public:
    void start(const TurnSpec &spec) override { started.append(spec); }
    void flush() override
    {
        const auto waiting = std::exchange(queue, {});
        for (const auto &[turn, arrived] : waiting)
            Q_EMIT events(turn, arrived);
        if (std::exchange(completesAtFlush, false))
            complete();
    }
    void stop(TurnId turn, const Delivered &delivered) override
    {
        stopped.append(turn);
        lastDelivered = delivered;
    }

    void redirect(TurnId turn, const Delivered &delivered, const TurnSpec &next,
                  const QString &instruction) override
    {
        redirected.append({turn, instruction});
        lastDelivered = delivered;
        started.append(next);
    }
    void setPaused(TurnId turn, bool now) override { paused.append({turn, now}); }
    void tryNow(TurnId turn) override { hurried.append(turn); }
    void decide(TurnId turn, const ApprovalDecision &decision) override { decided.append({turn, decision}); }
    void expect(const Provider &provider) override { expected.append(provider.id); }

    void tell(const TurnStatus &status) { Q_EMIT phaseChanged(started.constLast().id, status); }
    void accept() { Q_EMIT phaseChanged(started.constLast().id, {.phase = TurnPhase::Accepted}); }
    void say(const QString &text) { Q_EMIT events(started.constLast().id, {{event::Text{text}, {}}}); }
    void think(const QString &text) { Q_EMIT events(started.constLast().id, {{event::Reasoning{text}, {}}}); }
    void complete(TurnEnd how = TurnEnd::Complete)
    {
        Q_EMIT ended(started.constLast().id, {.end = how, .reason = FinishReason::Stop});
    }

    QList<TurnSpec> started;
    QStringList expected; ///< ids of providers
    QList<TurnId> stopped;
    QList<std::pair<TurnId, QString>> redirected; ///< the turn that gave way, and the instruction
    QList<std::pair<TurnId, bool>> paused;
    QList<TurnId> hurried;
    bool completesAtFlush = false; ///< the answer's end waits in the mailbox
    QList<std::pair<TurnId, ApprovalDecision>> decided;
    Delivered lastDelivered;
    QList<std::pair<TurnId, StreamEvents>> queue;
};

struct Stage
{
    Stage() { session.setProvider({.id = u"demo"_s, .name = u"Demo"_s, .model = u"demo"_s}); }

    /// A whole exchange.
    void exchange(const QString &question, const QString &answer)
    {
        QVERIFY(session.send(question));
        runner.accept();
        runner.say(answer);
        runner.complete();
    }

    [[nodiscard]] QStringList queued() const
    {
        QStringList words;
        for (const QueuedMessage &message : session.queue()->messages())
            words.append(message.text);
        return words;
    }

    /// What of the open conversation's unsent words is in the store.
    [[nodiscard]] Unsent kept() const
    {
        return store.unsentWords.value(ConversationId{session.conversation()});
    }

    QDateTime now = QDateTime(QDate(2026, 5, 1), QTime(12, 0), QTimeZone::UTC);
    HandRunner runner;
    MemoryStore store;
    ChatSession session{runner, store, nullptr, [this] { return now; }};
};

/// Puts a conversation into the store whose answer broke off so many hours ago.
void interrupt(Stage &stage, int hours = 0)
{
    const QDateTime then = stage.now.addSecs(-3600 * hours);
    stage.store.summaries = {{.id = ConversationId{1}, .title = u"Old"_s}};
    stage.store.all = {{.id = MessageId{2}, .conversation = ConversationId{1}, .created = then},
                       {.id = MessageId{3},
                        .conversation = ConversationId{1},
                        .parent = MessageId{2},
                        .role = ChatRole::Assistant,
                        .parts = {TextPart{u"Half"_s}},
                        .state = Message::State::CutOff,
                        .providerId = u"there"_s,
                        .dialect = u"openai-chat"_s,
                        .resume = ResumeToken{.stream = u"run"_s, .cursor = u"4"_s},
                        .created = then}};
}

Provider someone()
{
    return {.id = u"there"_s, .name = u"There"_s, .model = u"large"_s};
}

using Phase = ChatSession::Phase;

} // namespace

class ChatSessionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void begins_empty_and_idle()
    {
        Stage stage;
        QVERIFY(stage.session.isEmpty());
        QCOMPARE(stage.session.phase(), Phase::Idle);
        QCOMPARE(stage.session.conversation(), 0);
    }

    void send_stores_the_words_before_it_starts_the_turn()
    {
        struct Watch : HandRunner
        {
            explicit Watch(MemoryStore &s) : store(s) {}
            void start(const TurnSpec &spec) override
            {
                storedFirst = store.summaries.size() == 1 && store.all.size() == 2
                    && store.all.constFirst().text() == u"Hello"_s;
                HandRunner::start(spec);
            }
            MemoryStore &store;
            bool storedFirst = false;
        };
        MemoryStore store;
        Watch runner(store);
        ChatSession session(runner, store);
        QVERIFY(session.send(u"Hello"_s));
        QVERIFY(runner.storedFirst);
    }

    void the_engine_learns_that_a_message_is_written_unless_one_is_answered()
    {
        Stage stage;
        stage.session.setProvider({.id = u"here"_s});
        stage.session.expectMessage();
        QCOMPARE(stage.runner.expected, QStringList(u"here"_s));
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.session.expectMessage();
        QCOMPARE(stage.runner.expected.size(), 1);
        stage.runner.complete();
        stage.session.expectMessage();
        QCOMPARE(stage.runner.expected.size(), 2);
    }

    void refuses_blank_words()
    {
        Stage stage;
        QVERIFY(!stage.session.send(u" \n\t"_s));
        QVERIFY(!stage.session.redirect(u" "_s));
        QVERIFY(stage.session.isEmpty());
    }

    // Queue

    void what_is_sent_while_it_answers_waits_and_is_sent_in_order()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        QVERIFY(stage.session.send(u"three"_s));
        QCOMPARE(stage.runner.started.size(), 1);
        QCOMPARE(stage.session.messages().size(), 2);
        QCOMPARE(stage.queued(), (QStringList{u"two"_s, u"three"_s}));
        QCOMPARE(stage.kept().queue, stage.session.queue()->messages());

        stage.runner.say(u"First"_s);
        stage.runner.complete();
        QCOMPARE(stage.runner.started.size(), 2);
        QCOMPARE(stage.queued(), QStringList{u"three"_s});
        QCOMPARE(stage.kept().queue.size(), 1);
        stage.runner.complete();
        QVERIFY(stage.queued().isEmpty());
        QCOMPARE(stage.runner.started.constLast().request.messages.constLast().text(), u"two\n\nthree"_s);
        QVERIFY(stage.kept().isEmpty());
    }

    void stop_and_failure_hold_the_queue_until_it_is_let_go_data()
    {
        QTest::addColumn<TurnEnd>("how");
        QTest::newRow("stopped") << TurnEnd::Stopped;
        QTest::newRow("failed") << TurnEnd::Failed;
        QTest::newRow("cut off") << TurnEnd::CutOff;
    }

    void stop_and_failure_hold_the_queue_until_it_is_let_go()
    {
        QFETCH(const TurnEnd, how);
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        if (how == TurnEnd::Stopped)
            stage.session.stop();
        else
            stage.runner.complete(how);
        QCOMPARE(stage.runner.started.size(), 1);
        QVERIFY(stage.session.queue()->isHeld());
        QCOMPARE(stage.queued(), QStringList{u"two"_s});

        stage.session.sendQueued();
        QCOMPARE(stage.runner.started.size(), 2);
        QVERIFY(stage.queued().isEmpty());
    }

    void an_answer_that_turns_out_whole_at_stop_sends_nothing_more()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        stage.runner.completesAtFlush = true;
        stage.session.stop();
        QCOMPARE(stage.runner.started.size(), 1);
        QVERIFY(stage.runner.stopped.isEmpty());
        QCOMPARE(stage.session.messages().constLast().state, Message::State::Complete);
        QVERIFY(stage.session.queue()->isHeld());
    }

    void a_redirect_of_an_answer_that_turns_out_whole_is_sent_before_the_queue()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        stage.runner.completesAtFlush = true;
        QVERIFY(stage.session.redirect(u"other"_s));
        QVERIFY(stage.runner.redirected.isEmpty());
        QCOMPARE(stage.runner.started.size(), 2);
        QCOMPARE(stage.session.messages().at(2).text(), u"other"_s);
        QCOMPARE(stage.queued(), QStringList{u"two"_s});
    }

    void a_queue_that_another_run_left_is_held()
    {
        Stage stage;
        stage.exchange(u"one"_s, u"First"_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.store.putUnsent(conversation.id,
                              {.draft = u"half a"_s, .queue = {{.id = 1, .text = u"two"_s}}});
        HandRunner runner;
        ChatSession later(runner, stage.store);
        later.open(conversation);
        QTRY_COMPARE(later.queue()->count(), 1);
        QVERIFY(later.queue()->isHeld());
        QCOMPARE(later.draft(), u"half a"_s);
        later.sendQueued();
        QCOMPARE(runner.started.size(), 1);
        QVERIFY(stage.store.unsentWords.value(conversation.id).queue.isEmpty());
    }

    void a_queue_goes_on_in_a_conversation_that_was_left()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        QSignalSpy added(&stage.session, &ChatSession::messageAdded);
        stage.session.startNew();
        stage.runner.say(u"First"_s);
        stage.runner.complete();
        QCOMPARE(stage.runner.started.size(), 2);
        QCOMPARE(added.count(), 0);
        QVERIFY(stage.session.isEmpty());
        QCOMPARE(stage.store.all.size(), 4);
        stage.session.open(conversation);
        QCOMPARE(stage.session.messages().size(), 4);
        QVERIFY(stage.session.isBusy());
        stage.runner.say(u"Second"_s);
        QCOMPARE(stage.session.messages().constLast().text(), u"Second"_s);
    }

    // Draft

    void a_draft_is_kept_for_each_conversation()
    {
        Stage stage;
        stage.session.setDraft(u"new one"_s);
        QCOMPARE(stage.store.unsentWords.value(ConversationId{}).draft, u"new one"_s);
        stage.exchange(u"one"_s, u"First"_s);
        QVERIFY2(!stage.store.unsentWords.contains(ConversationId{}), "it was sent");
        stage.session.setDraft(u"two, half"_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        QCOMPARE(stage.session.draft(), QString());
        stage.session.open(conversation);
        QTRY_COMPARE(stage.session.draft(), u"two, half"_s);
    }

    void the_draft_of_a_new_conversation_outlives_the_program()
    {
        Stage stage;
        stage.session.setDraft(u"begun"_s);
        HandRunner runner;
        ChatSession later(runner, stage.store);
        QTRY_COMPARE(later.draft(), u"begun"_s);
    }

    // Redirect

    void redirect_seals_what_was_delivered_and_asks_for_the_rest_anew()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Tell me all"_s));
        stage.runner.say(u"Once upon"_s);
        const TurnId old = stage.runner.started.constLast().id;
        stage.runner.queue.append({old, {{event::Text{u" a time"_s}, {}}}});
        QVERIFY(stage.session.redirect(u"Shorter"_s));
        QCOMPARE(stage.runner.redirected, (QList<std::pair<TurnId, QString>>{{old, u"Shorter"_s}}));
        QCOMPARE(stage.runner.lastDelivered, Delivered{.text = 16});
        const QList<Message> shown = stage.session.messages();
        QCOMPARE(shown.size(), 4);
        QCOMPARE(shown.at(1).state, Message::State::Redirected);
        QCOMPARE(shown.at(1).text(), u"Once upon a time"_s);
        QCOMPARE(shown.at(2).text(), u"Shorter"_s);
        QCOMPARE(stage.runner.started.constLast().request.messages,
                 (QList<ChatMessage>{{ChatRole::User, u"Tell me all"_s},
                                     {ChatRole::Assistant, u"Once upon a time"_s},
                                     {ChatRole::User, u"Shorter"_s}}));

        Q_EMIT stage.runner.events(old, {{event::Text{u" late"_s}, {}}});
        stage.runner.say(u"The end."_s);
        QCOMPARE(stage.session.messages().at(1).text(), u"Once upon a time"_s);
        QCOMPARE(stage.session.messages().constLast().text(), u"The end."_s);
    }

    void redirect_while_nothing_runs_sends()
    {
        Stage stage;
        QVERIFY(stage.session.redirect(u"Hello"_s));
        QCOMPARE(stage.runner.started.size(), 1);
        QVERIFY(stage.runner.redirected.isEmpty());
    }

    void redirect_does_not_send_the_queue()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        QVERIFY(stage.session.send(u"two"_s));
        QVERIFY(stage.session.redirect(u"other"_s));
        QCOMPARE(stage.queued(), QStringList{u"two"_s});
        stage.runner.complete();
        QVERIFY(stage.queued().isEmpty());
    }

    // Pause and recovery

    void pause_holds_the_answer_back()
    {
        Stage stage;
        stage.session.setPaused(true);
        QVERIFY(stage.runner.paused.isEmpty());
        QVERIFY(stage.session.send(u"one"_s));
        stage.runner.say(u"some"_s);
        stage.session.setPaused(true);
        const TurnId turn = stage.runner.started.constLast().id;
        QCOMPARE(stage.session.phase(), Phase::Paused);
        QVERIFY(stage.session.isPaused());
        stage.runner.tell({.phase = TurnPhase::Resuming});
        QCOMPARE(stage.session.phase(), Phase::Paused);
        stage.runner.tell({.phase = TurnPhase::Streaming});
        stage.session.setPaused(false);
        QCOMPARE(stage.session.phase(), Phase::Writing);
        QCOMPARE(stage.runner.paused, (QList<std::pair<TurnId, bool>>{{turn, true}, {turn, false}}));
    }

    void tells_why_it_waits_and_until_when()
    {
        Stage stage;
        stage.session.setWording([](const NetError &error) { return error.code; });
        QVERIFY(stage.session.send(u"one"_s));
        const NetError reason{.kind = NetError::Kind::Network, .code = u"lost"_s};
        stage.runner.tell({.phase = TurnPhase::Waiting, .wait = std::chrono::seconds(4), .reason = reason});
        QCOMPARE(stage.session.phase(), Phase::Retrying);
        QCOMPARE(stage.session.retryAt(), stage.now.addSecs(4));
        QCOMPARE(stage.session.trouble(), u"lost"_s);
        QVERIFY(stage.session.isBusy());
        stage.session.tryNow();
        QCOMPARE(stage.runner.hurried, QList<TurnId>{stage.runner.started.constLast().id});
        stage.runner.tell({.phase = TurnPhase::Dropped, .reason = reason});
        QCOMPARE(stage.session.phase(), Phase::Offline);
        stage.runner.tell({.phase = TurnPhase::Resuming, .reason = reason});
        QCOMPARE(stage.session.phase(), Phase::Resuming);
        stage.runner.tell({.phase = TurnPhase::Streaming});
        stage.runner.say(u"some"_s);
        QCOMPARE(stage.session.phase(), Phase::Writing);
        QCOMPARE(stage.session.trouble(), QString());
        stage.runner.tell({.phase = TurnPhase::Stalled});
        QCOMPARE(stage.session.phase(), Phase::Stalled);
    }

    // Continue, edit, branches

    void a_partial_is_gone_on_with_below_itself_and_becomes_one_with_it()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Count"_s));
        stage.runner.say(u"one, tw"_s);
        stage.session.stop();
        QVERIFY(stage.session.isContinuable());
        stage.session.goOn();
        const QList<ChatMessage> asked = stage.runner.started.constLast().request.messages;
        QCOMPARE(asked.size(), 3);
        QCOMPARE(asked.at(1).text(), u"one, tw"_s);
        QCOMPARE(asked.at(2).role, ChatRole::User);
        QVERIFY(asked.at(2).text().contains(u"exactly where it ends"_s));
        stage.runner.say(u"o, three"_s);
        stage.runner.complete();
        QVERIFY(!stage.session.isContinuable());
        QCOMPARE(stage.session.messages().size(), 3);

        QVERIFY(stage.session.send(u"And four?"_s));
        QCOMPARE(stage.runner.started.constLast().request.messages,
                 (QList<ChatMessage>{{ChatRole::User, u"Count"_s},
                                     {ChatRole::Assistant, u"one, two, three"_s},
                                     {ChatRole::User, u"And four?"_s}}));
    }

    void only_a_partial_with_words_can_be_gone_on_with()
    {
        Stage stage;
        QVERIFY(!stage.session.isContinuable());
        stage.exchange(u"one"_s, u"First"_s);
        QVERIFY(!stage.session.isContinuable());
        QVERIFY(stage.session.send(u"two"_s));
        stage.session.stop();
        QVERIFY2(!stage.session.isContinuable(), "nothing was said");
        stage.session.goOn();
        QCOMPARE(stage.runner.started.size(), 2);
    }

    void an_answer_that_ran_out_of_room_can_be_gone_on_with()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        stage.runner.say(u"First"_s);
        Q_EMIT stage.runner.ended(stage.runner.started.constLast().id, {.reason = FinishReason::Length});
        QVERIFY(stage.session.isContinuable());
    }

    void what_broke_off_when_the_program_ended_is_joined_again()
    {
        Stage before;
        before.session.setProvider(someone());
        QVERIFY(before.session.send(u"Why?"_s));
        before.runner.say(u"Beca"_s);
        const ConversationId id{before.session.conversation()};
        Message &broken = before.store.all.last();
        QCOMPARE(broken.role, ChatRole::Assistant);
        broken.parts = {TextPart{u"Beca"_s}};
        broken.state = Message::State::CutOff;
        broken.resume = ResumeToken{.stream = u"run"_s, .cursor = u"4"_s};

        Stage stage;
        stage.store.summaries = before.store.summaries;
        stage.store.all = before.store.all;
        stage.session.setProviders(
            [](const QString &name) { return name == "there"_L1 ? std::optional(someone()) : std::nullopt; });
        stage.session.joinInterrupted();
        QTRY_COMPARE(stage.runner.started.size(), 1);
        const TurnSpec &spec = stage.runner.started.constFirst();
        QCOMPARE(spec.resume, broken.resume);
        QCOMPARE(spec.id, turnOf(broken.id));
        QCOMPARE(spec.provider, someone());
        QVERIFY(stage.session.isRunning(id));
        QVERIFY2(stage.session.isEmpty(), "it goes on in the background");

        stage.session.open(stage.store.summaries.constFirst());
        QCOMPARE(stage.session.phase(), Phase::Resuming);
        stage.runner.say(u"use."_s);
        stage.runner.complete();
        QCOMPARE(stage.session.messages().constLast().text(), u"Because."_s);
        QCOMPARE(stage.session.messages().size(), 2);
        QCOMPARE(stage.session.phase(), Phase::Idle);
    }

    void what_is_too_old_or_was_gone_on_from_is_not_joined_by_itself_data()
    {
        QTest::addColumn<int>("hours");
        QTest::addColumn<bool>("goneOn");
        QTest::addColumn<int>("joined");
        QTest::newRow("an hour ago") << 1 << false << 1;
        QTest::newRow("the day before yesterday") << 30 << false << 0;
        QTest::newRow("gone on from") << 1 << true << 0;
    }
    void what_is_too_old_or_was_gone_on_from_is_not_joined_by_itself()
    {
        QFETCH(const int, hours);
        QFETCH(const bool, goneOn);
        QFETCH(const int, joined);
        Stage stage;
        stage.session.setProviders([](const QString &) { return std::optional(someone()); });
        interrupt(stage, hours);
        if (goneOn)
            stage.store.all.append(
                {.id = MessageId{4}, .conversation = ConversationId{1}, .parent = MessageId{3}});
        stage.session.joinInterrupted();
        // The loads answer in the order in which they were asked for.
        stage.session.open({.id = ConversationId{1}, .title = u"Old"_s});
        QTRY_COMPARE(stage.session.conversation(), 1);
        QCOMPARE(stage.runner.started.size(), joined);
    }

    void whoever_opens_it_while_it_is_read_sees_it_go_on_and_it_runs_once()
    {
        Stage stage;
        stage.session.setProviders([](const QString &) { return std::optional(someone()); });
        interrupt(stage);
        stage.store.holdLoads = true;
        stage.session.joinInterrupted();
        stage.session.open(stage.store.summaries.constFirst());
        QTRY_COMPARE(stage.store.held.size(), 2);
        stage.store.release();
        QCOMPARE(stage.runner.started.size(), 0);
        stage.store.release();
        QTRY_COMPARE(stage.session.conversation(), 1);
        QCOMPARE(stage.runner.started.size(), 1);
        QCOMPARE(stage.session.phase(), Phase::Resuming);
    }

    void what_is_deleted_while_it_is_read_is_not_joined()
    {
        Stage stage;
        stage.session.setProviders([](const QString &) { return std::optional(someone()); });
        interrupt(stage);
        stage.store.holdLoads = true;
        stage.session.joinInterrupted();
        QTRY_COMPARE(stage.store.held.size(), 1);
        stage.session.forget(ConversationId{1});
        stage.store.release();
        QCOMPARE(stage.runner.started.size(), 0);
    }

    void a_call_of_another_run_is_another_call()
    {
        Message answer;
        apply(answer, {event::ToolCall{0, u"a"_s, u"look"_s, u"{}"_s}, {}});
        apply(answer, {event::ToolCall{0, u"b"_s, u"look"_s, {}}, {}});
        apply(answer, {event::ToolCall{0, {}, {}, u"{\"x\":1}"_s}, {}});
        QCOMPARE(answer.parts.size(), 2);
        QCOMPARE(std::get<ToolCallPart>(answer.parts.constFirst()).arguments, u"{}"_s);
        QCOMPARE(std::get<ToolCallPart>(answer.parts.constLast()).arguments, u"{\"x\":1}"_s);
    }

    void continue_joins_where_that_may_be_possible_and_else_asks()
    {
        Stage stage;
        stage.session.setProviders([](const QString &) { return std::optional(someone()); });
        stage.session.setProvider(someone());
        QVERIFY(stage.session.send(u"Why?"_s));
        stage.runner.say(u"Beca"_s);
        const ResumeToken place{.stream = u"run"_s, .cursor = u"4"_s};
        const TurnId turn = stage.runner.started.constLast().id;
        Q_EMIT stage.runner.ended(turn, {.end = TurnEnd::CutOff, .resume = place});
        QVERIFY(stage.session.isContinuable());

        stage.session.goOn();
        QCOMPARE(stage.runner.started.constLast().resume, place);
        QCOMPARE(stage.runner.started.constLast().id, turn);
        Q_EMIT stage.runner.ended(turn, {.end = TurnEnd::CutOff});
        stage.session.goOn();
        QVERIFY(!stage.runner.started.constLast().resume);
        QVERIFY(stage.runner.started.constLast().id != turn);
    }

    void the_fallback_goes_along_with_a_request_of_its_own()
    {
        Stage stage;
        Provider first{.id = u"here"_s, .name = u"Here"_s, .model = u"small"_s};
        first.fallback = {.id = u"there"_s, .after = std::chrono::seconds(5)};
        stage.session.setProvider(first);
        stage.session.setProviders(
            [](const QString &name) { return name == "there"_L1 ? std::optional(someone()) : std::nullopt; });
        QVERIFY(stage.session.send(u"Why?"_s));
        const std::optional<Fallback> fallback = stage.runner.started.constLast().fallback;
        QVERIFY(fallback);
        QCOMPARE(fallback->provider, someone());
        QCOMPARE(fallback->request.model, u"large"_s);
        QCOMPARE(fallback->after, std::chrono::seconds(5));

        stage.session.setWording([](const NetError &error) { return error.message; });
        stage.runner.tell({.phase = TurnPhase::Preparing,
                           .reason = NetError{.kind = NetError::Kind::Auth, .message = u"No key."_s},
                           .standIn = true});
        stage.runner.tell({.phase = TurnPhase::Connecting, .standIn = true});
        QVERIFY(stage.session.isStandIn());
        QCOMPARE(stage.session.providerName(), u"There"_s);
        QCOMPARE(stage.session.trouble(), u"No key."_s);
        stage.runner.say(u"Because."_s);
        stage.runner.complete();
        const Message answer = stage.session.messages().constLast();
        QCOMPARE(answer.provider, u"There"_s);
        QCOMPARE(answer.providerId, u"there"_s);
        QCOMPARE(answer.model, u"large"_s);
        QVERIFY(!stage.session.isStandIn());
        QCOMPARE(stage.session.providerName(), u"Here"_s);
    }

    void nobody_stands_in_for_itself_or_once_it_is_gone()
    {
        Stage stage;
        stage.session.setProviders(
            [](const QString &name) { return name == "here"_L1 ? std::optional(someone()) : std::nullopt; });
        for (const QString &other : {u"here"_s, u"gone"_s}) {
            stage.session.startNew();
            Provider first{.id = u"here"_s, .name = u"Here"_s};
            first.fallback.id = other;
            stage.session.setProvider(first);
            QVERIFY(stage.session.send(u"Why?"_s));
            QVERIFY(!stage.runner.started.constLast().fallback);
        }
    }

    void edit_says_something_else_in_the_same_place()
    {
        Stage stage;
        stage.exchange(u"one"_s, u"First"_s);
        stage.exchange(u"two"_s, u"Second"_s);
        const MessageId first = stage.session.messages().constFirst().id;
        QVERIFY(!stage.session.edit(qint64(first), u"  "_s));
        QVERIFY(!stage.session.edit(12345, u"x"_s));
        QVERIFY(stage.session.edit(qint64(first), u"ONE"_s));
        QCOMPARE(stage.session.messages().size(), 2);
        QCOMPARE(stage.session.messages().constFirst().text(), u"ONE"_s);
        QCOMPARE(stage.runner.started.constLast().request.messages,
                 (QList<ChatMessage>{{ChatRole::User, u"ONE"_s}}));
        QCOMPARE(stage.session.placeOf(stage.session.messages().constFirst().id),
                 (BranchPlace{.index = 1, .count = 2}));
        QCOMPARE(stage.store.all.size(), 6);
    }

    void what_is_hidden_is_not_edited()
    {
        Stage stage;
        stage.exchange(u"one"_s, u"First"_s);
        stage.exchange(u"two"_s, u"Second"_s);
        const QList<Message> before = stage.session.messages();
        QVERIFY(stage.session.edit(qint64(before.at(0).id), u"ONE"_s));
        stage.runner.complete();
        QVERIFY(!stage.session.edit(qint64(before.at(2).id), u"TWO"_s));
        QCOMPARE(stage.session.messages().size(), 2);
    }

    void edit_stops_a_running_answer_first()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"one"_s));
        stage.runner.say(u"Fir"_s);
        const MessageId first = stage.session.messages().constFirst().id;
        QVERIFY(stage.session.edit(qint64(first), u"ONE"_s));
        QCOMPARE(stage.runner.stopped.size(), 1);
        QCOMPARE(stage.runner.started.size(), 2);
    }

    void siblings_are_shown_with_what_follows_them()
    {
        Stage stage;
        stage.exchange(u"one"_s, u"First"_s);
        stage.exchange(u"two"_s, u"Second"_s);
        const Message first = stage.session.messages().constFirst();
        QVERIFY(stage.session.edit(qint64(first.id), u"ONE"_s));
        const qint64 edited = qint64(stage.session.messages().constFirst().id);
        stage.session.showSibling(edited, -1);
        QVERIFY2(stage.session.messages().constFirst().id != first.id, "not while it answers");
        stage.runner.complete();

        QSignalSpy opened(&stage.session, &ChatSession::opened);
        stage.session.showSibling(edited, -1);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(stage.session.messages().size(), 4);
        QCOMPARE(stage.session.messages().constLast().text(), u"Second"_s);
        stage.session.showSibling(qint64(first.id), -1);
        QCOMPARE(opened.count(), 1);
        QVERIFY(stage.session.send(u"three"_s));
        QCOMPARE(stage.runner.started.constLast().request.messages.size(), 5);
    }

    void another_try_is_a_sibling_and_the_first_can_be_shown_again()
    {
        Stage stage;
        stage.exchange(u"one"_s, u"First"_s);
        stage.session.retry();
        stage.runner.say(u"Second"_s);
        stage.runner.complete();
        const qint64 second = qint64(stage.session.messages().constLast().id);
        QCOMPARE(stage.session.placeOf(MessageId{second}), (BranchPlace{.index = 1, .count = 2}));
        stage.session.showSibling(second, -1);
        QCOMPARE(stage.session.messages().constLast().text(), u"First"_s);
    }

    void tells_whether_tools_work_or_wait_for_the_user()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Tidy up"_s));
        stage.runner.accept();
        const TurnId turn = stage.runner.started.constLast().id;
        const auto tell = [&](const auto &payload) { Q_EMIT stage.runner.events(turn, {{payload, {}}}); };
        tell(event::ToolCall{.id = u"c"_s, .name = u"rm"_s});
        QCOMPARE(stage.session.phase(), Phase::Working);
        tell(event::Approval{u"q"_s, u"rm"_s, u"{}"_s});
        QCOMPARE(stage.session.phase(), Phase::Asking);
        // Another agent goes on meanwhile: the question still waits.
        tell(event::Status{.stage = u"search"_s});
        QCOMPARE(stage.session.phase(), Phase::Asking);
        QCOMPARE(stage.session.tokensPerSecond(), 0.0);
        stage.session.decide(u"q"_s, ChatSession::Verdict::AllowOnce);
        QCOMPARE(stage.session.phase(), Phase::Working);
        stage.runner.say(u"Done"_s);
        QCOMPARE(stage.session.phase(), Phase::Writing);
    }

    void walks_through_its_phases_as_the_answer_comes()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        QCOMPARE(stage.session.phase(), Phase::Connecting);
        stage.runner.accept();
        QCOMPARE(stage.session.phase(), Phase::Waiting);
        stage.runner.think(u"Hm."_s);
        QCOMPARE(stage.session.phase(), Phase::Thinking);
        stage.runner.say(u"Hi"_s);
        QCOMPARE(stage.session.phase(), Phase::Writing);
        QVERIFY(stage.session.isBusy());
        stage.runner.complete();
        QCOMPARE(stage.session.phase(), Phase::Idle);
        QVERIFY(!stage.session.isBusy());
    }

    void the_next_request_holds_exactly_what_was_delivered()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"First"_s));
        stage.runner.think(u"thought"_s);
        stage.runner.say(u"Half an ans"_s);
        stage.session.stop();
        QVERIFY(stage.session.send(u"Second"_s));
        QCOMPARE(
            stage.runner.started.constLast().request.messages,
            (QList<ChatMessage>{{ChatRole::User, u"First"_s},
                                {ChatRole::Assistant,
                                 {content::Reasoning{u"thought"_s, {}}, content::Text{u"Half an ans"_s}}},
                                {ChatRole::User, u"Second"_s}}));
    }

    void an_answer_remembers_who_made_it_and_its_session_goes_back()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"First"_s));
        const TurnSpec first = stage.runner.started.constLast();
        QVERIFY(first.request.session.isEmpty());
        QCOMPARE(first.request.conversation, QString::number(stage.session.conversation()));
        QCOMPARE(first.request.exchange, QString::number(qint64(first.id)));
        Q_EMIT stage.runner.events(first.id,
                                   {{event::Started{u"id"_s, {}, u"thread-1"_s}, {}},
                                    {event::Reasoning{u"Hm."_s}, {}},
                                    {event::ReasoningOpaque{0, u"sig"_s}, {}}});
        stage.runner.say(u"Answer"_s);
        stage.runner.complete();
        const Message answer = stage.session.messages().constLast();
        QCOMPARE(answer.providerId, u"demo"_s);
        QCOMPARE(answer.dialect, u"openai-chat"_s);
        QCOMPARE(answer.session, u"thread-1"_s);

        QVERIFY(stage.session.send(u"Second"_s));
        const ChatRequest second = stage.runner.started.constLast().request;
        QCOMPARE(second.session, u"thread-1"_s);
        QCOMPARE(second.conversation, first.request.conversation);
        QCOMPARE_NE(second.exchange, first.request.exchange);
        const QList<ContentPart> said{content::Reasoning{u"Hm."_s, {u"sig"_s}}, content::Text{u"Answer"_s}};
        QCOMPARE_EQ(second.messages.at(1), (ChatMessage{ChatRole::Assistant, said}));
        stage.runner.complete();

        stage.session.setProvider({.id = u"other"_s, .name = u"Other"_s, .model = u"other"_s});
        QVERIFY(stage.session.send(u"Third"_s));
        const ChatRequest third = stage.runner.started.constLast().request;
        QVERIFY(third.session.isEmpty());
        QCOMPARE_EQ(third.messages.at(1).parts.constFirst(), ContentPart(content::Reasoning{u"Hm."_s, {}}));
    }

    void words_without_an_answer_go_with_the_next_ones_as_one_message()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"First"_s));
        stage.runner.complete(TurnEnd::Failed);
        QVERIFY(stage.session.send(u"Second"_s));
        QCOMPARE(stage.runner.started.constLast().request.messages,
                 (QList<ChatMessage>{{ChatRole::User, u"First\n\nSecond"_s}}));
    }

    void stop_hands_over_what_has_arrived_and_keeps_exactly_that()
    {
        Stage stage;
        QSignalSpy ended(&stage.session, &ChatSession::messageEnded);
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.runner.say(u"shown, "_s);
        const TurnId turn = stage.runner.started.constLast().id;
        stage.runner.queue.append({turn, {{event::Text{u"arrived"_s}, {}}}});
        stage.session.stop();

        QCOMPARE(stage.runner.stopped, QList{turn});
        QCOMPARE(stage.runner.lastDelivered, (Delivered{.text = 14, .reasoning = 0}));
        QCOMPARE(stage.session.phase(), Phase::Stopped);
        QCOMPARE(stage.session.messages().constLast().text(), u"shown, arrived"_s);
        QCOMPARE(stage.session.messages().constLast().state, Message::State::Stopped);
        QCOMPARE(ended.count(), 1);

        stage.runner.say(u"late"_s);
        QCOMPARE(stage.session.messages().constLast().text(), u"shown, arrived"_s);
        QCOMPARE(ended.count(), 1);
    }

    void a_question_is_answered_once_and_the_answer_is_kept()
    {
        Stage stage;
        QSignalSpy decided(&stage.session, &ChatSession::decided);
        QVERIFY(stage.session.send(u"Clean up"_s));
        const TurnId turn = stage.runner.started.constLast().id;
        Q_EMIT stage.runner.events(turn, {{event::Approval{u"q"_s, u"rm"_s, u"{}"_s}, {}}});
        stage.session.decide(u"another"_s, ChatSession::Verdict::AllowOnce);
        QVERIFY(stage.runner.decided.isEmpty());

        stage.session.decide(u"q"_s, ChatSession::Verdict::AllowAlways);
        stage.session.decide(u"q"_s, ChatSession::Verdict::Deny);
        const ApprovalDecision expected{.id = u"q"_s, .verdict = ApprovalDecision::Verdict::AllowAlways};
        QCOMPARE(stage.runner.decided, (QList<std::pair<TurnId, ApprovalDecision>>{{turn, expected}}));
        QCOMPARE(decided.count(), 1);

        stage.runner.complete();
        const QList<Part> parts{ApprovalPart{.id = u"q"_s,
                                             .name = u"rm"_s,
                                             .arguments = u"{}"_s,
                                             .answer = ApprovalPart::Answer::AllowedAlways}};
        QCOMPARE(stage.session.messages().constLast().parts, parts);
        QCOMPARE(stage.store.all.constLast().parts, parts);
        QCOMPARE(stage.store.all.constLast().state, Message::State::Complete);
    }

    void a_question_of_an_answer_that_is_over_is_not_answered()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Clean up"_s));
        Q_EMIT stage.runner.events(stage.runner.started.constLast().id,
                                   {{event::Approval{u"q"_s, u"rm"_s, u"{}"_s}, {}}});
        stage.runner.complete();
        stage.session.decide(u"q"_s, ChatSession::Verdict::AllowOnce);
        QVERIFY(stage.runner.decided.isEmpty());
    }

    void stop_while_idle_does_nothing()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        stage.session.stop();
        QVERIFY(stage.runner.stopped.isEmpty());
        QCOMPARE(stage.session.phase(), Phase::Idle);
    }

    void retry_makes_a_sibling_and_overwrites_nothing()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"First answer"_s);
        const MessageId question = stage.session.messages().constFirst().id;
        stage.session.retry();
        stage.runner.say(u"Second answer"_s);
        stage.runner.complete();

        QCOMPARE(stage.session.messages().size(), 2);
        QCOMPARE(stage.session.messages().constLast().text(), u"Second answer"_s);
        QCOMPARE(stage.session.messages().constLast().parent, question);
        QCOMPARE(std::ranges::count(stage.store.all, std::optional(question), &Message::parent), 2);
        QCOMPARE(stage.runner.started.constLast().request.messages.size(), 1);
    }

    void opening_shows_the_newest_branch()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"First answer"_s);
        stage.session.retry();
        stage.runner.say(u"Second answer"_s);
        stage.runner.complete();
        // The session's own copy stands for what the store makes of the journal.
        for (const Message &message : stage.session.messages())
            stage.store.putMessage(message);
        const ConversationSummary conversation = stage.store.summaries.constFirst();

        stage.session.startNew();
        QVERIFY(stage.session.isEmpty());
        stage.session.open(conversation);
        QTRY_COMPARE(stage.session.messages().size(), 2);
        QCOMPARE(stage.session.messages().constLast().text(), u"Second answer"_s);
        QCOMPARE(stage.session.title(), u"Hello"_s);
    }

    void a_running_answer_goes_on_in_the_background_and_is_whole_when_one_comes_back()
    {
        Stage stage;
        QSignalSpy delivered(&stage.session, &ChatSession::delivered);
        QVERIFY(stage.session.send(u"Long story, please"_s));
        stage.runner.say(u"Once "_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        QVERIFY(!stage.session.isBusy());
        QVERIFY(stage.session.isRunning(conversation.id));
        stage.runner.say(u"upon a time"_s);
        QCOMPARE(delivered.count(), 1);

        stage.session.open(conversation);
        QTRY_VERIFY(stage.session.isBusy());
        QCOMPARE(stage.session.messages().constLast().text(), u"Once upon a time"_s);
        stage.runner.say(u"."_s);
        QCOMPARE(delivered.count(), 2);
        stage.runner.complete();
        QVERIFY(!stage.session.isRunning(conversation.id));
    }

    void a_load_that_was_left_is_dropped()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        stage.store.holdLoads = true;
        stage.session.open(conversation);
        QVERIFY(stage.session.isLoading());
        stage.session.startNew();
        QVERIFY(!stage.session.isLoading());
        stage.store.release();
        QCoreApplication::processEvents();
        QVERIFY(stage.session.isEmpty());
        QCOMPARE(stage.session.conversation(), 0);
    }

    void what_was_seen_at_stop_is_what_the_store_keeps_even_if_the_turn_had_ended()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.runner.say(u"seen"_s);
        // The journal of the engine closed first, with more than was ever shown.
        Message journalled = stage.session.messages().constLast();
        journalled.parts = {TextPart{u"seen and more"_s}};
        journalled.state = Message::State::Complete;
        stage.store.putMessage(journalled);
        stage.session.stop();
        const auto kept = std::ranges::find(stage.store.all, journalled.id, &Message::id);
        QCOMPARE(kept->text(), u"seen"_s);
        QCOMPARE(kept->state, Message::State::Stopped);
    }

    void a_conversation_that_runs_is_shown_at_once_and_as_it_is()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.runner.say(u"half"_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        stage.store.holdLoads = true;
        stage.runner.say(u" and half"_s);
        stage.session.open(conversation);
        QVERIFY(!stage.session.isLoading());
        QCOMPARE(stage.session.messages().constLast().text(), u"half and half"_s);
        stage.runner.complete();
        QCOMPARE(stage.session.messages().constLast().state, Message::State::Complete);
    }

    void a_conversation_forgotten_while_it_is_read_does_not_open()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        stage.store.holdLoads = true;
        stage.session.open(conversation);
        stage.session.forget(conversation.id);
        stage.store.release();
        QCoreApplication::processEvents();
        QVERIFY(stage.session.isEmpty());
        QVERIFY(!stage.session.isLoading());
    }

    void an_answer_that_ended_out_of_sight_is_unread_until_it_is_opened_data()
    {
        QTest::addColumn<TurnEnd>("how");
        QTest::newRow("complete") << TurnEnd::Complete;
        QTest::newRow("cut off") << TurnEnd::CutOff;
        QTest::newRow("failed") << TurnEnd::Failed;
    }

    void an_answer_that_ended_out_of_sight_is_unread_until_it_is_opened()
    {
        QFETCH(const TurnEnd, how);
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.session.startNew();
        QSignalSpy touched(&stage.session, &ChatSession::conversationTouched);
        stage.runner.say(u"Hi"_s);
        QVERIFY(!stage.store.summaries.constFirst().unread);
        stage.runner.complete(how);
        QVERIFY(stage.store.summaries.constFirst().unread);
        QVERIFY(touched.last().constFirst().value<ConversationSummary>().unread);

        stage.session.open(stage.store.summaries.constFirst());
        QTRY_VERIFY(!stage.store.summaries.constFirst().unread);
        QVERIFY(!touched.last().constFirst().value<ConversationSummary>().unread);
    }

    void an_answer_that_was_seen_to_end_is_read()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        QVERIFY(!stage.store.summaries.constFirst().unread);
    }

    void a_conversation_that_is_deleted_while_it_answers_is_not_unread()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.session.startNew();
        stage.session.forget(stage.store.summaries.constFirst().id);
        QVERIFY(!stage.store.summaries.constFirst().unread);
    }

    void the_open_conversation_can_be_marked_unread_and_is_read_when_it_is_chosen_again()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        ConversationSummary conversation = stage.store.summaries.constFirst();
        conversation.unread = true;
        stage.session.update(conversation);
        QVERIFY(stage.store.summaries.constFirst().unread);
        stage.session.open(conversation);
        QVERIFY(!stage.store.summaries.constFirst().unread);
    }

    void an_archived_conversation_that_is_gone_on_with_comes_back()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        ConversationSummary conversation = stage.store.summaries.constFirst();
        conversation.archived = conversation.pinned = true;
        stage.session.update(conversation);
        QVERIFY(stage.store.summaries.constFirst().archived);
        stage.exchange(u"And now?"_s, u"Now too"_s);
        QVERIFY(!stage.store.summaries.constFirst().archived);
        QVERIFY(stage.store.summaries.constFirst().pinned);
    }

    void a_message_is_opened_with_the_branch_that_it_stands_in()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"First answer"_s);
        const MessageId first = stage.session.messages().constLast().id;
        stage.session.retry();
        stage.runner.say(u"Second answer"_s);
        stage.runner.complete();
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        QSignalSpy revealed(&stage.session, &ChatSession::revealed);

        // In the conversation that is open,
        stage.session.open(conversation, first);
        QCOMPARE(stage.session.messages().constLast().id, first);
        QCOMPARE(revealed.last().constFirst().toLongLong(), static_cast<qint64>(first));

        // in one that has to be read,
        stage.session.startNew();
        stage.session.open(conversation, first);
        QTRY_COMPARE(revealed.count(), 2);
        QCOMPARE(stage.session.messages().constLast().id, first);

        // and without a message, the newest branch and nothing more.
        stage.session.startNew();
        stage.session.open(conversation);
        QTRY_COMPARE(stage.session.messages().size(), 2);
        QVERIFY(stage.session.messages().constLast().id != first);
        QCOMPARE(revealed.count(), 2);
    }

    void no_message_takes_the_place_of_an_answer_that_is_being_written()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"First answer"_s);
        const QList<Message> before = stage.session.messages();
        stage.session.retry();
        const MessageId running = stage.session.messages().constLast().id;
        QSignalSpy revealed(&stage.session, &ChatSession::revealed);
        const ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.open(conversation, before.constLast().id);
        QCOMPARE(stage.session.messages().constLast().id, running);
        QCOMPARE(revealed.count(), 0);
        stage.session.open(conversation, before.constFirst().id);
        QCOMPARE(revealed.count(), 1);
        stage.session.open(conversation, MessageId{7});
        QCOMPARE(revealed.count(), 1);
    }

    void a_title_given_while_it_is_read_stays()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        ConversationSummary conversation = stage.store.summaries.constFirst();
        stage.session.startNew();
        stage.store.holdLoads = true;
        stage.session.open(conversation);
        conversation.title = u"Renamed"_s;
        stage.session.update(conversation);
        stage.store.release();
        QTRY_COMPARE(stage.session.title(), u"Renamed"_s);
    }

    void a_conversation_that_can_not_be_read_leaves_the_open_one_alone()
    {
        Stage stage;
        stage.exchange(u"Hello"_s, u"Hi"_s);
        stage.store.failure = StoreError{.kind = StoreError::Kind::Io, .detail = {}};
        QSignalSpy failed(&stage.session, &ChatSession::openFailed);
        stage.session.open({.id = ConversationId{99}, .title = u"Gone"_s, .created = {}, .changed = {}});
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(stage.session.messages().size(), 2);
        QVERIFY(!stage.session.isLoading());
    }

    void the_title_is_the_first_line_cut_at_a_word()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"  How do I\tsort a list?\nMore below"_s));
        QCOMPARE(stage.session.title(), u"How do I sort a list?"_s);

        Stage wordy;
        QVERIFY(wordy.session.send(u"word "_s.repeated(100)));
        QVERIFY(wordy.session.title().endsWith(u"word…"_s));
        QVERIFY(wordy.session.title().size() <= 81);
    }

    void forgetting_a_conversation_stops_it_and_leaves_it()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.runner.say(u"Hi"_s);
        stage.session.forget(ConversationId{stage.session.conversation()});
        QCOMPARE(stage.runner.stopped.size(), 1);
        QVERIFY(stage.session.isEmpty());
        QCOMPARE(stage.session.phase(), Phase::Idle);
    }

    void the_rate_counts_from_the_first_delta()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.now = stage.now.addSecs(5);
        QCOMPARE(stage.session.tokensPerSecond(), 0);
        stage.runner.say(u"abcdefgh"_s.repeated(10));
        stage.now = stage.now.addSecs(2);
        QCOMPARE(stage.session.tokensPerSecond(), 10);
    }

    void a_finished_conversation_reads_its_phase_from_its_last_answer_data()
    {
        QTest::addColumn<TurnEnd>("end");
        QTest::addColumn<Phase>("phase");
        QTest::newRow("complete") << TurnEnd::Complete << Phase::Idle;
        QTest::newRow("cut off") << TurnEnd::CutOff << Phase::CutOff;
        QTest::newRow("failed") << TurnEnd::Failed << Phase::Failed;
    }
    void a_finished_conversation_reads_its_phase_from_its_last_answer()
    {
        QFETCH(TurnEnd, end);
        QFETCH(Phase, phase);
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        stage.runner.complete(end);
        QCOMPARE(stage.session.phase(), phase);
    }
};

QTEST_GUILESS_MAIN(ChatSessionTest)
#include "tst_chatsession.moc"
