// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/replicalist.h"

#include "app/shell/secretstore.h"
#include "tests/support/sessionsecrets.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const Provider server{.id = u"team"_s, .baseUrl = QUrl(u"https://one.example/v1"_s)};

struct Stage
{
    explicit Stage(const QList<Replica> &replicas = {})
    {
        Provider provider = server;
        provider.replicas = replicas;
        list.show(provider);
    }

    [[nodiscard]] QVariant at(int row, ReplicaList::Role role) const
    {
        return list.data(list.index(row), std::to_underlying(role));
    }

    SessionSecrets secrets;
    ReplicaList list{secrets};
    QAbstractItemModelTester tester{&list};
    QSignalSpy edited{&list, &ReplicaList::edited};
};

// What the store holds under that name.
QByteArray keyOf(SecretStore &secrets, const SecretName &name)
{
    auto reading = secrets.read(name);
    reading.waitForFinished();
    return reading.takeResult().bytes();
}

} // namespace

class ReplicaListTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_new_row_is_kept_once_it_has_an_address()
    {
        Stage stage;
        stage.list.append();
        QCOMPARE(stage.list.count(), 1);
        QVERIFY(stage.list.replicas().isEmpty());
        QCOMPARE(stage.edited.count(), 0);

        stage.list.setAddress(0, u"two.example/v1/"_s);
        QCOMPARE(stage.edited.count(), 1);
        QCOMPARE(stage.list.replicas(),
                 (QList<Replica>{{.id = u"2"_s, .baseUrl = QUrl(u"https://two.example/v1"_s)}}));
    }

    void a_new_row_is_kept_once_it_has_a_key_of_its_own()
    {
        Stage stage;
        stage.list.append();
        stage.list.setKey(0, u" second-key "_s);
        QTRY_COMPARE(stage.edited.count(), 1);
        QCOMPARE(stage.list.replicas(), QList<Replica>{{.id = u"2"_s}});
        QVERIFY(stage.at(0, ReplicaList::Role::Stored).toBool());
        QCOMPARE(keyOf(stage.secrets, {u"team/2"_s, u"https://one.example:443"_s}), "second-key"_ba);
        QVERIFY(keyOf(stage.secrets, secretNameOf(server)).isEmpty());
    }

    void an_address_that_is_none_is_shown_with_what_is_wrong_and_the_last_good_one_stays()
    {
        const Replica replica{.id = u"west"_s, .baseUrl = QUrl(u"https://two.example/v1"_s)};
        Stage stage({replica});
        stage.list.setAddress(0, u"ftp://two.example"_s);
        QVERIFY(!stage.at(0, ReplicaList::Role::Problem).toString().isEmpty());
        QCOMPARE(stage.at(0, ReplicaList::Role::Address).toString(), u"ftp://two.example"_s);
        QCOMPARE(stage.list.replicas(), QList{replica});
        QCOMPARE(stage.edited.count(), 0);
    }

    void a_key_belongs_to_its_address()
    {
        Stage stage({{.id = u"west"_s, .baseUrl = QUrl(u"https://two.example/v1"_s)}});
        stage.list.setKey(0, u"key"_s);
        QTRY_VERIFY(stage.at(0, ReplicaList::Role::Stored).toBool());
        stage.list.setAddress(0, u"https://three.example/v1"_s);
        QVERIFY(!stage.at(0, ReplicaList::Role::Stored).toBool());
    }

    void a_kept_row_stays_though_its_key_is_gone()
    {
        const QList<Replica> kept{{.id = u"2"_s}, {.id = u"3"_s}};
        Stage stage(kept);
        stage.list.setKey(1, u"key"_s);
        QTRY_VERIFY(stage.at(1, ReplicaList::Role::Stored).toBool());
        QCOMPARE(stage.list.replicas(), kept);
    }

    void a_removed_row_takes_its_key_along()
    {
        Stage stage({{.id = u"2"_s}, {.id = u"3"_s, .baseUrl = QUrl(u"https://three.example/v1"_s)}});
        stage.list.setKey(0, u"key"_s);
        QTRY_VERIFY(stage.at(0, ReplicaList::Role::Stored).toBool());
        stage.list.remove(0);
        QCOMPARE(stage.edited.count(), 1);
        QCOMPARE(stage.list.replicas().size(), 1);
        QTRY_VERIFY(keyOf(stage.secrets, {u"team/2"_s, u"https://one.example:443"_s}).isEmpty());
    }

    void a_key_that_comes_from_elsewhere_is_not_asked_for()
    {
        Stage stage({{.id = u"2"_s, .credential = credential::Environment{u"SECOND_KEY"_s}}});
        QVERIFY(!stage.at(0, ReplicaList::Role::OwnKey).toBool());
        QCOMPARE(stage.list.replicas().size(), 1);
    }

    void new_rows_have_names_that_nobody_else_has()
    {
        Stage stage({{.id = u"2"_s}});
        stage.list.append();
        stage.list.setAddress(1, u"https://two.example"_s);
        QCOMPARE(stage.list.replicas().constLast().id, u"3"_s);
    }
};

QTEST_GUILESS_MAIN(ReplicaListTest)

#include "tst_replicalist.moc"
