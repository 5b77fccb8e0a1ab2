// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/provider.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qrect.h>
#include <QtCore/qstringlist.h>

#include <expected>
#include <optional>

namespace rivulet {

struct ProcessRequest;

/// A local program that people have allowed to run.
struct AllowedProgram
{
    QString program;       ///< absolute path
    QStringList arguments; ///< of its provider
    QString folder;        ///< where it runs; empty for the home folder

    friend bool operator==(const AllowedProgram &, const AllowedProgram &) = default;
};

/// What people are asked about before `request` runs: without what the protocol adds to the arguments.
[[nodiscard]] AllowedProgram allowedProgramOf(const ProcessRequest &request);

/// What the user chose. Every member has a default that works; no secret is ever among them.
struct Settings
{
    enum class Theme { System, Light, Dark };
    static constexpr double MinZoom = 0.5;
    static constexpr double MaxZoom = 3.0;

    Theme theme = Theme::System;
    double zoom = 1.0;           ///< scales all of the window, from MinZoom to MaxZoom
    std::optional<QRect> window; ///< where the window was while it was not maximized; empty at first
    bool windowMaximized = false;
    bool sidebarVisible = true;
    QString currentProvider;   ///< the id of a provider in the list; empty means the built-in demo
    QList<Provider> providers; ///< the user's own, in the order of the list; ids are unique
    QList<AllowedProgram> allowedPrograms; ///< what may run without being asked about

    /// The current provider, where it is one of the list.
    [[nodiscard]] std::optional<Provider> provider() const;

    friend bool operator==(const Settings &, const Settings &) = default;
};

/// What was wrong with a settings file. Whatever it is, the program runs on with what could be used.
struct SettingsTrouble
{
    enum class Kind {
        FieldsIgnored, ///< some values made no sense and have their defaults
        MovedAside,    ///< the file was nonsense: it is now `movedTo`, and everything has its default
        Unreadable,    ///< the file can be neither read nor moved: defaults, and nothing will be saved
        NotSaved,      ///< the last change could not be written; it holds until the program ends
    };
    Kind kind = Kind::FieldsIgnored;
    QStringList fields; ///< where FieldsIgnored: their names, such as "providers[1].url"
    QString movedTo;    ///< where MovedAside
    QString detail;     ///< the system's or the parser's words, for the details view and the log

    friend bool operator==(const SettingsTrouble &, const SettingsTrouble &) = default;
};

/// What load() found.
struct LoadedSettings
{
    Settings settings;
    std::optional<SettingsTrouble> trouble;

    friend bool operator==(const LoadedSettings &, const LoadedSettings &) = default;
};

/// The settings on disk: JSON, read with tolerance and replaced as a whole, so that a crash leaves the old
/// file or the new one. What it does not know (a later version wrote it) it keeps as it was. One thread.
class SettingsFile
{
public:
    /// Nothing is read yet.
    explicit SettingsFile(QString path);

    [[nodiscard]] const QString &path() const { return m_path; }

    /// Reads the file. A missing one gives the defaults, and that is no trouble.
    [[nodiscard]] LoadedSettings load();

    /// Replaces the file. Call load() first: it knows what has to be kept.
    [[nodiscard]] std::expected<void, SettingsTrouble> save(const Settings &settings);

private:
    QString m_path;
    QJsonObject m_document;         ///< as last read or written
    QList<QJsonObject> m_strangers; ///< entries of "providers" that were not understood
    std::optional<SettingsTrouble> m_unreadable;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::Settings)
