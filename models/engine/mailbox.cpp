// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/engine/mailbox.h"

#include <utility>

namespace rivulet {

Mailbox::Mailbox(std::function<void(Urgency)> wake) : m_wake(std::move(wake)) {}

void Mailbox::post(TurnMail mail, Urgency urgency)
{
    bool tell = false;
    {
        const QMutexLocker lock(&m_mutex);
        tell = m_mail.isEmpty() || (urgency == Urgency::Now && !m_urgent);
        m_urgent = m_urgent || urgency == Urgency::Now;
        const bool sameTurn = !m_mail.isEmpty() && m_mail.constLast().turn == mail.turn;
        auto *waiting = sameTurn ? std::get_if<StreamEvents>(&m_mail.last().what) : nullptr;
        auto *more = std::get_if<StreamEvents>(&mail.what);
        if (waiting && more && !waiting->isEmpty()) {
            // Only the seam can join: both sides are joined already, and a long wait must not be walked
            // again.
            StreamEvents seam{waiting->takeLast()};
            seam += std::move(*more);
            coalesce(seam);
            waiting->append(std::move(seam));
        } else {
            m_mail.append(std::move(mail));
        }
    }
    if (tell)
        m_wake(urgency);
}

QList<TurnMail> Mailbox::take()
{
    const QMutexLocker lock(&m_mutex);
    m_urgent = false;
    return std::exchange(m_mail, {});
}

} // namespace rivulet
