// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// What QML can not ask the system about its fonts. GUI thread.
class SystemFonts : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString fixedFamily READ fixedFamily CONSTANT FINAL)

public:
    using QObject::QObject;

    /// The family that the system uses for code.
    [[nodiscard]] QString fixedFamily() const;
};

} // namespace rivulet
