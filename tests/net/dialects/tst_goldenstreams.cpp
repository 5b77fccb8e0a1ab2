// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtCore/QFileInfo>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const QString folder = QStringLiteral(RIVULET_TEST_DATA "/streams");

// The dialect whose name a stream's file name begins with; the longest counts.
std::optional<DialectId> dialectOf(const QString &fileName)
{
    std::optional<DialectId> found;
    for (const DialectId id : allDialects()) {
        const bool longer = !found || toName(id).size() > toName(*found).size();
        if (longer && fileName.startsWith(toName(id) + u'-'))
            found = id;
    }
    return found;
}

} // namespace

class tst_GoldenStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySplitOfAStreamHasItsSummary_data()
    {
        QTest::addColumn<QString>("path");
        const QFileInfoList files = QDir(folder).entryInfoList(QDir::Files, QDir::Name);
        for (const QFileInfo &file : files) {
            if (file.suffix() != u"summary")
                QTest::newRow(qPrintable(file.fileName())) << file.filePath();
        }
    }

    void everySplitOfAStreamHasItsSummary()
    {
        QFETCH(QString, path);
        const auto dialect = dialectOf(QFileInfo(path).fileName());
        QVERIFY2(dialect.has_value(), "the file's name does not begin with a dialect's");
        const QByteArray body = readFile(path);
        if (qEnvironmentVariableIsSet("RIVULET_UPDATE_GOLDENS")) {
            QFile golden(path + u".summary"_s);
            QVERIFY(golden.open(QIODevice::WriteOnly));
            golden.write(summaryOf({body}, expectedHead(*dialect), *dialect));
        }
        const QByteArray expected = readFile(path + u".summary"_s);
        const ResponseHead head = expectedHead(*dialect);
        everySplit(body, [&](const Split &split) {
            const QByteArray summary = summaryOf(split.pieces, head, *dialect);
            if (summary != expected) {
                qWarning("%s", split.name.constData());
                QCOMPARE(summary, expected);
            }
        });
    }

    void noSummaryIsLeftWithoutItsStream()
    {
        const QFileInfoList goldens = QDir(folder).entryInfoList({u"*.summary"_s}, QDir::Files);
        QVERIFY(!goldens.isEmpty());
        for (const QFileInfo &golden : goldens)
            QVERIFY2(QFileInfo::exists(golden.path() + u'/' + golden.completeBaseName()),
                     qPrintable(golden.fileName()));
    }
};

QTEST_APPLESS_MAIN(tst_GoldenStreams)
#include "tst_goldenstreams.moc"
