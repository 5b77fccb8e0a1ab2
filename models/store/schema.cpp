// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/schema.h"

#include "models/store/sqlconnection.h"

#include <QtCore/qlist.h>

#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Each step brings the schema from the version of its place to the next one, in one transaction.
// Times are milliseconds since 1970 in UTC. Names, not numbers, stand for the values of enumerations.
const std::array migrations{
    QList<QString>{
        uR"(CREATE TABLE meta (
        key TEXT PRIMARY KEY NOT NULL,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID)"_s,
        uR"(CREATE TABLE conversation (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        created INTEGER,
        changed INTEGER
    ) STRICT)"_s,
        u"CREATE INDEX conversation_changed ON conversation (changed, id)"_s,
        uR"(CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        parent INTEGER,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        finish TEXT NOT NULL,
        error_kind TEXT,
        error_status INTEGER,
        error_code TEXT,
        error_message TEXT,
        error_retry_after INTEGER,
        input_tokens INTEGER,
        output_tokens INTEGER,
        reasoning_tokens INTEGER,
        cached_tokens INTEGER,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        created INTEGER,
        journalled INTEGER NOT NULL DEFAULT 0
    ) STRICT)"_s,
        u"CREATE INDEX message_conversation ON message (conversation)"_s,
        u"CREATE INDEX message_streaming ON message (id) WHERE state = 'streaming'"_s,
        uR"(CREATE TABLE part (
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        duration INTEGER,
        UNIQUE (message, position)
    ) STRICT)"_s,
        // Rows outlive their message until the journal is trimmed, so they do not refer to it.
        uR"(CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL,
        events BLOB NOT NULL
    ) STRICT)"_s,
    },
    QList<QString>{
        // What an answer goes back with: who made it, and what the server calls the conversation.
        u"ALTER TABLE message ADD COLUMN provider_id TEXT NOT NULL DEFAULT ''"_s,
        u"ALTER TABLE message ADD COLUMN dialect TEXT NOT NULL DEFAULT ''"_s,
        u"ALTER TABLE message ADD COLUMN session TEXT NOT NULL DEFAULT ''"_s,
        u"ALTER TABLE part ADD COLUMN agent TEXT NOT NULL DEFAULT ''"_s,
        u"ALTER TABLE part ADD COLUMN details BLOB"_s,
    },
    QList<QString>{
        // By conversation; 0 is the one that has no message yet, and so no row to refer to.
        uR"(CREATE TABLE unsent (
        id INTEGER PRIMARY KEY,
        draft TEXT NOT NULL,
        queue BLOB
    ) STRICT)"_s,
    },
    QList<QString>{
        // See searchindex.h. What is written there has been folded before: the tokenizer is only to tell its
        // words apart, whose vowel signs are marks.
        uR"(CREATE VIRTUAL TABLE search USING fts5 (
        words, marks, content = '', contentless_delete = 1,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
    ))"_s,
        u"INSERT INTO meta SELECT 'unindexed_before', max(id) + 1 FROM message HAVING count(*) > 0"_s,
    },
    QList<QString>{
        u"ALTER TABLE message ADD COLUMN metrics BLOB"_s,
    },
    QList<QString>{
        // Conversations that no backup brings back.
        u"CREATE TABLE removed (id INTEGER PRIMARY KEY) STRICT"_s,
    },
    QList<QString>{
        u"ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0"_s,
        u"ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0"_s,
        u"ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0"_s,
    },
    QList<QString>{
        // Where the stream of an answer may be joined again, as a piece of a journal.
        u"ALTER TABLE message ADD COLUMN resume BLOB"_s,
        u"CREATE INDEX message_resumable ON message (conversation) WHERE resume IS NOT NULL"_s,
    },
};
static_assert(migrations.size() == schemaVersion);

/// A column by which a version is known.
struct Mark
{
    int since = 1; ///< the version that brought it
    QLatin1StringView table;
    QLatin1StringView column;
};
constexpr std::array marks{
    Mark{1, "meta"_L1, "value"_L1},          Mark{1, "conversation"_L1, "title"_L1},
    Mark{1, "message"_L1, "state"_L1},       Mark{1, "part"_L1, "text"_L1},
    Mark{1, "journal"_L1, "events"_L1},      Mark{2, "part"_L1, "details"_L1},
    Mark{3, "unsent"_L1, "draft"_L1},        Mark{4, "search"_L1, "words"_L1},
    Mark{5, "message"_L1, "metrics"_L1},     Mark{6, "removed"_L1, "id"_L1},
    Mark{7, "conversation"_L1, "unread"_L1}, Mark{8, "message"_L1, "resume"_L1},
};

StoreResult<void> takeStep(const SqlConnection &connection, int version)
{
    for (const QString &statement : migrations.at(static_cast<size_t>(version))) {
        if (auto done = connection.exec(statement); !done)
            return done;
    }
    return connection.exec(u"PRAGMA user_version = %1"_s.arg(version + 1));
}

} // namespace

StoreResult<void> checkSchema(const SqlConnection &connection, int version)
{
    for (const Mark &mark : marks) {
        const auto found = connection.value(u"SELECT count(*) FROM pragma_table_info(?) WHERE name = ?"_s,
                                            {QString(mark.table), QString(mark.column)});
        if (!found)
            return std::unexpected(found.error());
        if (found->toBool() != (version >= mark.since)) {
            return std::unexpected(
                StoreError{StoreError::Kind::Corrupt, u"The schema is not that of its version."_s});
        }
    }
    return {};
}

StoreResult<void> migrateSchema(const SqlConnection &connection, int version)
{
    for (; version < schemaVersion; ++version) {
        StoreResult<void> done = connection.begin(SqlConnection::Durability::Power);
        if (!done)
            return done;
        done = takeStep(connection, version);
        if (done)
            done = connection.commit();
        if (!done) {
            connection.rollback();
            return done;
        }
    }
    return {};
}

} // namespace rivulet
