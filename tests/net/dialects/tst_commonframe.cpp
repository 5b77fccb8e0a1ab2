// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/commonframe.h"
#include "net/dialects/json.h"
#include "tests/net/dialects/answer.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

struct Common
{
    bool known = false;
    Answer answer;
};

Common commonly(const QByteArray &text, bool (*readIt)(const json::Value &, EventWriter &))
{
    json::Reader reader;
    EventWriter out;
    Common common;
    out.writeTo(common.answer.events);
    common.known = readIt(reader.read(text).value(), out);
    common.answer.completeness = out.completeness();
    return common;
}

} // namespace

class tst_CommonFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTypedChunkIsTextOrReasoningOrTheEnd()
    {
        QCOMPARE(commonly(R"({"type":"content","data":"a","timestamp":1})", &readCommonFrame)
                     .answer.joined<event::Text>(),
                 u"a"_s);
        QCOMPARE(commonly(R"({"type":"thinking","data":{"text":"b"}})", &readCommonFrame)
                     .answer.joined<event::Reasoning>(),
                 u"b"_s);
        QCOMPARE(commonly(R"({"type":"done"})", &readCommonFrame).answer.completeness,
                 Completeness::Complete);
    }

    void anErrorIsOneInEveryUsualForm_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::newRow("object") << QByteArray(R"({"error":{"message":"no","type":"server_error"}})");
        QTest::newRow("string") << QByteArray(R"({"error":"no"})");
        QTest::newRow("type") << QByteArray(R"({"type":"error","message":"no"})");
        QTest::newRow("object's name") << QByteArray(R"({"object":"error","message":"no"})");
    }

    void anErrorIsOneInEveryUsualForm()
    {
        QFETCH(QByteArray, frame);
        const Common common = commonly(frame, &readCommonFrame);
        QVERIFY(common.known);
        QCOMPARE(common.answer.completeness, Completeness::Failed);
        QCOMPARE(common.answer.last<event::Failed>().error.message, u"no"_s);
    }

    void whatNobodyKnowsStaysUnknown()
    {
        QVERIFY(!commonly(R"({"type":"sparkle","data":"x"})", &readCommonFrame).known);
        QVERIFY(!commonly(R"({"status":"ok"})", &readCommonDocument).known);
    }

    void anAnswerGivenAtOnceIsFoundInItsUsualPlaces_data()
    {
        QTest::addColumn<QByteArray>("document");
        for (const char *document :
             {R"({"text":"yes"})", R"({"content":"yes"})", R"({"response":"yes"})", R"({"answer":"yes"})",
              R"({"message":{"role":"assistant","content":"yes"}})",
              R"({"choices":[{"message":{"content":"yes"}}]})"})
            QTest::newRow(document) << QByteArray(document);
    }

    void anAnswerGivenAtOnceIsFoundInItsUsualPlaces()
    {
        QFETCH(QByteArray, document);
        const Common common = commonly(document, &readCommonDocument);
        QCOMPARE(common.answer.joined<event::Text>(), u"yes"_s);
        QCOMPARE(common.answer.completeness, Completeness::Complete);
    }
};

QTEST_APPLESS_MAIN(tst_CommonFrame)
#include "tst_commonframe.moc"
