// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/preferences.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class PreferencesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void what_was_chosen_is_there_at_the_next_start()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        {
            Preferences preferences(path);
            preferences.setColorMode(Preferences::ColorMode::Dark);
            preferences.setZoom(1.5);
            preferences.setSidebarVisible(false);
        }
        const Preferences again(path);
        QCOMPARE(again.colorMode(), Preferences::ColorMode::Dark);
        QCOMPARE(again.zoom(), 1.5);
        QVERIFY(!again.isSidebarVisible());
    }

    void a_mode_for_one_start_is_not_kept()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        {
            Preferences preferences(path);
            preferences.setColorMode(Preferences::ColorMode::Light);
            preferences.showAs(Preferences::ColorMode::Dark);
            QCOMPARE(preferences.colorMode(), Preferences::ColorMode::Dark);
        }
        QCOMPARE(Preferences(path).colorMode(), Preferences::ColorMode::Light);
    }

    void zoom_stays_readable()
    {
        const QTemporaryDir folder;
        Preferences preferences(folder.filePath(u"settings.json"_s));
        preferences.setZoom(100);
        QCOMPARE(preferences.zoom(), Settings::MaxZoom);
        preferences.setZoom(0);
        QCOMPARE(preferences.zoom(), Settings::MinZoom);
    }

    void only_what_changed_is_told()
    {
        const QTemporaryDir folder;
        Preferences preferences(folder.filePath(u"settings.json"_s));
        QSignalSpy zoom(&preferences, &Preferences::zoomChanged);
        QSignalSpy color(&preferences, &Preferences::colorModeChanged);
        preferences.setZoom(2);
        preferences.setZoom(2);
        QCOMPARE(zoom.count(), 1);
        QCOMPARE(color.count(), 0);
    }

    void a_file_of_nonsense_leaves_the_defaults_and_is_told()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("\x00\xff nonsense");
        file.close();
        const Preferences preferences(path);
        QCOMPARE(preferences.settings(), Settings());
        QVERIFY(preferences.trouble());
        QCOMPARE(preferences.trouble()->kind, SettingsTrouble::Kind::MovedAside);
    }

    void a_change_that_can_not_be_written_is_told_and_holds_for_now()
    {
        const QTemporaryDir folder;
        // A folder stands where the file should be.
        QVERIFY(QDir(folder.path()).mkpath(u"blocked/settings.json"_s));
        Preferences preferences(folder.filePath(u"blocked/settings.json"_s));
        QSignalSpy trouble(&preferences, &Preferences::troubleChanged);
        preferences.setZoom(2);
        QTRY_VERIFY(preferences.trouble());
        QCOMPARE(preferences.zoom(), 2);
    }
};

QTEST_GUILESS_MAIN(PreferencesTest)
#include "tst_preferences.moc"
