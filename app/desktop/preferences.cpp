// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/preferences.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rivulet {

using namespace std::chrono_literals;

namespace {

// Long enough for one drag of a slider to become one write.
constexpr auto saveDelay = 400ms;

} // namespace

Preferences::Preferences(const QString &path, QObject *parent) : QObject(parent), m_file(path)
{
    LoadedSettings loaded = m_file.load();
    m_settings = std::move(loaded.settings);
    m_trouble = std::move(loaded.trouble);
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(saveDelay);
    connect(&m_saveSoon, &QTimer::timeout, this, &Preferences::save);
}

Preferences::~Preferences()
{
    if (m_saveSoon.isActive())
        save();
}

void Preferences::update(const Settings &settings)
{
    if (settings == m_settings)
        return;
    const Settings before = std::exchange(m_settings, settings);
    m_saveSoon.start();
    if (before.theme != settings.theme)
        Q_EMIT colorModeChanged();
    if (!qFuzzyCompare(before.zoom, settings.zoom))
        Q_EMIT zoomChanged();
    if (before.sidebarVisible != settings.sidebarVisible)
        Q_EMIT sidebarVisibleChanged();
    if (before.providers != settings.providers || before.currentProvider != settings.currentProvider)
        Q_EMIT providersChanged();
}

Preferences::ColorMode Preferences::colorMode() const
{
    if (m_shownAs)
        return *m_shownAs;
    switch (m_settings.theme) {
    case Settings::Theme::System:
        return ColorMode::System;
    case Settings::Theme::Light:
        return ColorMode::Light;
    case Settings::Theme::Dark:
        return ColorMode::Dark;
    }
    return ColorMode::System;
}

void Preferences::showAs(ColorMode mode)
{
    m_shownAs = mode;
    Q_EMIT colorModeChanged();
}

void Preferences::setColorMode(ColorMode mode)
{
    if (m_shownAs.has_value()) {
        m_shownAs.reset();
        Q_EMIT colorModeChanged();
    }
    Settings settings = m_settings;
    switch (mode) {
    case ColorMode::System:
        settings.theme = Settings::Theme::System;
        break;
    case ColorMode::Light:
        settings.theme = Settings::Theme::Light;
        break;
    case ColorMode::Dark:
        settings.theme = Settings::Theme::Dark;
        break;
    }
    update(settings);
}

double Preferences::zoom() const
{
    return m_settings.zoom;
}

void Preferences::setZoom(double zoom)
{
    Settings settings = m_settings;
    settings.zoom = std::clamp(zoom, Settings::MinZoom, Settings::MaxZoom);
    update(settings);
}

bool Preferences::isSidebarVisible() const
{
    return m_settings.sidebarVisible;
}

void Preferences::setSidebarVisible(bool visible)
{
    Settings settings = m_settings;
    settings.sidebarVisible = visible;
    update(settings);
}

void Preferences::save()
{
    m_saveSoon.stop();
    const auto saved = m_file.save(m_settings);
    const std::optional<SettingsTrouble> trouble = saved ? std::nullopt : std::optional(saved.error());
    if (std::exchange(m_trouble, trouble) != trouble)
        Q_EMIT troubleChanged();
}

} // namespace rivulet
