// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/provider.h"

#include <QtCore/qobject.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// How much a server may be asked, under the user's hands. What is valid is taken at once; what is not is
/// shown with what is wrong with it, and the last good value stays. GUI thread.
class LimitSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(QString requests READ requests WRITE setRequests NOTIFY changed FINAL)
    Q_PROPERTY(QString requestsProblem READ requestsProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString tokens READ tokens WRITE setTokens NOTIFY changed FINAL)
    Q_PROPERTY(QString tokensProblem READ tokensProblem NOTIFY changed FINAL)

public:
    using QObject::QObject;

    void show(const ProviderLimits &limits);
    [[nodiscard]] const ProviderLimits &limits() const { return m_limits; }

    /// The counts for a minute as they were typed; empty for no limit.
    [[nodiscard]] QString requests() const { return m_requests; }
    void setRequests(const QString &typed);
    [[nodiscard]] QString tokens() const { return m_tokens; }
    void setTokens(const QString &typed);
    /// What is wrong with them, in words; empty while nothing is.
    [[nodiscard]] QString requestsProblem() const { return m_requestsProblem; }
    [[nodiscard]] QString tokensProblem() const { return m_tokensProblem; }

Q_SIGNALS:
    /// Something that is shown has changed.
    void changed();
    /// The user has changed limits().
    void edited();

private:
    void read();

    ProviderLimits m_limits;
    QString m_requests;
    QString m_tokens;
    QString m_requestsProblem;
    QString m_tokensProblem;
};

} // namespace rivulet
