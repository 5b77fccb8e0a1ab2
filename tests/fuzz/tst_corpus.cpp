// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/dialectcase.h"
#include "tests/net/dialects/recordings.h"

#include <QtCore/QDirIterator>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

// What the fuzz targets of the same names do with one input.
extern "C" int fuzz_awseventstream(const std::uint8_t *data, std::size_t size);
extern "C" int fuzz_gzip(const std::uint8_t *data, std::size_t size);
extern "C" int fuzz_markdown(const std::uint8_t *data, std::size_t size);
extern "C" int fuzz_ndjson(const std::uint8_t *data, std::size_t size);
extern "C" int fuzz_sse(const std::uint8_t *data, std::size_t size);

namespace {

// Larger inputs are left to the fuzzer and to the tests of recorded streams.
constexpr qint64 largestInput = 8 * 1024;

using Case = int (*)(const std::uint8_t *, std::size_t);

QByteArrayList corpus(const QString &folder)
{
    QByteArrayList inputs;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QFileInfo file = files.nextFileInfo();
        if (file.size() <= largestInput && file.suffix() != u"summary")
            inputs.append(readFile(file.filePath()));
    }
    return inputs;
}

void run(Case target, const QByteArrayList &inputs)
{
    QVERIFY(!inputs.isEmpty());
    for (const QByteArray &input : inputs)
        target(reinterpret_cast<const std::uint8_t *>(input.constData()),
               static_cast<std::size_t>(input.size()));
}

const QString streams = QStringLiteral(RIVULET_TEST_DATA "/streams");

} // namespace

/// Every fuzz target holds on its corpus, so that none rots between two runs of the fuzzer. A case that does
/// not hold ends the program.
class tst_Corpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyParserHolds()
    {
        const QByteArrayList inputs = corpus(streams);
        run(&fuzz_sse, inputs);
        run(&fuzz_ndjson, inputs);
        run(&fuzz_awseventstream, inputs);
        run(&fuzz_gzip, inputs);
    }

    void markdownHolds() { run(&fuzz_markdown, corpus(QStringLiteral(RIVULET_TEST_DATA "/markdown"))); }

    void everyDialectHolds_data()
    {
        QTest::addColumn<DialectId>("dialect");
        for (const DialectId id : allDialects())
            QTest::newRow(toName(id).data()) << id;
    }

    // Each reads its own streams and everyone else's.
    void everyDialectHolds()
    {
        QFETCH(DialectId, dialect);
        for (const QByteArray &input : corpus(streams))
            fuzz::checkDialect(dialect, {input.constData(), static_cast<std::size_t>(input.size())});
    }
};

QTEST_APPLESS_MAIN(tst_Corpus)
#include "tst_corpus.moc"
