// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/settings.h"

#include <QtCore/qobject.h>
#include <QtCore/qrect.h>
#include <QtCore/qtimer.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <optional>

namespace rivulet {

/// The user's settings as the window sees them: read once, written back a moment after a change. GUI thread.
class Preferences : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(ColorMode colorMode READ colorMode WRITE setColorMode NOTIFY colorModeChanged FINAL)
    Q_PROPERTY(double zoom READ zoom WRITE setZoom NOTIFY zoomChanged FINAL)
    Q_PROPERTY(double minimumZoom READ minimumZoom CONSTANT FINAL)
    Q_PROPERTY(double maximumZoom READ maximumZoom CONSTANT FINAL)
    Q_PROPERTY(
        bool sidebarVisible READ isSidebarVisible WRITE setSidebarVisible NOTIFY sidebarVisibleChanged FINAL)

public:
    /// Light, dark, or what the system shows. In the order of Theme.Mode in QML.
    enum class ColorMode { System, Light, Dark };
    Q_ENUM(ColorMode)

    /// Reads the file at `path`.
    explicit Preferences(const QString &path, QObject *parent = nullptr);
    /// Writes what has not been written yet.
    ~Preferences() override;

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    /// Replaces all settings, and writes them soon.
    void update(const Settings &settings);

    [[nodiscard]] ColorMode colorMode() const;
    /// The user's choice; it ends a showAs().
    void setColorMode(ColorMode mode);
    /// Shows the window in that mode until the program ends; the setting stays as it is.
    void showAs(ColorMode mode);
    [[nodiscard]] double zoom() const;
    /// Clamped to what is readable.
    void setZoom(double zoom);
    [[nodiscard]] double minimumZoom() const { return Settings::MinZoom; }
    [[nodiscard]] double maximumZoom() const { return Settings::MaxZoom; }
    [[nodiscard]] bool isSidebarVisible() const;
    void setSidebarVisible(bool visible);

    /// What was wrong with the file when it was read, or when it was last written.
    [[nodiscard]] const std::optional<SettingsTrouble> &trouble() const { return m_trouble; }

Q_SIGNALS:
    void colorModeChanged();
    void zoomChanged();
    void sidebarVisibleChanged();
    void providersChanged();
    void troubleChanged();

private:
    void save();

    SettingsFile m_file;
    Settings m_settings;
    std::optional<SettingsTrouble> m_trouble;
    std::optional<ColorMode> m_shownAs;
    QTimer m_saveSoon;
};

} // namespace rivulet
