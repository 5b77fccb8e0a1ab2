// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/messagerow.h"

#include "models/store/journalcodec.h"
#include "models/store/metricscodec.h"
#include "models/store/partcodec.h"
#include "models/store/sqlvalues.h"

#include <QtCore/qstringlist.h>

#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct Column
{
    QLatin1StringView name;
    int since = 1;                 ///< the version of the schema that brought it
    QLatin1StringView before = {}; ///< what it would hold in an earlier one, as SQL
};

// In the order in which values are bound and read. The conversation is the last one, since it is looked up.
constexpr std::array columns{
    Column{"id"_L1},
    Column{"parent"_L1},
    Column{"role"_L1},
    Column{"state"_L1},
    Column{"finish"_L1},
    Column{"error_kind"_L1},
    Column{"error_status"_L1},
    Column{"error_code"_L1},
    Column{"error_message"_L1},
    Column{"error_retry_after"_L1},
    Column{"input_tokens"_L1},
    Column{"output_tokens"_L1},
    Column{"reasoning_tokens"_L1},
    Column{"cached_tokens"_L1},
    Column{"provider"_L1},
    Column{"provider_id"_L1, 2, "''"_L1},
    Column{"dialect"_L1, 2, "''"_L1},
    Column{"model"_L1},
    Column{"session"_L1, 2, "''"_L1},
    Column{"created"_L1},
    Column{"metrics"_L1, 5, "NULL"_L1},
    Column{"resume"_L1, 8, "NULL"_L1},
    Column{"journalled"_L1},
    Column{"conversation"_L1},
};

ChatRole roleFrom(const QString &name)
{
    return name == "assistant"_L1 ? ChatRole::Assistant : ChatRole::User;
}

QString nameOf(Message::State state)
{
    switch (state) {
    case Message::State::Streaming:
        return u"streaming"_s;
    case Message::State::Complete:
        return u"complete"_s;
    case Message::State::CutOff:
        return u"cut_off"_s;
    case Message::State::Stopped:
        return u"stopped"_s;
    case Message::State::Redirected:
        return u"redirected"_s;
    case Message::State::Failed:
        return u"failed"_s;
    }
    Q_UNREACHABLE_RETURN(u"complete"_s);
}

Message::State stateFrom(const QString &name)
{
    for (const Message::State state :
         {Message::State::Streaming, Message::State::Complete, Message::State::Stopped,
          Message::State::Redirected, Message::State::Failed}) {
        if (nameOf(state) == name)
            return state;
    }
    return Message::State::CutOff;
}

/// Takes the values of a row one after the other.
class RowReader
{
public:
    explicit RowReader(const QSqlQuery &row) : m_row(row) {}

    QVariant value() { return m_row.value(m_at++); }
    qint64 integer() { return value().toLongLong(); }
    QString text() { return value().toString(); }
    std::optional<qint64> number() { return sql::numberFrom(value()); }

private:
    const QSqlQuery &m_row;
    int m_at = 0;
};

std::optional<NetError> errorFrom(RowReader &row)
{
    const QVariant kind = row.value();
    NetError error{.kind = errorKindFromName(kind.toString()).value_or(NetError::Kind::Network)};
    error.status = row.value().toInt();
    error.code = row.text();
    error.message = row.text();
    if (const auto retryAfter = row.number())
        error.retryAfter = std::chrono::milliseconds(*retryAfter);
    return kind.isNull() ? std::nullopt : std::optional(std::move(error));
}

} // namespace

QString nameOf(ChatRole role)
{
    switch (role) {
    case ChatRole::User:
        return u"user"_s;
    case ChatRole::Assistant:
        return u"assistant"_s;
    }
    Q_UNREACHABLE_RETURN(u"user"_s);
}

