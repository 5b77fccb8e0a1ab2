// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/transcript/transcriptprobe.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QStringList>
#include <QtTest/QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

namespace {

constexpr qsizetype longest = 8192; // UTF-16 units of one row
constexpr qsizetype tenMegabytes = 10 * 1024 * 1024;

/// `piece` as often as it fits in `size` units.
QString repeated(const QString &piece, qsizetype size)
{
    return piece.repeated(size / piece.size());
}

} // namespace

class tst_Chunks : public QObject, private TranscriptProbe
{
    Q_OBJECT

    /// What the deliveries of a text cost, the worst of them each.
    struct Cost
    {
        quint64 rows = 0;    ///< touched
        quint64 units = 0;   ///< copied into chunks
        int earlierRows = 0; ///< that got new content although others followed them, in all
        qsizetype longestRow = 0;
    };

    /// Streams `text` in deltas of `size` units as one more answer.
    Cost stream(const Message &message, const QString &text, qsizetype size)
    {
        // The tester looks at every row again and again.
        m_tester.reset();
        Cost cost;
        const auto watch =
            connect(m_model.get(), &QAbstractItemModel::dataChanged, this,
                    [&](const QModelIndex &index, const QModelIndex &, const QList<int> &roles) {
                        if (roles.contains(int(Role::Content)) && index.row() + 1 < m_model->count())
                            ++cost.earlierRows;
                    });
        for (qsizetype at = 0; at < text.size(); at += size) {
            const quint64 rows = m_model->touchedRows();
            const quint64 units = m_model->copiedUnits();
            const int known = m_model->count();
            m_model->deliver(message.id,
                             rivulet::test::text(text.sliced(at, std::min(size, text.size() - at))));
            cost.rows = std::max(cost.rows, m_model->touchedRows() - rows);
            cost.units = std::max(cost.units, m_model->copiedUnits() - units);
            for (int row = std::max(1, known - 1); row < m_model->count(); ++row)
                cost.longestRow = std::max(cost.longestRow, textOf(row).size());
        }
        disconnect(watch);
        return cost;
    }

    /// The texts of an answer's rows.
    QStringList chunks() const
    {
        QStringList chunks;
        for (int row = 1; row < m_model->count(); ++row) {
            if (kind(row) == Kind::Text || kind(row) == Kind::Code)
                chunks.append(textOf(row));
        }
        return chunks;
    }

    /// The texts of the rows of an answer that is opened, not streamed.
    QStringList chunksOf(const QString &text)
    {
        m_tester.reset();
        m_model->open({m_question, answerTo(m_question, text)});
        return chunks();
    }

private Q_SLOTS:
    void init() { openQuestion(); }
    void cleanup() { closeModel(); }

    void longWordsOfTheUserAreSeveralRows()
    {
        const QString line = u"A line of forty characters or about it.\n"_s;
        const Message message = userSays(line.repeated(1000));
        m_model->open({message});
        QVERIFY(m_model->count() > 4);
        for (int row = 0; row < m_model->count(); ++row) {
            QCOMPARE(kind(row), Kind::User);
            QVERIFY(textOf(row).size() <= 8192);
            QCOMPARE(handle(row).continuesAbove(), row > 0);
            QCOMPARE(value(row, Role::LastChunk).toBool(), row + 1 == m_model->count());
        }
        QCOMPARE(m_model->blockText(value(2, Role::RowId).toULongLong()), line.repeated(1000));
    }

