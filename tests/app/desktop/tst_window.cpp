// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/appcontext.h"
#include "app/desktop/networkrefusal.h"
#include "app/shell/log.h"
#include "app/shell/paths.h"
#include "tests/support/mockserver.h"

#include <QtCore/qdir.h>
#include <QtCore/qdiriterator.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <algorithm>
#include <memory>
#include <utility>

Q_IMPORT_QML_PLUGIN(Rivulet_MainPlugin)
Q_DECLARE_METATYPE(rivulet::test::MockAnswer)

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray delta(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
}

const QByteArray endMarker = "data: [DONE]\n\n";

/// The whole window, on a data folder of its own, talking to a scripted server.
class App
{
public:
    explicit App(const QString &home) : m_paths(pathsBelow(home))
    {
        if (!createFolders(m_paths))
            qFatal("the test's folders can not be made");
        log = std::make_unique<Log>(m_paths.log, u"test"_s);
        context = std::make_unique<AppContext>(m_paths, *log);
        m_engine.setNetworkAccessManagerFactory(&m_refusal);
        m_engine.setInitialProperties({{u"app"_s, QVariant::fromValue(context.get())}});
        m_engine.loadFromModule("Rivulet.Main", "Main");
        if (!m_engine.rootObjects().isEmpty())
            window = qobject_cast<QQuickWindow *>(m_engine.rootObjects().constFirst());
        if (window)
            window->show();
    }

    ~App()
    {
        // The window goes before what it shows.
        delete window;
        context.reset();
    }

    /// Lets `server` answer from now on.
    void use(const QUrl &baseUrl)
    {
        context->providers()->addPreset(u"custom"_s);
        ProviderEditor *editor = context->providers()->editor();
        editor->setName(u"Mock"_s);
        editor->setAddress(baseUrl.toString());
        editor->setModel(u"mock"_s);
        context->providers()->select(editor->providerId());
    }

    [[nodiscard]] ChatSession &session() { return *context->session(); }
    [[nodiscard]] Message last() { return session().messages().constLast(); }

    void type(const QString &text)
    {
        for (const QChar c : text)
            QTest::keyClick(window, c.toLatin1());
    }

    [[nodiscard]] QQuickItem *item(const QString &name) { return window->findChild<QQuickItem *>(name); }

    /// What is typed and not sent.
    [[nodiscard]] QString draft() { return item(u"composer"_s)->property("draft").toString(); }

    std::unique_ptr<Log> log;
    std::unique_ptr<AppContext> context;
    QQuickWindow *window = nullptr;

private:
    Paths m_paths;
    NetworkRefusal m_refusal;
    QQmlApplicationEngine m_engine;
};

} // namespace

class WindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_person_converses_with_the_demo_by_keyboard()
    {
        const QTemporaryDir home;
        App app(home.path());
        QVERIFY(app.window);
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        app.context->hurryDemo();
        app.type(u"a table, please"_s);
        QTest::keyClick(app.window, Qt::Key_Return);
        QTRY_COMPARE(app.session().messages().size(), 2);
        QTRY_VERIFY(!app.session().isBusy());
        QCOMPARE(app.session().phase(), ChatSession::Phase::Idle);
        QVERIFY(app.last().text().contains(u'|'));
        QVERIFY(app.context->transcript()->count() > 3);
        QCOMPARE(app.context->conversations()->count(), 1);
    }

    void stop_keeps_the_partial_and_closes_the_connection()
    {
        const QTemporaryDir home;
        MockServer server;
        server.route("/v1/chat/completions",
                     MockAnswer::stream().chunk(delta("kept so far")).wait().chunk(delta(" late")));
        App app(home.path());
        app.use(server.url(u"/v1"_s));
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QVERIFY(app.session().send(u"Hello"_s));
        QTRY_COMPARE(app.last().text(), u"kept so far"_s);
        QTest::keyClick(app.window, Qt::Key_Escape);
        QCOMPARE(app.session().phase(), ChatSession::Phase::Stopped);
        QTRY_COMPARE(server.openConnections(), 0);
        QCOMPARE(app.last().text(), u"kept so far"_s);
        QCOMPARE(app.last().state, Message::State::Stopped);
    }

    void close_and_reopen_and_everything_is_there()
    {
        const QTemporaryDir home;
        MockServer server;
        server.route("/v1/chat/completions",
                     MockAnswer::stream({delta("An *answer*, in parts."), endMarker}));
        QList<Message> before;
        {
            App app(home.path());
            app.use(server.url(u"/v1"_s));
            QVERIFY(app.session().send(u"First question"_s));
            QTRY_VERIFY(!app.session().isBusy());
            QVERIFY(app.session().send(u"Second question"_s));
            QTRY_VERIFY(!app.session().isBusy());
            before = app.session().messages();
        }
        App again(home.path());
        QTRY_VERIFY(again.context->isReady());
        QCOMPARE(again.context->conversations()->count(), 1);
        const QModelIndex first = again.context->conversations()->index(0);
        again.context->actions()->open(
            again.context->conversations()
                ->data(first, static_cast<int>(ConversationListModel::Role::ConversationId))
                .toLongLong());
        QTRY_COMPARE(again.session().messages().size(), 4);
        QCOMPARE(again.session().messages(), before);
        QCOMPARE(again.session().providerName(), u"Mock"_s);
    }

    void an_answer_that_runs_when_the_window_closes_is_there_cut_off()
    {
        const QTemporaryDir home;
        MockServer server;
        server.route("/v1/chat/completions", MockAnswer::stream().chunk(delta("half an ans")).wait());
        qint64 conversation = 0;
        {
            App app(home.path());
            app.use(server.url(u"/v1"_s));
            QVERIFY(app.session().send(u"Hello"_s));
            QTRY_COMPARE(app.last().text(), u"half an ans"_s);
            conversation = app.session().conversation();
        }
        App again(home.path());
        QTRY_VERIFY(again.context->isReady());
        again.context->actions()->open(conversation);
        QTRY_COMPARE(again.session().messages().size(), 2);
        QCOMPARE(again.last().text(), u"half an ans"_s);
        QCOMPARE(again.last().state, Message::State::CutOff);
    }

    void what_goes_wrong_is_shown_in_words_and_loses_nothing_data()
    {
        QTest::addColumn<MockAnswer>("answer");
        QTest::addColumn<QString>("kept");
        QTest::newRow("401 with JSON")
            << MockAnswer::json(R"({"error":{"message":"Incorrect API key","code":"invalid_api_key"}})", 401)
            << QString();
        QTest::newRow("404 with HTML")
            << MockAnswer::whole(404, "text/html", "<html><h1>Not Found</h1></html>") << QString();
        QTest::newRow("200 with HTML")
            << MockAnswer::whole(200, "text/html", "<html><h1>Sign in</h1></html>") << QString();
        QTest::newRow("not a stream") << MockAnswer::whole(200, "text/plain", "hello there") << QString();
        QTest::newRow("nothing at all") << MockAnswer::whole(200, "text/event-stream", "") << QString();
        QTest::newRow("closed before it answers") << MockAnswer().close() << QString();
        QTest::newRow("reset before it answers") << MockAnswer().reset() << QString();
        QTest::newRow("cut in the middle") << MockAnswer::stream().chunk(delta("half")).reset() << u"half"_s;
        QTest::newRow("cut between events")
            << MockAnswer::streamUntilClose().raw(delta("half")).close() << u"half"_s;
        QTest::newRow("an error in the stream")
            << MockAnswer::stream({delta("half"), "data: {\"error\":{\"message\":\"overloaded\"}}\n\n"})
            << u"half"_s;
        QTest::newRow("a redirect") << MockAnswer::redirect(307, QUrl(u"http://127.0.0.1:9/elsewhere"_s))
                                    << QString();
    }
    void what_goes_wrong_is_shown_in_words_and_loses_nothing()
    {
        QFETCH(MockAnswer, answer);
        QFETCH(QString, kept);
        const QTemporaryDir home;
        MockServer server;
        server.queue(answer);
        App app(home.path());
        app.use(server.url(u"/v1"_s));
        // The editor lists models on its own: those requests are not the question.
        server.route("/v1/models", MockAnswer::json(R"({"data":[{"id":"mock"}]})"));
        QVERIFY(app.session().send(u"My words"_s));
        QTRY_VERIFY(!app.session().isBusy());

        QVERIFY(app.session().phase() == ChatSession::Phase::Failed
                || app.session().phase() == ChatSession::Phase::CutOff);
        QCOMPARE(app.session().messages().constFirst().text(), u"My words"_s);
        QCOMPARE(app.last().text(), kept);
        QVERIFY(noticeOf(app).title.size() > 5);
        QVERIFY(!noticeOf(app).title.contains(u"Error"_s));

        // The window is as usable as before.
        server.queue(MockAnswer::stream({delta("fine"), endMarker}));
        QVERIFY(app.session().send(u"And now?"_s));
        QTRY_VERIFY(!app.session().isBusy());
        QCOMPARE(app.last().text(), u"fine"_s);
    }

    void a_server_that_is_not_there_is_named()
    {
        const QTemporaryDir home;
        App app(home.path());
        app.use(QUrl(u"http://127.0.0.1:%1/v1"_s.arg(MockServer::closedPort())));
        QVERIFY(app.session().send(u"My words"_s));
        QTRY_COMPARE_WITH_TIMEOUT(app.session().phase(), ChatSession::Phase::Failed, 30s);
        QVERIFY(!noticeOf(app).title.isEmpty());
    }

    void ten_megabytes_without_a_line_break_stay_usable_data()
    {
        QTest::addColumn<int>("pieces");
        QTest::newRow("as one delta") << 1;
        QTest::newRow("as many") << 2000;
    }
    void ten_megabytes_without_a_line_break_stay_usable()
    {
        QFETCH(int, pieces);
        constexpr qsizetype size = 10'000'000;
        const QTemporaryDir home;
        MockServer server;
        MockAnswer answer = MockAnswer::stream();
        for (int i = 0; i < pieces; ++i)
            answer.chunk(delta(QByteArray(size / pieces, i % 2 ? 'y' : 'x')));
        server.route("/v1/chat/completions", answer.chunk(endMarker).end());
        App app(home.path());
        app.use(server.url(u"/v1"_s));
        QVERIFY(app.session().send(u"Flood, please"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!app.session().isBusy(), 120'000);
        QCOMPARE(app.last().text().size(), size);
        QCOMPARE(app.session().phase(), ChatSession::Phase::Idle);
    }

    void a_database_of_nonsense_is_moved_aside_and_told()
    {
        const QTemporaryDir home;
        const Paths paths = pathsBelow(home.path());
        QVERIFY(createFolders(paths));
        QFile file(paths.databaseFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'n'));
        file.close();
        App app(home.path());
        QTRY_VERIFY(app.context->isReady());
        QTRY_COMPARE(app.context->notices()->count(), 1);
        app.context->hurryDemo();
        QVERIFY(app.session().send(u"Hello"_s));
        QTRY_VERIFY(!app.session().isBusy());
        QVERIFY(!app.last().text().isEmpty());
    }

    void closing_asks_while_words_are_in_memory_only()
    {
        const QTemporaryDir home;
        const QString file = pathsBelow(home.path()).databaseFile();
        {
            App app(home.path());
            QTRY_VERIFY(app.context->isReady());
        }
        QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
        other.setDatabaseName(file);
        QVERIFY(other.open());
        QVERIFY(QSqlQuery(other).exec(u"BEGIN EXCLUSIVE"_s));

        App app(home.path());
        app.context->hurryDemo();
        QVERIFY(app.session().send(u"Hello"_s));
        QTRY_VERIFY_WITH_TIMEOUT(app.context->isUnsaved(), 30'000);
        QVERIFY(app.context->notices()->count() > 0);
        QVERIFY(!app.window->close());
        QVERIFY(app.window->isVisible());

        other.close();
        QTRY_VERIFY_WITH_TIMEOUT(!app.context->isUnsaved(), 30'000);
        QVERIFY(app.window->close());
    }

    void settings_of_nonsense_are_moved_aside_and_told()
    {
        const QTemporaryDir home;
        const Paths paths = pathsBelow(home.path());
        QVERIFY(createFolders(paths));
        QFile file(paths.settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"theme\": nonsense");
        file.close();
        App app(home.path());
        QVERIFY(app.window);
        QCOMPARE(app.context->notices()->count(), 1);
    }

    void deleting_can_be_undone_and_is_final_after_the_end()
    {
        const QTemporaryDir home;
        {
            App app(home.path());
            QTRY_VERIFY(app.context->isReady());
            app.context->hurryDemo();
            QVERIFY(app.session().send(u"Keep me"_s));
            QTRY_VERIFY(!app.session().isBusy());
            const qint64 id = app.session().conversation();
            app.context->actions()->remove(id);
            QCOMPARE(app.context->conversations()->count(), 0);
            QVERIFY(app.session().isEmpty());
            app.context->actions()->undo();
            QCOMPARE(app.context->conversations()->count(), 1);
            QTRY_COMPARE(app.session().messages().size(), 2);
            app.context->actions()->remove(id);
        }
        App again(home.path());
        QTRY_VERIFY(again.context->isReady());
        QCOMPARE(again.context->conversations()->count(), 0);
    }

    void words_are_found_by_keyboard_and_lead_to_where_they_were_said()
    {
        const QTemporaryDir home;
        App app(home.path());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QTRY_VERIFY(app.context->isReady());
        app.context->hurryDemo();
        QVERIFY(app.session().send(u"Is the zebrafish striped?"_s));
        QTRY_VERIFY(!app.session().isBusy());
        const qint64 said = qint64(app.session().messages().constFirst().id);
        const qint64 conversation = app.session().conversation();
        QVERIFY(app.session().send(u"a long essay, please"_s));
        QTRY_VERIFY(!app.session().isBusy());
        app.context->actions()->startNew();

        QTest::keyClick(app.window, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        app.type(u"zebrafish from:user"_s);
        QTRY_VERIFY(!app.context->search()->isRunning() && app.context->search()->count() == 1);
        QSignalSpy revealed(&app.session(), &ChatSession::revealed);
        QTest::keyClick(app.window, Qt::Key_Return);
        QTRY_COMPARE(revealed.count(), 1);
        QCOMPARE(revealed.constFirst().constFirst().toLongLong(), said);
        QCOMPARE(app.session().conversation(), conversation);

        // What is about to be deleted is not found.
        app.context->actions()->remove(conversation);
        QTRY_VERIFY(!app.context->search()->isRunning());
        QCOMPARE(app.context->search()->state(), SearchModel::State::Nothing);
        app.context->actions()->undo();
        QTRY_COMPARE(app.context->search()->count(), 1);
    }

    void marks_of_conversations_outlive_the_window()
    {
        const QTemporaryDir home;
        qint64 first = 0;
        qint64 second = 0;
        {
            MockServer server;
            server.queue(MockAnswer::stream({delta("one"), endMarker}));
            server.queue(MockAnswer::stream().chunk(delta("two")).wait().chunk(endMarker).end());
            App app(home.path());
            QTRY_VERIFY(app.context->isReady());
            app.use(server.url(u"/v1"_s));
            QVERIFY(app.session().send(u"First"_s));
            first = app.session().conversation();
            QTRY_VERIFY(!app.session().isBusy());
            app.context->actions()->startNew();
            QVERIFY(app.session().send(u"Second"_s));
            second = app.session().conversation();
            QTRY_COMPARE(server.waiting(), 1);
            // It ends while another one is open.
            app.context->actions()->open(first);
            QTRY_COMPARE(app.session().conversation(), first);
            server.advance();
            QTRY_VERIFY(!app.session().isAnyRunning());
            app.context->actions()->setPinned(first, true);
            app.context->actions()->rename(first, u" The  first "_s);
        }
        App again(home.path());
        QTRY_VERIFY(again.context->isReady());
        ConversationListModel &list = *again.context->conversations();
        QCOMPARE(list.rowOf(first), 0);
        QVERIFY(list.find(ConversationId{first})->pinned);
        QCOMPARE(list.find(ConversationId{first})->title, u"The first"_s);
        QVERIFY(list.find(ConversationId{second})->unread);
        again.context->actions()->open(second);
        QTRY_VERIFY(!list.find(ConversationId{second})->unread);
    }

    void archiving_leaves_the_conversation_and_can_be_undone()
    {
        const QTemporaryDir home;
        App app(home.path());
        QTRY_VERIFY(app.context->isReady());
        app.context->hurryDemo();
        QVERIFY(app.session().send(u"Keep me"_s));
        QTRY_VERIFY(!app.session().isBusy());
        const qint64 id = app.session().conversation();
        ConversationActions &actions = *app.context->actions();
        ConversationListModel &list = *app.context->conversations();
        actions.setPinned(id, true);
        actions.setArchived(id, true);
        QCOMPARE(list.count(), 0);
        QCOMPARE(list.archivedCount(), 1);
        QVERIFY(app.session().isEmpty());
        QCOMPARE(actions.undoable(), ConversationActions::Undoable::Archived);
        QCOMPARE(actions.undoTitle(), u"Keep me"_s);
        actions.undo();
        QCOMPARE(list.count(), 1);
        QVERIFY(list.find(ConversationId{id})->pinned);
        QTRY_COMPARE(app.session().conversation(), id);
        QCOMPARE(actions.undoable(), ConversationActions::Undoable::Nothing);

        // Words that are said in it bring it back.
        actions.setArchived(id, true);
        actions.open(id);
        QTRY_COMPARE(app.session().conversation(), id);
        QVERIFY(app.session().send(u"And now"_s));
        QTRY_COMPARE(list.archivedCount(), 0);
        QCOMPARE(list.rowOf(id), 0);
    }

    void a_duplicate_is_a_conversation_of_its_own()
    {
        const QTemporaryDir home;
        qint64 first = 0;
        {
            App app(home.path());
            QTRY_VERIFY(app.context->isReady());
            app.context->hurryDemo();
            QVERIFY(app.session().send(u"Hello"_s));
            QTRY_VERIFY(!app.session().isBusy());
            first = app.session().conversation();
            app.context->actions()->duplicate(first);
            QTRY_VERIFY(app.session().conversation() != first && !app.session().isEmpty());
            QCOMPARE(app.session().title(), u"Hello (copy)"_s);
            QCOMPARE(app.session().messages().size(), 2);
            QVERIFY(app.session().send(u"Only here"_s));
            QTRY_VERIFY(!app.session().isBusy());
        }
        App again(home.path());
        QTRY_VERIFY(again.context->isReady());
        QCOMPARE(again.context->conversations()->count(), 2);
        again.context->actions()->open(first);
        QTRY_COMPARE(again.session().messages().size(), 2);
    }

    void a_key_reaches_its_server_and_neither_the_log_nor_any_other_file()
    {
        const QByteArray key = "sk-window-0123456789abcdef";
        const QTemporaryDir home;
        MockServer server;
        server.setHandler(
            [](const ReceivedRequest &) { return MockAnswer::json(R"({"error":{"message":"no"}})", 401); });
        {
            App app(home.path());
            app.use(server.url(u"/v1"_s));
            app.context->providers()->editor()->setKey(QString::fromLatin1(key));
            QTRY_VERIFY(app.context->providers()->editor()->keyState() != ProviderEditor::KeyState::Looking);
            QVERIFY(app.session().send(u"Hello"_s));
            QTRY_VERIFY(!app.session().isBusy());
            qWarning("a careless line with %s in it", key.constData());
            QVERIFY(!app.context->recentLog().contains(QString::fromLatin1(key)));
        }
        const bool sent =
            std::ranges::any_of(server.received(), [&key](const MockServer::Received &received) {
                return received.request.headers.contains(
                    std::pair<QByteArray, QByteArray>("authorization", "Bearer " + key));
            });
        QVERIFY(sent);
        QDirIterator files(home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(key), qPrintable(file.fileName()));
        }
    }

    void ctrl_b_hides_the_conversations_and_shows_them_again()
    {
        const QTemporaryDir home;
        App app(home.path());
        app.window->resize(1200, 800);
        auto *sidebar = app.item(u"sidebar"_s);
        QTRY_VERIFY(sidebar->isVisible());
        const qreal beside = app.item(u"chat"_s)->width();
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QTest::keyClick(app.window, Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(!sidebar->isVisible());
        QTRY_VERIFY(app.item(u"chat"_s)->width() > beside);
        QVERIFY(!app.context->preferences()->isSidebarVisible());
        QTest::keyClick(app.window, Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(sidebar->isVisible());
    }

    void in_a_narrow_window_the_conversations_lie_over_the_text_while_wanted()
    {
        const QTemporaryDir home;
        App app(home.path());
        app.window->resize(500, 600);
        auto *sidebar = app.item(u"sidebar"_s);
        QTRY_VERIFY(!sidebar->isVisible());
        QTRY_COMPARE(app.item(u"chat"_s)->width(), 500);
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QTest::keyClick(app.window, Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(sidebar->isVisible());
        QCOMPARE(app.item(u"chat"_s)->width(), 500);
        QTest::keyClick(app.window, Qt::Key_Escape);
        QTRY_VERIFY(!sidebar->isVisible());
        app.type(u"hello"_s);
        QCOMPARE(app.draft(), u"hello"_s);
        // What is wanted in a wide window is another matter, and stays.
        QVERIFY(app.context->preferences()->isSidebarVisible());
    }

    void each_conversation_keeps_its_draft()
    {
        const QTemporaryDir home;
        App app(home.path());
        QTRY_VERIFY(app.context->isReady());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        app.context->hurryDemo();
        app.type(u"first"_s);
        QTest::keyClick(app.window, Qt::Key_Return);
        QCOMPARE(app.draft(), QString());
        QTRY_VERIFY(!app.session().isBusy());
        const qint64 first = app.session().conversation();
        app.type(u"half a"_s);
        QTest::keyClick(app.window, Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(app.session().isEmpty());
        QCOMPARE(app.draft(), QString());
        app.type(u"other"_s);
        app.context->actions()->open(first);
        QTRY_COMPARE(app.draft(), u"half a"_s);
        app.context->actions()->startNew();
        QTRY_COMPARE(app.draft(), u"other"_s);
    }

    void settings_open_by_key_and_esc_leads_back_to_the_message()
    {
        const QTemporaryDir home;
        App app(home.path());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QTest::keyClick(app.window, Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(app.item(u"settings"_s)->isVisible());
        QVERIFY(!app.item(u"chat"_s)->isVisible());
        QTest::keyClick(app.window, Qt::Key_Escape);
        QTRY_VERIFY(app.item(u"chat"_s)->isVisible());
        app.type(u"back"_s);
        QCOMPARE(app.draft(), u"back"_s);
    }

    void the_zoom_follows_its_keys()
    {
        const QTemporaryDir home;
        App app(home.path());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        const qreal before = app.item(u"composer"_s)->implicitHeight();
        QTest::keyClick(app.window, Qt::Key_Plus, Qt::ControlModifier);
        QTRY_COMPARE(app.context->preferences()->zoom(), 1.1);
        QTRY_VERIFY(app.item(u"composer"_s)->implicitHeight() > before);
        QTest::keyClick(app.window, Qt::Key_0, Qt::ControlModifier);
        QTRY_COMPARE(app.context->preferences()->zoom(), 1.0);
    }

    void a_link_is_followed_only_after_its_host_was_shown_data()
    {
        QTest::addColumn<QUrl>("target");
        QTest::addColumn<QString>("title");
        QTest::newRow("a page") << QUrl(u"https://example.org/a?b"_s) << u"Open example.org?"_s;
        QTest::newRow("a page with a blank")
            << QUrl(u"https://example.org/a%20b"_s) << u"Open example.org?"_s;
        QTest::newRow("a name that looks like a host")
            << QUrl(u"https://apple.com@evil.example/x"_s) << u"This link can not be opened"_s;
        QTest::newRow("a program") << QUrl(u"file:///bin/sh"_s) << u"This link can not be opened"_s;
    }
    void a_link_is_followed_only_after_its_host_was_shown()
    {
        QFETCH(QUrl, target);
        const QTemporaryDir home;
        App app(home.path());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        auto *dialog = app.window->findChild<QObject *>(u"linkDialog"_s);
        QVERIFY(dialog);
        QSignalSpy opened(dialog, SIGNAL(openRequested(rivulet::Link)));
        QVERIFY(opened.isValid());
        QMetaObject::invokeMethod(app.window, "askToOpen", target);
        QTRY_VERIFY(dialog->property("opened").toBool());
        QTEST(dialog->property("title").toString(), "title");
        QTest::keyClick(app.window, Qt::Key_Escape);
        QTRY_VERIFY(!dialog->property("visible").toBool());
        QCOMPARE(opened.count(), 0);
    }

    void a_program_runs_once_it_was_allowed_data()
    {
        QTest::addColumn<bool>("allowed");
        QTest::newRow("allowed") << true;
        QTest::newRow("refused") << false;
    }
    void a_program_runs_once_it_was_allowed()
    {
        QFETCH(const bool, allowed);
        QTemporaryDir home;
        App app(home.path());
        app.context->providers()->addPreset(u"command"_s);
        ProviderEditor *editor = app.context->providers()->editor();
        editor->setCommand(u"sh -c \"cat '" RIVULET_TEST_DATA
                           "/streams/stream-json-partial-messages.ndjson'\""_s);
        app.context->providers()->select(editor->providerId());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        auto *dialog = app.window->findChild<QObject *>(u"programDialog"_s);
        QVERIFY(dialog);

        QVERIFY(app.session().send(u"Hello"_s));
        QTRY_VERIFY(dialog->property("opened").toBool());
        QVERIFY(app.context->programs()->command().contains("cat"_L1));
        QVERIFY(app.session().isBusy());
        if (allowed) {
            app.context->programs()->allow();
            QTRY_COMPARE(app.last().text(), u"One time. Done."_s);
            QTRY_COMPARE(app.last().state, Message::State::Complete);
        } else {
            QTest::keyClick(app.window, Qt::Key_Escape);
            QTRY_COMPARE(app.last().state, Message::State::Failed);
        }
        QTRY_VERIFY(!dialog->property("visible").toBool());
        QTRY_VERIFY(!app.session().isBusy());

        QVERIFY(app.session().send(u"Again"_s));
        if (allowed)
            QTRY_COMPARE(app.last().text(), u"One time. Done."_s);
        else
            QTRY_VERIFY(dialog->property("opened").toBool());
    }

    void a_turn_waits_until_the_program_that_prints_its_key_is_allowed_data()
    {
        QTest::addColumn<bool>("allowed");
        QTest::newRow("allowed") << true;
        QTest::newRow("refused") << false;
    }
    void a_turn_waits_until_the_program_that_prints_its_key_is_allowed()
    {
        QFETCH(const bool, allowed);
        QTemporaryDir home;
        MockServer server;
        server.route("/v1/chat/completions", MockAnswer::stream().chunk(delta("Hi")).chunk(endMarker));
        App app(home.path());
        app.use(server.url(u"/v1"_s));
        CredentialSettings *credential = app.context->providers()->editor()->credential();
        credential->setSource(CredentialSettings::Source::Program);
        credential->setCommand(u"echo printed-key-4711"_s);
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        auto *dialog = app.window->findChild<QObject *>(u"programDialog"_s);
        QVERIFY(dialog);
        const auto keyWasSent = [&server] {
            return std::ranges::any_of(server.received(), [](const MockServer::Received &received) {
                return received.request.headers.contains(
                    std::pair<QByteArray, QByteArray>("authorization", "Bearer printed-key-4711"));
            });
        };

        QVERIFY(app.session().send(u"Hello"_s));
        QTRY_VERIFY(dialog->property("opened").toBool());
        QVERIFY(app.context->programs()->command().endsWith("echo printed-key-4711"_L1));
        QCOMPARE(app.context->programs()->purpose(), ProgramGate::Purpose::Key);
        QVERIFY(!keyWasSent());
        if (allowed) {
            app.context->programs()->allow();
            QTRY_COMPARE(app.last().text(), u"Hi"_s);
            QVERIFY(keyWasSent());
        } else {
            QTest::keyClick(app.window, Qt::Key_Escape);
            QTRY_COMPARE(app.last().state, Message::State::Failed);
            QVERIFY(!keyWasSent());
        }
        QTRY_VERIFY(!app.session().isBusy());
        QCOMPARE(app.session().messages().constFirst().text(), u"Hello"_s);
    }

    void what_an_agent_asks_is_answered_by_a_click_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<QString>("answer");
        QTest::newRow("once") << u"allowOnce"_s << u"allowed"_s;
        QTest::newRow("always") << u"allowAlways"_s << u"allowed"_s;
        QTest::newRow("deny") << u"deny"_s << u"denied"_s;
    }
    void what_an_agent_asks_is_answered_by_a_click()
    {
        QFETCH(const QString, button);
        QFETCH(const QString, answer);
        QTemporaryDir home;
        App app(home.path());
        app.context->providers()->addPreset(u"command"_s);
        ProviderEditor *editor = app.context->providers()->editor();
        editor->setCommand(u"sh \"" RIVULET_TEST_DATA "/agents/asks.sh\""_s);
        app.context->providers()->select(editor->providerId());
        QVERIFY(QTest::qWaitForWindowActive(app.window));
        QVERIFY(app.session().send(u"Clean up"_s));
        QTRY_VERIFY(app.context->programs()->isAsking());
        app.context->programs()->allow();

        QTRY_VERIFY(shownItem(app.window->contentItem(), button));
        QMetaObject::invokeMethod(shownItem(app.window->contentItem(), button), "click");
        QTRY_COMPARE(app.last().text(), answer);
        QTRY_COMPARE(app.last().state, Message::State::Complete);
        QVERIFY(hasDecisions(app.last()));
    }

private:
    /// The visible item of that name at or below `item`, also inside the rows of a view.
    static QQuickItem *shownItem(QQuickItem *item, const QString &name)
    {
        if (!item->isVisible())
            return nullptr;
        if (item->objectName() == name)
            return item;
        for (QQuickItem *child : item->childItems()) {
            if (QQuickItem *found = shownItem(child, name))
                return found;
        }
        return nullptr;
    }

    /// The notice at the end of the transcript.
    static Notice noticeOf(App &app)
    {
        TranscriptModel *rows = app.context->transcript();
        for (int row = rows->count() - 1; row >= 0; --row) {
            const QVariant notice =
                rows->data(rows->index(row), static_cast<int>(TranscriptModel::Role::Notice));
            if (notice.isValid() && !notice.value<Notice>().title.isEmpty())
                return notice.value<Notice>();
        }
        return {};
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
