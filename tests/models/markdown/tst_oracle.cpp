// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/markdown/commonmarkjs.h"
#include "tests/models/markdown/specexamples.h"
#include "tests/models/markdown/streammirror.h"
#include "tests/support/fixtures.h"

#ifdef RIVULET_HAS_CMARK_GFM
#include "tests/models/markdown/cmarkgfm.h"
#endif

#include <QtTest/QTest>

#include <random>

using namespace rivulet;
using namespace rivulet::test;

#ifdef RIVULET_HAS_CMARK_GFM
#define RIVULET_REQUIRE_CMARK_GFM() static_cast<void>(0)
#else
#define RIVULET_REQUIRE_CMARK_GFM()                                                                          \
    QSKIP("NO ORACLE: cmark-gfm was not there when this was built. Install its library and its extensions' " \
          "(./dev does); until then GFM's extensions are compared with it nowhere.")
#endif

namespace {

/// What is left of a text that came in two pieces, and a breach of what patches promise if there was one.
QByteArray htmlOf(const QByteArray &markdown, const MarkdownOptions &options)
{
    StreamMirror mirror(options);
    mirror.append(markdown.first(markdown.size() / 2));
    mirror.append(markdown.sliced(markdown.size() / 2));
    mirror.finish();
    return mirror.breach().isEmpty() ? toHtml(mirror.stream(), {.allowHtml = true}).toUtf8()
                                     : mirror.breach();
}

/// `text` up to each of its characters.
QList<QByteArray> cutsOf(const QByteArray &text)
{
    QList<QByteArray> cuts;
    for (qsizetype at = 1; at <= text.size(); ++at) {
        if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80)
            cuts.append(text.first(at));
    }
    return cuts;
}

QList<QByteArray> examplesOf(const QStringList &files)
{
    QList<QByteArray> texts;
    for (const QString &file : files) {
        for (const SpecExample &example : specExamples(fixture(QStringLiteral("markdown/") + file)))
            texts.append(example.markdown);
    }
    return texts;
}

const QStringList commonMarkFile{QStringLiteral("commonmark-0.31.2.spec.txt")};
const QStringList gfmFiles{QStringLiteral("gfm-0.29.spec.txt"), QStringLiteral("cmark-gfm-extensions.txt"),
                           QStringLiteral("cmark-gfm-regression.txt")};

/// Some of `pieces` behind each other, with and without blank lines between them.
QList<QByteArray> concatenationsOf(const QList<QByteArray> &pieces, int count, quint32 seed)
{
    std::mt19937 random(seed);
    QList<QByteArray> texts;
    for (; count > 0; --count) {
        QByteArray text;
        for (auto parts = 2 + random() % 4; parts > 0; --parts) {
            const QByteArray &piece = pieces[qsizetype(random() % size_t(pieces.size()))];
            text += random() % 3 == 0 ? piece.trimmed() : piece;
            if (random() % 2 == 0)
                text += '\n';
        }
        texts.append(text);
    }
    return texts;
}

/// The project's own documents, cut in places all over them.
QList<QByteArray> answerCuts()
{
    QList<QByteArray> cuts;
    const QDir folder(QStringLiteral(RIVULET_TEST_DATA "/markdown"));
    for (const QString &name : folder.entryList({QStringLiteral("*.md")}, QDir::Files, QDir::Name)) {
        const QList<QByteArray> all = cutsOf(readFile(folder.filePath(name)));
        for (qsizetype at = 0; at < all.size(); at += std::max<qsizetype>(1, all.size() / 150))
            cuts.append(all[at]);
        cuts.append(all.last());
    }
    return cuts;
}

QList<QByteArray> without(QList<QByteArray> texts, bool (*isDifferent)(const QByteArray &))
{
    texts.removeIf(isDifferent);
    return texts;
}

/// Where commonmark.js itself strays from what it specifies, or the specification leaves it open.
bool isDifferentInJs(const QByteArray &text)
{
    // It classifies halves of surrogate pairs.
    const bool hasSurrogates = text.contains("\U0001e2ff");
    // It trims them.
    const bool hasFixedSpaces = text.contains("\u00a0");
    // Of several definitions of a label it takes one first that stands above a heading's underline.
    const bool hasDefinitionsAboveHeadings =
        text.count("]:") > 1 && (text.contains("\n-") || text.contains("\n="));
    return hasSurrogates || hasFixedSpaces || hasDefinitionsAboveHeadings;
}

/// Where cmark-gfm's extensions do something that GFM does not specify.
bool isDifferentInGfm(const QByteArray &text)
{
    // It looks for no definitions before a table.
    const bool hasDefinitions = text.contains("]:");
    // It looks for addresses in what emphasis and escapes have left of a text, not in the text.
    const bool hasMarkupInAddress = text.contains("\\+@") || text.contains("_A_@");
    return hasDefinitions || hasMarkupInAddress;
}

