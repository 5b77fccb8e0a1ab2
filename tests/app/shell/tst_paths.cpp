// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/paths.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_Paths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("RIVULET_HOME"); }

    void rivuletHomeHoldsEverything()
    {
        qputenv("RIVULET_HOME", "/somewhere/else/");
        const Paths paths = userPaths();
        QCOMPARE(paths, pathsBelow(u"/somewhere/else"_s));
        for (const QString &folder : {paths.data, paths.config, paths.log, paths.cache})
            QVERIFY2(folder.startsWith("/somewhere/else/"_L1), qPrintable(folder));
    }

    void aRelativeHomeCountsFromTheWorkingFolder()
    {
        QCOMPARE(pathsBelow(u"here"_s).data, QDir::currentPath() + "/here/data"_L1);
    }

    void withoutItTheFoldersAreThePlatformsOwnAndNotThePrograms()
    {
        const QString program = QCoreApplication::applicationName();
        QCoreApplication::setApplicationName(u"some-program"_s);
        const auto restore = qScopeGuard([&] { QCoreApplication::setApplicationName(program); });
        const Paths paths = userPaths();
        for (const QString &folder : {paths.data, paths.config, paths.log, paths.cache}) {
            QVERIFY2(folder.contains("/rivulet"_L1), qPrintable(folder));
            QVERIFY2(!folder.contains("some-program"_L1), qPrintable(folder));
        }
    }

    void foldersAreMadeForThisUserAlone()
    {
        QTemporaryDir home;
        const Paths paths = pathsBelow(home.path());
        QVERIFY(createFolders(paths).has_value());
        QVERIFY(createFolders(paths).has_value());
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
            | QFile::WriteOther | QFile::ExeOther;
        for (const QString &folder : {paths.data, paths.config, paths.log, paths.cache}) {
            QVERIFY(QFileInfo(folder).isDir());
            QCOMPARE(QFile::permissions(folder) & others, QFile::Permissions());
        }
    }

    void aFolderThatCanNotBeMadeIsNamed()
    {
        QTemporaryDir home;
        QFile inTheWay(home.filePath(u"config"_s));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        const Paths paths = pathsBelow(home.path());
        const auto made = createFolders(paths);
        QVERIFY(!made);
        QCOMPARE(made.error(), paths.config);
    }
};

QTEST_GUILESS_MAIN(tst_Paths)
#include "tst_paths.moc"
