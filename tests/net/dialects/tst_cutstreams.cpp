// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"
#include "tests/net/dialects/recordings.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

// Whether a clean end of the body is the dialect's own end marker, or stands for one that came before.
bool endsWithTheBody(DialectId dialect)
{
    switch (dialect) {
    case DialectId::Gemini:
    case DialectId::Bedrock:
    case DialectId::Adk:
    case DialectId::VercelUi:
    case DialectId::AgUi:
    case DialectId::PlainText:
        return true;
    default:
        return false;
    }
}

// Where the frame begins that makes the answer complete: what comes before holds no end marker.
qsizetype beginOfEndMarker(QByteArrayView body, const ResponseHead &head, DialectId dialect)
{
    ResponseReader reader(makeDialect(dialect));
    StreamEvents events;
    reader.head(head);
    qsizetype at = 0;
    while (at < body.size() && reader.completeness() == Completeness::Open)
        reader.feed(body.sliced(at++, 1), events);
    // The last frame's own end may be missing.
    reader.finish(ResponseReader::End::Clean, events);
    if (reader.completeness() != Completeness::Complete)
        return body.size();
    const QByteArrayView before = body.first(at).chopped(std::min<qsizetype>(at, 4));
    if (reader.dialect().framing() == Framing::Sse)
        return std::max(before.lastIndexOf("\n\n"), before.lastIndexOf("\r\n\r\n")) + 1;
    return reader.dialect().framing() == Framing::Lines ? before.lastIndexOf('\n') + 1 : at - 1;
}

} // namespace

/// A stream that is cut off is never taken for a whole one, wherever it is cut.
class tst_CutStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noCutIsComplete_data()
    {
        QTest::addColumn<QString>("path");
        RIVULET_REQUIRE_FIXTURES();
        for (const QString &path : recordings())
            QTest::newRow(qPrintable(path)) << path;
    }

    void noCutIsComplete()
    {
        QFETCH(QString, path);
        const DialectId dialect = *dialectOfRecording(path);
        const auto [head, body] = recording(path, dialect);
        const qsizetype end = beginOfEndMarker(body, head, dialect);
        ResponseReader reader(makeDialect(dialect));
        StreamEvents events;
        reader.head(head);
        for (qsizetype at = 0; at < end; ++at) {
            ResponseReader broken(reader);
            broken.finish(ResponseReader::End::Broken, events);
            QVERIFY2(broken.completeness() != Completeness::Complete, qPrintable(u"broken at %1"_s.arg(at)));
            if (!endsWithTheBody(dialect)) {
                ResponseReader ended(reader);
                ended.finish(ResponseReader::End::Clean, events);
                QVERIFY2(ended.completeness() != Completeness::Complete,
                         qPrintable(u"ended at %1"_s.arg(at)));
            }
            events.clear();
            reader.feed(QByteArrayView(body).sliced(at, 1), events);
        }
    }
};

QTEST_APPLESS_MAIN(tst_CutStreams)
#include "tst_cutstreams.moc"
