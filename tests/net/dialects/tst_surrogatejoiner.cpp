// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/surrogatejoiner.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

const QString high(QChar(0xd83d));
const QString low(QChar(0xde00));
const QString emoji = u"\U0001F600"_s;
const QString replacement(QChar::ReplacementCharacter);

} // namespace

class tst_SurrogateJoiner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deltasBecomeWellFormedText_data()
    {
        QTest::addColumn<QStringList>("deltas");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const QStringList &deltas, const QString &text) {
            QTest::newRow(name) << deltas << text;
        };
        row("nothing", {}, {});
        row("plain text", {u"a"_s, u"b"_s}, u"ab"_s);
        row("a pair in one delta", {emoji}, emoji);
        row("a pair in two deltas", {QString(u"a"_s + high), QString(low + u"b"_s)},
            QString(u"a"_s + emoji + u"b"_s));
        row("an empty delta between the halves", {high, {}, low}, emoji);
        row("two pairs, cut in both", {high, QString(low + high), low}, QString(emoji + emoji));
        row("a first half alone", {high, u"a"_s}, QString(replacement + u"a"_s));
        row("a first half at the end", {u"a"_s, high}, QString(u"a"_s + replacement));
        row("a second half alone", {low}, replacement);
        row("two first halves", {high, QString(high + low)}, QString(replacement + emoji));
        row("halves inside a delta", {QString(u"a"_s + high + u"b"_s + low)},
            QString(u"a"_s + replacement + u"b"_s + replacement));
    }

    void deltasBecomeWellFormedText()
    {
        QFETCH(QStringList, deltas);
        QFETCH(QString, text);
        SurrogateJoiner joiner;
        QString joined;
        for (const QString &delta : deltas) {
            const QString piece = joiner.take(delta);
            QVERIFY(piece.isValidUtf16());
            joined += piece;
        }
        joined += joiner.flush();
        QCOMPARE(joined, text);
        QVERIFY(joiner.flush().isEmpty());
    }
};

QTEST_APPLESS_MAIN(tst_SurrogateJoiner)
#include "tst_surrogatejoiner.moc"
