// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/journalcodec.h"

#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

StreamEvents everyKind()
{
    using Kind = event::Artifact::Kind;
    using State = event::Status::State;
    return {{event::Started{u"id-1"_s, u"model-2026"_s}, {}},
            {event::Started{{}, {}, u"thread-1"_s}, u"bob"_s},
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
            {event::Text{u"aside"_s}, u"Ada \u00e4"_s},
            {event::ReasoningOpaque{2, u"sig=="_s}, {}},
            {event::ReasoningOpaque{0, u"redacted"_s}, u"bob"_s},
            {event::ToolCall{1, u"c1"_s, u"look"_s, u"{\"a\""_s}, {}},
            {event::ToolCall{1, {}, {}, u":1}"_s}, u"bob"_s},
            {event::Approval{u"q"_s, u"rm"_s, u"{}"_s, u"c1"_s, u"ctx"_s}, {}},
            {event::ToolResult{u"c1"_s, u"look"_s, u"10 %"_s, false, true}, {}},
            {event::ToolResult{u"c1"_s, u"look"_s, u"no\u0000thing"_s, true, false}, u"bob"_s},
            {event::Status{u"plan"_s, u"thinks"_s, State::Running}, {}},
            {event::Status{u"plan"_s, {}, State::Failed}, u"bob"_s},
            {event::Artifact{u"a"_s, Kind::Verification, u"Proof"_s, true, "[1,\"\xc3\xa4\"]"_ba}, u"bob"_s},
            {event::Artifact{u"b"_s, Kind::Source, {}, false, {}}, {}},
            {event::Finished{FinishReason::ContentFilter}, {}}};
}

} // namespace

class tst_JournalCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsEncodedIsDecoded()
    {
        QCOMPARE_EQ(decodeJournal(encodeJournal({everyKind()})).events, everyKind());
    }

    void piecesAreJoinedByJoiningTheirBytes()
    {
        const StreamEvents events = everyKind();
        QByteArray bytes;
        for (const StreamEvent &event : events)
            bytes += encodeJournal({.events = {event}});
        QCOMPARE_EQ(decodeJournal(bytes).events, events);
    }

    void aPlaceComesLastAndIsTheLastOne()
    {
        const ResumeToken place{.stream = u"run"_s, .cursor = u"4"_s};
        const JournalPiece piece{.events = {{event::Text{u"a"_s}, {}}}, .place = place};
        QCOMPARE_EQ(decodeJournal(encodeJournal(piece)), piece);
        const QByteArray bytes = encodeJournal(piece);
        QVERIFY2(!decodeJournal(bytes.first(bytes.size() - 1)).place, "what is cut names no place");
        QCOMPARE(decodeJournal(bytes).place, place);
        QVERIFY(!decodeJournal(encodeJournal({piece.events})).place);
    }

    void everyKindOfEventHasAnExample()
    {
        QSet<size_t> kinds;
        for (const StreamEvent &event : everyKind())
            kinds.insert(event.payload.index());
        QCOMPARE(kinds.size(), qsizetype(std::variant_size_v<StreamEvent::Payload>));
    }

    void aJournalOfTheFirstVersionIsRead()
    {
        // [1, "id", "m"], [2, "a"], [7, "server", 0, "", "", null], as they were written before lanes.
        const auto bytes = QByteArray::fromHex("83016269 64616d82026161860766736572766572006060f6"_ba);
        const StreamEvents expected{{event::Started{u"id"_s, u"m"_s}, {}},
                                    {event::Text{u"a"_s}, {}},
                                    {event::Failed{{.kind = NetError::Kind::Server}}, {}}};
        QCOMPARE_EQ(decodeJournal(bytes).events, expected);
    }

    void whatALaterVersionAddsToAKindIsIgnored()
    {
        // [2, "a", 5, ["bob"]]
        const auto bytes = QByteArray::fromHex("840261610581 63626f62"_ba);
        QCOMPARE_EQ(decodeJournal(bytes).events, (StreamEvents{{event::Text{u"a"_s}, u"bob"_s}}));
    }

    void anUnknownKindIsSkipped()
    {
        // An array of two: kind 99 and an integer, as a later version might write it.
        const auto later = QByteArray::fromHex("82186305");
        const StreamEvents text{{event::Text{u"a"_s}, {}}};
        QCOMPARE_EQ(decodeJournal(later + encodeJournal({text})).events, text);
    }

    void aDeltaCostsLittleMoreThanItsText()
    {
        const QString delta(100, u'x');
        QCOMPARE_LE(encodeJournal({.events = {{event::Text{delta}, {}}}}).size(), 100 + 5);
    }

    void bytesCutAnywhereGiveWhatCameBefore()
    {
        const StreamEvents events = everyKind();
        const QByteArray bytes = encodeJournal({events});
        for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
            const StreamEvents decoded = decodeJournal(bytes.first(cut)).events;
            QCOMPARE_LT(decoded.size(), events.size());
            QCOMPARE_EQ(decoded, events.first(decoded.size()));
        }
    }

    void bytesOfAnyKindDoNoHarm()
    {
        const QByteArray bytes = encodeJournal({everyKind()});
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            for (const char flip : {'\x01', '\x80', '\xff'}) {
                QByteArray damaged = bytes;
                damaged[i] = static_cast<char>(damaged.at(i) ^ flip);
                QCOMPARE_LE(decodeJournal(damaged).events.size(), bytes.size());
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_JournalCodec)
#include "tst_journalcodec.moc"
