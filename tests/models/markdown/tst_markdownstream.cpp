// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/markdown/streammirror.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

/// What an open text looks like: one line per row, runs as tags.
QByteArray picture(const MarkdownStream &stream)
{
    QString html = toHtml(stream);
    return html.trimmed().toUtf8();
}

QByteArray pictureOf(const QByteArray &open)
{
    StreamMirror mirror;
    for (const char c : open)
        mirror.append(QByteArray(1, c));
    return mirror.breach().isEmpty() ? picture(mirror.stream()) : mirror.breach();
}

QByteArray finishedPictureOf(const QByteArray &markdown)
{
    MarkdownStream stream;
    stream.append(markdown.toStdString());
    stream.finish();
    return picture(stream);
}

QByteArray repeated(const QByteArray &piece, qsizetype size)
{
    return piece.repeated(size / piece.size() + 1).first(size);
}

} // namespace

class TestMarkdownStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void openMarkupLooksComplete_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("picture");
        const auto add = [](const char *open, const char *picture) {
            QTest::newRow(open) << QByteArray(open) << QByteArray(picture);
        };
        add("some **bold", "<p>some <strong>bold</strong></p>");
        add("some **bold*", "<p>some <strong>bold</strong></p>");
        add("some **bold**", "<p>some <strong>bold</strong></p>");
        add("some __bold", "<p>some <strong>bold</strong></p>");
        add("some *soft", "<p>some <em>soft</em></p>");
        add("***both", "<p><em><strong>both</strong></em></p>");
        add("**bold with *soft", "<p><strong>bold with <em>soft</em></strong></p>");
        add("~~gone", "<p><del>gone</del></p>");
        add("a `code", "<p>a <code>code</code></p>");
        add("see <https://exa", "<p>see <a href=\"\">https://exa</a></p>");
        add("H<sub>2", "<p>H<sub>2</sub></p>");
        add("press <kbd>Ct", "<p>press <kbd>Ct</kbd></p>");
        add("so \\(x + y", "<p>so <code>x + y</code></p>");
        add("so $$x + y", "<p>so <code>x + y</code></p>");
        add("$$\nx + y", "<div class=\"math display\">x + y</div>");
        add("\\[ x + y \\", "<div class=\"math display\">x + y</div>");
        add("<details>\n<summary>Mo", "<details>\n<summary>Mo</summary>\n</details>");
        add("- [x] ", "<ul>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\"> </li>\n</ul>");
        add("a ``co`de", "<p>a <code>co`de</code></p>");
        add("`` co", "<p><code>co</code></p>");
        add("see [the map", "<p>see <a href=\"\">the map</a></p>");
        add("see [the map]", "<p>see <a href=\"\">the map</a></p>");
        add("see [the map](https://exam", "<p>see <a href=\"\">the map</a></p>");
        add("see [the map](/a \"ti", "<p>see <a href=\"\">the map</a></p>");
        add("see [the map][lab", "<p>see <a href=\"\">the map</a></p>");
        add("**see [the map](/a", "<p><strong>see <a href=\"\">the map</a></strong></p>");
        add("an ![image", "<p>an <img src=\"\" alt=\"image\" /></p>");
        add("> quoted **bold", "<blockquote>\n<p>quoted <strong>bold</strong></p>\n</blockquote>");
        add("- item `co", "<ul>\n<li>item <code>co</code></li>\n</ul>");
        add("# head *so", "<h1>head <em>so</em></h1>");
        add("```cpp\nint a", "<pre><code class=\"language-cpp\">int a\n</code></pre>");
        add("| a | b", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n</table>");
        add("|a|\n|-|\n|**b",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><strong>b</strong></"
            "td>\n</tr>\n</tbody>\n</table>");
    }
    void openMarkupLooksComplete()
    {
        QFETCH(QByteArray, open);
        QFETCH(QByteArray, picture);
        QCOMPARE(pictureOf(open), picture);
    }

    void singleMarksNeverOpenEarly_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("picture");
        const auto add = [](const char *open, const char *picture) {
            QTest::newRow(open) << QByteArray(open) << QByteArray(picture);
        };
        add("a _b", "<p>a _b</p>");
        add("a ~b", "<p>a ~b</p>");
        add("a $b", "<p>a $b</p>");
        add("2 * 3", "<p>2 * 3</p>");
        add("as shown [1", "<p>as shown [1</p>");
        add("a note[^1", "<p>a note[^1</p>");
        add("a list [\"one\", ", "<p>a list [&quot;one&quot;,</p>");
    }
    void singleMarksNeverOpenEarly() { openMarkupLooksComplete(); }

    void whatMayBecomeMarkupIsHeldBack_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("picture");
        const auto add = [](const char *open, const char *picture) {
            QTest::newRow(open) << QByteArray(open) << QByteArray(picture);
        };
        add("#", "");
        add("## ", "");
        add("-", "");
        add("--", "");
        add("**", "");
        add("``", "");
        add("```cp", "");
        add("12", "");
        add("12.", "");
        add("   ", "");
        add("<di", "");
        add("text\n--", "<p>text</p>");
        add("text\n=", "<p>text</p>");
        add("|a|b|\n|-", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n</table>");
        add("```\na\n``", "<pre><code>a\n</code></pre>");
        add("text &am", "<p>text </p>");
        add("text \\", "<p>text </p>");
        add("text *", "<p>text </p>");
        add("[label]: /ur", "");
        add("- [x", "<ul>\n<li></li>\n</ul>");
        add("- [x]", "<ul>\n<li></li>\n</ul>");
        add("text <su", "<p>text </p>");
        add("see <htt", "<p>see </p>");
        add("$$", "");
        add("[^no", "");
        add("<details", "");
        add("a $x$", "<p>a $x</p>");
        add("\xf0\x9f\x8c", "");
        add("wave \xf0\x9f\x8c", "<p>wave</p>");
    }
    void whatMayBecomeMarkupIsHeldBack() { openMarkupLooksComplete(); }

    void openMarkupThatWasNoneIsShownAsWrittenAtTheEnd()
    {
        QCOMPARE(finishedPictureOf("some **bold"), "<p>some **bold</p>");
        QCOMPARE(finishedPictureOf("a `code"), "<p>a `code</p>");
        QCOMPARE(finishedPictureOf("see [the map](/a"), "<p>see [the map](/a</p>");
        QCOMPARE(finishedPictureOf("12."), "<ol start=\"12\">\n<li></li>\n</ol>");
        QCOMPARE(finishedPictureOf("| a | b"), "<p>| a | b</p>");
    }

    void whatModelsWriteBeyondGfmIsUnderstood_data()
    {
        QTest::addColumn<QByteArray>("markdown");
        QTest::addColumn<QByteArray>("picture");
        const auto add = [](const char *markdown, const char *picture) {
            QTest::newRow(markdown) << QByteArray(markdown) << QByteArray(picture);
        };
        add("so $x^2$ is", "<p>so <span class=\"math inline\">x^2</span> is</p>");
        add("$x$-axis", "<p><span class=\"math inline\">x</span>-axis</p>");
        add("$5 and $10", "<p>$5 and $10</p>");
        add("a $x$5 b", "<p>a $x$5 b</p>");
        add("a $ x$ b", "<p>a $ x$ b</p>");
        add("a $x $ b", "<p>a $x $ b</p>");
        add("\\$x$ b", "<p>$x$ b</p>");
        add("$a `b$ c`", "<p>$a <code>b$ c</code></p>");
        add("**$x_1$** and $y_1$",
            "<p><strong><span class=\"math inline\">x_1</span></strong> and "
            "<span class=\"math inline\">y_1</span></p>");
        add("a \\(x\\) b", "<p>a <span class=\"math inline\">x</span> b</p>");
        add("a \\[x\\] b", "<p>a <span class=\"math display\">x</span> b</p>");
        add("a $$x$$ b", "<p>a <span class=\"math display\">x</span> b</p>");
        add("a \\(x", "<p>a (x</p>");
        add("$$x$$", "<div class=\"math display\">x</div>");
        add("$$\na\n\n= b\n$$\nc", "<div class=\"math display\">a\n\n= b</div>\n<p>c</p>");
        add("\\[\na\n- b\n\\]\nc", "<div class=\"math display\">a\n- b</div>\n<p>c</p>");
        add("a\n$$ b\n= c $$\nd", "<p>a</p>\n<div class=\"math display\">b\n= c</div>\n<p>d</p>");
        add("$$ is the process\nitself\n\nb $$", "<p>$$ is the process\nitself</p>\n<p>b $$</p>");
        add("> $$\n> a\n> $$", "<blockquote>\n<div class=\"math display\">a</div>\n</blockquote>");
        add("```math\na\n```", "<pre><code class=\"language-math\">a\n</code></pre>");
        add("```mermaid\na\n```", "<pre><code class=\"language-mermaid\">a\n</code></pre>");
        add("H<sub>2</sub>O x<sup>*2*</sup>", "<p>H<sub>2</sub>O x<sup><em>2</em></sup></p>");
        add("<kbd>Ctrl</kbd>", "<p><kbd>Ctrl</kbd></p>");
        add("a<br>b", "<p>a<br />\nb</p>");
        add("|a|\n|-|\n|b<br/>$c$|",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b<br />\n"
            "<span class=\"math inline\">c</span></td>\n</tr>\n</tbody>\n</table>");
        add("a <sub>b", "<p>a &lt;sub&gt;b</p>");
        add("a <sub>b *c</sub> d*", "<p>a <sub>b *c</sub> d*</p>");
        add("[a <sub>b](/c) d</sub>", "<p><a href=\"/c\">a &lt;sub&gt;b</a> d&lt;/sub&gt;</p>");
        add("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
        add("<script>\na\n</script>", "&lt;script&gt;\na\n&lt;/script&gt;");
        add("<details>\n<summary>More *of it*</summary>\n\n- a\n\n</details>\nb",
            "<details>\n<summary>More <em>of "
            "it</em></summary>\n<ul>\n<li>a</li>\n</ul>\n</details>\n<p>b</p>");
        add("<details open><summary>a</summary>\nb\n</details>",
            "<details open=\"\">\n<summary>a</summary>\n<p>b</p>\n</details>");
        add("- <details>\n  a\n\n  </details>\n- b",
            "<ul>\n<li>\n<details>\n<p>a</p>\n</details>\n</li>\n<li>b</li>\n</ul>");
        add("</details>", "&lt;/details&gt;");
    }
    void whatModelsWriteBeyondGfmIsUnderstood()
    {
        QFETCH(QByteArray, markdown);
        QFETCH(QByteArray, picture);
        QCOMPARE(finishedPictureOf(markdown), picture);
        StreamMirror mirror;
        for (const char c : std::as_const(markdown))
            mirror.append(QByteArray(1, c));
        mirror.finish();
        QCOMPARE(mirror.breach(), QByteArray());
        QCOMPARE(::picture(mirror.stream()), picture);
    }

    void ofGfmAndCommonMarkItIsNoPart()
    {
        for (const MarkdownOptions &options : {MarkdownOptions::gfm(), MarkdownOptions::commonMark()}) {
            MarkdownStream stream(options);
            stream.append("$x$ \\(y\\) <sub>z</sub>\n\n$$\na\n$$\n");
            stream.finish();
            QCOMPARE(picture(stream), "<p>$x$ (y) &lt;sub&gt;z&lt;/sub&gt;</p>\n<p>$$\na\n$$</p>");
        }
    }

    void footnotesAreRowsOfTheirOwnAndFoundByTheirLabels()
    {
        MarkdownStream stream;
        stream.append("water[^1] and\n\nice[^Two]\n\n");
        QCOMPARE(stream.rows()[0].text, u"water[^1] and"_s);
        const MarkdownPatch patch = stream.append("[^two]: cold\n\n    and hard\n[^1]: wet\n");
        QCOMPARE(patch.relinked, (QList<qsizetype>{0, 1}));
        stream.finish();
        QCOMPARE(stream.rows().size(), 5);
        QCOMPARE(stream.rows()[0].text, u"water1 and"_s);
        QCOMPARE(stream.rows()[0].runs.constFirst().kind, InlineRun::Kind::Footnote);
        QCOMPARE(stream.rows()[1].runs.constFirst().target, u"TWO"_s);
        for (const qsizetype at : {2, 3})
            QCOMPARE(stream.rows()[at].containers.constFirst().label, u"two"_s);
        QCOMPARE(stream.rows()[3].text, u"and hard"_s);
        QCOMPARE(stream.rows()[4].containers.constFirst().kind, RowContainer::Kind::Footnote);
    }

    void rowKeepsItsIdWhileItBecomesSomethingElse()
    {
        MarkdownStream stream;
        stream.append("Title");
        const quint64 id = stream.rows().constFirst().id;
        stream.append("\n===\n");
        QCOMPARE(stream.rows().constFirst().kind, RowKind::Heading);
        QCOMPARE(stream.rows().constFirst().id, id);
        QVERIFY(stream.rows().constFirst().closed);
    }

    void paragraphIsClosedByTheBlankLineAndNotBefore()
    {
        MarkdownStream stream;
        stream.append("text\n");
        QVERIFY(!stream.rows().constFirst().closed);
        stream.append("\n");
        QVERIFY(stream.rows().constFirst().closed);
    }

    void lateDefinitionChangesOnlyTheRowsThatWaitForIt()
    {
        MarkdownStream stream;
        stream.append("one\n\nsee [map]\n\nthree\n\n|t|\n|-|\n|[Map]|\n\nlast\n\n");
        const MarkdownPatch patch = stream.append("[map]: /url\n\n");
        QCOMPARE(patch.relinked, (QList<qsizetype>{1, 3}));
        QCOMPARE(patch.changed + patch.removed + patch.added, 0);
        QCOMPARE(stream.rows()[1].runs.constFirst().target, u"/url"_s);
        QCOMPARE(stream.rows()[3].cells[1][0].runs.constFirst().target, u"/url"_s);
    }

    void firstOfSeveralDefinitionsHolds()
    {
        QCOMPARE(finishedPictureOf("[a]\n\n[a]: /1\n\n[a]: /2\n"), "<p><a href=\"/1\">a</a></p>");
    }

    void runsNestAndTellTheInnermost()
    {
        MarkdownStream stream;
        stream.append("**a [b *c*](/d)**\n\n");
        const QList<InlineRun> &runs = stream.rows().constFirst().runs;
        QCOMPARE(runs.size(), 3);
        QCOMPARE(runs[2].depth, 2);
        QCOMPARE(runs[2].style, InlineRun::Strong | InlineRun::Link | InlineRun::Emphasis);
        QCOMPARE(runs[2].target, u"/d"_s);
        QCOMPARE(runAt(runs, 0)->kind, InlineRun::Kind::Strong);
        QCOMPARE(runAt(runs, 2)->kind, InlineRun::Kind::Link);
        QCOMPARE(runAt(runs, 4)->kind, InlineRun::Kind::Emphasis);
        QCOMPARE(runAt(runs, 5), nullptr);
    }

    void longCodeIsSplitIntoChunksOfLines()
    {
        MarkdownStream stream;
        stream.append("```py\n" + repeated("x\n", 2 * 150).toStdString() + "```\n");
        QCOMPARE(stream.rows().size(), 3);
        for (qsizetype at = 0; at < 3; ++at) {
            const Row &row = stream.rows()[at];
            QCOMPARE(row.continuesAbove, at > 0);
            QCOMPARE(row.lineCount, at < 2 ? 64 : 22);
            QCOMPARE(row.text.count(u'\n') + 1, row.lineCount);
            QCOMPARE(row.language, u"py"_s);
            QVERIFY(row.closed);
        }
    }

    void longTableIsSplitIntoChunksOfRows()
    {
        MarkdownStream stream;
        stream.append("|a|\n|-:|\n" + repeated("|1|\n", 4 * 70).toStdString());
        QCOMPARE(stream.rows().size(), 3);
        QCOMPARE(stream.rows()[0].cells.size(), 32);
        QCOMPARE(stream.rows()[2].cells.size(), 71 - 64);
        QVERIFY(stream.rows()[1].continuesAbove);
        QCOMPARE(stream.rows()[1].columns, QList<ColumnAlignment>{ColumnAlignment::Right});
    }

    void patchTellsThatAChunkIsFull_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("code") << QByteArray("```\n") << QByteArray("x\n");
        QTest::newRow("table") << QByteArray("|a|\n|-|\n") << QByteArray("|1|\n");
    }
    void patchTellsThatAChunkIsFull()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, line);
        StreamMirror mirror;
        mirror.append(head);
        for (int count = 0; count < 130; ++count)
            mirror.append(line);
        QCOMPARE(mirror.breach(), QByteArray());
        QVERIFY(mirror.rows().size() > 2);
    }

    void markersBeyondTheDeepestLevelAreText()
    {
        MarkdownStream stream;
        stream.append(repeated(">", 1000).toStdString() + " deep\n\n");
        QCOMPARE(stream.rows().constFirst().containers.size(), 64);
        QVERIFY(stream.rows().constFirst().text.startsWith(u">"));
    }

    void sourceOfARowIsItsPlaceInTheText()
    {
        MarkdownStream stream;
        stream.append("# one\n\n> - two\n>   lines\n\nend");
        stream.finish();
        const auto source = [&](qsizetype at) {
            const Row &row = stream.rows()[at];
            return stream.source().substr(size_t(row.sourceBegin), size_t(row.sourceEnd - row.sourceBegin));
        };
        QCOMPARE(source(0), "# one");
        QCOMPARE(source(1), "two\n>   lines");
        QCOMPARE(source(2), "end");
    }

    void emptyContainersHaveARow()
    {
        QCOMPARE(finishedPictureOf("- \n- b\n"), "<ul>\n<li></li>\n<li>b</li>\n</ul>");
        QCOMPARE(finishedPictureOf(">\n"), "<blockquote>\n</blockquote>");
        QCOMPARE(finishedPictureOf("> [a]: /b\n>\n> c\n"), "<blockquote>\n<p>c</p>\n</blockquote>");
        MarkdownStream stream;
        stream.append("-\n  late");
        QCOMPARE(stream.rows().size(), 1);
        QVERIFY(stream.rows().constFirst().containers.constFirst().first);
    }

    void tasksAreBoxesOfTheirItems()
    {
        MarkdownStream stream;
        stream.append("- [x] done\n- [ ] open\n- [x]no\n");
        stream.finish();
        const auto task = [&](qsizetype at) { return stream.rows()[at].containers.constFirst().task; };
        QCOMPARE(task(0), RowContainer::Task::Done);
        QCOMPARE(task(1), RowContainer::Task::Open);
        QCOMPARE(task(2), RowContainer::Task::None);
        QCOMPARE(stream.rows()[1].text, u"open"_s);
    }

    void workPerTokenDoesNotGrowWithTheText_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("piece");
        QTest::addColumn<int>("most"); // bytes looked at for each byte of text, on average
        QTest::newRow("paragraphs") << QByteArray() << QByteArray("Some words, **bold** and `code`.\n\n")
                                    << 12;
        QTest::newRow("one fence") << QByteArray("```\n") << QByteArray("int a = 1;\n") << 6;
        QTest::newRow("fence on one line") << QByteArray("```\n") << QByteArray("0123456789") << 4;
        QTest::newRow("table") << QByteArray("|a|b|\n|-|-|\n") << QByteArray("| cell | *cell* |\n") << 12;
        QTest::newRow("no line end") << QByteArray() << QByteArray("words and *more* words ") << 12;
        QTest::newRow("no space") << QByteArray() << QByteArray("abcdefghij") << 600;
        QTest::newRow("open strong") << QByteArray() << QByteArray("**a ") << 600;
        QTest::newRow("open brackets") << QByteArray() << QByteArray("[") << 600;
        QTest::newRow("open code") << QByteArray("`") << QByteArray("abc ") << 600;
        QTest::newRow("open title") << QByteArray("[a](b \"") << QByteArray("abc ") << 600;
        QTest::newRow("open tag") << QByteArray("a <b ") << QByteArray("c ") << 600;
        QTest::newRow("a table's header that goes on") << QByteArray("|") << QByteArray("abcd ") << 600;
        QTest::newRow("an address that goes on")
            << QByteArray("https://a.example/") << QByteArray("abcd") << 600;
        QTest::newRow("quotes") << QByteArray() << QByteArray("> a\n") << 12;
        QTest::newRow("items") << QByteArray() << QByteArray("- a\n") << 12;
        QTest::newRow("citations") << QByteArray() << QByteArray("As in [1] and [2]. ") << 20;
    }
    void workPerTokenDoesNotGrowWithTheText()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, piece);
        QFETCH(int, most);
        // Bytes looked at for each byte of a text that comes in pieces of five.
        const auto scanned = [&](qsizetype size) {
            const std::string text = head.toStdString() + repeated(piece, size).toStdString();
            MarkdownStream stream;
            for (std::size_t at = 0; at < text.size(); at += 5) {
                const MarkdownPatch patch = stream.append(std::string_view(text).substr(at, 5));
                if (patch.changed + patch.removed > 2)
                    QTest::qFail("more than two rows changed at once", __FILE__, __LINE__);
            }
            return double(stream.bytesScanned()) / double(text.size());
        };
        const double before = scanned(8'000);
        const double after = scanned(32'000);
        QVERIFY2(after <= most, qPrintable(u"%1 bytes for each byte"_s.arg(after)));
        QVERIFY2(after <= before * 1.5,
                 qPrintable(u"%1 bytes for each byte, %2 in a shorter text"_s.arg(after).arg(before)));
    }

    void whatIsKeptAndSettledIsNotRevised_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("prose") << repeated("Water **finds** its [way](/a) `along`. ", 6'000);
        QTest::newRow("lines") << repeated("Water *finds*\nits way\n", 6'000);
        QTest::newRow("one word") << repeated("water", 6'000);
        QTest::newRow("stars that close nothing") << repeated("2 * 3 **", 6'000);
        QTest::newRow("code") << "```\n" + repeated("int flow = 1;\n``\n", 6'000);
        QTest::newRow("code in one line") << "```\n" + repeated("flow();", 6'000);
        QTest::newRow("a heading") << repeated("Water ", 3'000) + "\n===\nmore\n";
        QTest::newRow("a table of a paragraph")
            << repeated("| a ", 3'000) + "\n" + repeated("|---", 3'000) + "\n";
        QTest::newRow("tasks") << repeated("- [x] done\n- [ ] open\n  more\n", 3'000);
    }
    void whatIsKeptAndSettledIsNotRevised()
    {
        QFETCH(const QByteArray, text);
        const auto runsUpTo = [](const Row &row, qsizetype end) {
            QList<InlineRun> runs = row.runs;
            runs.removeIf([end](const InlineRun &run) { return run.begin >= end; });
            return runs;
        };
        MarkdownStream stream;
        qsizetype mostKept = 0;
        qsizetype mostSettled = 0;
        for (qsizetype at = 0; at < text.size(); at += 7) {
            const QList<Row> before = stream.rows();
            const qsizetype settled = stream.settled();
            const QByteArray piece = text.sliced(at, std::min(qsizetype(7), text.size() - at));
            const MarkdownPatch patch = stream.append(piece.toStdString());
            if (patch.changed == 0) {
                QCOMPARE(patch.kept, 0);
                continue;
            }
            const Row &was = before[patch.first];
            const Row &is = stream.rows()[patch.first];
            QCOMPARE_LE(patch.kept, was.text.size());
            QCOMPARE(is.text.first(patch.kept), was.text.first(patch.kept));
            QCOMPARE(runsUpTo(is, patch.kept), runsUpTo(was, patch.kept));
            mostKept = std::max(mostKept, patch.kept);
            if (patch.first + 1 == before.size() && !is.closed && is.kind == was.kind
                && !piece.contains('\n')) {
                QCOMPARE_GE(patch.kept, settled);
                mostSettled = std::max(mostSettled, settled);
            }
        }
        if (!stream.rows().constLast().text.isEmpty() && stream.rows().size() == 1) {
            QCOMPARE_GT(mostKept, 2'000);
            QCOMPARE_GT(mostSettled, 2'000);
        }
    }

    void definitionsAtTheEndCostTheRowsThatWait()
    {
        QByteArray text;
        for (int label = 0; label < 1000; ++label)
            text += "see [label " + QByteArray::number(label) + "]\n\n";
        MarkdownStream stream;
        stream.append(text.toStdString());
        const qint64 before = stream.bytesScanned();
        for (int label = 0; label < 1000; ++label)
            stream.append("[label " + std::to_string(label) + "]: /" + std::to_string(label) + "\n");
        stream.finish();
        QVERIFY(stream.bytesScanned() - before < 40 * text.size());
        QCOMPARE(stream.rows().size(), 1000);
        QCOMPARE(stream.rows()[999].runs.constFirst().target, u"/999"_s);
    }

    void manyDefinitionsCostAParagraphThatNamesThemAllOneMoreLook_data()
    {
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<QByteArray>("between");
        QTest::newRow("links of a paragraph") << QByteArray("[l%]") << QByteArray(" ");
        QTest::newRow("footnotes of a paragraph") << QByteArray("[^l%]") << QByteArray(" ");
        QTest::newRow("footnotes of a cell") << QByteArray("[^l%]") << QByteArray(", ");
    }
    void manyDefinitionsCostAParagraphThatNamesThemAllOneMoreLook()
    {
        QFETCH(const QByteArray, form);
        QFETCH(const QByteArray, between);
        const bool isCell = between.startsWith(',');
        QByteArray text = isCell ? "|a|\n|-|\n|" : "";
        QByteArray definitions = "\n\n";
        for (int label = 0; label < 400; ++label) {
            const QByteArray name = QByteArray(form).replace('%', QByteArray::number(label));
            text += name + between;
            definitions += name + ": a\n\n";
        }
        text += definitions;
        const auto isResolved = [isCell](const MarkdownStream &stream) {
            const Row &row = stream.rows().constFirst();
            const QList<InlineRun> &runs = isCell ? row.cells[1][0].runs : row.runs;
            return runs.size() == 400;
        };

        MarkdownStream whole;
        whole.append(text.toStdString());
        QVERIFY(isResolved(whole));
        QVERIFY2(whole.bytesScanned() < 12 * text.size(),
                 QByteArray::number(whole.bytesScanned()).constData());

        // Definition by definition only so many times, but all of them in the end.
        MarkdownStream slow;
        const qsizetype head = text.size() - definitions.size();
        slow.append(text.first(head).toStdString());
        const qint64 before = slow.bytesScanned();
        for (const QByteArray &line : definitions.split('\n'))
            slow.append(line.toStdString() + '\n');
        QVERIFY(!isResolved(slow));
        slow.finish();
        QVERIFY(isResolved(slow));
        QVERIFY2(slow.bytesScanned() - before < 80 * text.size(),
                 QByteArray::number(slow.bytesScanned() - before).constData());
        QCOMPARE(toHtml(slow), toHtml(whole));
    }

    void bracketsAndTagsAreNotLookedBackAtOverAndOver_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("then");
        QTest::newRow("ends of tags behind brackets") << QByteArray("[") << QByteArray("</sup>");
        QTest::newRow("ends of tags behind other tags") << QByteArray("<kbd>") << QByteArray("</sup>");
        QTest::newRow("ends of brackets behind tags") << QByteArray("<sub>") << QByteArray("]");
        QTest::newRow("brackets and tags") << QByteArray("[<sub>") << QByteArray("]");
    }
    void bracketsAndTagsAreNotLookedBackAtOverAndOver()
    {
        QFETCH(const QByteArray, first);
        QFETCH(const QByteArray, then);
        const QByteArray text = first.repeated(5'000) + then.repeated(5'000);
        MarkdownStream stream;
        stream.append(text.toStdString());
        stream.finish();
        QVERIFY2(stream.bytesScanned() < 80 * text.size(),
                 QByteArray::number(stream.bytesScanned()).constData());
    }

    void onlySoManyTagsAreOpenAtOnce()
    {
        const QByteArray picture =
            finishedPictureOf(QByteArray("<sub>").repeated(70) + "x" + QByteArray("</sub>").repeated(70));
        QCOMPARE(picture.count("<sub>"), 64);
        QCOMPARE(picture.count("</sub>"), 64);
        QCOMPARE(picture.count("&lt;sub&gt;"), 6);
        QCOMPARE(picture.count("&lt;/sub&gt;"), 6);
    }

    void linkInABracketMakesThatOneText()
    {
        QCOMPARE(finishedPictureOf("[a [b](/c) d](/e) [f](/g)"),
                 "<p>[a <a href=\"/c\">b</a> d](/e) <a href=\"/g\">f</a></p>");
        QCOMPARE(finishedPictureOf("[a ![b [c](/d)](/e)](/f)"),
                 "<p>[a <img src=\"/e\" alt=\"b c\" />](/f)</p>");
        QCOMPARE(finishedPictureOf("<sub>[[a](/b)</sub> [c](/d)"),
                 "<p><sub>[<a href=\"/b\">a</a></sub> <a href=\"/d\">c</a></p>");
    }

    void tableEndsBeforeItsMissingCellsAreTooMany()
    {
        const QByteArray row = QByteArray("|a").repeated(1'000) + "|\n";
        const QByteArray head = row + QByteArray("|-").repeated(1'000) + "|\n";
        MarkdownStream stream;
        stream.append(head.toStdString());
        for (int line = 0; line < 1'000; ++line)
            stream.append("|b|\n");
        stream.append("\n");
        stream.append(head.toStdString());
        stream.append(row.toStdString());
        stream.append("|c|\n");
        stream.finish();
        qsizetype cells = 0;
        QStringList paragraphs;
        for (const Row &part : stream.rows()) {
            for (const QList<TableCell> &line : part.cells)
                cells += line.size();
            if (part.kind == RowKind::Paragraph)
                paragraphs.append(part.text);
        }
        QCOMPARE_GT(cells, 200'000);
        QCOMPARE_LT(cells, 210'000);
        // No line is lost; of the second table the line that leaves out nothing is its own.
        QCOMPARE(paragraphs.size(), 2);
        QCOMPARE_GT(paragraphs[0].count(u"|b|"_s), 790);
        QCOMPARE(paragraphs[1], u"|c|"_s);
    }

    void onlyAnItemsFirstTextHasABox()
    {
        QCOMPARE(finishedPictureOf("a[^1]\n\n[^1]: [x] done\n").count("[x] done"), 1);
        QCOMPARE(finishedPictureOf("<details>\n[x] gone\n</details>"),
                 "<details>\n<p>[x] gone</p>\n</details>");
        QCOMPARE(finishedPictureOf("- <details>\n  [x] gone\n  </details>").count("[x] gone"), 1);
        QCOMPARE(finishedPictureOf("- [x] done").count("[x]"), 0);
    }

    void blockEndsWhatOnlyLookedLikeAFormula_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("picture");
        QTest::newRow("quote") << QByteArray("> c") << QByteArray("<blockquote>\n<p>c</p>\n</blockquote>");
        QTest::newRow("heading") << QByteArray("# c") << QByteArray("<h1>c</h1>");
        QTest::newRow("fence") << QByteArray("```\nc\n```") << QByteArray("<pre><code>c\n</code></pre>");
        QTest::newRow("rule") << QByteArray("***") << QByteArray("<hr />");
        QTest::newRow("item") << QByteArray("* c") << QByteArray("<ul>\n<li>c</li>\n</ul>");
        QTest::newRow("number") << QByteArray("1. c") << QByteArray("<ol>\n<li>c</li>\n</ol>");
        QTest::newRow("html") << QByteArray("<div>") << QByteArray("&lt;div&gt;");
    }
    void blockEndsWhatOnlyLookedLikeAFormula()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const QByteArray, picture);
        const QByteArray markdown = "$$a\nb\n" + line;
        const QByteArray expected = "<p>$$a\nb</p>\n" + picture;
        QCOMPARE(finishedPictureOf(markdown), expected);
        StreamMirror mirror;
        for (const char c : markdown)
            mirror.append(QByteArray(1, c));
        mirror.finish();
        QCOMPARE(mirror.breach(), QByteArray());
        QCOMPARE(::picture(mirror.stream()), expected);
    }

    void formulasLineCanBeginWithAnOperator()
    {
        QCOMPARE(finishedPictureOf("$$a\n- b\n+ c\n> d$$"),
                 "<div class=\"math display\">a\n- b\n+ c\n&gt; d</div>");
    }

    void formulaThatMayBecomeAParagraphIsNotSettled()
    {
        MarkdownStream stream;
        stream.append("$$a\nb\n");
        QCOMPARE(stream.rows().constFirst().kind, RowKind::Math);
        QCOMPARE(stream.settled(), 0);
        stream.append("c$$\n");
        QCOMPARE(stream.settled(), 5);
        stream.append("$$\nd\n");
        QCOMPARE(stream.settled(), 1);
    }

    void dollarsEndTheirFormulaBehindABracketThatEndsNone()
    {
        QCOMPARE(finishedPictureOf("Use \\[ to begin, and $$x^2$$"),
                 "<p>Use [ to begin, and <span class=\"math display\">x^2</span></p>");
    }

    void footnoteInALinkLeadsWhereTheLinkDoes()
    {
        MarkdownStream stream;
        stream.append("[t[^http://b.example/]](https://a.example/)\n\n[^http://b.example/]: c\n");
        stream.finish();
        const QList<InlineRun> &runs = stream.rows().constFirst().runs;
        QCOMPARE(runs.size(), 2);
        QCOMPARE(runs[1].kind, InlineRun::Kind::Footnote);
        QCOMPARE(runs[1].target, u"https://a.example/"_s);
        QVERIFY(picture(stream).startsWith("<p><a href=\"https://a.example/\">t<sup>1</sup></a></p>"));
        QVERIFY(picture(stream).contains("<li id=\"fn1\">"));
    }
};

QTEST_APPLESS_MAIN(TestMarkdownStream)
#include "tst_markdownstream.moc"
