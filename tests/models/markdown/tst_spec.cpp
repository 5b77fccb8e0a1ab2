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
    return options;
}

constexpr auto otherComments =
    "CommonMark 0.31.2, which holds here, lets HTML comments end and contain more than 0.29";
constexpr auto noTagFilter =
    "raw HTML is escaped altogether unless it is allowed, so that no tags are filtered";
constexpr auto noFootnotes = "footnotes are not parsed yet";
constexpr auto otherCheckbox = "the boxes of tasks are written as in the GFM specification";
constexpr auto ignored = "the file asks to ignore the result";

const QHash<int, const char *> gfmDifferences{{645, otherComments}, {646, otherComments}, {653, noTagFilter}};
const QHash<int, const char *> extensionDifferences{{20, ignored},       {22, noTagFilter},
                                                    {23, noFootnotes},   {26, otherCheckbox},
                                                    {27, otherCheckbox}, {28, otherCheckbox}};
const QHash<int, const char *> regressionDifferences{{13, noFootnotes}};

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
                    [](const auto &) { return MarkdownOptions(); });
    }
    void extensionExampleGivesTheExpectedHtml() { compare(); }

    void regressionExampleGivesTheExpectedHtml_data()
    {
        addExamples("cmark-gfm-regression.txt", regressionDifferences, optionsFor);
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
        for (const SpecExample &example :
             specExamples(fixture(QStringLiteral("markdown/") + QLatin1StringView(file))))
            QTest::addRow("example %d", example.number)
                << example.markdown << example.html << optionsOf(example.extension)
                << QByteArray(differences.value(example.number));
    }

    static void compare()
    {
        RIVULET_REQUIRE_FIXTURES();
        QFETCH(QByteArray, markdown);
        QFETCH(QString, html);
        QFETCH(MarkdownOptions, options);
        QFETCH(QByteArray, difference);
        StreamMirror mirror(options);
        mirror.append(markdown);
        mirror.finish();
        QCOMPARE(mirror.breach(), QByteArray());
        if (!difference.isEmpty())
            QEXPECT_FAIL("", difference.constData(), Abort);
        QCOMPARE(toHtml(mirror.stream(), {.allowHtml = true}), html);
    }
};

QTEST_APPLESS_MAIN(TestSpec)
#include "tst_spec.moc"
