// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/paths.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qstandardpaths.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Below the generic places, not the program's own: both programs share their files.
QString below(QStandardPaths::StandardLocation place, QStringView folder)
{
    return QStandardPaths::writableLocation(place) + folder;
}

} // namespace

QString Paths::databaseFile() const
{
    return data + "/history.sqlite"_L1;
}

QString Paths::settingsFile() const
{
    return config + "/settings.json"_L1;
}

Paths pathsBelow(const QString &home)
{
    const QString root = QDir::cleanPath(QDir(home).absolutePath());
    return {root + "/data"_L1, root + "/config"_L1, root + "/log"_L1, root + "/cache"_L1};
}

Paths userPaths()
{
    const QString home = qEnvironmentVariable("RIVULET_HOME");
    if (!home.isEmpty())
        return pathsBelow(home);
    return {below(QStandardPaths::GenericDataLocation, u"/rivulet"),
            below(QStandardPaths::GenericConfigLocation, u"/rivulet"),
            below(QStandardPaths::GenericStateLocation, u"/rivulet/log"),
            below(QStandardPaths::GenericCacheLocation, u"/rivulet")};
}

std::expected<void, QString> createFolders(const Paths &paths)
{
    for (const QString &folder : {paths.data, paths.config, paths.log, paths.cache}) {
        if (QDir(folder).exists())
            continue;
        if (!QDir().mkpath(folder))
            return std::unexpected(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    return {};
}

} // namespace rivulet
