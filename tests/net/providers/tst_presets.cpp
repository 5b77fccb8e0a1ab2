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
        QCOMPARE(preset.keyVariable.endsWith("_API_KEY"_L1), preset.provider.needsKey);
    }
}

void TestPresets::findsByIdOrNot()
{
    QCOMPARE(presetById(u"ollama")->provider.baseUrl, QUrl(u"http://127.0.0.1:11434/v1"_s));
    QVERIFY(!presetById(u"nobody"));
    QVERIFY(!presetById(u""));
}

QTEST_GUILESS_MAIN(TestPresets)
#include "tst_presets.moc"