const QString &messageInsertion()
{
    static const QString statement = [] {
        QStringList names;
        QStringList replaced;
        for (const Column &column : columns) {
            names.append(column.name);
            replaced.append(u"%1 = excluded.%1"_s.arg(column.name));
        }
        return u"INSERT INTO message (%1) SELECT %2id FROM conversation WHERE id = ? "
               "ON CONFLICT (id) DO UPDATE SET %3"_s.arg(names.join(", "_L1),
                                                         u"?, "_s.repeated(qsizetype(columns.size()) - 1),
                                                         replaced.sliced(1).join(", "_L1));
    }();
    return statement;
}

QVariantList valuesOf(const MessageRow &row)
{
    const Message &message = row.message;
    QVariantList values{
        static_cast<qint64>(message.id),
        sql::number(message.parent.transform([](MessageId id) { return static_cast<qint64>(id); })),
        nameOf(message.role), nameOf(message.state), QString(toName(message.finish))};
    if (const auto &error = message.error) {
        values << QString(toName(error->kind)) << error->status << sql::text(error->code)
               << sql::text(error->message)
               << sql::number(error->retryAfter.transform([](auto time) { return qint64{time.count()}; }));
    } else {
        values.resize(values.size() + 5);
    }
    values << sql::number(message.usage.inputTokens) << sql::number(message.usage.outputTokens)
           << sql::number(message.usage.reasoningTokens) << sql::number(message.usage.cachedTokens)
           << sql::text(message.provider) << sql::text(message.providerId) << sql::text(message.dialect)
           << sql::text(message.model) << sql::text(message.session) << sql::instant(message.created)
           << sql::blob(encodeMetrics(message.metrics))
           << sql::blob(message.resume ? encodeJournal({.events = {}, .place = message.resume})
                                       : QByteArray())
           << row.journalled << static_cast<qint64>(message.conversation);
    return values;
}

QString messageColumns(int version)
{
    QStringList names;
    for (const Column &column : columns)
        names.append(version < column.since ? column.before : column.name);
    return names.join(", "_L1);
}

MessageRow messageFrom(const QSqlQuery &query)
{
    RowReader row(query);
    Message message{.id = MessageId{row.integer()}};
    message.parent = row.number().transform([](qint64 id) { return MessageId{id}; });
    message.role = roleFrom(row.text());
    message.state = stateFrom(row.text());
    message.finish = finishReasonFromName(row.text()).value_or(FinishReason::Other);
    message.error = errorFrom(row);
    message.usage = {.inputTokens = row.number(),
                     .outputTokens = row.number(),
                     .reasoningTokens = row.number(),
                     .cachedTokens = row.number()};
    message.provider = row.text();
    message.providerId = row.text();
    message.dialect = row.text();
    message.model = row.text();
    message.session = row.text();
    message.created = sql::instantFrom(row.value());
    message.metrics = decodeMetrics(row.value().toByteArray());
    message.resume = decodeJournal(row.value().toByteArray()).place;
    const qint64 journalled = row.integer();
    message.conversation = ConversationId{row.integer()};
    return {std::move(message), journalled};
}

QString partInsertion()
{
    return u"INSERT INTO part (message, position, kind, text, duration, agent, details) "
           "VALUES (?, ?, ?, ?, ?, ?, ?) "
           "ON CONFLICT (message, position) DO UPDATE SET kind = excluded.kind, text = excluded.text, "
           "duration = excluded.duration, agent = excluded.agent, details = excluded.details"_s;
}

QVariantList valuesOf(MessageId message, qint64 position, const Part &part)
{
    const StoredPart stored = encodePart(part);
    return {static_cast<qint64>(message),
            position,
            stored.kind,
            sql::text(stored.text),
            sql::number(stored.duration),
            sql::text(stored.agent),
            sql::blob(stored.details)};
}

QString partColumns(int version)
{
    return version < 2 ? u"message, kind, text, duration, '', NULL"_s
                       : u"message, kind, text, duration, agent, details"_s;
}

std::optional<Part> partFrom(const QSqlQuery &row)
{
    return decodePart({.kind = row.value(1).toString(),
                       .text = row.value(2).toString(),
                       .agent = row.value(4).toString(),
                       .duration = sql::numberFrom(row.value(3)),
                       .details = row.value(5).toByteArray()});
}

} // namespace rivulet
