// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/partcodec.h"

#include "tests/models/store/storefixture.h"

#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;

class tst_PartCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsEncodedIsDecoded()
    {
        for (const Part &part : everyPart())
            QCOMPARE_EQ(decodePart(encodePart(part)), std::optional(part));
    }

    void everyKindOfPartHasAnExample()
    {
        QSet<size_t> kinds;
        for (const Part &part : everyPart())
            kinds.insert(part.index());
        QCOMPARE(kinds.size(), qsizetype(std::variant_size_v<Part>));
    }

    void whatPeopleReadIsText()
    {
        QCOMPARE(encodePart(ToolResultPart{.id = u"c"_s, .content = u"a river"_s}).text, u"a river"_s);
        QCOMPARE(encodePart(ArtifactPart{.id = u"a"_s, .data = R"("x")"_ba}).text, uR"("x")"_s);
    }

    void aKindOfALaterVersionIsNoPart()
    {
        QVERIFY(
            !decodePart({.kind = u"hologram"_s, .text = u"x"_s, .agent = {}, .duration = {}, .details = {}}));
    }

    void aRowOfTheFirstVersionIsAPart()
    {
        QCOMPARE_EQ(
            decodePart({.kind = u"text"_s, .text = u"a"_s, .agent = {}, .duration = {}, .details = {}}),
            Part(TextPart{u"a"_s}));
        QCOMPARE_EQ(
            decodePart({.kind = u"reasoning"_s, .text = u"b"_s, .agent = {}, .duration = 5, .details = {}}),
            Part(ReasoningPart{u"b"_s, std::chrono::milliseconds(5)}));
    }

    void detailsCutAnywhereLeaveTheWords()
    {
        for (const Part &part : everyPart()) {
            const StoredPart whole = encodePart(part);
            for (qsizetype cut = 0; cut < whole.details.size(); ++cut) {
                StoredPart damaged = whole;
                damaged.details.truncate(cut);
                const auto decoded = decodePart(damaged);
                QVERIFY(decoded);
                QCOMPARE(decoded->index(), part.index());
                const StoredPart again = encodePart(*decoded);
                QCOMPARE(again.text, whole.text);
                QCOMPARE(again.agent, whole.agent);
            }
        }
    }

    void detailsOfAnyKindDoNoHarm()
    {
        for (const Part &part : everyPart()) {
            const StoredPart whole = encodePart(part);
            for (qsizetype i = 0; i < whole.details.size(); ++i) {
                for (const char flip : {'\x01', '\x80', '\xff'}) {
                    StoredPart damaged = whole;
                    damaged.details[i] = static_cast<char>(damaged.details.at(i) ^ flip);
                    const auto decoded = decodePart(damaged);
                    QVERIFY(decoded);
                    QCOMPARE(encodePart(*decoded).text, whole.text);
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_PartCodec)
#include "tst_partcodec.moc"
