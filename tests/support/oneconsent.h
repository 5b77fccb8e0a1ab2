// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/programconsent.h"

#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>

#include <functional>
#include <utility>

namespace rivulet::test {

/// A ProgramConsent with one answer for everybody, given from the event loop or when the test says so.
class OneConsent : public ProgramConsent
{
public:
    explicit OneConsent(bool allows, bool atOnce = true) : m_allows(allows), m_atOnce(atOnce) {}

    void ask(const ProcessRequest &request, QObject *context, std::function<void(bool)> done) override
    {
        asked.append(request);
        m_pending = [context = QPointer(context), done = std::move(done), allows = m_allows] {
            if (context)
                done(allows);
        };
        if (m_atOnce)
            QMetaObject::invokeMethod(context, [this] { answer(); }, Qt::QueuedConnection);
    }

    void setAllows(bool allows) { m_allows = allows; }

    /// Gives the answer that the last one waits for.
    void answer()
    {
        if (const auto pending = std::exchange(m_pending, nullptr))
            pending();
    }

    QList<ProcessRequest> asked;

private:
    bool m_allows;
    bool m_atOnce;
    std::function<void()> m_pending;
};

} // namespace rivulet::test
