// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/fallbacksettings.h"

#include "net/providers/presets.h"

#include <QtCore/qlocale.h>

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

// Whoever waits for longer has gone.
constexpr int mostSeconds = 3600;

} // namespace

void FallbackSettings::show(const Provider &provider, const QList<Provider> &all)
{
    m_rule = provider.fallback;
    m_choices.clear();
    for (const Provider &other : all) {
        if (other.id != provider.id)
            m_choices.append({other.id, other.name});
    }
    if (!m_rule.id.isEmpty() && !std::ranges::contains(m_choices, m_rule.id, &Choice::id)) {
        // The built-in server is not among the user's own, and answers all the same.
        const auto preset = presetById(m_rule.id);
        const bool isBuiltIn = preset && preset->place == ProviderPreset::Place::BuiltIn;
        m_choices.append(
            {m_rule.id, isBuiltIn ? preset->provider.name : tr("%1 (no longer there)").arg(m_rule.id)});
    }
    m_seconds = QString::number(std::chrono::duration_cast<std::chrono::seconds>(m_rule.after).count());
    m_secondsProblem.clear();
    Q_EMIT changed();
}

QStringList FallbackSettings::choices() const
{
    QStringList names{tr("Nobody")};
    for (const Choice &choice : m_choices)
        names.append(choice.name);
    return names;
}

int FallbackSettings::choice() const
{
    const auto found = std::ranges::find(m_choices, m_rule.id, &Choice::id);
    return found == m_choices.cend() ? 0 : static_cast<int>(found - m_choices.cbegin()) + 1;
}

void FallbackSettings::setChoice(int choice)
{
    if (choice < 0 || choice > m_choices.size() || choice == this->choice())
        return;
    m_rule.id = choice == 0 ? QString() : m_choices.at(choice - 1).id;
    Q_EMIT changed();
    Q_EMIT edited();
}

void FallbackSettings::setSeconds(const QString &typed)
{
    if (std::exchange(m_seconds, typed) == typed)
        return;
    bool isNumber = false;
    const int seconds = QLocale().toInt(typed.trimmed(), &isNumber);
    const bool isGood = isNumber && seconds > 0 && seconds <= mostSeconds;
    m_secondsProblem =
        isGood ? QString() : tr("Type a whole number of seconds from 1 to %1.").arg(mostSeconds);
    const auto before = m_rule.after;
    if (isGood)
        m_rule.after = std::chrono::seconds(seconds);
    Q_EMIT changed();
    if (m_rule.after != before)
        Q_EMIT edited();
}

} // namespace rivulet
