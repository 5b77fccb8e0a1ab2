// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/windowplace.h"

#include "app/desktop/preferences.h"

#include <QtGui/qguiapplication.h>
#include <QtGui/qscreen.h>
#include <QtGui/qwindow.h>

#include <algorithm>

namespace rivulet {

WindowPlace::WindowPlace(Preferences &preferences, QWindow &window, QObject *parent)
    : QObject(parent), m_preferences(preferences), m_window(window)
{}

void WindowPlace::restore()
{
    const auto &last = m_preferences.settings().window;
    const bool onScreen =
        last && std::ranges::any_of(QGuiApplication::screens(), [&last](const QScreen *screen) {
            return screen->availableGeometry().contains(last->center());
        });
    if (onScreen)
        m_window.setGeometry(*last);
    if (m_preferences.settings().windowMaximized)
        m_window.showMaximized();
    else
        m_window.show();
    for (const auto change :
         {&QWindow::xChanged, &QWindow::yChanged, &QWindow::widthChanged, &QWindow::heightChanged})
        connect(&m_window, change, this, &WindowPlace::remember);
    connect(&m_window, &QWindow::visibilityChanged, this, &WindowPlace::remember);
}

void WindowPlace::remember()
{
    Settings settings = m_preferences.settings();
    if (m_window.visibility() == QWindow::Windowed)
        settings.window = m_window.geometry();
    if (m_window.visibility() == QWindow::Windowed || m_window.visibility() == QWindow::Maximized)
        settings.windowMaximized = m_window.visibility() == QWindow::Maximized;
    m_preferences.update(settings);
}

} // namespace rivulet
