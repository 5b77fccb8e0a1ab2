// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/httptransport.h"
#include "net/transport/websockettransport.h"
#include "tests/support/calllog.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

/// rivulet-mockserver as a child process.
class Program
{
public:
    explicit Program(const QStringList &arguments)
    {
        m_process.start(QStringLiteral(RIVULET_MOCKSERVER), arguments);
        m_process.waitForStarted();
    }
    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Program)

    QList<QJsonObject> lines()
    {
        m_output += m_process.readAllStandardOutput();
        QList<QJsonObject> lines;
        for (const QByteArray &line : m_output.split('\n')) {
            if (!line.isEmpty())
                lines.append(QJsonDocument::fromJson(line).object());
        }
        return lines;
    }

    QUrl url(QLatin1StringView kind, const QString &path)
    {
        return QUrl(QString(lines().value(0)[kind].toString() + path));
    }

    bool isListening() { return lines().value(0).contains("http"_L1); }

    int exitCode()
    {
        m_process.waitForFinished();
        return m_process.exitCode();
    }
    QByteArray errors() { return m_process.readAllStandardError(); }

private:
    QProcess m_process;
    QByteArray m_output;
};

struct Exchange
{
    Exchange(Transport &transport, const ExchangeRequest &request)
        : call(transport.open(request, {.head = 20s, .idle = 20s}, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

} // namespace

class TestMockServerProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void playsAScript();
    void playsAFileWithAFault();
    void playsAFileOnAWebSocket();
    void listsItsFaults();
    void refusesWhatItDoesNotKnow_data();
    void refusesWhatItDoesNotKnow();

private:
    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("can not write a file");
        return file.fileName();
    }

    QTemporaryDir m_folder;
    HttpTransport m_http;
    WebSocketTransport m_webSocket;
};

// A proxy of the machine that runs the tests must not answer for the server.
void TestMockServerProgram::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestMockServerProgram::playsAScript()
{
    write(u"stream.ndjson"_s, "{\"n\":1}\n{\"n\":2}\n");
    const QString script = write(
        u"script.json"_s,
        "{\"answers\": ["
        "{\"path\": \"/a\", \"steps\": [{\"head\": 429, \"headers\": {\"Retry-After\": \"3\", "
        "\"Content-Length\": "
        "\"0\"}}, {\"keep\": true}]},"
        "{\"path\": \"/a\", \"steps\": [{\"head\": 200, \"headers\": {\"Transfer-Encoding\": \"chunked\"}},"
        "{\"chunk\": \"\xc3\xa4\"}, {\"delay\": 5}, {\"chunk\": \"b\"}, {\"end\": true}]},"
        "{\"path\": \"/ws\", \"steps\": [{\"accept\": true}, {\"expect\": 1}, {\"text\": \"hi\"},"
        "{\"closeWith\": 1011, \"reason\": \"why\"}]},"
        "{\"play\": \"stream.ndjson\", \"contentType\": \"application/x-ndjson\", \"fault\": \"gzip\"}]}");
    Program program({script});
    QTRY_VERIFY(program.isListening());

    Exchange first(m_http, HttpRequest{.url = program.url("http"_L1, u"/a?x=1"_s), .body = "{\"q\":\"ä\"}"});
    QTRY_VERIFY(first.log.finished);
    QCOMPARE(first.log.head->status, 429);
    for (int round = 0; round < 2; ++round) {
        Exchange second(m_http, HttpRequest{.url = program.url("http"_L1, u"/a"_s)});
        QTRY_VERIFY(second.log.finished);
        QCOMPARE(second.log.body, "äb");
    }
    Exchange other(m_http, HttpRequest{.url = program.url("http"_L1, u"/other"_s)});
    QTRY_VERIFY(other.log.finished);
    QCOMPARE(other.log.body, "{\"n\":1}\n{\"n\":2}\n");
    Exchange socket(m_webSocket,
                    WebSocketRequest{.url = program.url("webSocket"_L1, u"/ws"_s), .messages = {{"hello"}}});
    QTRY_VERIFY(socket.log.error);
    QCOMPARE(socket.log.messages, QByteArrayList{"hi"});
    QCOMPARE(socket.log.error->message, u"why"_s);

    QTRY_COMPARE_GE(program.lines().size(), 7);
    const QList<QJsonObject> lines = program.lines();
    QCOMPARE(lines.at(1)["method"_L1], u"POST"_s);
    QCOMPARE(lines.at(1)["target"_L1], u"/a?x=1"_s);
    QCOMPARE(lines.at(1)["body"_L1], u"{\"q\":\"ä\"}"_s);
    QVERIFY(!lines.at(1)["headers"_L1].toArray().isEmpty());
    QCOMPARE(lines.at(6)["frame"_L1], u"text"_s);
    QCOMPARE(lines.at(6)["payload"_L1], u"hello"_s);
}

