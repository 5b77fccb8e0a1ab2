// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/markdown/specexamples.h"
#include "tests/models/markdown/streammirror.h"
#include "tests/support/fixtures.h"

#include <QtCore/QHash>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;

namespace {

/// What an example of the GFM specification is about; untagged ones are plain CommonMark.
MarkdownOptions optionsFor(const QByteArray &extension)
{
    MarkdownOptions options = MarkdownOptions::commonMark();
    options.tables = extension.contains("table");
    options.strikethrough = extension == "strikethrough";
    options.autolinks = extension == "autolink";
    options.taskLists = extension == "disabled";
    options.footnotes = extension.contains("footnotes");
    return options;
}

constexpr auto otherComments =
    "CommonMark 0.31.2, which holds here, lets HTML comments end and contain more than 0.29";
constexpr auto otherCommentsInTags = "it is about tags, but has comments of 0.29";
constexpr auto otherCheckbox = "the boxes of tasks are written as in the GFM specification";
constexpr auto ignored = "the file asks to ignore the result";

const QHash<int, const char *> gfmDifferences{{645, otherComments}, {646, otherComments}};
const QHash<int, const char *> extensionDifferences{
    {20, ignored}, {22, otherCommentsInTags}, {26, otherCheckbox}, {27, otherCheckbox}, {28, otherCheckbox}};

} // namespace

class TestSpec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commonMarkExampleGivesTheSpecifiedHtml_data()
    {
        addExamples("commonmark-0.31.2.spec.txt", {},
                    [](const auto &) { return MarkdownOptions::commonMark(); });
    }
    void commonMarkExampleGivesTheSpecifiedHtml() { compare(); }

    void gfmExampleGivesTheSpecifiedHtml_data()
    {
        addExamples("gfm-0.29.spec.txt", gfmDifferences, optionsFor);
    }
    void gfmExampleGivesTheSpecifiedHtml() { compare(); }

    void extensionExampleGivesTheExpectedHtml_data()
    {
        addExamples("cmark-gfm-extensions.txt", extensionDifferences,
                    [](const auto &) { return MarkdownOptions::gfm(); });
    }
    void extensionExampleGivesTheExpectedHtml() { compare(); }

    void regressionExampleGivesTheExpectedHtml_data()
    {
        addExamples("cmark-gfm-regression.txt", {}, optionsFor);
    }
    void regressionExampleGivesTheExpectedHtml() { compare(); }

private:
    template<typename Options>
    static void addExamples(const char *file, const QHash<int, const char *> &differences, Options optionsOf)
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QByteArray>("markdown");
        QTest::addColumn<QString>("html");
        QTest::addColumn<MarkdownOptions>("options");
        QTest::addColumn<QByteArray>("difference");
        QTest::addColumn<bool>("filterTags");
        for (const SpecExample &example :
             specExamples(fixture(QStringLiteral("markdown/") + QLatin1StringView(file))))
            QTest::addRow("example %d", example.number)
                << example.markdown << example.html << optionsOf(example.extension)
                << QByteArray(differences.value(example.number)) << example.extension.contains("tagfilter");
    }

    static void compare()
    {
        RIVULET_REQUIRE_FIXTURES();
        QFETCH(QByteArray, markdown);
        QFETCH(QString, html);
        QFETCH(MarkdownOptions, options);
        QFETCH(QByteArray, difference);
        QFETCH(bool, filterTags);
        StreamMirror mirror(options);
        mirror.append(markdown);
        mirror.finish();
        QCOMPARE(mirror.breach(), QByteArray());
        if (!difference.isEmpty())
            QEXPECT_FAIL("", difference.constData(), Abort);
        QCOMPARE(toHtml(mirror.stream(), {.allowHtml = true, .filterTags = filterTags}), html);
    }
};

QTEST_APPLESS_MAIN(TestSpec)
#include "tst_spec.moc"
