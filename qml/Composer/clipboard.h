// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// The text that would be pasted, so that the composer can look at it before a text field lays it out.
/// GUI thread.
class Clipboard : public QObject
{
    Q_OBJECT
    QML_ELEMENT

public:
    /// Which of the system's two; only X11 and Wayland have the second.
    enum class Source { Copied, Selected };
    Q_ENUM(Source)

    using QObject::QObject;

    /// Empty where there is none, or something that is no text.
    Q_INVOKABLE [[nodiscard]] QString text(rivulet::Clipboard::Source source) const;
};

} // namespace rivulet
