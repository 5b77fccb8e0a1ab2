// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/transcript/transcriptprobe.h"

#include <QtCore/QHash>
#include <QtCore/QSet>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

using Artifact = event::Artifact;
using Status = event::Status;

namespace {

const QString answer = u"# Rivers\n\nWater finds the **shortest** way.\n\n- a spring\n- a mouth\n\n"
                       "```cpp\nint flow = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nThe end.\n"_s;

} // namespace

class tst_TranscriptModel : public QObject, private TranscriptProbe
{
    Q_OBJECT

private Q_SLOTS:
    void init() { openQuestion(); }
    void cleanup() { closeModel(); }

    void eachBlockIsARowAndEachAnswerHasAFooter()
    {
        m_model->open({m_question, answerTo(m_question, answer)});
        QCOMPARE(kinds(),
                 (QList{Kind::User, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Code, Kind::Table,
                        Kind::Rule, Kind::Text, Kind::Footer}));
        QCOMPARE(handle(1).headingLevel(), 1);
        QCOMPARE(last(Role::ProviderName).toString(), u"Demo"_s);
        QCOMPARE(last(Role::ModelName).toString(), u"river-1"_s);
    }

    void gapsTellBlocksItemsAndMessagesApart()
    {
        m_model->open({m_question, answerTo(m_question, answer)});
        QList<Gap> gaps;
        for (int row = 0; row < 6; ++row)
            gaps.append(value(row, Role::Gap).value<Gap>());
        QCOMPARE(
            gaps,
            (QList{Gap::None, Gap::Message, Gap::Paragraph, Gap::Paragraph, Gap::Tight, Gap::Paragraph}));
    }

