// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/engine/mailbox.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

TurnMail text(TurnId turn, const QString &words)
{
    return {turn, StreamEvents{{event::Text{words}, {}}}};
}

} // namespace

class MailboxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gives_back_what_was_posted_in_order_and_once()
    {
        Mailbox box([](Mailbox::Urgency) {});
        const QList<TurnMail> mail{text(TurnId{1}, u"a"_s),
                                   {TurnId{2}, TurnStatus{.phase = TurnPhase::Waiting}},
                                   text(TurnId{1}, u"b"_s),
                                   {TurnId{1}, TurnOutcome{}}};
        for (const TurnMail &item : mail)
            box.post(item, Mailbox::Urgency::NextFrame);
        QCOMPARE(box.take(), mail);
        QVERIFY(box.take().isEmpty());
    }

    void joins_deltas_of_one_turn_so_that_a_flood_stays_one_item()
    {
        Mailbox box([](Mailbox::Urgency) {});
        for (int i = 0; i < 10'000; ++i)
            box.post(text(TurnId{1}, u"x"_s), Mailbox::Urgency::NextFrame);
        const QList<TurnMail> mail = box.take();
        QCOMPARE(mail.size(), 1);
        const auto events = std::get<StreamEvents>(mail.constFirst().what);
        QCOMPARE(events.size(), 1);
        QCOMPARE(std::get<event::Text>(events.constFirst().payload).text.size(), 10'000);
    }

    void an_end_never_overtakes_the_text_before_it()
    {
        Mailbox box([](Mailbox::Urgency) {});
        box.post(text(TurnId{1}, u"last words"_s), Mailbox::Urgency::NextFrame);
        box.post({TurnId{1}, TurnOutcome{}}, Mailbox::Urgency::Now);
        const QList<TurnMail> mail = box.take();
        QCOMPARE(mail.size(), 2);
        QVERIFY(std::holds_alternative<StreamEvents>(mail.constFirst().what));
    }

    void wakes_the_reader_once_per_emptying_and_again_for_what_is_urgent()
    {
        QList<Mailbox::Urgency> wakes;
        Mailbox box([&wakes](Mailbox::Urgency urgency) { wakes.append(urgency); });
        using enum Mailbox::Urgency;
        box.post(text(TurnId{1}, u"a"_s), NextFrame);
        box.post(text(TurnId{1}, u"b"_s), NextFrame);
        QCOMPARE(wakes, QList{NextFrame});
        box.post({TurnId{1}, TurnStatus{.phase = TurnPhase::Ended}}, Now);
        box.post({TurnId{1}, TurnOutcome{}}, Now);
        QCOMPARE(wakes, (QList{NextFrame, Now}));
        (void)box.take();
        box.post(text(TurnId{1}, u"c"_s), NextFrame);
        QCOMPARE(wakes, (QList{NextFrame, Now, NextFrame}));
    }
};

QTEST_GUILESS_MAIN(MailboxTest)
#include "tst_mailbox.moc"
