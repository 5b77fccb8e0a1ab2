// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qurl.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// A link out of a model's text, judged before anybody follows it: where it really leads, and whether it
/// may be followed at all. A value; in QML it is the value type `link`.
class RIVULET_MODELS_EXPORT Link
{
    Q_GADGET
    QML_VALUE_TYPE(link)
    Q_PROPERTY(bool allowed READ isAllowed FINAL)
    Q_PROPERTY(QString host READ host FINAL)
    Q_PROPERTY(QString address READ address FINAL)

public:
    Link() = default;
    /// Judges a target as it was written. Only http, https and mailto are allowed, with a host or an
    /// address, and without user info, which serves to make one host look like another.
    explicit Link(const QString &target);

    [[nodiscard]] bool isAllowed() const { return m_url.isValid() && !m_url.isEmpty(); }
    /// The host it leads to, internationalized names in their ASCII form, so that none looks like another;
    /// the recipient of a mail.
    [[nodiscard]] QString host() const;
    /// The whole address, percent-encoded.
    [[nodiscard]] QString address() const;
    /// What to open; empty where it is not allowed.
    [[nodiscard]] const QUrl &url() const { return m_url; }

    friend bool operator==(const Link &, const Link &) = default;

private:
    QUrl m_url;
};

} // namespace rivulet