    void anAnswerOfWhichNothingCameYetIsPending()
    {
        const Message message = startAnswer();
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Pending}));
        QVERIFY(last(Role::Tail).toBool());
        m_model->deliver(message.id, text(u"Yes"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text}));
        QVERIFY(last(Role::Tail).toBool());
    }

    void streamingNeverResetsAndEndsLikeOpening_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 3, 5, 17, 1000})
            QTest::addRow("pieces of %d", size) << size;
    }
    void streamingNeverResetsAndEndsLikeOpening()
    {
        QFETCH(const int, size);
        m_model->open({m_question, answerTo(m_question, answer)});
        const QStringList wanted = picture();
        m_model->open({m_question});

        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const Message message = startAnswer();
        for (qsizetype at = 0; at < answer.size(); at += size)
            m_model->deliver(message.id,
                             text(answer.sliced(at, std::min(qsizetype(size), answer.size() - at))));
        end(message, answer);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(picture(), wanted);
    }

    void halfACharacterWaitsForItsOtherHalf()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"a\xd83c"_s));
        QCOMPARE(textOf(1), u"a"_s);
        m_model->deliver(message.id, text(u"\xdf0a"_s));
        QCOMPARE(textOf(1), u"a🌊"_s);
        m_model->deliver(message.id, text(u"\xd83c"_s));
        end(message, u"a🌊\xd83c"_s);
        QCOMPARE(textOf(1), u"a🌊?"_s);
    }

    void idsAreStableAndNeverRepeat()
    {
        QSet<quint64> gone;
        QSet<quint64> known;
        const auto look = [&] {
            QSet<quint64> now;
            for (int row = 0; row < m_model->count(); ++row)
                now.insert(value(row, Role::RowId).toULongLong());
            QCOMPARE(now.size(), m_model->count());
            QVERIFY(!now.intersects(gone));
            gone += known - now;
            known = now;
        };
        const Message message = startAnswer();
        QHash<quint64, QString> closed;
        for (const QChar c : answer) {
            m_model->deliver(message.id, text(c));
            look();
            for (int row = 0; row < m_model->count(); ++row) {
                const Row *content = handle(row).content();
                if (content && content->closed && kind(row) != Kind::Table)
                    closed.insert(handle(row).id(), content->text);
            }
            for (const auto &[id, was] : closed.asKeyValueRange()) {
                const Row *content = m_model->content(id);
                QVERIFY(content);
                QCOMPARE(content->text, was);
            }
        }
        end(message, answer);
        look();
    }

    void aDeliveryTouchesOnlyTheTail()
    {
        const Message message = startAnswer();
        const auto worst = [&](int paragraphs) {
            quint64 most = 0;
            for (int i = 0; i < paragraphs; ++i) {
                for (const auto &piece : {u"Water "_s, u"finds "_s, u"its way.\n\n"_s}) {
                    const quint64 before = m_model->touchedRows();
                    m_model->deliver(message.id, text(piece));
                    most = std::max(most, m_model->touchedRows() - before);
                }
            }
            return most;
        };
        const quint64 early = worst(10);
        QVERIFY2(early <= 4, qPrintable(QString::number(early)));
        worst(1000);
        QVERIFY(worst(10) <= early);
    }

    void aHandleChangesWithItsRowOnly()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"One.\n\nTwo"_s));
        const TranscriptRow first = handle(1);
        const TranscriptRow second = handle(2);
        m_model->deliver(message.id, text(u" and a half"_s));
        QCOMPARE(handle(1), first);
        QVERIFY(handle(2) != second);
        QCOMPARE(handle(2).id(), second.id());
        QCOMPARE(textOf(2), u"Two and a half"_s);
    }

    void aHandleOutlivesItsModel()
    {
        const TranscriptRow row = handle(0);
        QVERIFY(row.content());
        m_tester.reset();
        m_model.reset();
        QVERIFY(!row.content());
    }

    void aRowThatBecomesATableIsGivenAgain()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"| a | b |\n|---|---|\n| 1 | 2 |\n"_s));
        QCOMPARE(kind(1), Kind::Table);
    }

    void runningReasoningShowsItsNewestSentence()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"The user asks. I *look*. And th"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning}));
        QVERIFY(value(1, Role::Running).toBool());
        QCOMPARE(value(1, Role::Since).toDateTime(), m_now);
        QCOMPARE(value(1, Role::Newest).toString(), u"I look."_s);
    }

    void reasoningTellsHowLongItTook()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"Hm."_s));
        m_now = m_now.addSecs(12);
        m_model->deliver(message.id, text(u"Yes."_s));
        QVERIFY(!value(1, Role::Running).toBool());
        QCOMPARE(value(1, Role::Seconds).toInt(), 12);
        QVERIFY(value(1, Role::Newest).toString().isEmpty());
    }

    void reasoningOpensIntoQuietRowsAndCloses()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"First.\n\nSecond."_s));
        m_model->deliver(message.id, text(u"Yes."_s));
        const quint64 head = value(1, Role::RowId).toULongLong();
        m_model->setExpanded(head, true);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning, Kind::Text, Kind::Text, Kind::Text}));
        QVERIFY(value(1, Role::Expanded).toBool());
        QVERIFY(value(2, Role::Quiet).toBool());
        QVERIFY(!value(4, Role::Quiet).toBool());
        QCOMPARE(textOf(3), u"Second."_s);
        m_model->setExpanded(head, false);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning, Kind::Text}));
    }

    void openReasoningGrowsWhileItRuns()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"First"_s));
        m_model->setExpanded(value(1, Role::RowId).toULongLong(), true);
        m_model->deliver(message.id, reasoning(u" of all"_s));
        QCOMPARE(textOf(2), u"First of all"_s);
    }

    void reasoningThatCanNotBeReadHasNoRow()
    {
        const Message message = startAnswer();
        say(message, event::ReasoningOpaque{0, u"redacted"_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Pending}));
        say(message, event::Text{u"Yes."_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text}));
    }

    void aRewriteReplacesTheRowsOfItsLane()
    {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const Message message = startAnswer();
        say(message, event::Text{u"Draft.\n\nMore."_s});
        say(message, event::ToolCall{0, u"c"_s, u"look"_s, u"{}"_s});
        say(message, event::Text{u"Then."_s});
        say(message, event::Replace{0, u"Final"_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Text}));
        QCOMPARE(textOf(2), u"Final"_s);
        say(message, event::Text{u"!"_s});
        QCOMPARE(textOf(2), u"Final!"_s);
        QCOMPARE(reset.count(), 0);
    }

    void everythingStreamsWithoutAResetAndEndsLikeOpening()
    {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const StreamEvents events{
            {event::Reasoning{u"Hm."_s}, {}},
            {event::ReasoningOpaque{0, u"sig"_s}, {}},
            {event::Text{u"Let me "_s}, {}},
            {Artifact{u"s"_s, Artifact::Kind::Source, {}, false, "{\"url\":\"https://a.example/\"}"_ba}, {}},
            {event::Text{u"see."_s}, {}},
            {event::ToolCall{0, u"c"_s, u"look"_s, u"{\"a"_s}, {}},
            {event::ToolCall{1, u"d"_s, u"listen"_s, u"{}"_s}, u"ada"_s},
            {event::ToolCall{0, {}, {}, u"\":1}"_s}, {}},
            {Status{u"plan"_s, u"thinks"_s}, u"ada"_s},
            {event::ToolResult{u"c"_s, u"look"_s, u"a river"_s}, {}},
            {event::Text{u"- ada\n- "_s}, u"ada"_s},
            {event::Text{u"I see"_s}, {}},
            {event::Text{u"says\n"_s}, u"ada"_s},
            {Status{u"plan"_s, {}, Status::State::Done}, u"ada"_s},
            {Artifact{u"a"_s, Artifact::Kind::Code, u"a.py"_s, false, R"("x = ")"_ba}, {}},
            {event::Text{u" a river."_s}, {}},
            {Artifact{u"a"_s, Artifact::Kind::Code, {}, true, R"("1")"_ba}, {}},
            {event::ToolResult{u"e"_s, u"orphan"_s, u"?"_s}, {}},
        };
        Message message = startAnswer();
        QSet<quint64> gone;
        QSet<quint64> known;
        for (const StreamEvent &event : events) {
            m_model->deliver(message.id, {event});
            apply(message, event);
            QSet<quint64> now;
            for (int row = 0; row < m_model->count(); ++row)
                now.insert(value(row, Role::RowId).toULongLong());
            QCOMPARE(now.size(), m_model->count());
            QVERIFY(!now.intersects(gone));
            gone += known - now;
            known = now;
        }
        apply(message, TurnOutcome{});
        m_model->endMessage(message);
        QCOMPARE(reset.count(), 0);
        const QStringList streamed = picture();
        m_model->open({m_question, message});
        QCOMPARE(picture(), streamed);
        QCOMPARE(kinds().count(Kind::Tool), 3);
    }

    void aFailureIsPutInWordsBelowTheAnswer()
    {
        Message failed = answerTo(m_question, u"Half"_s, Message::State::Failed);
        failed.error = NetError{.message = u"reset"_s};
        m_model->addMessage(failed);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Notice, Kind::Footer}));
        QCOMPARE(value(2, Role::Notice).value<Notice>().title, u"failed: reset"_s);
    }

    void aStoppedAnswerKeepsWhatCame()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"Half an ans"_s));
        end(message, u"Half an ans"_s, Message::State::Stopped);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Notice, Kind::Footer}));
        QCOMPARE(textOf(1), u"Half an ans"_s);
        QCOMPARE(value(2, Role::Notice).value<Notice>().title, u"stopped"_s);
        QVERIFY(!value(1, Role::Tail).toBool());
    }

    void anAnswerThatIsTooLongSaysSo()
    {
        Message message = answerTo(m_question, u"Long"_s);
        message.finish = FinishReason::Length;
        m_model->addMessage(message);
        QCOMPARE(value(rowOf(Kind::Notice), Role::Notice).value<Notice>().title, u"too long"_s);
    }

    void aFailureWithoutAWordHasNoFooter()
    {
        const Message message = startAnswer();
        Message failed = message;
        failed.state = Message::State::Failed;
        failed.error = NetError{.message = u"refused"_s};
        m_model->endMessage(failed);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Notice}));
    }

    void anotherTryTakesThePlaceOfOneWithoutText()
    {
        Message failed = answerTo(m_question, {}, Message::State::Failed);
        failed.error = NetError{};
        m_model->addMessage(failed);
        m_model->addMessage(answerTo(m_question, u"Yes"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Footer}));
    }

    void anotherTryStandsBelowOneWithText()
    {
        m_model->addMessage(answerTo(m_question, u"Half"_s, Message::State::CutOff));
        const Message second = answerTo(m_question, u"Whole"_s);
        m_model->addMessage(second);
        QCOMPARE(kinds().count(Kind::Footer), 2);
        QCOMPARE(m_model->lastAnswer(), qint64(second.id));
    }

    void whatWasNotDeliveredIsTakenBack()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"One.\n\nTwo."_s));
        end(message, u"One.\n\nT"_s, Message::State::Stopped);
        QCOMPARE(textOf(2), u"T"_s);
    }

    void copyingABlockTakesAllItsChunks()
    {
        QString code;
        for (int i = 0; i < 300; ++i)
            code += u"line(%1);\n"_s.arg(i);
        m_model->open({m_question, answerTo(m_question, u"```cpp\n"_s + code + u"```\n"_s)});
        const int row = rowOf(Kind::Code);
        m_model->copyBlock(value(row, Role::RowId).toULongLong());
        QCOMPARE(QGuiApplication::clipboard()->text().trimmed(), code.trimmed());
        const int lastChunk = int(kinds().lastIndexOf(Kind::Code));
        QVERIFY(value(lastChunk, Role::LastChunk).toBool());
        QCOMPARE(m_model->firstChunk(value(lastChunk, Role::RowId).toULongLong()),
                 value(row, Role::RowId).toULongLong());
    }

    void theRowThatShowsSomeWordsIsFound()
    {
        Message shown = answerTo(m_question, answer);
        const Message other = userSays(u"shortest"_s);
        m_model->open({m_question, shown, other});
        const auto rowShowing = [this](const Message &message, const QString &words) {
            return m_model->rowShowing(qint64(message.id), words);
        };
        QCOMPARE(rowShowing(shown, u"SHORTEST"_s), 2);
        QCOMPARE(rowShowing(shown, u"int flow"_s), 5);
        QCOMPARE(rowShowing(shown, u"2"_s), 6);
        QCOMPARE(rowShowing(shown, u"not there"_s), 1);
        QCOMPARE(rowShowing(shown, {}), 1);
        QCOMPARE(rowShowing(m_question, {}), 0);
        QCOMPARE(rowShowing(other, u"shortest"_s), 10);
        QCOMPARE(m_model->rowShowing(7, {}), -1);
    }

    void copyingAMessageTakesItsMarkdown()
    {
        const Message message = answerTo(m_question, answer);
        m_model->addMessage(message);
        m_model->copyMessage(qint64(message.id));
        QCOMPARE(QGuiApplication::clipboard()->text(), answer);
    }

    void codeIsColouredWhileItArrives()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"```cpp\nint a;\nint b"_s));
        const int row = rowOf(Kind::Code);
        const CodeHighlighter *colours = handle(row).highlighter(CodeHighlighter::Theme::Light);
        QVERIFY(colours);
        QCOMPARE(colours->lineCount(), 2);
        QVERIFY(!colours->spans(0).isEmpty());
        m_model->deliver(message.id, text(u";\nint c;\n"_s));
        QCOMPARE(handle(row).highlighter(CodeHighlighter::Theme::Light), colours);
        QCOMPARE(colours->lineCount(), 3);
        QVERIFY(!colours->spans(2).isEmpty());
    }

    void anUnreadableConversationSaysWhy()
    {
        m_model->fail({.kind = StoreError::Kind::Corrupt, .detail = u"not a database"_s});
        QCOMPARE(kinds(), QList{Kind::Notice});
        QCOMPARE(last(Role::Notice).value<Notice>().title, u"unreadable: not a database"_s);
    }
};

QTEST_MAIN(tst_TranscriptModel)
#include "tst_transcriptmodel.moc"
