// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/textpieces.h"

#include <QtTest/QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace rivulet;

namespace {

constexpr qsizetype all = std::numeric_limits<qsizetype>::max();

QList<QTextLayout::FormatRange> plain(qsizetype, qsizetype)
{
    return {};
}

TextPieces::Options wrapped(qreal width = 400)
{
    QFont font;
    font.setPixelSize(15);
    return {.font = font, .lineHeight = 23, .width = width};
}

TextPieces::Options whole()
{
    TextPieces::Options options = wrapped();
    options.width = 0;
    return options;
}

/// Where every line begins: two layouts that break alike look alike.
QList<qsizetype> lineStarts(const TextPieces &pieces)
{
    QList<qsizetype> starts;
    for (const TextPieces::Piece &piece : pieces.pieces()) {
        for (int line = 0; line < piece.lines; ++line)
            starts.append(piece.begin + piece.layout->lineAt(line).textStart());
    }
    return starts;
}

QString prose(qsizetype words)
{
    QString text;
    for (qsizetype i = 0; i < words; ++i)
        text += u"word%1 "_s.arg(i * 7919 % 1000);
    return text;
}

} // namespace

class tst_TextPieces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyTextIsOneLineHigh()
    {
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update({}, all, plain);
        QCOMPARE(pieces.height(), 23);
        QCOMPARE(pieces.cursorAt(0).x(), 0);
    }

    void piecesBreakLikeOneLayout()
    {
        const QString text = prose(400);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        QVERIFY(pieces.pieces().size() > 3);

        QTextLayout one(text, wrapped().font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        option.setUseDesignMetrics(true);
        one.setTextOption(option);
        QList<qsizetype> starts;
        one.beginLayout();
        for (QTextLine line = one.createLine(); line.isValid(); line = one.createLine()) {
            line.setLineWidth(wrapped().width);
            starts.append(line.textStart());
        }
        one.endLayout();
        QCOMPARE(lineStarts(pieces), starts);
        QCOMPARE(pieces.height(), 23 * starts.size());
    }

    void growingGivesTheSameLinesAsLayingOutAtOnce_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("wraps");
        QTest::newRow("prose") << prose(150) << true;
        QTest::newRow("one long word") << u"x"_s.repeated(2000) << true;
        QTest::newRow("line ends") << u"a\u2028\u2028b and more\u2028"_s.repeated(40) << true;
        QTest::newRow("emoji") << u"\U0001F469\u200D\U0001F467 "_s.repeated(150) << true;
        QTest::newRow("code") << u"    int flow = 1;\n\n"_s.repeated(60) << false;
        QTest::newRow("code in one line") << u"abc "_s.repeated(2500) << false;
    }
    void growingGivesTheSameLinesAsLayingOutAtOnce()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, wraps);
        TextPieces atOnce;
        atOnce.setOptions(wraps ? wrapped() : whole());
        atOnce.update(text, all, plain);
        TextPieces grown;
        grown.setOptions(wraps ? wrapped() : whole());
        for (qsizetype end = 0; end < text.size(); end += 3)
            grown.update(QStringView(text).first(end), all, plain);
        grown.update(text, all, plain);
        QCOMPARE(lineStarts(grown), lineStarts(atOnce));
        QCOMPARE(grown.height(), atOnce.height());
        QCOMPARE(grown.length(), text.size());
    }

    void appendingLaysOutTheLastPieceOnlyHoweverLongTheTextIs_data()
    {
        QTest::addColumn<qsizetype>("size");
        QTest::addColumn<bool>("wraps");
        QTest::newRow("10 kB of prose") << qsizetype(10'000) << true;
        QTest::newRow("1 MB of prose") << qsizetype(1'000'000) << true;
        QTest::newRow("10 kB of code") << qsizetype(10'000) << false;
        QTest::newRow("1 MB of code") << qsizetype(1'000'000) << false;
    }
    void appendingLaysOutTheLastPieceOnlyHoweverLongTheTextIs()
    {
        QFETCH(const qsizetype, size);
        QFETCH(const bool, wraps);
        QString text = wraps ? prose(size / 8) : u"    int flow = 1;\n"_s.repeated(size / 18);
        TextPieces pieces;
        pieces.setOptions(wraps ? wrapped() : whole());
        pieces.update(text, all, plain);
        const quint64 before = pieces.laidOut();
        constexpr int appends = 100;
        for (int i = 0; i < appends; ++i) {
            text += wraps ? u"more "_s : u"m;\n"_s;
            pieces.update(text, all, plain);
        }
        // One each, and one more where a piece becomes full.
        const quint64 laidOut = pieces.laidOut() - before;
        QVERIFY2(laidOut <= appends * 5 / 4, qPrintable(QString::number(laidOut)));
    }

    void anotherWidthLaysOutAll()
    {
        const QString text = prose(200);
        TextPieces pieces;
        pieces.setOptions(wrapped(400));
        pieces.update(text, all, plain);
        const qreal narrow = pieces.height();
        pieces.setOptions(wrapped(800));
        pieces.update(text, all, plain);
        QVERIFY(pieces.height() < narrow);
        QVERIFY(pieces.width() <= 800);
    }

    void textThatChangedInTheMiddleIsLaidOutFromThere()
    {
        QString text = prose(400);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        const qsizetype middle = pieces.pieces()[2].begin + 5;
        text.replace(middle, 3, u"XXXXXXXXXXXXXXXXXXX"_s);
        pieces.update(text, all, plain);
        TextPieces fresh;
        fresh.setOptions(wrapped());
        fresh.update(text, all, plain);
        QCOMPARE(lineStarts(pieces), lineStarts(fresh));
    }

    void textThatBecameShorterIsLaidOutAnew()
    {
        const QString text = prose(400);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        pieces.update(QStringView(text).first(20), all, plain);
        QCOMPARE(pieces.length(), 20);
        pieces.update({}, all, plain);
        QCOMPARE(pieces.height(), 23);
    }

    void formatsThatChangedAreLaidOutFromThere()
    {
        const QString text = prose(400);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        const quint64 first = pieces.pieces().front().serial;
        const quint64 third = pieces.pieces()[2].serial;
        pieces.update(text, pieces.pieces()[2].begin, plain);
        QCOMPARE(pieces.pieces().front().serial, first);
        QVERIFY(pieces.pieces()[2].serial != third);
    }

    void positionsAndCursorsAreInverse()
    {
        const QString text = prose(100);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        for (qsizetype at = 0; at < text.size(); at += 7) {
            const QRectF cursor = pieces.cursorAt(at);
            QCOMPARE(pieces.positionAt(cursor.center()), at);
        }
    }

    void areasCoverEveryLineOfARange()
    {
        const QString text = prose(100);
        TextPieces pieces;
        pieces.setOptions(wrapped());
        pieces.update(text, all, plain);
        const QList<QRectF> areas = pieces.areas(0, text.size());
        QCOMPARE(areas.size(), lineStarts(pieces).size());
        QVERIFY(pieces.areas(5, 5).isEmpty());
    }

    void rightToLeftTextStandsAtTheRightEdge()
    {
        TextPieces::Options options = wrapped();
        options.rightToLeft = true;
        TextPieces pieces;
        pieces.setOptions(options);
        pieces.update(u"שלום"_s, all, plain);
        QVERIFY(pieces.cursorAt(0).x() > 380);
        QVERIFY(pieces.cursorAt(4).x() < pieces.cursorAt(0).x());
    }
};

QTEST_MAIN(tst_TextPieces)
#include "tst_textpieces.moc"
