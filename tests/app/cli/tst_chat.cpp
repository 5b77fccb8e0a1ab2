// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/cli/program.h"
#include "tests/support/mockserver.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray delta(const char *text)
{
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + QByteArray(text) + "\"}}]}\n\n";
}

const QByteArray finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const QByteArray done = "data: [DONE]\n\n";

MockAnswer answer(const char *text)
{
    return MockAnswer::stream(QByteArrayList{delta(text), finish, done});
}

} // namespace

class tst_Chat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<MockServer>();
    }

    void whatIsTypedIsAnsweredAndRemembered()
    {
        m_server->queue(answer("first answer"));
        m_server->queue(answer("second answer"));
        Program program(m_home->path(), chat({u"--system"_s, u"Be brief"_s}));
        program.say("first question");
        QTRY_COMPARE(program.output(), "first answer\n");
        program.say("");
        program.say("second question");
        QTRY_COMPARE(program.output(), "first answer\nsecond answer\n");
        program.endInput();
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.errors(), "");
        QCOMPARE(said(1),
                 (QStringList{u"Be brief"_s, u"first question"_s, u"first answer"_s, u"second question"_s}));
    }

    void aLineTypedWhileTheAnswerComesGivesItAnotherCourse()
    {
        m_server->queue(MockAnswer::stream().chunk(delta("one ")).wait());
        m_server->queue(answer("two"));
        Program program(m_home->path(), chat());
        program.say("count");
        QTRY_COMPARE(program.output(), "one ");
        program.say("faster");
        QTRY_COMPARE(program.output(), "one \ntwo\n");
        program.endInput();
        QCOMPARE(program.exitCode(), 0);
        const QStringList second = said(1);
        QCOMPARE(second.size(), 3);
        QCOMPARE(second.at(1).trimmed(), u"one"_s);
        QCOMPARE(second.at(2), u"faster"_s);
    }

    void interruptStopsTheAnswerAndThenLeaves()
    {
        for (int i = 0; i < 2; ++i)
            m_server->queue(MockAnswer::stream().chunk(delta("one ")).wait());
        Program program(m_home->path(), chat());
        QByteArray output;
        for (int stops = 1; stops <= 2; ++stops) {
            program.say("count");
            output += "one ";
            QTRY_COMPARE(program.output(), output);
            program.signal(SIGINT);
            QTRY_COMPARE(m_server->openConnections(), 0);
            QTRY_COMPARE(program.errors().count("Stopped"), stops);
            output += '\n';
        }
        program.signal(SIGINT);
        QCOMPARE(program.exitCode(), 130);
    }

    void theLastWordsAreAnsweredBeforeItLeaves()
    {
        m_server->queue(answer("fine"));
        Program program(m_home->path(), chat());
        program.type("How are you?\n");
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "fine\n");
    }

    void aFailureIsToldAndTheConversationGoesOn()
    {
        m_server->queue(MockAnswer::json(R"({"error":{"message":"no such model"}})", 404));
        m_server->queue(answer("fine"));
        Program program(m_home->path(), chat());
        program.say("first");
        QTRY_VERIFY(program.errors().contains("no such model"));
        program.say("second");
        QTRY_COMPARE(program.output(), "fine\n");
        program.endInput();
        QCOMPARE(program.exitCode(), 0);
    }

    void aStoredConversationIsGoneOnWith()
    {
        m_server->queue(answer("first answer"));
        m_server->queue(answer("second answer"));
        Program first(m_home->path(), chat());
        first.type("first question\n");
        QCOMPARE(first.exitCode(), 0);
        Program list(m_home->path(), {u"conversations"_s});
        QCOMPARE(list.exitCode(), 0);
        const QString id = QString::fromUtf8(list.output()).section(u' ', 0, 0);
        Program second(m_home->path(), chat({u"--conversation"_s, id}));
        second.type("second question\n");
        QCOMPARE(second.exitCode(), 0);
        QCOMPARE(said(1), (QStringList{u"first question"_s, u"first answer"_s, u"second question"_s}));
    }

    void aConversationThatIsNotThereIsAnError()
    {
        Program program(m_home->path(), chat({u"--conversation"_s, u"5"_s}));
        QCOMPARE(program.exitCode(), 1);
        QVERIFY(!program.errors().isEmpty());
    }

    void withoutAStoreNothingIsKept()
    {
        m_server->queue(answer("fine"));
        Program program(m_home->path(), chat({u"--no-store"_s}));
        program.type("secret\n");
        QCOMPARE(program.exitCode(), 0);
        Program list(m_home->path(), {u"conversations"_s});
        QCOMPARE(list.exitCode(), 0);
        QCOMPARE(list.output(), "");
    }

    void aPromptIsNoArgument()
    {
        Program program(m_home->path(), chat({u"hello"_s}));
        QCOMPARE(program.exitCode(), 1);
        QVERIFY(program.errors().contains("PROMPT"));
    }

private:
    QStringList chat(const QStringList &arguments = {}) const
    {
        return QStringList{u"chat"_s, u"--url"_s, m_server->url(u"/v1"_s).toString()} + arguments;
    }

    // The texts of the messages that a request carried.
    QStringList said(size_t request) const
    {
        QStringList texts;
        const QJsonArray messages =
            QJsonDocument::fromJson(m_server->received().at(request).request.body)["messages"_L1].toArray();
        for (const QJsonValueConstRef message : messages)
            texts.append(message.toObject()["content"_L1].toString());
        return texts;
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MockServer> m_server;
};

QTEST_GUILESS_MAIN(tst_Chat)
#include "tst_chat.moc"
