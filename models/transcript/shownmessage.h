// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: what is shown of a message. A ShownMessage has a Segment for each part, a
// Segment has the rows of its part, and an Entry is one row of the list.

#include "models/chat/message.h"
#include "models/highlight/codehighlighter.h"
#include "models/markdown/markdownstream.h"
#include "models/transcript/chunks.h"
#include "models/transcript/headline.h"
#include "models/transcript/notice.h"
#include "models/transcript/transcriptmodel.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace rivulet::transcript {

struct Segment;
struct ShownMessage;

/// One row of the list. It keeps its address until it is removed.
struct Entry
{
    quint64 id = 0;
    TranscriptModel::Kind kind = TranscriptModel::Kind::Text;
    quint32 revision = 0;
    ShownMessage *message = nullptr;
    Segment *segment = nullptr; ///< null for rows of the message itself
    qsizetype at = -1; ///< which row of the segment's content, or chunk of the user's words; -1 for neither
    std::size_t chunk = 0;    ///< which chunk of that row
    ChunkStart start;         ///< where it begins
    std::optional<Row> slice; ///< what a chunk of a long row shows

    std::optional<CodeHighlighter> highlighter;
    CodeHighlighter::Theme theme = CodeHighlighter::Theme::Light;
    quint32 highlighted = 0; ///< the revision that the highlighter has seen
};
using Entries = std::vector<std::unique_ptr<Entry>>;

/// One part of a message: text with its rows, reasoning or a tool call, whose rows exist while it is
/// expanded, and whatever else a message is made of.
struct Segment
{
    qsizetype part = 0;                   ///< which of the message
    std::optional<MarkdownStream> stream; ///< of words
    QList<Row> made;                      ///< of what is no words
    bool open = false;                    ///< of a tool call: it is expanded
    bool stale = true;                    ///< of what is no words: its part may have changed
    Headline headline;
    qsizetype fed = 0;                      ///< UTF-16 units of the part that the stream has
    std::vector<std::vector<Entry *>> rows; ///< as many as there is content; a long one in chunks

    Entry *head = nullptr; ///< the line above its rows, where it has one
    QDateTime began;       ///< of reasoning
    std::optional<std::chrono::milliseconds> took;
    QString newest; ///< see newestSentence()
};

/// One message with what is shown of it.
struct ShownMessage
{
    Message message;
    std::vector<std::unique_ptr<Segment>> segments;
    QList<Row> words; ///< of the user
    Notice notice;
};

/// The rows that the entries of a segment show.
[[nodiscard]] const QList<Row> &contentOf(const Segment &segment);
/// What an entry shows; null where it has no text.
[[nodiscard]] const Row *contentOf(const Entry &entry);

/// The words of the segment's part.
[[nodiscard]] const QString &textOf(const ShownMessage &shown, const Segment &segment);
[[nodiscard]] bool isReasoning(const Segment &segment);

/// The entry before this one in its segment, null for the first.
[[nodiscard]] Entry *entryAbove(const Entry &entry);
/// The entry after this one in its segment, null for the last.
[[nodiscard]] Entry *entryBelow(const Entry &entry);
/// Whether no further chunk of the same block follows.
[[nodiscard]] bool isLastChunk(const Entry &entry);

} // namespace rivulet::transcript
