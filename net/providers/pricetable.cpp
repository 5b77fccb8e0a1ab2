// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/pricetable.h"

#include "net/providers/presets.h"
#include "net/transport/requestrules.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qregularexpression.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A price is written in dollars for a million tokens.
constexpr double picodollarsPerToken = 1e6;

// Far above every list, and far below what a sum could not hold.
constexpr double highestPrice = 10'000;
constexpr qint64 mostTokens = 1'000'000'000;

constexpr std::array priceMembers{"provider"_L1, "models"_L1, "beyond"_L1,
                                  "input"_L1,    "output"_L1, "cached"_L1};

std::optional<qint64> priceFrom(const QJsonValue &value)
{
    const double dollars = value.toDouble(-1);
    if (!(dollars >= 0 && dollars <= highestPrice))
        return std::nullopt;
    return std::llround(dollars * picodollarsPerToken);
}

std::expected<PriceTable::Price, QString> priceOf(const QJsonObject &entry)
{
    for (auto member = entry.begin(); member != entry.end(); ++member) {
        if (std::ranges::find(priceMembers, member.key()) == priceMembers.end())
            return std::unexpected(u"it has a member \"%1\", which none has"_s.arg(member.key()));
    }
    PriceTable::Price price{.provider = entry["provider"_L1].toString(),
                            .beyond = entry["beyond"_L1].toInteger(0)};
    if (!presetById(price.provider))
        return std::unexpected(u"its provider is no preset"_s);
    const QJsonArray models = entry["models"_L1].toArray();
    for (const QJsonValueConstRef model : models)
        price.models.append(model.toString());
    if (price.models.isEmpty() || price.models.contains(QString()))
        return std::unexpected(u"it names no model"_s);
    const auto input = priceFrom(entry["input"_L1]);
    const auto output = priceFrom(entry["output"_L1]);
    const auto cached = entry.contains("cached"_L1) ? priceFrom(entry["cached"_L1]) : input;
    if (!input || !output || !cached)
        return std::unexpected(u"its price is none"_s);
    price.input = *input;
    price.output = *output;
    price.cached = *cached;
    return price;
}

// A service goes by its address: people rename it, and have it twice.
bool isOf(const Provider &provider, const QString &presetId)
{
    const auto preset = presetById(presetId);
    return preset && !preset->provider.baseUrl.isEmpty()
        && preset->provider.baseUrl.host() == provider.baseUrl.host();
}

// A model goes by its name alone: services add a folder, and the day or the number of a version.
QString nameOf(const QString &model)
{
    static const QRegularExpression version(u"(-\\d{8}|-\\d{4}-\\d{2}-\\d{2}|-\\d{3}|-latest)$"_s);
    QString name = model.sliced(model.lastIndexOf(u'/') + 1);
    return name.remove(version);
}

} // namespace

QString toDecimal(Cost cost)
{
    constexpr qint64 picodollarsPerMicrodollar = 1'000'000;
    constexpr qint64 microdollarsPerDollar = 1'000'000;
    const bool isNegative = cost.picodollars < 0;
    const qint64 magnitude = isNegative ? -cost.picodollars : cost.picodollars;
    const qint64 micro = (magnitude + picodollarsPerMicrodollar / 2) / picodollarsPerMicrodollar;
    const QString text = QString::number(micro / microdollarsPerDollar) + u'.'
        + QString::number(micro % microdollarsPerDollar).rightJustified(6, u'0');
    return isNegative && micro != 0 ? u'-' + text : text;
}

std::expected<PriceTable, QString> PriceTable::read(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return std::unexpected(u"the prices are no JSON object: "_s + error.errorString());
    PriceTable table;
    table.m_date = QDate::fromString(document["date"_L1].toString(), Qt::ISODate);
    if (!table.m_date.isValid())
        return std::unexpected(u"the prices have no date"_s);
    const QJsonArray entries = document["prices"_L1].toArray();
    for (const QJsonValueConstRef entry : entries) {
        auto price = priceOf(entry.toObject());
        if (!price)
            return std::unexpected(u"price %1: %2"_s.arg(table.m_prices.size() + 1).arg(price.error()));
        table.m_prices.append(*std::move(price));
    }
    return table;
}

std::optional<Cost> PriceTable::cost(const Provider &provider, const QString &model, const Usage &usage) const
{
    if (!usage.inputTokens || !usage.outputTokens || !provider.program.isEmpty()
        || isLoopback(provider.baseUrl))
        return std::nullopt;
    const QString name = nameOf(model);
    const auto fits = [&](const Price &price) {
        return price.models.contains(name) && (price.beyond == 0 || *usage.inputTokens > price.beyond)
            && isOf(provider, price.provider);
    };
    const auto price = std::ranges::find_if(m_prices, fits);
    if (price == m_prices.end())
        return std::nullopt;
    // Counts come from servers, and a sum must hold whatever they say.
    const qint64 input = std::clamp<qint64>(*usage.inputTokens, 0, mostTokens);
    const qint64 cached = std::clamp<qint64>(usage.cachedTokens.value_or(0), 0, input);
    const qint64 output = std::clamp<qint64>(*usage.outputTokens, 0, mostTokens);
    return Cost{(input - cached) * price->input + cached * price->cached + output * price->output};
}

const PriceTable &priceTable()
{
    static const PriceTable table = [] {
        // The presets' resource is the prices' too, and asking for them sees to it that it is there.
        (void)providerPresets();
        QFile file(u":/rivulet/providers/prices.json"_s);
        const bool isOpen = file.open(QIODevice::ReadOnly);
        Q_ASSERT(isOpen);
        auto read = PriceTable::read(isOpen ? file.readAll() : QByteArray());
        if (!read)
            qFatal("%s", qPrintable(read.error()));
        return *std::move(read);
    }();
    return table;
}

} // namespace rivulet
