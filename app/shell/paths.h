// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

#include <expected>

namespace rivulet {

/// Where this user's files are. A value, so that a test or a program can have its own.
struct Paths
{
    QString data;   ///< conversations: what must never be lost
    QString config; ///< settings
    QString log;    ///< the rotating log
    QString cache;  ///< what can be made again

    [[nodiscard]] QString databaseFile() const;
    [[nodiscard]] QString settingsFile() const;

    friend bool operator==(const Paths &, const Paths &) = default;
};

/// All folders below one, as RIVULET_HOME asks for. A relative `home` counts from the working folder.
[[nodiscard]] Paths pathsBelow(const QString &home);

/// Below RIVULET_HOME where it is set, else the platform's own places. Creates nothing.
[[nodiscard]] Paths userPaths();

/// Creates the folders that are missing, for this user alone (0700). The error is the path of the folder
/// that can not be made.
[[nodiscard]] std::expected<void, QString> createFolders(const Paths &paths);

} // namespace rivulet