void compareWithJs(const QList<QByteArray> &texts)
{
    const QList<QByteArray> expected = commonMarkJsHtml(texts);
    QCOMPARE(expected.size(), texts.size());
    for (qsizetype at = 0; at < texts.size(); ++at) {
        // Definitions that a rule follows leave an empty paragraph behind there.
        if (expected[at].contains("<p></p>"))
            continue;
        const QByteArray actual = htmlOf(texts[at], MarkdownOptions::commonMark());
        QVERIFY2(
            actual == expected[at],
            QByteArray("gives\n" + actual + "instead of\n" + expected[at] + "for\n" + texts[at]).constData());
    }
}

#ifdef RIVULET_HAS_CMARK_GFM
/// Where both oracles agree on what a text is without extensions, ours has to agree with cmark-gfm on what it
/// is with them. (cmark-gfm follows CommonMark 0.29, with a few readings of its own.)
void compareWithCmarkGfm(const QList<QByteArray> &texts)
{
    const QList<QByteArray> plain = commonMarkJsHtml(texts);
    QCOMPARE(plain.size(), texts.size());
    MarkdownOptions options = MarkdownOptions::gfm();
    options.footnotes = false;
    qsizetype compared = 0;
    for (qsizetype at = 0; at < texts.size(); ++at) {
        const QByteArray &text = texts[at];
        if (cmarkGfmHtml(text, MarkdownOptions::commonMark()) != withoutRepeatedStrong(plain[at]))
            continue;
        ++compared;
        const QByteArray expected = cmarkGfmHtml(text, options);
        const QByteArray actual = withoutRepeatedStrong(htmlOf(text, options));
        QVERIFY2(actual == expected,
                 QByteArray("gives\n" + actual + "instead of\n" + expected + "for\n" + text).constData());
    }
    QVERIFY2(
        compared * 10 >= texts.size() * 9,
        qPrintable(QStringLiteral("the oracles agree on %1 of %2 only").arg(compared).arg(texts.size())));
}
#endif

} // namespace

/// At whatever place a text ends, its rows say what the reference implementations say.
class TestOracle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCutOfASpecifiedExampleIsWhatCommonMarkSays()
    {
        RIVULET_REQUIRE_FIXTURES();
        RIVULET_REQUIRE_COMMONMARK_JS();
        QList<QByteArray> texts;
        for (const QByteArray &example : without(examplesOf(commonMarkFile), isDifferentInJs))
            texts += cutsOf(example);
        compareWithJs(texts);
    }

    void examplesInAnyOrderAreWhatCommonMarkSays()
    {
        RIVULET_REQUIRE_FIXTURES();
        RIVULET_REQUIRE_COMMONMARK_JS();
        compareWithJs(without(concatenationsOf(examplesOf(commonMarkFile), 5000, 20261122), isDifferentInJs));
    }

    void everyCutOfAnAnswerIsWhatCommonMarkSays()
    {
        RIVULET_REQUIRE_COMMONMARK_JS();
        compareWithJs(answerCuts());
    }

    void everyCutOfASpecifiedExampleIsWhatGfmSays()
    {
        RIVULET_REQUIRE_FIXTURES();
        RIVULET_REQUIRE_COMMONMARK_JS();
        RIVULET_REQUIRE_CMARK_GFM();
        QList<QByteArray> texts;
        for (const QByteArray &example : without(examplesOf(gfmFiles), isDifferentInGfm))
            texts += cutsOf(example);
        compareWithGfm(texts);
    }

    void examplesInAnyOrderAreWhatGfmSays()
    {
        RIVULET_REQUIRE_FIXTURES();
        RIVULET_REQUIRE_COMMONMARK_JS();
        RIVULET_REQUIRE_CMARK_GFM();
        compareWithGfm(without(concatenationsOf(examplesOf(gfmFiles), 5000, 20261123), isDifferentInGfm));
    }

    void everyCutOfAnAnswerIsWhatGfmSays()
    {
        RIVULET_REQUIRE_COMMONMARK_JS();
        RIVULET_REQUIRE_CMARK_GFM();
        compareWithGfm(answerCuts());
    }

private:
    static void compareWithGfm(const QList<QByteArray> &texts)
    {
#ifdef RIVULET_HAS_CMARK_GFM
        compareWithCmarkGfm(texts);
#else
        Q_UNUSED(texts)
#endif
    }
};

QTEST_APPLESS_MAIN(TestOracle)
#include "tst_oracle.moc"
