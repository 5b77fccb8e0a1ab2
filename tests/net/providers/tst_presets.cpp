// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/presets.h"
#include "net/transport/requestrules.h"

#include <QtCore/qset.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace rivulet;

class TestPresets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithTheDemoAndEndsWithTheCustomOne();
    void everyIdIsThereOnce();
    void everyAddressIsOneThatWeWouldSendAKeyTo();
    void needsAKeyWhereItSaysWhereToGetOne();
    void findsByIdOrNot();
    void refusesAFileThatItDoesNotUnderstand_data();
    void refusesAFileThatItDoesNotUnderstand();
};

void TestPresets::beginsWithTheDemoAndEndsWithTheCustomOne()
{
    QCOMPARE(providerPresets().first().provider.id, u"demo"_s);
    QCOMPARE(providerPresets().first().place, ProviderPreset::Place::BuiltIn);
    QCOMPARE(providerPresets().last().place, ProviderPreset::Place::Custom);
}

void TestPresets::everyIdIsThereOnce()
{
    QSet<QString> ids;
    for (const ProviderPreset &preset : providerPresets()) {
        QVERIFY2(!ids.contains(preset.provider.id), qPrintable(preset.provider.id));
        QVERIFY(!preset.provider.name.isEmpty());
        ids.insert(preset.provider.id);
    }
}

void TestPresets::everyAddressIsOneThatWeWouldSendAKeyTo()
{
    for (const ProviderPreset &preset : providerPresets()) {
        const bool hasAddress =
            preset.place == ProviderPreset::Place::Cloud || preset.place == ProviderPreset::Place::Local;
        QCOMPARE(!preset.provider.baseUrl.isEmpty(), hasAddress);
        if (!hasAddress)
            continue;
        const HttpRequest request{.url = preset.provider.baseUrl, .headers = {{"Authorization", "Bearer k"}}};
        QVERIFY2(!refusalOf(request), qPrintable(preset.provider.id));
        QCOMPARE(isLoopback(preset.provider.baseUrl), preset.place == ProviderPreset::Place::Local);
    }
}

void TestPresets::needsAKeyWhereItSaysWhereToGetOne()
{
    for (const ProviderPreset &preset : providerPresets()) {
        QCOMPARE(preset.provider.needsKey, preset.place == ProviderPreset::Place::Cloud);
        QCOMPARE(preset.keyPage.scheme() == "https"_L1, preset.provider.needsKey);
        QCOMPARE(!preset.keyVariable.isEmpty(), preset.provider.needsKey);
    }
}

void TestPresets::findsByIdOrNot()
{
    QCOMPARE(presetById(u"ollama")->provider.baseUrl, QUrl(u"http://127.0.0.1:11434/v1"_s));
    QVERIFY(!presetById(u"nobody"));
    QVERIFY(!presetById(u""));
}

void TestPresets::refusesAFileThatItDoesNotUnderstand_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("words");
    const QByteArray good = R"({"id":"a","name":"A","dialect":"openai-chat","place":"local"})";
    const auto row = [](const char *name, const QByteArray &json, const QString &words) {
        QTest::newRow(name) << json << words;
    };
    row("no JSON", "presets", u"array"_s);
    row("no array", good, u"array"_s);
    row("no name", R"([{"id":"a","dialect":"openai-chat","place":"local"}])", u"name"_s);
    row("a dialect of tomorrow", R"([{"id":"a","name":"A","dialect":"morse","place":"local"}])",
        u"dialect"_s);
    row("no place", R"([{"id":"a","name":"A","dialect":"openai-chat"}])", u"place"_s);
    row("a member of tomorrow",
        R"([{"id":"a","name":"A","dialect":"openai-chat","place":"local","proxy":"x"}])", u"proxy"_s);
    row("a number", R"([{"id":"a","name":"A","dialect":"openai-chat","place":"local","model":4}])",
        u"model"_s);
    row("twice", "[" + good + "," + good + "]", u"twice"_s);
    QCOMPARE(readPresets("[" + good + "]")->size(), 1);
}

void TestPresets::refusesAFileThatItDoesNotUnderstand()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, words);
    const auto presets = readPresets(json);
    QVERIFY(!presets);
    QVERIFY2(presets.error().contains(words), qPrintable(presets.error()));
}

QTEST_GUILESS_MAIN(TestPresets)
#include "tst_presets.moc"
