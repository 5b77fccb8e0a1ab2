// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/journalcodec.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

StreamEvents everyKind()
{
    return {{event::Started{u"id-1"_s, u"model-2026"_s}, {}},
            {event::Reasoning{u"hm\u00e4\u0000\U0001F600"_s}, {}},
            {event::Text{u"# Title\n\r\n\tcode"_s}, {}},
            {event::Replace{1, u"better"_s}, {}},
            {event::UsageReported{{.inputTokens = 0, .outputTokens = qint64{1} << 40}}, {}},
            {event::Failed{{.kind = NetError::Kind::RateLimited,
                            .status = 429,
                            .code = u"slow_down"_s,
                            .message = u"Later."_s,
                            .retryAfter = std::chrono::milliseconds(1500)}},
             {}},
            {event::Failed{{.kind = NetError::Kind::Server}}, {}},
            {event::Finished{FinishReason::ContentFilter}, {}}};
}

} // namespace

class tst_JournalCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsEncodedIsDecoded() { QCOMPARE_EQ(decodeJournal(encodeJournal(everyKind())), everyKind()); }

    void piecesAreJoinedByJoiningTheirBytes()
    {
        const StreamEvents events = everyKind();
        QByteArray bytes;
        for (const StreamEvent &event : events)
            bytes += encodeJournal({event});
        QCOMPARE_EQ(decodeJournal(bytes), events);
    }

    void whatAMessageHasNoPartForIsLeftOut()
    {
        const StreamEvents events{{event::ToolCall{0, u"c"_s, u"search"_s, u"{}"_s}, {}},
                                  {event::Text{u"a"_s}, {}},
                                  {event::Status{u"plan"_s, u"planning"_s}, {}}};
        QCOMPARE_EQ(decodeJournal(encodeJournal(events)), (StreamEvents{{event::Text{u"a"_s}, {}}}));
    }

    void anUnknownKindIsSkipped()
    {
        // An array of two: kind 99 and an integer, as a later version might write it.
        const auto later = QByteArray::fromHex("82186305");
        const StreamEvents text{{event::Text{u"a"_s}, {}}};
        QCOMPARE_EQ(decodeJournal(later + encodeJournal(text)), text);
    }

    void aDeltaCostsLittleMoreThanItsText()
    {
        const QString delta(100, u'x');
        QCOMPARE_LE(encodeJournal({{event::Text{delta}, {}}}).size(), 100 + 5);
    }

    void bytesCutAnywhereGiveWhatCameBefore()
    {
        const StreamEvents events = everyKind();
        const QByteArray bytes = encodeJournal(events);
        for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
            const StreamEvents decoded = decodeJournal(bytes.first(cut));
            QCOMPARE_LT(decoded.size(), events.size());
            QCOMPARE_EQ(decoded, events.first(decoded.size()));
        }
    }

    void bytesOfAnyKindDoNoHarm()
    {
        const QByteArray bytes = encodeJournal(everyKind());
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            for (const char flip : {'\x01', '\x80', '\xff'}) {
                QByteArray damaged = bytes;
                damaged[i] = static_cast<char>(damaged.at(i) ^ flip);
                QCOMPARE_LE(decodeJournal(damaged).size(), bytes.size());
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_JournalCodec)
#include "tst_journalcodec.moc"
