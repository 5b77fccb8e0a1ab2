// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/limitsettings.h"

#include <QtCore/qlocale.h>

#include <utility>

namespace rivulet {

namespace {

// Reads a count as people write it, with or without the separators of their language.
std::optional<int> countFrom(const QString &typed)
{
    bool ok = false;
    int count = QLocale().toInt(typed.trimmed(), &ok);
    if (!ok)
        count = QLocale::c().toInt(typed.trimmed(), &ok);
    return ok && count > 0 ? std::optional(count) : std::nullopt;
}

QString textOf(std::optional<int> count)
{
    return count ? QLocale::c().toString(*count).remove(u',') : QString();
}

} // namespace

void LimitSettings::show(const ProviderLimits &limits)
{
    m_limits = limits;
    m_requests = textOf(limits.requestsPerMinute);
    m_tokens = textOf(limits.tokensPerMinute);
    m_requestsProblem.clear();
    m_tokensProblem.clear();
    Q_EMIT changed();
}

void LimitSettings::setRequests(const QString &typed)
{
    if (std::exchange(m_requests, typed) != typed)
        read();
}

void LimitSettings::setTokens(const QString &typed)
{
    if (std::exchange(m_tokens, typed) != typed)
        read();
}

void LimitSettings::read()
{
    const auto take = [](const QString &typed, std::optional<int> &limit, QString &problem) {
        const auto count = countFrom(typed);
        const bool isEmpty = typed.trimmed().isEmpty();
        problem =
            count || isEmpty ? QString() : tr("Type a whole number above zero, or nothing for no limit.");
        if (count || isEmpty)
            limit = count;
    };
    const ProviderLimits before = m_limits;
    take(m_requests, m_limits.requestsPerMinute, m_requestsProblem);
    take(m_tokens, m_limits.tokensPerMinute, m_tokensProblem);
    Q_EMIT changed();
    if (m_limits != before)
        Q_EMIT edited();
}

} // namespace rivulet
