// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/qml/settingsstage.h"

#include "tests/support/faketransport.h"

#include <algorithm>

namespace rivulet::test {

using namespace Qt::StringLiterals;

namespace {

void answer(FakeExchange &exchange)
{
    const HttpRequest &request = exchange.request();
    if (request.url.host() != "works.example"_L1) {
        exchange.fail({.kind = NetError::Kind::Network, .message = u"Connection refused"_s});
        return;
    }
    const bool allowed = std::ranges::any_of(
        request.headers, [](const auto &header) { return header.second.contains("right"); });
    if (!allowed) {
        exchange.head(401, "application/json");
        exchange.bytes(R"({"error":{"message":"No such key"}})");
    } else if (request.url.path().endsWith("/models"_L1)) {
        exchange.head(200, "application/json");
        exchange.bytes(R"({"object":"list","data":[{"id":"small"},{"id":"large"}]})");
    } else {
        exchange.head();
        exchange.bytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n");
        exchange.bytes("data: [DONE]\n\n");
    }
    exchange.finish();
}

} // namespace

SettingsStage::SettingsStage(QObject *parent)
    : QObject(parent), m_preferences(m_folder.filePath(u"settings.json"_s)),
      m_providers(m_preferences, m_secrets, std::make_unique<FakeTransport>(&answer),
                  {.id = u"demo"_s, .name = u"Demo"_s, .baseUrl = QUrl(u"http://127.0.0.1:1/v1"_s)},
                  {.openBrowser = [this](const QUrl &page) { m_pages.append(page); }, .consent = &m_consent})
{}

void SettingsStage::clear()
{
    const QList<ProviderList::Entry> entries = m_providers.providers()->entries();
    for (const ProviderList::Entry &entry : entries)
        m_providers.remove(entry.provider.id);
}

int SettingsStage::pagesOpened() const
{
    return static_cast<int>(m_pages.size());
}

int SettingsStage::programsAsked() const
{
    return static_cast<int>(m_consent.asked.size());
}

QString SettingsStage::storedKey(const QString &providerId) const
{
    for (const auto &[name, secret] : m_secrets.keys) {
        if (name.provider == providerId)
            return QString::fromUtf8(secret.bytes());
    }
    return {};
}

void SettingsStage::keepSignIn(const QString &providerId)
{
    const QList<Provider> providers = m_preferences.settings().providers;
    const auto provider = std::ranges::find(providers, providerId, &Provider::id);
    m_secrets.keys.append({refreshTokenNameOf(*provider), Secret("refresh-token")});
}

} // namespace rivulet::test