    void aBlockOfTenMegabytesIsShownInRowsThatCanBeLaidOut()
    {
        const QString piece = u"water "_s.repeated(17'000);
        m_model->open({m_question, answerTo(m_question, piece.repeated(100))});
        QVERIFY(m_model->count() > 1000);
        for (int row = 1; row + 1 < m_model->count(); ++row) {
            QVERIFY(textOf(row).size() <= 8192);
            QCOMPARE(handle(row).continuesAbove(), row > 1);
            QCOMPARE(value(row, Role::Gap).value<Gap>(), row > 1 ? Gap::None : Gap::Message);
        }
        QCOMPARE(m_model->blockText(value(5, Role::RowId).toULongLong()), piece.repeated(100).trimmed());
    }

    void aLongBlockGrowsInItsLastChunk_data()
    {
        QTest::addColumn<QString>("opening");
        QTest::addColumn<QString>("piece");
        QTest::newRow("a paragraph") << QString() << u"water **finds** its "_s;
        QTest::newRow("a paragraph without a blank") << QString() << u"water"_s;
        QTest::newRow("code") << u"```cpp\n"_s << u"int flow = 1;\n"_s;
        QTest::newRow("code in one line") << u"```\n"_s << u"flow();"_s;
    }
    void aLongBlockGrowsInItsLastChunk()
    {
        QFETCH(const QString, opening);
        QFETCH(const QString, piece);
        const Message message = startAnswer();
        QString all = opening;
        m_model->deliver(message.id, text(opening));
        quint64 most = 0;
        for (int i = 0; i < 5000; ++i) {
            const quint64 before = m_model->touchedRows();
            m_model->deliver(message.id, text(piece));
            if (i > 0)
                most = std::max(most, m_model->touchedRows() - before);
            all += piece;
        }
        QVERIFY(m_model->count() > 4);
        QVERIFY2(most <= 5, qPrintable(QString::number(most)));
        const QStringList grown = picture();
        end(message, all);
        m_model->open({m_question, answerTo(m_question, all)});
        QStringList opened = picture();
        opened.removeLast();
        QCOMPARE(grown.size(), opened.size());
        QCOMPARE(grown.first(grown.size() - 1), opened.first(opened.size() - 1));
    }

    void aGiantParagraphIsCutOnceAndForAll_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::addColumn<qsizetype>("total");
        QTest::addColumn<qsizetype>("delta");
        const QString prose = u"Water finds its way, whatever stands in it. It never stops! "_s;
        QTest::newRow("prose in one delta") << prose << tenMegabytes << tenMegabytes;
        QTest::newRow("prose in many deltas") << prose << tenMegabytes << qsizetype(499);
        QTest::newRow("prose in tiny deltas") << prose << tenMegabytes / 80 << qsizetype(3);
        QTest::newRow("one word in one delta") << u"water"_s << tenMegabytes << tenMegabytes;
        QTest::newRow("one word in many deltas") << u"water"_s << tenMegabytes << qsizetype(499);
        QTest::newRow("Chinese in one delta") << u"水会找到自己的路。"_s << tenMegabytes / 3 << tenMegabytes;
        QTest::newRow("Chinese in many deltas")
            << u"水会找到自己的路。"_s << tenMegabytes / 3 << qsizetype(101);
        QTest::newRow("families in many deltas")
            << u"👩‍👩‍👧"_s << tenMegabytes / 10 << qsizetype(101);
    }
    void aGiantParagraphIsCutOnceAndForAll()
    {
        QFETCH(const QString, piece);
        QFETCH(const qsizetype, total);
        QFETCH(const qsizetype, delta);
        const QString text = repeated(piece, total).trimmed();
        const Message message = startAnswer();

        const Cost cost = stream(message, text, delta);

        QCOMPARE_GT(m_model->count(), text.size() / longest);
        QVERIFY2(cost.longestRow <= longest, qPrintable(QString::number(cost.longestRow)));
        QCOMPARE(cost.earlierRows, 0);
        if (delta < text.size()) {
            QVERIFY2(cost.rows <= 5, qPrintable(QString::number(cost.rows)));
            QVERIFY2(cost.units <= quint64(2 * longest), qPrintable(QString::number(cost.units)));
        } else {
            QVERIFY(cost.units <= quint64(text.size()));
        }
        QCOMPARE(chunks().join(QString()), text);

        QList<TranscriptRow> handles;
        for (int row = 1; row < m_model->count(); ++row)
            handles.append(handle(row));
        end(message, text);
        for (int row = 1; row < handles.size(); ++row)
            QCOMPARE(handle(row), handles[row - 1]);
        const QStringList streamed = chunks();
        QCOMPARE(streamed.join(QString()), text);
        QCOMPARE(streamed, chunksOf(text));
    }

