// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/store/sqlitestore.h"

#include <QtCore/qfuture.h>
#include <QtCore/qtimezone.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qtest.h>

#include <memory>

namespace rivulet::test {

using namespace Qt::StringLiterals;

inline QDateTime at(qint64 milliseconds)
{
    return QDateTime::fromMSecsSinceEpoch(1'790'000'000'000 + milliseconds, QTimeZone::UTC);
}

inline ConversationSummary conversation(qint64 id, const QString &title = u"Title"_s, qint64 changed = 0)
{
    return {.id = ConversationId{id}, .title = title, .created = at(0), .changed = at(changed)};
}

inline Message said(qint64 id, qint64 conversation, const QString &text)
{
    return {.id = MessageId{id},
            .conversation = ConversationId{conversation},
            .role = ChatRole::User,
            .parts = {TextPart{text}},
            .created = at(id)};
}

/// An answer that nothing has arrived of yet.
inline Message answerTo(const Message &question, qint64 id)
{
    return {.id = MessageId{id},
            .conversation = question.conversation,
            .parent = question.id,
            .role = ChatRole::Assistant,
            .state = Message::State::Streaming,
            .provider = u"Demo"_s,
            .model = u"demo-1"_s,
            .created = at(id)};
}

inline StreamEvents text(const QString &delta)
{
    return {{event::Text{delta}, {}}};
}

inline StreamEvents reasoning(const QString &delta)
{
    return {{event::Reasoning{delta}, {}}};
}

/// Metrics in which everything was measured.
inline TurnMetrics everyNumber()
{
    return {.firstByte = std::chrono::microseconds(1),
            .firstToken = std::chrono::microseconds(2),
            .total = std::chrono::microseconds(qint64{1} << 40),
            .tokensPerSecond = 41.5,
            .gaps = 5,
            .gapP50 = std::chrono::microseconds(6),
            .gapP95 = std::chrono::microseconds(7),
            .gapP99 = std::chrono::microseconds(8),
            .gapMax = std::chrono::microseconds(9),
            .stalls = 10,
            .retries = 11,
            .resumes = 12,
            .wireBytes = qint64{13} << 40,
            .decodedBytes = qint64{14} << 40};
}

/// Every kind of part, each with and without what it may lack.
inline QList<Part> everyPart()
{
    using Answer = ApprovalPart::Answer;
    using Kind = event::Artifact::Kind;
    using State = event::Status::State;
    QList<Part> parts{
        TextPart{u"one\u0000two\r\n"_s},
        TextPart{u"lane"_s, u"Ada \u00e4"_s},
        TextPart{},
        ReasoningPart{u"thinking \u00e4\U0001F600"_s, std::chrono::milliseconds(1234)},
        ReasoningPart{.text = u"signed"_s, .agent = u"bob"_s, .opaque = {u"sig"_s, {}, u"more"_s}},
        ReasoningPart{.text = {}, .opaque = {QString(3'000, u'x')}},
        ToolCallPart{3, u"c"_s, u"look"_s, u"{\"a\":1}"_s, u"bob"_s},
        ToolCallPart{},
        ToolResultPart{u"c"_s, u"look"_s, u"a river"_s, true, true, u"bob"_s},
        ToolResultPart{},
        ApprovalPart{.id = u"q"_s,
                     .name = u"rm"_s,
                     .arguments = u"{}"_s,
                     .call = u"c"_s,
                     .context = u"{\"x\":1}"_s,
                     .reason = u"Why not"_s,
                     .agent = u"bob"_s},
    };
    for (const Answer answer : {Answer::AllowedOnce, Answer::AllowedAlways, Answer::Denied})
        parts.append(ApprovalPart{.id = u"q"_s, .answer = answer});
    for (const State state : {State::Running, State::Done, State::Failed})
        parts.append(StatusPart{u"plan"_s, u"thinks"_s, state, u"bob"_s});
    for (const Kind kind : {Kind::Code, Kind::Table, Kind::Figure, Kind::Verification, Kind::Reflection,
                            Kind::File, Kind::Image, Kind::Source})
        parts.append(ArtifactPart{u"a"_s, kind, u"Title"_s, "[\"\xc3\xa4\",1]"_ba, u"bob"_s});
    return parts;
}

/// The future's result, once it is there; fails the test and gives an error where it never comes.
template<typename T>
StoreResult<T> await(QFuture<StoreResult<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000) || future.resultCount() == 0) {
        QTest::qFail("the store did not answer", __FILE__, __LINE__);
        return std::unexpected(StoreError{});
    }
    return future.result();
}

inline QList<Message> messagesOf(SqliteStore &store, qint64 conversation)
{
    return await(store.messages(ConversationId{conversation})).value_or(QList<Message>());
}

inline QList<ConversationSummary> resumableOf(SqliteStore &store)
{
    return await(store.resumable(at(0))).value_or(QList<ConversationSummary>());
}

inline Message messageOf(SqliteStore &store, qint64 conversation, qint64 id)
{
    const QList<Message> all = messagesOf(store, conversation);
    for (const Message &message : all) {
        if (message.id == MessageId{id})
            return message;
    }
    QTest::qFail("no such message", __FILE__, __LINE__);
    return {};
}

/// Another program's connection to the file.
class OtherConnection
{
public:
    explicit OtherConnection(const QString &path)
        : m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s))
    {
        m_database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=2000"_s);
        m_database.setDatabaseName(path);
        m_database.open();
    }
    ~OtherConnection()
    {
        m_database = {};
        QSqlDatabase::removeDatabase(u"other"_s);
    }
    Q_DISABLE_COPY_MOVE(OtherConnection)

    bool exec(const QString &sql) { return QSqlQuery(m_database).exec(sql); }

    QVariant value(const QString &sql)
    {
        QSqlQuery query(m_database);
        return query.exec(sql) && query.next() ? query.value(0) : QVariant();
    }

private:
    QSqlDatabase m_database;
};

} // namespace rivulet::test
