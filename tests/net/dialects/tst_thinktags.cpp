// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/thinktags.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_ThinkTags : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reasoningIsTakenOutHoweverItIsCut_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("reasoning");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const QString &content, const QString &reasoning,
                            const QString &text) { QTest::newRow(name) << content << reasoning << text; };
        row("nothing", {}, {}, {});
        row("no tags", u"hello"_s, {}, u"hello"_s);
        row("tags", u"<think>hm</think>so"_s, u"hm"_s, u"so"_s);
        row("nothing else is dropped", u"<think>\n hm \n</think>\n\nso"_s, u"\n hm \n"_s, u"\n\nso"_s);
        row("white space before the tag", u"\n <think>hm</think>so"_s, u"hm"_s, u"so"_s);
        row("an empty thought", u"<think></think>so"_s, {}, u"so"_s);
        row("no closing tag", u"<think>hm"_s, u"hm"_s, {});
        row("half a closing tag", u"<think>hm</thi"_s, u"hm</thi"_s, {});
        row("what is like a closing tag", u"<think>a</thinker></think>b"_s, u"a</thinker>"_s, u"b"_s);
        row("a closing tag after its own beginning", u"<think>a<</think>b"_s, u"a<"_s, u"b"_s);
        row("half an opening tag", u"<thi"_s, {}, u"<thi"_s);
        row("what is like an opening tag", u"<thinker>"_s, {}, u"<thinker>"_s);
        row("white space only", u" \n"_s, {}, u" \n"_s);
        row("white space before text", u" \n a"_s, {}, u" \n a"_s);
        row("a tag inside the answer is text", u"use <think>x</think>"_s, {}, u"use <think>x</think>"_s);
        row("a second tag is text", u"<think>a</think>b<think>c</think>"_s, u"a"_s, u"b<think>c</think>"_s);
        row("a closing tag alone is text", u"a</think>b"_s, {}, u"a</think>b"_s);
        row("too much white space is text", QString(QString(100, u' ') + u"<think>a"_s), {},
            QString(QString(100, u' ') + u"<think>a"_s));
    }

    void reasoningIsTakenOutHoweverItIsCut()
    {
        QFETCH(QString, content);
        QFETCH(QString, reasoning);
        QFETCH(QString, text);
        for (qsizetype size = 1; size <= std::max<qsizetype>(content.size(), 1); ++size) {
            ThinkTags tags;
            ThinkTags::Split joined;
            const auto add = [&](const ThinkTags::Split &split) {
                joined.reasoning += split.reasoning;
                joined.text += split.text;
            };
            for (qsizetype at = 0; at < content.size(); at += size)
                add(tags.take(content.mid(at, size)));
            add(tags.flush());
            QCOMPARE(joined.reasoning, reasoning);
            QCOMPARE(joined.text, text);
        }
    }

    void anAnswerWithoutTagsIsNotHeldBack()
    {
        ThinkTags tags;
        QCOMPARE(tags.take(u"H"_s), (ThinkTags::Split{{}, u"H"_s}));
        QCOMPARE(tags.take(u"<"_s), (ThinkTags::Split{{}, u"<"_s}));
    }

    void onlyWhatMayBeATagIsHeldBack()
    {
        ThinkTags tags;
        QCOMPARE(tags.take(u"<think>a <"_s), (ThinkTags::Split{u"a "_s, {}}));
        QCOMPARE(tags.take(u"b"_s), (ThinkTags::Split{u"<b"_s, {}}));
    }
};

QTEST_APPLESS_MAIN(tst_ThinkTags)
#include "tst_thinktags.moc"
