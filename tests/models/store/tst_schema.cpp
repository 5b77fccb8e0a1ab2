// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/database.h"
#include "models/store/schema.h"
#include "tests/models/store/oldversions.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

class tst_Schema : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    static void everyOldVersion()
    {
        QTest::addColumn<int>("version");
        for (int version = 1; version < schemaVersion; ++version)
            QTest::addRow("version %d", version) << version;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void anOldFileIsBroughtUpToDate_data() { everyOldVersion(); }

    void anOldFileIsBroughtUpToDate()
    {
        QFETCH(int, version);
        QVERIFY(writeVersion(path(), version));
        Message running = cutOffOfAnyVersion();
        {
            SqliteStore store(path());
            QCOMPARE_EQ(messageOf(store, 1, 3), answerOfVersion(version));
            QCOMPARE_EQ(messageOf(store, 1, 4), running);
            QCOMPARE_EQ(await(store.unsent(ConversationId{1})).value(), unsentOfVersion(version));
            ConversationSummary summary = conversation(1);
            QCOMPARE_EQ(await(store.conversations()).value(), QList{summary});

            // And from then on it keeps what it could not keep before.
            running.parts = everyPart();
            running.session = u"thread-2"_s;
            store.putMessage(running);
            store.putUnsent(ConversationId{1}, {.draft = u"and"_s});
            summary.pinned = true;
            store.putConversation(summary);
        }
        SqliteStore store(path());
        QVERIFY(await(store.conversations())->constFirst().pinned);
        QCOMPARE_EQ(messageOf(store, 1, 4), running);
        QCOMPARE_EQ(messageOf(store, 1, 3), answerOfVersion(version));
        QCOMPARE(await(store.unsent(ConversationId{1}))->draft, u"and"_s);
        OtherConnection file(path());
        QCOMPARE(file.value(u"PRAGMA user_version"_s), schemaVersion);
        QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    }

    void anOldFileHasTheSchemaOfANewOneThen_data() { everyOldVersion(); }

    void anOldFileHasTheSchemaOfANewOneThen()
    {
        QFETCH(int, version);
        QVERIFY(writeVersion(path(), version));
        const QString fresh = m_folder->filePath(u"new.db"_s);
        const auto columns = [](const QString &file) {
            {
                SqliteStore store(file);
                [[maybe_unused]] const auto opened = await(store.conversations());
            }
            return OtherConnection(file).value(
                u"SELECT group_concat(t.name || '.' || c.name || ' ' || c.type, ', ') FROM "
                "(SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name) AS t, "
                "pragma_table_info(t.name) AS c ORDER BY t.name, c.cid"_s);
        };
        const QVariant expected = columns(fresh);
        QVERIFY(expected.toString().contains(u"unsent.draft"_s));
        QCOMPARE(columns(path()), expected);
    }

    void anOldFileThatCanOnlyBeReadIsRead_data() { everyOldVersion(); }

    void anOldFileThatCanOnlyBeReadIsRead()
    {
        QFETCH(int, version);
        QVERIFY(writeVersion(path(), version));
        const auto database = Database::open(path(), Database::Access::ReadOnly, 1s);
        QVERIFY(database.has_value());
        QCOMPARE_EQ((*database)->conversations().value(), QList{conversation(1)});
        const auto messages = (*database)->messages(ConversationId{1});
        QVERIFY(messages.has_value());
        QCOMPARE(messages->size(), 3);
        QCOMPARE_EQ(messages->at(1), answerOfVersion(version));
        QCOMPARE(messages->at(2).text(), u"so far"_s);
        QCOMPARE_EQ((*database)->unsent(ConversationId{1}).value(), unsentOfVersion(version));
        OtherConnection file(path());
        QCOMPARE(file.value(u"PRAGMA user_version"_s), version);
    }

    void tablesThatAreNotThoseOfTheVersionAreDamage_data() { everyOldVersion(); }

    void tablesThatAreNotThoseOfTheVersionAreDamage()
    {
        QFETCH(int, version);
        QVERIFY(writeVersion(path(), version));
        {
            OtherConnection file(path());
            QVERIFY(file.exec(u"PRAGMA user_version = %1"_s.arg(schemaVersion)));
        }
        const auto database = Database::open(path(), Database::Access::ReadWrite, 1s);
        QVERIFY(!database.has_value());
        QCOMPARE_EQ(database.error().kind, StoreError::Kind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(tst_Schema)
#include "tst_schema.moc"
