// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptmodel.h"
#include "tests/support/conversation.h"

#include <QtGui/QAccessible>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlExtensionPlugin>
#include <QtQml/QQmlProperty>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

Q_IMPORT_QML_PLUGIN(Rivulet_ModelsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_RowsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_TranscriptPlugin)

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

namespace {

Notice wordsFor(const Mishap &)
{
    return {.severity = Notice::Severity::Danger,
            .title = u"It failed"_s,
            .advice = u"What was said is kept"_s,
            .offersRetry = true,
            .offersSettings = true};
}

/// The first item below `item` that is shown and whose property `text` is `text`.
QQuickItem *itemWithText(QQuickItem *item, const QString &text)
{
    if (!item->isVisible())
        return nullptr;
    if (item->property("text").toString() == text)
        return item;
    const QList<QQuickItem *> children = item->childItems();
    for (QQuickItem *child : children) {
        if (QQuickItem *found = itemWithText(child, text))
            return found;
    }
    return nullptr;
}

} // namespace

class tst_TranscriptView : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TranscriptModel> m_model;
    std::unique_ptr<QQuickView> m_view;
    Message m_question = userSays(u"Tell me"_s);
    Message m_streaming;

    QQuickItem *root() const { return m_view->rootObject(); }
    QQuickItem *list() const
    {
        const QList<QQuickItem *> children = root()->childItems();
        for (QQuickItem *child : children) {
            if (child->inherits("QQuickListView"))
                return child;
        }
        return nullptr;
    }
    QQuickItem *find(const QString &text) const { return itemWithText(root(), text); }
    bool pillIsShown() const { return find(u"New text below"_s) != nullptr; }
    bool follows() const { return root()->property("following").toBool(); }
    void click(QQuickItem *item)
    {
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {},
                          item->mapToScene(QPointF(item->width() / 2, item->height() / 2)).toPoint());
    }
    void wheel(int degrees)
    {
        const QPointF at(root()->width() / 2, root()->height() / 2);
        QWheelEvent event(at, m_view->mapToGlobal(at), {}, QPoint(0, degrees * 8), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_view.get(), &event);
    }
    void frame() { m_view->grabWindow(); }
    static qreal sceneX(QQuickItem *item) { return item ? item->mapToScene(QPointF()).x() : -1; }
    static QString nameOf(const Message &answer)
    {
        return answer.model.isEmpty() ? answer.provider : answer.provider + u" · "_s + answer.model;
    }
    static QString wideTable(const QString &words)
    {
        const QString line = QString(u"| "_s + words + u' ').repeated(14) + u"|\n"_s;
        return line + u"|---"_s.repeated(14) + u"|\n"_s + line;
    }
    QQuickItem *findTable() const
    {
        const auto below = [](auto &&self, QQuickItem *item) -> QQuickItem * {
            if (item->inherits("rivulet::TableText"))
                return item;
            const QList<QQuickItem *> children = item->childItems();
            for (QQuickItem *child : children) {
                if (QQuickItem *found = self(self, child))
                    return found;
            }
            return nullptr;
        };
        return below(below, root());
    }
    void mirror()
    {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        QQmlProperty::write(root(), u"LayoutMirroring.enabled"_s, true, qmlContext(root()));
        QQmlProperty::write(root(), u"LayoutMirroring.childrenInherit"_s, true, qmlContext(root()));
    }
    /// An answer that is longer than the view, and still growing.
    void streamALongAnswer()
    {
        m_streaming = answerTo(m_question, {}, Message::State::Streaming);
        m_model->addMessage(m_streaming);
        for (int i = 1; i <= 60; ++i)
            m_model->deliver(m_streaming.id, text(u"Paragraph %1.\n\n"_s.arg(i)));
        root()->setProperty("streaming", true);
        frame();
    }
    void show(const Message &message, const QString &words)
    {
        QVERIFY(QMetaObject::invokeMethod(root(), "showMessage", QVariant(qint64(message.id)), words));
    }
    /// The message whose rows stand in a band, 0 where none do.
    qint64 marked() const
    {
        const auto below = [](auto &&self, QQuickItem *item) -> qint64 {
            if (item->objectName() == u"markBand"_s)
                return item->parentItem()->parentItem()->property("messageId").toLongLong();
            const QList<QQuickItem *> children = item->childItems();
            for (QQuickItem *child : children) {
                if (const qint64 found = self(self, child))
                    return found;
            }
            return 0;
        };
        return below(below, root());
    }
    void deliver(const QString &delta)
    {
        m_model->deliver(m_streaming.id, text(delta));
        frame();
    }

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<TranscriptModel>(&wordsFor);
        m_view = std::make_unique<QQuickView>();
        m_view->setResizeMode(QQuickView::SizeRootObjectToView);
        m_view->resize(800, 600);
        m_view->setInitialProperties(
            {{u"model"_s, QVariant::fromValue(m_model.get())}, {u"streaming"_s, false}});
        m_view->loadFromModule("Rivulet.Transcript", "TranscriptView");
        QCOMPARE(m_view->status(), QQuickView::Ready);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        m_view->requestActivate();
        root()->forceActiveFocus();
        m_model->open({m_question});
    }

    void cleanup()
    {
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
        m_view.reset();
        m_model.reset();
    }

    void anEmptyConversationOffersThingsToTry()
    {
        m_model->open({});
        QSignalSpy chosen(root(), SIGNAL(suggestionChosen(QString)));
        QQuickItem *suggestion = find(u"Take the tour"_s);
        QVERIFY(suggestion);
        click(suggestion);
        QCOMPARE(chosen.count(), 1);
        QVERIFY(chosen.constFirst().constFirst().toString().contains(u"tour"_s));
        m_model->open({m_question});
        QVERIFY(!find(u"Take the tour"_s));
    }

    void theEndIsFollowedWhileTextArrives()
    {
        streamALongAnswer();
        QVERIFY(find(u"Paragraph 60."_s));
        deliver(u"And one more.\n\nThe last"_s);
        QVERIFY(follows());
        QQuickItem *last = find(u"The last"_s);
        QVERIFY(last);
        QVERIFY(last->mapToScene(QPointF(0, last->height())).y() <= root()->height());
        QVERIFY(!pillIsShown());
    }

    void theWheelLeavesTheEndAndNothingMovesAnyMore()
    {
        streamALongAnswer();
        wheel(30);
        QTRY_VERIFY(!follows());
        QTRY_VERIFY(!list()->property("moving").toBool());
        frame();
        QQuickItem *read = find(u"Paragraph 50."_s);
        QVERIFY(read);
        const qreal y = read->mapToScene(QPointF()).y();
        for (int i = 0; i < 5; ++i)
            deliver(u"More and more text.\n\n"_s);
        QVERIFY(pillIsShown());
        QVERIFY(!follows());
        QCOMPARE(read->mapToScene(QPointF()).y(), y);
    }

    void thePillGoesToTheEndAndFollowsAgain()
    {
        streamALongAnswer();
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
        QVERIFY(!follows());
        QVERIFY(!pillIsShown());
        deliver(u"News.\n\n"_s);
        QVERIFY(pillIsShown());
        click(find(u"New text below"_s));
        QVERIFY(follows());
        QVERIFY(!pillIsShown());
        deliver(u"The very last"_s);
        QVERIFY(find(u"The very last"_s));
    }

    void theEndIsShownWithTheMarginBelowIt()
    {
        streamALongAnswer();
        const auto gapBelow = [this] {
            return list()->property("originY").toReal() + list()->property("contentHeight").toReal()
                + list()->property("bottomMargin").toReal() - list()->property("contentY").toReal()
                - list()->height();
        };
        QCOMPARE(gapBelow(), 0.0);
        deliver(u"One more line.\n\n"_s);
        QCOMPARE(gapBelow(), 0.0);
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        QTest::keyClick(m_view.get(), Qt::Key_End);
        frame();
        QCOMPARE(gapBelow(), 0.0);
    }

    void keysScroll()
    {
        streamALongAnswer();
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        frame();
        QVERIFY(!follows());
        QVERIFY(find(u"Paragraph 1."_s));
        QVERIFY(find(u"Paragraph 1."_s)->mapToScene(QPointF()).y() > 0);
        QTest::keyClick(m_view.get(), Qt::Key_End);
        QVERIFY(follows());
        QTest::keyClick(m_view.get(), Qt::Key_Up);
        QVERIFY(!follows());
        QTest::keyClick(m_view.get(), Qt::Key_PageDown);
        QVERIFY(follows());
    }

    void anotherConversationIsShownFromItsEnd()
    {
        streamALongAnswer();
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        QVERIFY(!follows());
        m_model->open({m_question, answerTo(m_question, u"Another.\n\n"_s.repeated(50) + u"Its end."_s)});
        frame();
        QVERIFY(follows());
        QVERIFY(find(u"Its end."_s));
    }

    void codeCanBeCopiedWhileItArrives()
    {
        m_streaming = answerTo(m_question, {}, Message::State::Streaming);
        m_model->addMessage(m_streaming);
        deliver(u"```cpp\nint a;\nint b"_s);
        QQuickItem *copy = find(u"Copy"_s);
        QVERIFY(copy);
        click(copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"int a;\nint b"_s);
        QVERIFY(find(u"Copied"_s));
    }

    void theLastAnswerOffersCopyAndRetry()
    {
        m_model->addMessage(answerTo(m_question, u"Because **so**."_s));
        frame();
        QSignalSpy retry(root(), SIGNAL(retryRequested()));
        click(find(u"Copy"_s));
        QCOMPARE(QGuiApplication::clipboard()->text(), u"Because **so**."_s);
        click(find(u"Try again"_s));
        QCOMPARE(retry.count(), 1);
        root()->setProperty("streaming", true);
        QVERIFY(!find(u"Try again"_s));
    }

    void aFailureOffersWhatToDoNext()
    {
        Message failed = answerTo(m_question, {}, Message::State::Failed);
        failed.error = NetError{};
        m_model->addMessage(failed);
        frame();
        QVERIFY(find(u"It failed"_s));
        QSignalSpy retry(root(), SIGNAL(retryRequested()));
        QSignalSpy settings(root(), SIGNAL(settingsRequested()));
        click(find(u"Try again"_s));
        click(find(u"Settings"_s));
        QCOMPARE(retry.count(), 1);
        QCOMPARE(settings.count(), 1);
    }

    void reasoningOpensAndCloses()
    {
        Message thoughtful = answerTo(m_question, u"Yes."_s);
        thoughtful.parts.prepend(ReasoningPart{u"I wonder."_s, std::chrono::seconds(12)});
        m_model->addMessage(thoughtful);
        frame();
        QQuickItem *line = find(u"Thought for 12 s"_s);
        QVERIFY(line);
        QVERIFY(!find(u"I wonder."_s));
        click(line);
        frame();
        QVERIFY(find(u"I wonder."_s));
        click(find(u"Thought for 12 s"_s));
        frame();
        QVERIFY(!find(u"I wonder."_s));
    }

    void aToolOpensAndClosesAndSaysHowFarItIs()
    {
        Message answer = answerTo(m_question, u"Yes."_s);
        answer.parts.prepend(ToolResultPart{.id = u"c"_s, .content = u"a river"_s});
        answer.parts.prepend(ToolCallPart{0, u"c"_s, u"look"_s, u"{}"_s});
        m_model->addMessage(answer);
        frame();
        QQuickItem *line = find(u"look"_s);
        QVERIFY(line);
        QCOMPARE(QAccessible::queryAccessibleInterface(line)->text(QAccessible::Name), u"Tool look, done"_s);
        QVERIFY(!find(u"a river"_s));
        click(line);
        frame();
        QVERIFY(find(u"a river"_s));
        click(find(u"look"_s));
        frame();
        QVERIFY(!find(u"a river"_s));
    }

    void aStatusIsReadWithHowFarItIs()
    {
        Message answer = answerTo(m_question, u"Yes."_s);
        answer.parts.prepend(StatusPart{u"plan"_s, u"Reads"_s, event::Status::State::Failed, u"ada"_s});
        m_model->addMessage(answer);
        frame();
        QQuickItem *words = find(u"ada: Reads"_s);
        QVERIFY(words);
        QCOMPARE(QAccessible::queryAccessibleInterface(words->parentItem())->text(QAccessible::Name),
                 u"ada: Reads, failed"_s);
    }

    void theUsersWordsStandAtTheEndOfTheColumn()
    {
        frame();
        QQuickItem *words = find(u"Tell me"_s);
        QVERIFY(words);
        QVERIFY(words->mapToScene(QPointF()).x() > root()->width() / 2);
    }

    void rightToLeftTextStandsAtTheRight()
    {
        m_model->addMessage(answerTo(m_question, u"- שלום עולם"_s));
        frame();
        QQuickItem *item = find(u"שלום עולם"_s);
        QVERIFY(item);
        QVERIFY(item->property("mirrored").toBool());
        // The marker's place is at its right.
        QVERIFY(item->mapToScene(QPointF(item->width(), 0)).x() < root()->width() - 24 - 20);
    }

    void aTableOfRightToLeftWordsStandsAtTheRight()
    {
        m_model->addMessage(answerTo(m_question, u"| שם | עיר |\n|---|---|\n| דן | חיפה |"_s));
        frame();
        QQuickItem *table = find(u"שם\tעיר\t\nדן\tחיפה\t\n"_s);
        QVERIFY(table);
        QVERIFY(table->property("mirrored").toBool());
        QVERIFY(table->mapToScene(QPointF()).x() > root()->width() / 2);
        QQuickItem *sideways = table->parentItem()->parentItem();
        QCOMPARE(table->mapToItem(sideways, QPointF()).x(), 0.0);
    }

    void aWideTableOfRightToLeftWordsIsShownFromItsRightEnd()
    {
        m_model->addMessage(answerTo(m_question, wideTable(u"מילים ארוכות"_s)));
        frame();
        QQuickItem *table = findTable();
        QVERIFY(table);
        QQuickItem *sideways = table->parentItem()->parentItem();
        QVERIFY(table->width() > sideways->width());
        QCOMPARE(table->mapToItem(sideways, QPointF(table->width(), 0)).x(), sideways->width());
    }

    void theBarOfAWideTableIsBelowItsLastLine()
    {
        m_model->addMessage(answerTo(m_question, wideTable(u"many words"_s)));
        frame();
        QQuickItem *table = findTable();
        QVERIFY(table);
        QQuickItem *sideways = table->parentItem()->parentItem();
        QVERIFY(table->width() > sideways->width());
        QVERIFY(sideways->height() >= table->height() + 8);
        QCOMPARE(table->mapToItem(sideways, QPointF()).x(), 0.0);
    }

    void aLongNameOfAServerStaysInTheWindow()
    {
        m_view->resize(420, 480);
        Message answer = answerTo(m_question, u"Yes."_s);
        answer.provider = u"A server with a name that is far longer than any window is wide"_s;
        answer.model = u"model"_s;
        m_model->addMessage(answer);
        QTRY_COMPARE(root()->width(), 420.0);
        frame();
        QQuickItem *name = find(answer.provider + u" · model"_s);
        QVERIFY(name);
        QVERIFY(name->mapToScene(QPointF(name->width(), 0)).x() <= root()->width());
    }

    void anAnswerCanBeForkedFrom()
    {
        const Message answer = answerTo(m_question, u"So."_s);
        m_model->open({m_question, answer});
        frame();
        QSignalSpy forked(root(), SIGNAL(forkRequested(QVariant)));
        click(find(u"Fork"_s));
        QCOMPARE(forked.count(), 1);
        QCOMPARE(forked.constFirst().constFirst().toLongLong(), qint64(answer.id));
    }

    void aMirroredFooterBeginsAtTheRight()
    {
        mirror();
        Message answer = answerTo(m_question, u"Yes."_s);
        answer.provider = u"Someone"_s;
        m_model->addMessage(answer);
        frame();
        const qreal copy = sceneX(find(u"Copy"_s));
        const qreal retry = sceneX(find(u"Try again"_s));
        QVERIFY(copy > retry);
        QQuickItem *name = itemWithText(find(u"Try again"_s)->parentItem(), nameOf(answer));
        QVERIFY(name);
        QVERIFY(retry > sceneX(name));
    }

    void aMirroredNoticeBeginsAtTheRight()
    {
        mirror();
        Message failed = answerTo(m_question, {}, Message::State::Failed);
        failed.error = NetError{};
        m_model->addMessage(failed);
        frame();
        QVERIFY(sceneX(find(u"Try again"_s)) > sceneX(find(u"Settings"_s)));
        QVERIFY(sceneX(find(u"Settings"_s)) > root()->width() / 2);
    }

    void aMessageFarAwayIsGoneToAndPointedOut_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("far above") << 3;
        QTest::newRow("in the middle") << 151;
        QTest::newRow("near the end") << 297;
    }

    void aMessageFarAwayIsGoneToAndPointedOut()
    {
        QFETCH(const int, which);
        QList<Message> all;
        for (int i = 0; i < 300; ++i) {
            all.append(userSays(u"Question %1"_s.arg(i)));
            all.append(answerTo(all.constLast(),
                                QString(u"Words that fill some lines. "_s).repeated(i % 50) + u"\n\nHere.\n\n"
                                    + u"This is number %1.\n\n"_s.arg(i) + u"More.\n\n"_s.repeated(i % 7)));
        }
        m_model->open(all);
        frame();
        const Message &wanted = all.at(2 * which + 1);
        QVERIFY(!find(u"This is number %1."_s.arg(which)) || which == 297);

        show(wanted, u"number %1"_s.arg(which));
        frame();
        QQuickItem *row = find(u"This is number %1."_s.arg(which));
        QVERIFY(row);
        const qreal y = row->mapToScene(QPointF()).y();
        QVERIFY2(y >= 0 && y + row->height() <= root()->height(), qPrintable(QString::number(y)));
        QCOMPARE(marked(), qint64(wanted.id));
        QVERIFY(!pillIsShown());
        for (int i = 0; i < 3; ++i)
            frame();
        QCOMPARE(row->mapToScene(QPointF()).y(), y);

        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(marked(), 0);
    }

    void whatIsPointedOutIsForgottenWithItsConversation()
    {
        show(m_question, {});
        QCOMPARE(marked(), qint64(m_question.id));
        m_model->open({userSays(u"Another"_s)});
        QCOMPARE(marked(), 0);
        show(m_question, {});
        QCOMPARE(marked(), 0);
    }

    void loadingHidesTheRows()
    {
        root()->setProperty("loading", true);
        QVERIFY(!find(u"Tell me"_s));
        QTRY_VERIFY(find(u"Opening the conversation"_s));
    }
};

QTEST_MAIN(tst_TranscriptView)
#include "tst_transcriptview.moc"
