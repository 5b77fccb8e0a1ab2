// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/startoptions.h"

#include <QtTest/QTest>

#include <vector>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

std::expected<StartOptions, int> parsed(const QByteArrayList &words)
{
    QByteArrayList all{"rivulet"};
    all += words;
    std::vector<char *> argv;
    for (QByteArray &word : all)
        argv.push_back(word.data());
    return StartOptions::parse(static_cast<int>(argv.size()), argv.data());
}

} // namespace

class StartOptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_usual_start_needs_none() { QCOMPARE(parsed({}).value(), StartOptions()); }

    void a_picture_has_a_page_a_theme_a_scale_a_direction_and_a_prompt()
    {
        const StartOptions options = parsed({"--screenshot", "a.png", "--page", "settings", "--theme", "dark",
                                             "--scale", "2", "--rtl", "--prompt", "a table"})
                                         .value();
        QCOMPARE(options.screenshot, u"a.png"_s);
        QCOMPARE(options.page, StartOptions::Page::Settings);
        QCOMPARE(options.colorMode, Preferences::ColorMode::Dark);
        QCOMPARE(options.scale, 2.0);
        QVERIFY(options.rightToLeft);
        QCOMPARE(options.prompt, u"a table"_s);
    }

    void nonsense_ends_with_an_error_data()
    {
        QTest::addColumn<QByteArrayList>("words");
        QTest::newRow("unknown option") << QByteArrayList{"--nonsense"};
        QTest::newRow("unknown page") << QByteArrayList{"--page", "nowhere"};
        QTest::newRow("unknown theme") << QByteArrayList{"--theme", "pink"};
        QTest::newRow("scale of letters") << QByteArrayList{"--scale", "big"};
        QTest::newRow("scale of zero") << QByteArrayList{"--scale", "0"};
        QTest::newRow("a prompt without a picture") << QByteArrayList{"--prompt", "hello"};
    }
    void nonsense_ends_with_an_error()
    {
        QFETCH(QByteArrayList, words);
        QCOMPARE(parsed(words).error(), 1);
    }

    void version_and_help_end_well()
    {
        QCOMPARE(parsed({"--version"}).error(), 0);
        QCOMPARE(parsed({"--help"}).error(), 0);
    }
};

QTEST_GUILESS_MAIN(StartOptionsTest)
#include "tst_startoptions.moc"
