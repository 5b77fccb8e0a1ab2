// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qstringlist.h>
#include <QtTest/qtestcase.h>

/// Leaves the test function with a skip that says how to get the recorded streams, where they are missing.
/// They are not part of the repository: what only they can show is tested only where they are.
#define RIVULET_REQUIRE_FIXTURES()                                                                           \
    do {                                                                                                     \
        if (!QDir(rivulet::test::fixturesDir()).exists())                                                    \
            QSKIP(qPrintable(QStringLiteral("NO RECORDED STREAMS: nothing at %1. Set RIVULET_FIXTURES to "   \
                                            "the folder that holds them; until then this is not tested.")    \
                                 .arg(rivulet::test::fixturesDir())));                                       \
    } while (false)

namespace rivulet::test {

/// Where the recorded streams are expected: RIVULET_FIXTURES, else shared/fixtures beside the source tree.
/// The folder need not exist.
[[nodiscard]] inline QString fixturesDir()
{
    const QString chosen = qEnvironmentVariable("RIVULET_FIXTURES");
    return QDir::cleanPath(chosen.isEmpty() ? QStringLiteral(RIVULET_SOURCE_DIR "/../shared/fixtures")
                                            : chosen);
}

/// The whole content of a file; fails the running test where it cannot be read.
[[nodiscard]] inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::qFail(qPrintable(QStringLiteral("cannot read %1: %2").arg(path, file.errorString())), __FILE__,
                     __LINE__);
        return {};
    }
    return file.readAll();
}

/// One recorded stream by its path below fixturesDir(), such as "sse-parser/x.sse".
[[nodiscard]] inline QByteArray fixture(const QString &path)
{
    return readFile(fixturesDir() + u'/' + path);
}

/// The paths below fixturesDir() of the files in `folder` that match one of the wildcards, sorted by name.
[[nodiscard]] inline QStringList fixtureFiles(const QString &folder, const QStringList &wildcards)
{
    QStringList paths = QDir(fixturesDir() + u'/' + folder).entryList(wildcards, QDir::Files, QDir::Name);
    for (QString &path : paths)
        path.prepend(folder + u'/');
    return paths;
}

} // namespace rivulet::test
