// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/conversationcopy.h"

#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;

namespace {

constexpr ConversationId copy{100};

Message message(qint64 id, std::optional<qint64> parent, const QString &text)
{
    return {.id = MessageId{id},
            .conversation = ConversationId{1},
            .parent = parent ? std::optional(MessageId{*parent}) : std::nullopt,
            .role = parent ? ChatRole::Assistant : ChatRole::User,
            .parts = {TextPart{text}},
            .provider = u"Demo"_s,
            .session = u"thread-1"_s,
            .resume = ResumeToken{.stream = u"run"_s, .cursor = u"4"_s},
            .created = QDateTime(QDate(2026, 1, 1), QTime(12, 0), QTimeZone::UTC)};
}

} // namespace

class tst_ConversationCopy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCopySaysTheSameUnderIdsOfItsOwn()
    {
        const QList<Message> first{message(2, {}, u"Why?"_s), message(3, 2, u"So."_s)};
        const QList<Message> copied = copiedInto(copy, first);
        QCOMPARE(copied.size(), 2);
        QSet<MessageId> ids{first.at(0).id, first.at(1).id};
        for (qsizetype i = 0; i < 2; ++i) {
            QVERIFY(!ids.contains(copied.at(i).id));
            ids.insert(copied.at(i).id);
            Message expected = first.at(i);
            expected.id = copied.at(i).id;
            expected.conversation = copy;
            expected.parent = copied.at(i).parent;
            expected.session.clear();
            expected.resume.reset();
            QVERIFY(copied.at(i) == expected);
        }
    }

    void itsBranchesAreTheSame()
    {
        const QList<Message> copied = copiedInto(
            copy, {message(2, {}, u"Why?"_s), message(3, 2, u"So."_s), message(4, 2, u"Or so."_s)});
        QVERIFY(!copied.at(0).parent);
        QCOMPARE(copied.at(1).parent, std::optional(copied.at(0).id));
        QCOMPARE(copied.at(2).parent, std::optional(copied.at(0).id));
        QVERIFY(copied.at(1).id < copied.at(2).id);
    }

    void anAnswerThatIsBeingWrittenIsCutOffThere()
    {
        Message running = message(3, 2, u"So fa"_s);
        running.state = Message::State::Streaming;
        const QList<Message> copied = copiedInto(copy, {message(2, {}, u"Why?"_s), running});
        QCOMPARE(copied.at(1).state, Message::State::CutOff);
        QCOMPARE(copied.at(1).text(), u"So fa"_s);
    }

    void whatTheServerKeepsStaysWithTheFirstOne()
    {
        QVERIFY(copiedInto(copy, {message(2, {}, u"Why?"_s)}).constFirst().session.isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_ConversationCopy)
#include "tst_conversationcopy.moc"
