// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"
#include "tests/models/engine/liveturns.h"
#include "tests/models/store/storefixture.h"
#include "tests/net/turn/speech.h"
#include "tests/support/mockserver.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrlQuery>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

const QStringList words{u"The "_s, u"river "_s, u"goes "_s, u"on, "_s, u"水が "_s, u"流れる."_s};

/// One run of the program on a data folder.
struct Run
{
    Run(const QString &database, const Provider &provider)
        : store(database), engine([this] { return std::make_unique<LiveTurns>(store); }),
          session(engine, store)
    {
        QObject::connect(&engine, &Engine::pending, &engine, &Engine::flush);
        session.setProvider(provider);
        session.setProviders([provider](const QString &id) {
            return id == provider.id ? std::optional(provider) : std::nullopt;
        });
    }

    [[nodiscard]] QString answer() const
    {
        const QList<Message> messages = session.messages();
        return messages.isEmpty() ? QString() : messages.constLast().text();
    }

    SqliteStore store;
    Engine engine;
    ChatSession session;
};

} // namespace

/// What runs when the program ends, and where it is when it begins again.
class RestartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<MockServer>();
        m_provider = {.id = u"here"_s,
                      .name = u"Here"_s,
                      .dialect = DialectId::OpenAiResponses,
                      .baseUrl = m_server->url(u"/v1"_s),
                      .model = u"m"_s,
                      .options = {{u"background"_s, u"true"_s}}};
    }

    void an_answer_that_was_running_is_joined_where_it_was_and_no_word_is_lost_or_doubled_data()
    {
        QTest::addColumn<int>("read");
        for (int read = 4; read <= 8; ++read)
            QTest::addRow("after %d events", read) << read;
    }
    void an_answer_that_was_running_is_joined_where_it_was_and_no_word_is_lost_or_doubled()
    {
        QFETCH(const int, read);
        const Speech speech = resumableSpeech(words);
        const ConversationId conversation = leaveAfter(speech, read);

        MockAnswer rest = MockAnswer::stream();
        for (const QByteArray &event : speech.events.sliced(read))
            rest.chunk(event);
        m_server->queue(rest.end());
        Run again(path(), m_provider);
        again.session.joinInterrupted();
        QTRY_COMPARE(m_server->count(), 2);
        const HttpRequest request = asRequest(1);
        QCOMPARE(request.method, "GET");
        QCOMPARE(QUrlQuery(request.url).queryItemValue(u"starting_after"_s), QString::number(read - 1));
        QTRY_VERIFY(!again.session.isAnyRunning());
        const Message answer = messagesOf(again.store, qint64(conversation)).constLast();
        QCOMPARE(answer.text(), speech.text());
        QCOMPARE(answer.state, Message::State::Complete);
        QVERIFY(!answer.resume);
    }

    void a_stream_that_is_gone_leaves_its_partial_and_is_not_asked_for_again()
    {
        const Speech speech = resumableSpeech(words);
        const ConversationId conversation = leaveAfter(speech, 5);
        m_server->queue(MockAnswer::json(R"({"error":{"message":"no such response"}})", 404));
        {
            Run again(path(), m_provider);
            again.session.joinInterrupted();
            QTRY_COMPARE(m_server->count(), 2);
            QTRY_VERIFY(!again.session.isAnyRunning());
            const Message answer = messagesOf(again.store, qint64(conversation)).constLast();
            QCOMPARE(answer.text(), speech.textAfter(5));
            QCOMPARE(answer.state, Message::State::CutOff);
        }
        Run third(path(), m_provider);
        third.session.joinInterrupted();
        QVERIFY(messagesOf(third.store, qint64(conversation)).size() == 2);
        QVERIFY(!third.session.isAnyRunning());
        QCOMPARE(m_server->count(), 2);
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"rivulet.db"_s); }

    [[nodiscard]] HttpRequest asRequest(size_t index) const
    {
        const auto &request = m_server->received().at(index).request;
        return {.method = request.method, .url = QUrl::fromEncoded(request.target)};
    }

    /// Reads `count` events of the answer, and ends the program in the middle of it.
    ConversationId leaveAfter(const Speech &speech, int count)
    {
        MockAnswer begin = MockAnswer::stream();
        for (const QByteArray &event : speech.events.first(count))
            begin.chunk(event);
        m_server->queue(begin.wait());
        Run run(path(), m_provider);
        (void)run.session.send(u"Hello"_s);
        [&] { QTRY_COMPARE(run.answer(), speech.textAfter(count)); }();
        return ConversationId{run.session.conversation()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MockServer> m_server;
    Provider m_provider;
};

QTEST_GUILESS_MAIN(RestartTest)
#include "tst_restart.moc"
