// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/usage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <expected>
#include <optional>

namespace rivulet {

struct Provider;

/// An amount of money, exact: tokens cost fractions of a cent, and many of them are added up.
struct Cost
{
    qint64 picodollars = 0; ///< millionths of a millionth of a US dollar

    friend auto operator<=>(const Cost &, const Cost &) = default;
    friend Cost operator+(Cost a, Cost b) { return {a.picodollars + b.picodollars}; }
};

/// The amount in US dollars as a decimal number in the C locale, rounded to millionths, such as "0.001234".
[[nodiscard]] RIVULET_NET_EXPORT QString toDecimal(Cost cost);

/// What the services of the presets list for their models. Prices change, and discounts are not known here:
/// what it says is an estimate as of date(). A value; any thread.
class RIVULET_NET_EXPORT PriceTable
{
public:
    /// What a million tokens of some models cost, in picodollars a token.
    struct Price
    {
        QString provider;   ///< ProviderPreset's id: the same service under another name costs the same
        QStringList models; ///< without their dates
        qint64 beyond = 0;  ///< for prompts that are longer than so many tokens
        qint64 input = 0;
        qint64 output = 0;
        qint64 cached = 0; ///< of the prompt, where the server had read it before

        friend bool operator==(const Price &, const Price &) = default;
    };

    /// The table that a file in the form of resources/providers/prices.json holds; what is wrong with it, for
    /// whoever wrote it, where it is none.
    [[nodiscard]] static std::expected<PriceTable, QString> read(const QByteArray &json);

    /// What `usage` has cost, by the list. Empty where nobody knows: another service, another model, counts
    /// that the server did not name; and where nobody is to be paid, as on this computer.
    [[nodiscard]] std::optional<Cost> cost(const Provider &provider, const QString &model,
                                           const Usage &usage) const;

    /// The day on which these were the prices.
    [[nodiscard]] QDate date() const { return m_date; }
    [[nodiscard]] const QList<Price> &prices() const { return m_prices; }

private:
    QDate m_date;
    QList<Price> m_prices; ///< the first one that fits counts
};

/// The built-in table.
[[nodiscard]] RIVULET_NET_EXPORT const PriceTable &priceTable();

} // namespace rivulet