void TestMockServerProgram::playsAFileWithAFault()
{
    const QString file = write(u"a.sse"_s, "data: 1\n\ndata: 2\n\n");
    Program program({u"--play"_s, file, u"--dialect"_s, u"openai-chat"_s, u"--fault"_s, u"no-end-marker"_s,
                     u"--delay"_s, u"1"_s});
    QTRY_VERIFY(program.isListening());
    Exchange exchange(m_http, HttpRequest{.url = program.url("http"_L1, u"/v1"_s)});
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "data: 1\n\n");
    QVERIFY(exchange.log.head->contentType.startsWith("text/event-stream"));
}

void TestMockServerProgram::playsAFileOnAWebSocket()
{
    const QString file = QStringLiteral(RIVULET_TEST_DATA "/streams/duplex-ws-done.ndjson");
    Program program({u"--play"_s, file, u"--dialect"_s, u"duplex-ws"_s});
    QTRY_VERIFY(program.isListening());
    Exchange exchange(m_webSocket, WebSocketRequest{.url = program.url("webSocket"_L1, u"/stream"_s)});
    QTRY_VERIFY(exchange.log.opened);
    QVERIFY(exchange.log.messages.isEmpty());
    exchange.call->send({"{\"type\":\"user_message\"}"});
    QTRY_VERIFY(exchange.log.finished);
    QVERIFY(exchange.log.messages.size() > 1);
    QVERIFY(exchange.log.messages.last().contains("\"done\""));
}

void TestMockServerProgram::listsItsFaults()
{
    QProcess program;
    program.start(QStringLiteral(RIVULET_MOCKSERVER), {u"--faults"_s});
    QVERIFY(program.waitForFinished());
    QVERIFY(program.readAllStandardOutput().contains("\ncut-in-chunk\n"));
}

void TestMockServerProgram::refusesWhatItDoesNotKnow_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("no such file") << QStringList{u"--play"_s, u"/nowhere/at/all"_s};
    QTest::newRow("no such script") << QStringList{u"/nowhere/at/all"_s};
    QTest::newRow("no such fault") << QStringList{u"--play"_s, u"/dev/null"_s, u"--fault"_s, u"x"_s};
    QTest::newRow("no such dialect") << QStringList{u"--play"_s, u"/dev/null"_s, u"--dialect"_s, u"x"_s};
    QTest::newRow("no port") << QStringList{u"--play"_s, u"/dev/null"_s, u"--port"_s, u"99999"_s};
    QTest::newRow("no answers") << QStringList{write(u"none.json"_s, "{}")};
    QTest::newRow("not JSON") << QStringList{write(u"no.json"_s, "hi")};
    QTest::newRow("no such step") << QStringList{
        write(u"step.json"_s, "{\"answers\":[{\"steps\":[{\"jump\":true}]}]}")};
    QTest::newRow("a file that is missing")
        << QStringList{write(u"missing.json"_s, "{\"answers\":[{\"play\":\"missing.sse\"}]}")};
}

void TestMockServerProgram::refusesWhatItDoesNotKnow()
{
    QFETCH(QStringList, arguments);
    Program program(arguments);
    QCOMPARE(program.exitCode(), 2);
    QVERIFY(program.errors().startsWith("rivulet-mockserver: "));
}

QTEST_GUILESS_MAIN(TestMockServerProgram)
#include "tst_mockserverprogram.moc"
