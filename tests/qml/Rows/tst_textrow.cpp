// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptmodel.h"
#include "qml/Rows/rowstyle.h"
#include "qml/Rows/textrow.h"
#include "tests/support/conversation.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtQuick/QQuickWindow>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

using Role = TranscriptModel::Role;

/// One TextRow in a window, showing the first row of an answer.
class tst_TextRow : public QObject
{
    Q_OBJECT

private:
    TranscriptModel m_model{[](const Mishap &) { return Notice{}; }};
    RowStyle m_style;
    std::unique_ptr<QQuickWindow> m_window;
    TextRow *m_row = nullptr;

    void show(const QString &markdown)
    {
        m_model.open({answerTo({}, markdown)});
        m_row->setRow(m_model.index(0).data(int(Role::Content)).value<TranscriptRow>());
    }
    QPoint middleOf(qsizetype begin, qsizetype end) const
    {
        return m_row->areas(begin, end).constFirst().center().toPoint();
    }
    /// Pixels of about that colour; the edges of glyphs are mixed with what is behind them.
    int inkIn(const QColor &color) const
    {
        const QImage picture = m_window->grabWindow();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                const QColor at = picture.pixelColor(x, y);
                count += std::abs(at.red() - color.red()) + std::abs(at.green() - color.green())
                        + std::abs(at.blue() - color.blue())
                    < 100;
            }
        }
        return count;
    }

