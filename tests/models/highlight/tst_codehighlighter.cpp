// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/highlight/codehighlighter.h"
#include "models/highlight/contrast.h"

#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>

#include <QtCore/QMetaEnum>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

constexpr auto light = CodeHighlighter::Theme::Light;

const QString program = u"// Adds up.\n"
                        "/* over\n"
                        "   lines */ int sum(int a, int b)\n"
                        "{\n"
                        "    return a + b; // \"not a string\"\n"
                        "}\n"
                        "const char *raw = R\"(one\n"
                        "two)\";\n"
                        "int last"_s;

QList<QList<CodeSpan>> allSpans(const CodeHighlighter &highlighter)
{
    QList<QList<CodeSpan>> spans;
    for (qsizetype line = 0; line < highlighter.lineCount(); ++line)
        spans.append(highlighter.spans(line));
    return spans;
}

QColor colorAt(const CodeHighlighter &highlighter, qsizetype line, qsizetype at)
{
    for (const CodeSpan &span : highlighter.spans(line)) {
        if (span.begin <= at && at < span.begin + span.length)
            return span.color;
    }
    return {};
}

} // namespace

class TestCodeHighlighter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheLanguageByNameAliasAndExtension_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("name");
        const auto add = [](const char *language, const char *name) {
            QTest::newRow(language) << QString::fromLatin1(language) << QString::fromLatin1(name);
        };
        add("C++", "C++");
        add("c++", "C++");
        add("cpp", "C++");
        add("CPP", "C++");
        add("hpp", "C++");
        add("python", "Python");
        add("Python3", "Python");
        add("py", "Python");
        add(".py", "Python");
        add("js", "JavaScript");
        add("javascript", "JavaScript");
        add("ts", "TypeScript");
        add("typescript", "TypeScript");
        add("rs", "Rust");
        add("rust", "Rust");
        add("go", "Go");
        add("golang", "Go");
        add("csharp", "C#");
        add("c#", "C#");
        add("java", "Java");
        add("kotlin", "Kotlin");
        add("rb", "Ruby");
        add("bash", "Bash");
        add("sh", "Bash");
        add("shell", "Bash");
        add("console", "Bash");
        add("json", "JSON");
        add("jsonc", "JSON");
        add("yml", "YAML");
        add("yaml", "YAML");
        add("toml", "TOML");
        add("html", "HTML");
        add("css", "CSS");
        add("sql", "SQL");
        add("diff", "Diff");
        add("cmake", "CMake");
        add("qml", "QML");
        add("dockerfile", "Dockerfile");
        add("makefile", "Makefile");
        add("latex", "LaTeX");
        add("md", "Markdown");
    }
    void findsTheLanguageByNameAliasAndExtension()
    {
        QFETCH(QString, language);
        QFETCH(QString, name);
        QCOMPARE(CodeHighlighter(language, light).languageName(), name);
    }

    void unknownLanguageStaysPlain_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("none") << QString();
        QTest::newRow("unheard of") << u"no-such-language"_s;
    }
    void unknownLanguageStaysPlain()
    {
        QFETCH(QString, language);
        CodeHighlighter highlighter(language, light);
        QCOMPARE(highlighter.update(program), 0);
        QCOMPARE(highlighter.lineCount(), 9);
        QCOMPARE(allSpans(highlighter), QList<QList<CodeSpan>>(9));
        QVERIFY(highlighter.languageName().isEmpty());
    }

    void colouringLetterByLetterEndsLikeColouringAtOnce()
    {
        CodeHighlighter whole(u"cpp"_s, light);
        whole.update(program);
        CodeHighlighter growing(u"cpp"_s, light);
        for (qsizetype length = 1; length <= program.size(); ++length)
            growing.update(QStringView(program).first(length));
        QCOMPARE(allSpans(growing), allSpans(whole));
    }

    void updateTellsTheFirstLineThatIsNew()
    {
        CodeHighlighter highlighter(u"cpp"_s, light);
        QCOMPARE(highlighter.update(u"int a"), 0);
        QCOMPARE(highlighter.update(u"int a;\nint b"), 0);
        QCOMPARE(highlighter.update(u"int a;\nint b;"), 1);
        QCOMPARE(highlighter.update(u"int a;\nint b;\n\n"), 1);
        QCOMPARE(highlighter.lineCount(), 4);
        QCOMPARE(highlighter.update(u"int a;\nint b;\n\nint c"), 3);
    }

    void finishedLinesKeepTheirColours()
    {
        CodeHighlighter highlighter(u"cpp"_s, light);
        highlighter.update(QStringView(program).first(60));
        const QList<CodeSpan> first = highlighter.spans(0);
        QVERIFY(!first.isEmpty());
        highlighter.update(program);
        QCOMPARE(highlighter.spans(0), first);
    }

    void chunkGoesOnInTheStateThatTheOneBeforeLeft()
    {
        CodeHighlighter above(u"cpp"_s, light);
        above.update(u"/* a comment\nthat goes");
        CodeHighlighter below = above.following();
        below.update(u"on here */ return");
        CodeHighlighter whole(u"cpp"_s, light);
        whole.update(u"/* a comment\nthat goes\non here */ return");
        QCOMPARE(below.spans(0), whole.spans(2));
        QVERIFY(colorAt(below, 0, 0).isValid());
        QVERIFY(colorAt(below, 0, 0) != colorAt(below, 0, 11));
        QCOMPARE(below.languageName(), u"C++"_s);
    }

    void shorterTextStartsOver()
    {
        CodeHighlighter highlighter(u"cpp"_s, light);
        highlighter.update(u"/* a comment\nthat goes\non");
        QCOMPARE(highlighter.update(u"int a;"), 0);
        CodeHighlighter fresh(u"cpp"_s, light);
        fresh.update(u"int a;");
        QCOMPARE(allSpans(highlighter), allSpans(fresh));
    }

    void overlongLineStaysPlainAndTheNextOneIsColoured()
    {
        CodeHighlighter highlighter(u"cpp"_s, light);
        const QString text = u"int a = "_s + QString(5000, u'1') + u";\nreturn 1;"_s;
        highlighter.update(text);
        QVERIFY(highlighter.spans(0).isEmpty());
        QVERIFY(!highlighter.spans(1).isEmpty());
    }

    void everyColourOfTheThemesIsReadable_data()
    {
        QTest::addColumn<CodeHighlighter::Theme>("theme");
        QTest::addColumn<QString>("name");
        QTest::newRow("light") << CodeHighlighter::Theme::Light << u"GitHub Light"_s;
        QTest::newRow("dark") << CodeHighlighter::Theme::Dark << u"GitHub Dark"_s;
    }
    void everyColourOfTheThemesIsReadable()
    {
        QFETCH(CodeHighlighter::Theme, theme);
        QFETCH(QString, name);
        KSyntaxHighlighting::Repository repository;
        const KSyntaxHighlighting::Theme colors = repository.theme(name);
        QVERIFY(colors.isValid());
        const auto styles = QMetaEnum::fromType<KSyntaxHighlighting::Theme::TextStyle>();
        for (int index = 0; index < styles.keyCount(); ++index) {
            const auto style = KSyntaxHighlighting::Theme::TextStyle(styles.value(index));
            const QColor color = readableOn(codeBackground(theme), QColor::fromRgb(colors.textColor(style)));
            QVERIFY2(contrast(color, codeBackground(theme)) >= leastContrast, styles.key(index));
        }
    }

    void everyColourOfCodeIsReadableInBothThemes()
    {
        for (const auto theme : {CodeHighlighter::Theme::Light, CodeHighlighter::Theme::Dark}) {
            CodeHighlighter highlighter(u"cpp"_s, theme);
            highlighter.update(program);
            for (const QList<CodeSpan> &line : allSpans(highlighter)) {
                for (const CodeSpan &span : line)
                    QVERIFY(contrast(span.color, codeBackground(theme)) >= leastContrast);
            }
            QVERIFY(colorAt(highlighter, 0, 0).isValid());
        }
    }

    void readableColourStaysAsItIs()
    {
        QCOMPARE(readableOn(Qt::white, QColor(0x20, 0x40, 0x60)), QColor(0x20, 0x40, 0x60));
        QCOMPARE(contrast(Qt::white, Qt::black), 21.0);
    }
};

QTEST_GUILESS_MAIN(TestCodeHighlighter)
#include "tst_codehighlighter.moc"
