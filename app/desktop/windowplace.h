// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>

QT_FORWARD_DECLARE_CLASS(QWindow)

namespace rivulet {

class Preferences;

/// Where the window is: remembered as it is moved, and given back at the next start. GUI thread.
class WindowPlace : public QObject
{
    Q_OBJECT

public:
    /// The references outlive the object.
    WindowPlace(Preferences &preferences, QWindow &window, QObject *parent = nullptr);

    /// Shows the window where it was; at its own size in the middle, where that is on no screen any more.
    void restore();

private:
    void remember();

    Preferences &m_preferences;
    QWindow &m_window;
};

} // namespace rivulet
