// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"
#include "tests/net/dialects/recordings.h"
#include "tests/support/splits.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const QString goldens = QStringLiteral(RIVULET_TEST_DATA "/recordings/");

} // namespace

/// Streams that real services sent, each with what it amounts to.
class tst_RecordedStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFolderIsReplayedOrNamedWithTheReason()
    {
        RIVULET_REQUIRE_FIXTURES();
        const QString readme = QString::fromUtf8(readFile(QStringLiteral(RIVULET_TEST_DATA "/README.md")));
        const QStringList folders = QDir(fixturesDir()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QVERIFY(!folders.isEmpty());
        for (const QString &folder : folders) {
            const bool isReplayed = QDir(goldens + folder).exists();
            QVERIFY2(isReplayed || readme.contains(u'`' + folder + u'`'), qPrintable(folder));
        }
    }

    void everySplitHasTheSameSummary_data()
    {
        QTest::addColumn<QString>("path");
        RIVULET_REQUIRE_FIXTURES();
        const QStringList paths = recordings();
        QVERIFY(!paths.isEmpty());
        for (const QString &path : paths)
            QTest::newRow(qPrintable(path)) << path;
    }

    void everySplitHasTheSameSummary()
    {
        QFETCH(QString, path);
        const DialectId dialect = *dialectOfRecording(path);
        const auto [head, body] = recording(path, dialect);
        const QString goldenPath = goldens + path + u".summary"_s;
        if (qEnvironmentVariableIsSet("RIVULET_UPDATE_GOLDENS")) {
            QVERIFY(QDir().mkpath(QFileInfo(goldenPath).path()));
            QFile golden(goldenPath);
            QVERIFY(golden.open(QIODevice::WriteOnly));
            golden.write(summaryOf({body}, head, dialect));
        }
        const QByteArray expected = readFile(goldenPath);
        everySplit(body,
                   [&](const Split &split) {
                       const QByteArray summary = summaryOf(split.pieces, head, dialect);
                       if (summary != expected) {
                           qWarning("%s", split.name.constData());
                           QCOMPARE(summary, expected);
                       }
                   },
                   {.singleCuts = 0, .randomSplits = 1000});
    }
};

QTEST_APPLESS_MAIN(tst_RecordedStreams)
#include "tst_recordedstreams.moc"
