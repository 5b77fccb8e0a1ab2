// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/message.h"

#include <QtCore/QSet>
#include <QtCore/QThread>
#include <QtCore/QTimeZone>
#include <QtTest/QTest>

#include <array>
#include <memory>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

StreamEvent text(const QString &delta)
{
    return {event::Text{delta}, {}};
}

StreamEvent reasoning(const QString &delta)
{
    return {event::Reasoning{delta}, {}};
}

Message fill(const StreamEvents &events)
{
    Message message{.role = ChatRole::Assistant, .state = Message::State::Streaming};
    for (const StreamEvent &event : events)
        apply(message, event);
    return message;
}

} // namespace

class tst_Message : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deltasJoinTheOpenPartOfTheirKind()
    {
        const Message message = fill({reasoning(u"a"_s), reasoning(u"b"_s), text(u"c"_s), text(u"d"_s),
                                      reasoning(u"e"_s), text(u"f"_s)});
        const QList<Part> expected{ReasoningPart{u"ab"_s}, TextPart{u"cd"_s}, ReasoningPart{u"e"_s},
                                   TextPart{u"f"_s}};
        QCOMPARE_EQ(message.parts, expected);
        QCOMPARE(message.text(), u"cdf"_s);
        QCOMPARE(message.reasoning(), u"abe"_s);
    }

    void coalescedEventsGiveTheSameMessage()
    {
        StreamEvents events{{event::Started{u"id"_s, u"m"_s}, {}},
                            reasoning(u"a"_s),
                            reasoning(u"b"_s),
                            text(u"c"_s),
                            text(u""_s),
                            text(u"d"_s),
                            {event::Finished{FinishReason::Length}, {}}};
        const Message one = fill(events);
        coalesce(events);
        QCOMPARE_LT(events.size(), 6);
        QCOMPARE_EQ(fill(events), one);
    }

    void anEmptyDeltaMakesNoPart() { QVERIFY(fill({text({}), reasoning({})}).parts.isEmpty()); }

    void theServerNamesTheModelThatAnswers()
    {
        Message message{.model = u"latest"_s};
        apply(message, {event::Started{u"id"_s, {}}, {}});
        QCOMPARE(message.model, u"latest"_s);
        apply(message, {event::Started{u"id"_s, u"model-2026"_s}, {}});
        QCOMPARE(message.model, u"model-2026"_s);
    }

    void aReplacedPartHasTheNewText()
    {
        const Message message =
            fill({reasoning(u"r"_s), text(u"draft"_s), {event::Replace{1, u"final"_s}, {}}, text(u"!"_s)});
        const QList<Part> expected{ReasoningPart{u"r"_s}, TextPart{u"final!"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aReplacementOfNoPartChangesNothing()
    {
        const Message message =
            fill({text(u"a"_s), {event::Replace{1, u"x"_s}, {}}, {event::Replace{-1, u"x"_s}, {}}});
        QCOMPARE_EQ(message, fill({text(u"a"_s)}));
    }

    void theLastUsageReportCounts()
    {
        const Message message = fill({{event::UsageReported{{.inputTokens = 1, .outputTokens = 2}}, {}},
                                      {event::UsageReported{{.outputTokens = 7}}, {}}});
        QCOMPARE_EQ(message.usage, (Usage{.outputTokens = 7}));
    }

    void anOutcomeClosesTheMessage_data()
    {
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("state");
        const auto row = [](const char *name, TurnEnd end, Message::State state) {
            QTest::newRow(name) << static_cast<int>(end) << static_cast<int>(state);
        };
        row("complete", TurnEnd::Complete, Message::State::Complete);
        row("cut off", TurnEnd::CutOff, Message::State::CutOff);
        row("stopped", TurnEnd::Stopped, Message::State::Stopped);
        row("failed", TurnEnd::Failed, Message::State::Failed);
    }

    void anOutcomeClosesTheMessage()
    {
        QFETCH(int, end);
        QFETCH(int, state);
        Message message = fill({text(u"partial"_s)});
        const NetError error{.kind = NetError::Kind::Timeout, .message = u"slow"_s};
        apply(message,
              TurnOutcome{.end = static_cast<TurnEnd>(end), .reason = FinishReason::Other, .error = error});
        QCOMPARE(static_cast<int>(message.state), state);
        QCOMPARE_EQ(message.finish, FinishReason::Other);
        QCOMPARE_EQ(message.error, error);
        QCOMPARE(message.text(), u"partial"_s);
    }

    void theOutcomeDecidesWhetherAnErrorCounts()
    {
        Message message = fill({text(u"all"_s), {event::Failed{NetError{}}, {}}});
        QVERIFY(message.error);
        apply(message, TurnOutcome{.end = TurnEnd::Complete});
        QVERIFY(!message.error);
    }

    void whatWasNotDeliveredIsCut_data()
    {
        QTest::addColumn<qsizetype>("text");
        QTest::addColumn<qsizetype>("reasoning");
        QTest::addColumn<QString>("keptText");
        QTest::addColumn<QString>("keptReasoning");
        QTest::addColumn<qsizetype>("parts");
        const auto row = [](const char *name, qsizetype t, qsizetype r, const QString &kt, const QString &kr,
                            qsizetype parts) { QTest::newRow(name) << t << r << kt << kr << parts; };
        row("nothing delivered", 0, 0, {}, {}, 0);
        row("only reasoning", 0, 3, {}, u"one"_s, 1);
        row("inside the first text", 2, 3, u"ab"_s, u"one"_s, 2);
        row("inside the second text", 4, 6, u"abc1"_s, u"onetwo"_s, 4);
        row("everything", 6, 6, u"abc123"_s, u"onetwo"_s, 4);
        row("more than there is", 60, 60, u"abc123"_s, u"onetwo"_s, 4);
    }

    void whatWasNotDeliveredIsCut()
    {
        QFETCH(qsizetype, text);
        QFETCH(qsizetype, reasoning);
        QFETCH(QString, keptText);
        QFETCH(QString, keptReasoning);
        QFETCH(qsizetype, parts);
        Message message{.parts = {ReasoningPart{u"one"_s}, TextPart{u"abc"_s}, ReasoningPart{u"two"_s},
                                  TextPart{u"123"_s}}};
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{text, reasoning}});
        QCOMPARE(message.text(), keptText);
        QCOMPARE(message.reasoning(), keptReasoning);
        QCOMPARE(message.parts.size(), parts);
    }

    void aCutNeverSplitsASurrogatePair()
    {
        Message message{.parts = {TextPart{u"a\U0001F600b"_s}}};
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{.text = 2}});
        QCOMPARE(message.text(), u"a"_s);
    }

    void idsGrowAndFitADouble()
    {
        const qint64 first = nextId();
        qint64 before = first;
        for (int i = 0; i < 20'000; ++i) {
            const qint64 id = nextId();
            QCOMPARE_GT(id, before);
            before = id;
        }
        QCOMPARE_LT(before, qint64{1} << 53);
        const auto since2020 = std::chrono::milliseconds(first >> 12);
        const QDateTime made =
            QDateTime(QDate(2020, 1, 1), QTime(0, 0), QTimeZone::UTC).addDuration(since2020);
        QCOMPARE_LE(qAbs(made.msecsTo(QDateTime::currentDateTimeUtc())), 60'000);
    }

    void idsOfSeveralThreadsAreUnique()
    {
        constexpr int perThread = 5'000;
        std::array<QList<qint64>, 4> made;
        std::array<std::unique_ptr<QThread>, 4> threads;
        for (size_t i = 0; i < threads.size(); ++i) {
            threads.at(i).reset(QThread::create([&ids = made.at(i)] {
                for (int n = 0; n < perThread; ++n)
                    ids.append(nextId());
            }));
            threads.at(i)->start();
        }
        QSet<qint64> all;
        for (size_t i = 0; i < threads.size(); ++i) {
            QVERIFY(threads.at(i)->wait());
            all += QSet<qint64>(made.at(i).cbegin(), made.at(i).cend());
        }
        QCOMPARE(all.size(), static_cast<qsizetype>(perThread * threads.size()));
    }
};

QTEST_APPLESS_MAIN(tst_Message)
#include "tst_message.moc"