private Q_SLOTS:
    void init()
    {
        QFont font;
        font.setPixelSize(15);
        m_style.setProperty("font", font);
        m_window = std::make_unique<QQuickWindow>();
        m_window->resize(500, 300);
        m_window->setColor(Qt::white);
        m_row = new TextRow(m_window->contentItem());
        m_row->setWidth(500);
        m_row->setHeight(300);
        m_row->setStyle(&m_style);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup() { m_window.reset(); }

    void theTextIsPainted()
    {
        QCOMPARE(inkIn(Qt::black), 0);
        show(u"Water"_s);
        QVERIFY(inkIn(Qt::black) > 20);
    }

    void theHeightIsRightAtOnceAndAtEachWidth()
    {
        show(u"Water finds its way. "_s.repeated(20));
        const qreal wide = m_row->implicitHeight();
        QVERIFY(wide >= 2 * m_style.lineHeight());
        m_row->setWidth(120);
        QVERIFY(m_row->implicitHeight() > 3 * wide);
    }

    void aGrowingRowMakesOneNodeForEachDelivery()
    {
        const Message message =
            answerTo({}, u"Water finds its way. "_s.repeated(100), Message::State::Streaming);
        m_model.open({message});
        const auto tail = [&] {
            return m_model.index(m_model.count() - 1).data(int(Role::Content)).value<TranscriptRow>();
        };
        m_row->setRow(tail());
        m_window->grabWindow();
        const quint64 before = m_row->builtNodes();
        constexpr int deliveries = 20;
        for (int i = 0; i < deliveries; ++i) {
            m_model.deliver(message.id, text(u"on "_s));
            m_row->setRow(tail());
            m_window->grabWindow();
        }
        const quint64 built = m_row->builtNodes() - before;
        QVERIFY2(built >= deliveries && built <= deliveries + 2, qPrintable(QString::number(built)));
    }

    void whatComesLaterIsPaintedInItsPlaceToo()
    {
        m_row->setPosition({200, 150});
        const Message message = answerTo({}, u"Water"_s, Message::State::Streaming);
        m_model.open({message});
        const auto step = [&] {
            m_row->setRow(m_model.index(0).data(int(Role::Content)).value<TranscriptRow>());
            return m_window->grabWindow();
        };
        step();
        m_model.deliver(message.id, text(u" finds its way"_s));
        QImage picture = step();
        picture = picture.copy(0, 0, picture.width(), int(150 * picture.devicePixelRatio()));
        QImage blank(picture.size(), picture.format());
        blank.setDevicePixelRatio(picture.devicePixelRatio());
        blank.fill(Qt::white);
        QCOMPARE(picture, blank);
    }

    void aSafeLinkCanBeClicked_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<bool>("offered");
        QTest::newRow("https") << u"https://example.org/a"_s << true;
        QTest::newRow("http") << u"http://example.org"_s << true;
        QTest::newRow("mailto") << u"mailto:a@example.org"_s << true;
        QTest::newRow("javascript") << u"javascript:alert(1)"_s << false;
        QTest::newRow("file") << u"file:///etc/passwd"_s << false;
        QTest::newRow("user name that looks like a host") << u"https://apple.com@evil.example/x"_s << false;
        QTest::newRow("mail without an address") << u"mailto:"_s << false;
        QTest::newRow("relative") << u"page.html"_s << false;
    }
    void aSafeLinkCanBeClicked()
    {
        QFETCH(const QString, target);
        QFETCH(const bool, offered);
        show(u"See [here and there]("_s + target + u") for more"_s);
        QSignalSpy activated(m_row, &TextRow::linkActivated);
        QTest::mouseClick(m_window.get(), Qt::LeftButton, {}, middleOf(4, 18));
        QCOMPARE(activated.count(), offered ? 1 : 0);
        if (offered)
            QCOMPARE(activated.constFirst().constFirst().toUrl(), QUrl(target));
        QTest::mouseClick(m_window.get(), Qt::LeftButton, {}, middleOf(0, 2));
        QCOMPARE(activated.count(), offered ? 1 : 0);
    }

    void draggingSelectsAndCtrlCCopies()
    {
        show(u"Water finds its **shortest** way"_s);
        const QRectF area = m_row->areas(6, 24).constFirst();
        const int y = int(area.center().y());
        QTest::mousePress(m_window.get(), Qt::LeftButton, {}, QPoint(int(area.left()), y));
        QTest::mouseMove(m_window.get(), QPoint(int(area.center().x()), y));
        QTest::mouseMove(m_window.get(), QPoint(int(area.right()), y));
        QTest::mouseRelease(m_window.get(), Qt::LeftButton, {}, QPoint(int(area.right()), y));
        QCOMPARE(m_row->selectedText(), u"finds its shortest"_s);
        QVERIFY(inkIn(m_style.selection) > 100);
        QTest::keyClick(m_window.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"finds its shortest"_s);
    }

    void aDoubleClickSelectsAWord()
    {
        show(u"Water finds its way"_s);
        QTest::mouseDClick(m_window.get(), Qt::LeftButton, {}, middleOf(6, 11));
        QCOMPARE(m_row->selectedText(), u"finds"_s);
    }

    void aSelectionStaysWhileTheTextGrows()
    {
        const Message message = answerTo({}, u"Water finds"_s, Message::State::Streaming);
        m_model.open({message});
        m_row->setRow(m_model.index(0).data(int(Role::Content)).value<TranscriptRow>());
        m_row->selectAll();
        m_model.deliver(message.id, text(u" its way"_s));
        m_row->setRow(m_model.index(0).data(int(Role::Content)).value<TranscriptRow>());
        m_window->grabWindow();
        QCOMPARE(m_row->selectedText(), u"Water finds"_s);
    }

    void rightToLeftTextIsMirrored()
    {
        show(u"English"_s);
        QVERIFY(!m_row->isMirrored());
        show(u"שלום עולם"_s);
        QVERIFY(m_row->isMirrored());
        QVERIFY(m_row->areas(0, 4).constFirst().left() > 400);
    }

    void theCaretIsPaintedInItsColour()
    {
        m_style.setProperty("caret", QColor(Qt::red));
        show(u"Water"_s);
        QCOMPARE(inkIn(Qt::red), 0);
        m_row->setCaret(true);
        QVERIFY(inkIn(Qt::red) > 10);
    }

    void anotherThemePaintsAnew()
    {
        show(u"Water"_s);
        QCOMPARE(inkIn(Qt::blue), 0);
        m_style.setProperty("text", QColor(Qt::blue));
        QVERIFY(inkIn(Qt::blue) > 20);
        m_style.setProperty("text", QColor(Qt::black));
    }
};

QTEST_MAIN(tst_TextRow)
#include "tst_textrow.moc"