    void giantMarkupIsCutOnceAndForAll_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::newRow("strong words") << u"Water **finds** its way. "_s;
        QTest::newRow("a link in each sentence") << u"See [the map](https://a.example/) of it. "_s;
        QTest::newRow("code without a blank") << u"`flow`"_s;
        QTest::newRow("stars that close nothing") << u"2 * 3 "_s;
        QTest::newRow("brackets that close nothing") << u"[a "_s;
    }
    void giantMarkupIsCutOnceAndForAll()
    {
        QFETCH(const QString, piece);
        const QString text = repeated(piece, tenMegabytes / 80).trimmed();
        const Message message = startAnswer();
        const Cost cost = stream(message, text, 17);
        QVERIFY2(cost.longestRow <= longest, qPrintable(QString::number(cost.longestRow)));
        QCOMPARE(cost.earlierRows, 0);
        QVERIFY2(cost.rows <= 5, qPrintable(QString::number(cost.rows)));
        QVERIFY2(cost.units <= quint64(2 * longest), qPrintable(QString::number(cost.units)));
        end(message, text);
        const QStringList streamed = chunks();
        QCOMPARE(streamed, chunksOf(text));
    }

    void aParagraphIsCutBehindSentencesElseWhereLinesMayBreak_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::addColumn<QString>("end");
        QTest::newRow("sentences") << u"Water, it seems, finds its way. It never stops! "_s << u". |! "_s;
        QTest::newRow("Chinese sentences") << u"水会找到自己的路。水，永远不会停下来！"_s << u"。|！"_s;
        QTest::newRow("words") << u"water finds its own way, "_s << u"[a-z,] "_s;
        QTest::newRow("addresses") << u"https://a.example/the/map "_s << u" "_s;
    }
    void aParagraphIsCutBehindSentencesElseWhereLinesMayBreak()
    {
        QFETCH(const QString, piece);
        QFETCH(const QString, end);
        const QRegularExpression wanted(u"(%1)$"_s.arg(end));
        QStringList chunks = chunksOf(repeated(piece, 100'000));
        chunks.removeLast();
        QVERIFY(chunks.size() > 10);
        for (const QString &chunk : std::as_const(chunks))
            QVERIFY2(wanted.match(chunk).hasMatch(), qPrintable(chunk.last(40)));
    }

    void noCharacterIsCut_data()
    {
        QTest::addColumn<QString>("character");
        QTest::newRow("an emoji") << u"🌊"_s;
        QTest::newRow("a family") << u"👩‍👩‍👧"_s;
        QTest::newRow("a flag") << u"🇩🇪"_s;
        QTest::newRow("a letter with marks") << u"e\u0301\u0323"_s;
        QTest::newRow("a syllable") << u"\u1112\u1161\u11ab"_s;
    }
    void noCharacterIsCut()
    {
        QFETCH(const QString, character);
        for (const auto &before : {u""_s, u"a"_s, u"ab"_s}) {
            const QStringList chunks = chunksOf(before + repeated(character, 50'000));
            QVERIFY(chunks.size() > 5);
            for (const QString &chunk : chunks) {
                const qsizetype lead = &chunk == &chunks.constFirst() ? before.size() : 0;
                QCOMPARE((chunk.size() - lead) % character.size(), 0);
                QVERIFY(chunk.endsWith(character));
            }
        }
    }

    void aCharacterThatNeverEndsIsCutAllTheSame()
    {
        const QString text = u'e' + QString(50'000, QChar(u'\u0301'));
        const QStringList chunks = chunksOf(text);
        QCOMPARE(chunks.join(QString()), text);
        for (const QString &chunk : chunks)
            QVERIFY(chunk.size() <= longest);
    }

    void linksAndCodeAreNotCut_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::addColumn<QString>("whole");
        QTest::newRow("links") << u"see [the long map. Of rivers](https://a.example/) now, "_s
                               << u"the long map. Of rivers"_s;
        QTest::newRow("code") << u"then `int flow = 1. Or 2;` and, "_s << u"int flow = 1. Or 2;"_s;
        QTest::newRow("code in strong text")
            << u"**then `int flow = 1. Or 2;` and,** "_s << u"int flow = 1. Or 2;"_s;
    }
    void linksAndCodeAreNotCut()
    {
        QFETCH(const QString, piece);
        QFETCH(const QString, whole);
        const QString text = repeated(piece, 200'000);
        QVERIFY(chunksOf(text).size() > 10);
        qsizetype found = 0;
        for (int row = 1; row + 1 < m_model->count(); ++row) {
            const Row *content = handle(row).content();
            for (const InlineRun &run : content->runs) {
                if (run.kind != InlineRun::Kind::Link && run.kind != InlineRun::Kind::Code)
                    continue;
                ++found;
                QCOMPARE(content->text.sliced(run.begin, run.length), whole);
            }
        }
        QCOMPARE(found, text.size() / piece.size());
    }

    void markupAroundACutGoesOnBehindIt()
    {
        chunksOf(u"**"_s + repeated(u"strong water "_s, 100'000) + u"*and* [map](https://a.example/)**"_s);
        QVERIFY(m_model->count() > 10);
        for (int row = 1; row + 1 < m_model->count(); ++row) {
            const Row *content = handle(row).content();
            QVERIFY(!content->runs.isEmpty());
            const InlineRun &run = content->runs.constFirst();
            QCOMPARE_EQ(run.kind, InlineRun::Kind::Strong);
            QCOMPARE(run.begin, 0);
            QCOMPARE(run.length, content->text.size());
        }
        const QList<InlineRun> last = handle(m_model->count() - 2).content()->runs;
        QCOMPARE(last.size(), 3);
        QCOMPARE(last.at(2).target, u"https://a.example/"_s);
    }

    void aLineEndAtACutIsTheEndOfTheRow()
    {
        const QString code =
            repeated(u"int flow = 1; // on and on and on and on and on and on and on and on "
                     "and on and on and on and on and on and on and on and on and on and on\n"_s,
                     9'000);
        const QStringList chunks = chunksOf(u"```cpp\n"_s + code + u"```\n"_s);
        QVERIFY(chunks.size() > 1);
        QCOMPARE(chunks.join(u'\n'), code.chopped(1));
    }

    void aGiantParagraphThatBecomesAHeadingIsOneInAllItsRows()
    {
        const QString text = repeated(u"Water finds its way. "_s, 30'000).trimmed();
        const Message message = startAnswer();
        stream(message, text, 1000);
        QVERIFY(m_model->count() > 5);
        m_model->deliver(message.id, rivulet::test::text(u"\n===\n"_s));
        for (int row = 1; row < m_model->count(); ++row)
            QCOMPARE(handle(row).headingLevel(), 1);
        QCOMPARE(chunks().join(QString()), text);
    }
};

QTEST_GUILESS_MAIN(tst_Chunks)
#include "tst_chunks.moc"
