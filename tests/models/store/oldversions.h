// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/models/store/storefixture.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <array>

namespace rivulet::test {

// What each version of the schema left on disk when it was killed, as statements: conversation 1 with a
// question, its answer, and a second answer that was streaming. Never change one: people have such files.

inline QStringList firstVersion()
{
    const QString messageColumns =
        u"id, conversation, parent, role, state, finish, provider, model, created"_s;
    return {
        u"PRAGMA journal_mode = WAL"_s,
        u"CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"_s,
        u"CREATE TABLE conversation (id INTEGER PRIMARY KEY, title TEXT NOT NULL, created INTEGER, "
        "changed INTEGER) STRICT"_s,
        u"CREATE INDEX conversation_changed ON conversation (changed, id)"_s,
        u"CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL "
        "REFERENCES conversation (id) ON DELETE CASCADE, parent INTEGER, role TEXT NOT NULL, "
        "state TEXT NOT NULL, finish TEXT NOT NULL, error_kind TEXT, error_status INTEGER, "
        "error_code TEXT, error_message TEXT, error_retry_after INTEGER, input_tokens INTEGER, "
        "output_tokens INTEGER, reasoning_tokens INTEGER, cached_tokens INTEGER, "
        "provider TEXT NOT NULL, model TEXT NOT NULL, created INTEGER, "
        "journalled INTEGER NOT NULL DEFAULT 0) STRICT"_s,
        u"CREATE INDEX message_conversation ON message (conversation)"_s,
        u"CREATE INDEX message_streaming ON message (id) WHERE state = 'streaming'"_s,
        u"CREATE TABLE part (id INTEGER PRIMARY KEY, message INTEGER NOT NULL "
        "REFERENCES message (id) ON DELETE CASCADE, position INTEGER NOT NULL, kind TEXT NOT NULL, "
        "text TEXT NOT NULL, duration INTEGER, UNIQUE (message, position)) STRICT"_s,
        u"CREATE TABLE journal (id INTEGER PRIMARY KEY, message INTEGER NOT NULL, "
        "events BLOB NOT NULL) STRICT"_s,
        u"PRAGMA user_version = 1"_s,
        u"INSERT INTO meta VALUES ('open', 1)"_s,
        u"INSERT INTO conversation VALUES (1, 'Title', %1, %1)"_s.arg(at(0).toMSecsSinceEpoch()),
        u"INSERT INTO message (%1) VALUES (2, 1, NULL, 'user', 'complete', 'stop', '', '', %2)"_s
            .arg(messageColumns)
            .arg(at(2).toMSecsSinceEpoch()),
        u"INSERT INTO message (%1) VALUES "
        "(3, 1, 2, 'assistant', 'complete', 'length', 'Demo', 'demo-1', %2)"_s.arg(messageColumns)
            .arg(at(3).toMSecsSinceEpoch()),
        u"INSERT INTO message (%1) VALUES "
        "(4, 1, 2, 'assistant', 'streaming', 'stop', 'Demo', 'demo-1', %2)"_s.arg(messageColumns)
            .arg(at(4).toMSecsSinceEpoch()),
        u"INSERT INTO part (message, position, kind, text, duration) VALUES "
        "(2, 0, 'text', 'Why?', NULL), (3, 0, 'reasoning', 'Hm.', 12), (3, 1, 'text', 'So.', NULL)"_s,
        // [2, "so "], [2, "far"]
        u"INSERT INTO journal VALUES (1, 4, x'820263736f20'), (2, 4, x'820263666172')"_s,
    };
}

inline QStringList secondVersion()
{
    return firstVersion()
        + QStringList{
            u"ALTER TABLE message ADD COLUMN provider_id TEXT NOT NULL DEFAULT ''"_s,
            u"ALTER TABLE message ADD COLUMN dialect TEXT NOT NULL DEFAULT ''"_s,
            u"ALTER TABLE message ADD COLUMN session TEXT NOT NULL DEFAULT ''"_s,
            u"ALTER TABLE part ADD COLUMN agent TEXT NOT NULL DEFAULT ''"_s,
            u"ALTER TABLE part ADD COLUMN details BLOB"_s,
            u"PRAGMA user_version = 2"_s,
            u"UPDATE message SET provider_id = 'demo', dialect = 'plain-text', session = 'thread-1' "
            "WHERE id = 3"_s,
            u"UPDATE part SET agent = 'bob' WHERE message = 3 AND position = 1"_s,
        };
}

inline QStringList thirdVersion()
{
    return secondVersion()
        + QStringList{
            u"CREATE TABLE unsent (id INTEGER PRIMARY KEY, draft TEXT NOT NULL, queue BLOB) STRICT"_s,
            u"PRAGMA user_version = 3"_s,
            // [7, "next"]
            u"INSERT INTO unsent VALUES (1, 'typed', x'8207646e657874')"_s,
        };
}

inline QStringList fourthVersion()
{
    return thirdVersion()
        + QStringList{
            u"CREATE VIRTUAL TABLE search USING fts5 (words, marks, content = '', contentless_delete = 1, "
            "tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M*'\")"_s,
            u"PRAGMA user_version = 4"_s,
            u"INSERT INTO search (rowid, words, marks) VALUES (2, 'why', 'message'), "
            "(3, 'so hm', 'message')"_s,
        };
}

inline QStringList fifthVersion()
{
    // {"retries": 1}
    return fourthVersion()
        + QStringList{u"ALTER TABLE message ADD COLUMN metrics BLOB"_s,
                      u"UPDATE message SET metrics = x'a1677265747269657301' WHERE id = 3"_s,
                      u"PRAGMA user_version = 5"_s};
}

inline QStringList sixthVersion()
{
    return fifthVersion()
        + QStringList{u"CREATE TABLE removed (id INTEGER PRIMARY KEY) STRICT"_s,
                      u"PRAGMA user_version = 6"_s};
}

inline QStringList seventhVersion()
{
    return sixthVersion()
        + QStringList{u"ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0"_s,
                      u"ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0"_s,
                      u"ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0"_s,
                      u"PRAGMA user_version = 7"_s};
}

/// Puts a file of that version at `path`. Whether it could.
inline bool writeVersion(const QString &path, int version)
{
    QFile::remove(path);
    OtherConnection file(path);
    const std::array versions{firstVersion(), secondVersion(), thirdVersion(),  fourthVersion(),
                              fifthVersion(), sixthVersion(),  seventhVersion()};
    const QStringList &statements = versions.at(static_cast<size_t>(version - 1));
    return std::ranges::all_of(statements, [&file](const QString &sql) { return file.exec(sql); });
}

/// The answer that is complete, as a file of that version knows it.
inline Message answerOfVersion(int version)
{
    Message answer{.id = MessageId{3},
                   .conversation = ConversationId{1},
                   .parent = MessageId{2},
                   .role = ChatRole::Assistant,
                   .parts = {ReasoningPart{u"Hm."_s, std::chrono::milliseconds(12)}, TextPart{u"So."_s}},
                   .finish = FinishReason::Length,
                   .provider = u"Demo"_s,
                   .model = u"demo-1"_s,
                   .created = at(3)};
    if (version >= 2) {
        answer.parts.last() = TextPart{u"So."_s, u"bob"_s};
        answer.providerId = u"demo"_s;
        answer.dialect = u"plain-text"_s;
        answer.session = u"thread-1"_s;
    }
    if (version >= 5)
        answer.metrics.retries = 1;
    return answer;
}

/// What was not sent in conversation 1, as a file of that version knows it.
inline Unsent unsentOfVersion(int version)
{
    return version < 3 ? Unsent{} : Unsent{.draft = u"typed"_s, .queue = {{.id = 7, .text = u"next"_s}}};
}

/// The answer that was streaming, as it comes back.
inline Message cutOffOfAnyVersion()
{
    return {.id = MessageId{4},
            .conversation = ConversationId{1},
            .parent = MessageId{2},
            .role = ChatRole::Assistant,
            .parts = {TextPart{u"so far"_s}},
            .state = Message::State::CutOff,
            .finish = FinishReason::Other,
            .provider = u"Demo"_s,
            .model = u"demo-1"_s,
            .created = at(4)};
}

} // namespace rivulet::test
