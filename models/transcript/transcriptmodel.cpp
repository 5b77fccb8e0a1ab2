// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptmodel.h"

#include "models/markdown/markdownstream.h"
#include "models/transcript/partrows.h"

#include <QtCore/qhash.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qguiapplication.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

using Kind = TranscriptModel::Kind;
using Gap = TranscriptModel::Gap;
using Role = TranscriptModel::Role;
using Activity = TranscriptModel::Activity;

constexpr qsizetype newestLength = 160;
constexpr qsizetype longestChunk = 8192; ///< of a block in one row, in UTF-16 units

Kind kindOf(const Row &row)
{
    switch (row.kind) {
    case RowKind::Paragraph:
    case RowKind::Heading:
    case RowKind::Html:
        return Kind::Text;
    case RowKind::Code:
        return Kind::Code;
    case RowKind::Table:
        return Kind::Table;
    case RowKind::Rule:
        return Kind::Rule;
    }
    Q_UNREACHABLE_RETURN(Kind::Text);
}

bool isWords(const Part &part)
{
    return std::holds_alternative<TextPart>(part) || std::holds_alternative<ReasoningPart>(part);
}

/// The words of a part; empty where it has none of its own.
const QString &wordsOf(const Part &part)
{
    static const QString none;
    if (const auto *text = std::get_if<TextPart>(&part))
        return text->text;
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
        return reasoning->text;
    return none;
}

/// The newest result of a call, null where there is none yet.
const ToolResultPart *resultOf(const Message &message, const ToolCallPart &call)
{
    for (auto part = message.parts.rbegin(); part != message.parts.rend(); ++part) {
        const auto *result = std::get_if<ToolResultPart>(&*part);
        if (result && answers(*result, call))
            return result;
    }
    return nullptr;
}

/// Whether the part has rows of its own: a result is shown with its call, and opaque reasoning not at all.
bool isShown(const Message &message, qsizetype at)
{
    const Part &part = message.parts[at];
    if (const auto *result = std::get_if<ToolResultPart>(&part)) {
        return std::none_of(message.parts.begin(), message.parts.begin() + at, [result](const Part &other) {
            const auto *call = std::get_if<ToolCallPart>(&other);
            return call && answers(*result, *call);
        });
    }
    return !isWords(part) || !wordsOf(part).isEmpty();
}

/// The outermost list around a row, 0 where there is none.
quint32 listOf(const Row &row)
{
    const auto item = std::ranges::find_if(
        row.containers, [](const RowContainer &c) { return c.kind != RowContainer::Kind::Quote; });
    return item == row.containers.end() ? 0 : item->list;
}

bool endsSentence(QStringView text, qsizetype at)
{
    const QChar c = text[at];
    if (c == u'\n' || c == u'。' || c == u'！' || c == u'？')
        return true;
    return (c == u'.' || c == u'!' || c == u'?') && at + 1 < text.size() && text[at + 1].isSpace();
}

/// The last whole sentence of `text`, or what there is of the first one; without marks of markup.
QString newestSentence(QStringView text)
{
    text = text.last(std::min(text.size(), 4 * newestLength)).trimmed();
    qsizetype end = text.size();
    if (end > 0 && !u".!?。！？"_s.contains(text.back())) {
        for (qsizetype i = end - 1; i >= 0; --i) {
            if (endsSentence(text, i)) {
                end = i + 1;
                break;
            }
        }
    }
    text = text.first(end).trimmed();
    qsizetype begin = 0;
    for (qsizetype i = text.size() - 2; i >= 0; --i) {
        if (endsSentence(text, i)) {
            begin = i + 1;
            break;
        }
    }
    QString sentence = text.sliced(begin).toString().simplified();
    sentence.removeIf([](QChar c) { return c == u'*' || c == u'`' || c == u'#'; });
    sentence = sentence.trimmed();
    return sentence.first(std::min(sentence.size(), newestLength));
}

/// Where the chunk of `text` that begins at `begin` ends: all of a short text, else behind a line end or a
/// blank where there is one. Appending to the text moves no end but the last.
qsizetype chunkEnd(QStringView text, qsizetype begin)
{
    if (text.size() - begin <= longestChunk)
        return text.size();
    const QStringView window = text.sliced(begin, longestChunk);
    for (const QChar stop : {u'\n', u' '}) {
        if (const qsizetype last = window.lastIndexOf(stop); last > 0)
            return begin + last + 1;
    }
    return begin + longestChunk - (text[begin + longestChunk].isLowSurrogate() ? 1 : 0);
}

QList<InlineRun> runsWithin(const QList<InlineRun> &runs, qsizetype begin, qsizetype end)
{
    QList<InlineRun> within;
    for (const InlineRun &run : runs) {
        if (run.begin >= end)
            break;
        const qsizetype from = std::max(run.begin, begin);
        const qsizetype to = std::min(run.begin + run.length, end);
        if (from >= to)
            continue;
        within.append(run);
        within.last().begin = from - begin;
        within.last().length = to - from;
    }
    return within;
}

/// The text of a chunk: the line end behind it is where the next one begins.
QStringView chunkText(const Row &row, qsizetype begin, qsizetype end)
{
    QStringView text = QStringView(row.text).sliced(begin, end - begin);
    if (end < row.text.size() && text.endsWith(u'\n'))
        text.chop(1);
    return text;
}

Row sliceOf(const Row &row, qsizetype begin, qsizetype end)
{
    Row slice = row;
    slice.text = chunkText(row, begin, end).toString();
    slice.runs = runsWithin(row.runs, begin, end);
    slice.closed = row.closed || end < row.text.size();
    slice.continuesAbove = row.continuesAbove || begin > 0;
    if (begin > 0) {
        for (RowContainer &container : slice.containers)
            container.first = false;
    }
    return slice;
}

bool sameSlice(const Row &slice, const Row &row, qsizetype begin, qsizetype end)
{
    return slice.closed == (row.closed || end < row.text.size()) && slice.kind == row.kind
        && chunkText(row, begin, end) == slice.text && runsWithin(row.runs, begin, end) == slice.runs;
}

/// The user's words as rows.
QList<Row> chunksOf(const QString &text)
{
    Row words;
    words.closed = true;
    words.text = text;
    QList<Row> rows;
    qsizetype begin = 0;
    do {
        const qsizetype end = chunkEnd(text, begin);
        rows.append(sliceOf(words, begin, end));
        rows.last().text.replace(u'\n', QChar::LineSeparator);
        begin = end;
    } while (begin < text.size());
    return rows;
}

QString tabSeparated(const Row &row)
{
    QString text;
    for (const QList<TableCell> &line : row.cells) {
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (i > 0)
                text += u'\t';
            text += QString(line[i].text).replace(u'\t', u' ').replace(QChar::LineSeparator, u' ');
        }
        text += u'\n';
    }
    return text;
}

} // namespace

struct TranscriptModel::Private
{
    struct Segment;
    struct Shown;

    /// One row of the model. It keeps its address until it is removed.
    struct Entry
    {
        quint64 id = 0;
        Kind kind = Kind::Text;
        quint32 revision = 0;
        Shown *message = nullptr;
        Segment *segment = nullptr; ///< null for rows of the message itself
        qsizetype at = -1; ///< which row of the segment's stream, or chunk of the words; -1 for neither
        size_t chunk = 0;  ///< which chunk of that row
        std::optional<Row> slice; ///< what a chunk of a long row shows

        std::optional<CodeHighlighter> highlighter;
        CodeHighlighter::Theme theme = CodeHighlighter::Theme::Light;
        quint32 highlighted = 0; ///< the revision that the highlighter has seen
    };
    using Entries = std::vector<std::unique_ptr<Entry>>;

    /// What the head of a tool call or a status says.
    struct Headline
    {
        QString title;
        QString detail;
        Activity activity = Activity::None;
        friend bool operator==(const Headline &, const Headline &) = default;
    };

    /// One part of a message: text with its rows, reasoning or a tool call, whose rows exist while it is
    /// expanded, and whatever else a message is made of.
    struct Segment
    {
        qsizetype part = 0;
        std::optional<MarkdownStream> stream; ///< of words
        QList<Row> made;                      ///< of what is no words
        bool open = false;                    ///< of a tool call: it is expanded
        bool stale = true;                    ///< of what is no words: its part may have changed
        Headline headline;
        qsizetype fed = 0;                      ///< UTF-16 units of the part that the stream has
        std::vector<std::vector<Entry *>> rows; ///< as many as there is content; a long one in chunks

        Entry *head = nullptr; ///< the line above its rows, where it has one
        QDateTime began;
        std::optional<std::chrono::milliseconds> took;
        QString newest;
    };

    /// One message with what is shown of it.
    struct Shown
    {
        Message message;
        std::vector<std::unique_ptr<Segment>> segments;
        QList<Row> words; ///< of the user
        Notice notice;
    };

    Private(TranscriptModel *model, ErrorWording words, Clock clock)
        : q(model), wording(std::move(words)), now(std::move(clock))
    {}

    [[nodiscard]] std::unique_ptr<Entry> makeEntry(Kind kind, Shown &shown, Segment *segment = nullptr,
                                                   qsizetype at = -1);
    void insert(qsizetype at, Entries entries);
    void insert(qsizetype at, std::unique_ptr<Entry> entry);
    Entries take(qsizetype at, qsizetype count);
    void touch(qsizetype at, const QList<int> &roles);
    void touchNeighbours(qsizetype above, qsizetype below);

    [[nodiscard]] qsizetype indexOf(const Entry *entry) const;
    [[nodiscard]] qsizetype endOf(const Shown &shown) const;
    [[nodiscard]] qsizetype endOf(const Shown &shown, const Segment &segment) const;
    [[nodiscard]] const Row *content(const Entry &entry) const;
    [[nodiscard]] static const QList<Row> &contentOf(const Segment &segment);
    [[nodiscard]] static const QString &textOf(const Shown &shown, const Segment &segment);
    [[nodiscard]] static bool isReasoning(const Segment &segment);
    [[nodiscard]] bool isFirstInMessage(qsizetype at) const;
    [[nodiscard]] bool isLastInMessage(qsizetype at) const;
    [[nodiscard]] static Entry *above(const Entry &entry);
    [[nodiscard]] static Entry *below(const Entry &entry);
    [[nodiscard]] bool isLastChunk(const Entry &entry) const;
    [[nodiscard]] Gap gap(qsizetype at) const;
    [[nodiscard]] Shown *find(MessageId id) const;
    [[nodiscard]] QString blockText(const Entry &entry) const;

    void clear();
    void show(const Message &message);
    void sync(Shown &shown);
    void begin(Shown &shown, Segment &segment);
    void feed(Shown &shown, Segment &segment);
    void refresh(Shown &shown, Segment &segment);
    void replaceRows(Shown &shown, Segment &segment, QList<Row> made);
    [[nodiscard]] Headline headlineOf(const Shown &shown, const Segment &segment) const;
    [[nodiscard]] QList<Row> rowsOf(const Shown &shown, const Segment &segment) const;
    static void noteStale(Shown &shown, const StreamEvent &event);
    void finish(Shown &shown, Segment &segment);
    void dropRows(const Shown &shown, Segment &segment);
    void dropFrom(Shown &shown, qsizetype part);
    [[nodiscard]] static qsizetype firstText(const Shown &shown, const QString &agent);
    void apply(Shown &shown, Segment &segment, const MarkdownPatch &patch);
    void update(Shown &shown, Segment &segment, qsizetype at);
    Entries split(Shown &shown, Segment &segment, qsizetype at);
    void tellNewest(const Shown &shown, Segment &segment);
    void endReasoning(Shown &shown, Segment &segment);
    void close(Shown &shown);
    void noteLastAnswer();
    const CodeHighlighter *highlight(Entry &entry, CodeHighlighter::Theme theme);

    TranscriptModel *q;
    ErrorWording wording;
    Clock now;
    std::vector<std::unique_ptr<Shown>> messages;
    Entries rows;
    QHash<quint64, Entry *> byId;
    quint64 lastId = 0;
    quint64 touched = 0;
    qint64 lastAnswer = 0;
    bool resetting = false;
};

// The flat list. Nothing else changes `rows`.

std::unique_ptr<TranscriptModel::Private::Entry>
TranscriptModel::Private::makeEntry(Kind kind, Shown &shown, Segment *segment, qsizetype at)
{
    auto entry = std::make_unique<Entry>();
    entry->id = ++lastId;
    entry->kind = kind;
    entry->message = &shown;
    entry->segment = segment;
    entry->at = at;
    return entry;
}

void TranscriptModel::Private::insert(qsizetype at, std::unique_ptr<Entry> entry)
{
    Entries one;
    one.push_back(std::move(entry));
    insert(at, std::move(one));
}

void TranscriptModel::Private::insert(qsizetype at, Entries entries)
{
    const auto count = qsizetype(entries.size());
    if (count == 0)
        return;
    touched += quint64(count);
    if (!resetting)
        q->beginInsertRows({}, int(at), int(at + count - 1));
    for (const auto &entry : entries)
        byId.insert(entry->id, entry.get());
    rows.insert(rows.begin() + at, std::make_move_iterator(entries.begin()),
                std::make_move_iterator(entries.end()));
    if (!resetting) {
        q->endInsertRows();
        touchNeighbours(at - 1, at + count);
        Q_EMIT q->countChanged();
    }
}

TranscriptModel::Private::Entries TranscriptModel::Private::take(qsizetype at, qsizetype count)
{
    if (count <= 0)
        return {};
    touched += quint64(count);
    if (!resetting)
        q->beginRemoveRows({}, int(at), int(at + count - 1));
    const auto begin = rows.begin() + at;
    Entries taken(std::make_move_iterator(begin), std::make_move_iterator(begin + count));
    rows.erase(begin, begin + count);
    for (const auto &entry : taken)
        byId.remove(entry->id);
    if (!resetting) {
        q->endRemoveRows();
        touchNeighbours(at - 1, at);
        Q_EMIT q->countChanged();
    }
    return taken;
}

void TranscriptModel::Private::touch(qsizetype at, const QList<int> &roles)
{
    ++touched;
    if (resetting)
        return;
    const QModelIndex index = q->index(int(at));
    Q_EMIT q->dataChanged(index, index, roles);
}

/// What rows say about the rows beside them, after those changed.
void TranscriptModel::Private::touchNeighbours(qsizetype above, qsizetype below)
{
    if (above >= 0)
        touch(above, {int(Role::LastInMessage), int(Role::LastChunk), int(Role::Tail)});
    if (below < qsizetype(rows.size()))
        touch(below, {int(Role::Gap), int(Role::FirstInMessage)});
}

qsizetype TranscriptModel::Private::indexOf(const Entry *entry) const
{
    // What changes is at the end.
    for (qsizetype i = qsizetype(rows.size()) - 1; i >= 0; --i) {
        if (rows[size_t(i)].get() == entry)
            return i;
    }
    return -1;
}

qsizetype TranscriptModel::Private::endOf(const Shown &shown) const
{
    for (qsizetype i = qsizetype(rows.size()) - 1; i >= 0; --i) {
        if (rows[size_t(i)]->message == &shown)
            return i + 1;
    }
    return qsizetype(rows.size());
}

qsizetype TranscriptModel::Private::endOf(const Shown &shown, const Segment &segment) const
{
    qsizetype begin = qsizetype(rows.size());
    for (qsizetype i = begin - 1; i >= 0; --i) {
        const Entry &entry = *rows[size_t(i)];
        if (entry.message == &shown) {
            if (entry.segment && entry.segment->part <= segment.part)
                return i + 1;
            begin = i;
        } else if (begin < qsizetype(rows.size())) {
            break;
        }
    }
    return begin;
}

// What a row is.

const Row *TranscriptModel::Private::content(const Entry &entry) const
{
    if (entry.kind == Kind::User)
        return &entry.message->words[entry.at];
    if (entry.slice)
        return &*entry.slice;
    if (!entry.segment || entry.at < 0)
        return nullptr;
    const QList<Row> &content = contentOf(*entry.segment);
    return entry.at < content.size() ? &content[entry.at] : nullptr;
}

const QList<Row> &TranscriptModel::Private::contentOf(const Segment &segment)
{
    return segment.stream ? segment.stream->rows() : segment.made;
}

bool TranscriptModel::Private::isReasoning(const Segment &segment)
{
    return segment.head && segment.head->kind == Kind::Reasoning;
}

const QString &TranscriptModel::Private::textOf(const Shown &shown, const Segment &segment)
{
    return wordsOf(shown.message.parts[segment.part]);
}

bool TranscriptModel::Private::isFirstInMessage(qsizetype at) const
{
    return at == 0 || rows[size_t(at - 1)]->message != rows[size_t(at)]->message;
}

bool TranscriptModel::Private::isLastInMessage(qsizetype at) const
{
    return at + 1 == qsizetype(rows.size()) || rows[size_t(at + 1)]->message != rows[size_t(at)]->message;
}

/// The entry before this one in its segment, null for the first.
TranscriptModel::Private::Entry *TranscriptModel::Private::above(const Entry &entry)
{
    const auto &chunks = entry.segment->rows;
    if (entry.chunk > 0)
        return chunks[size_t(entry.at)][entry.chunk - 1];
    return entry.at > 0 ? chunks[size_t(entry.at - 1)].back() : nullptr;
}

/// The entry after this one in its segment, null for the last.
TranscriptModel::Private::Entry *TranscriptModel::Private::below(const Entry &entry)
{
    const auto &chunks = entry.segment->rows;
    const size_t at = size_t(entry.at);
    if (entry.chunk + 1 < chunks[at].size())
        return chunks[at][entry.chunk + 1];
    return at + 1 < chunks.size() ? chunks[at + 1].front() : nullptr;
}

bool TranscriptModel::Private::isLastChunk(const Entry &entry) const
{
    if (entry.kind == Kind::User)
        return entry.at + 1 == entry.message->words.size();
    const Entry *next = entry.at < 0 ? nullptr : below(entry);
    const Row *row = next ? content(*next) : nullptr;
    return !row || !row->continuesAbove;
}

TranscriptModel::Gap TranscriptModel::Private::gap(qsizetype at) const
{
    if (at == 0)
        return Gap::None;
    const Entry &entry = *rows[size_t(at)];
    const Entry &above = *rows[size_t(at - 1)];
    if (entry.message != above.message)
        return Gap::Message;
    const auto isLine = [](Kind kind) { return kind == Kind::Tool || kind == Kind::Status; };
    if (entry.kind == Kind::Footer || (isLine(entry.kind) && isLine(above.kind))
        || (above.kind == Kind::Status && entry.segment == above.segment))
        return Gap::Tight;
    const Row *row = content(entry);
    const Row *rowAbove = content(above);
    if (!row || !rowAbove || entry.segment != above.segment)
        return Gap::Paragraph;
    if (row->continuesAbove)
        return Gap::None;
    if (row->kind == RowKind::Heading)
        return Gap::Section;
    // A list can become loose while it grows. Its items keep their distance, so that nothing moves.
    const bool startsItem = std::ranges::any_of(row->containers, &RowContainer::first);
    return startsItem && listOf(*row) != 0 && listOf(*row) == listOf(*rowAbove) ? Gap::Tight : Gap::Paragraph;
}

TranscriptModel::Private::Shown *TranscriptModel::Private::find(MessageId id) const
{
    for (auto it = messages.rbegin(); it != messages.rend(); ++it) {
        if ((*it)->message.id == id)
            return it->get();
    }
    return nullptr;
}

QString TranscriptModel::Private::blockText(const Entry &entry) const
{
    if (entry.kind == Kind::User)
        return entry.message->message.text();
    if (entry.at < 0)
        return {};
    const QList<Row> &content = contentOf(*entry.segment);
    qsizetype at = entry.at;
    while (at > 0 && content[at].continuesAbove)
        --at;
    QString text;
    for (bool first = true; at < content.size() && (first || content[at].continuesAbove);
         ++at, first = false) {
        const Row &row = content[at];
        if (!first && row.kind == RowKind::Code)
            text += u'\n';
        text += row.kind == RowKind::Table ? tabSeparated(row) : row.text;
    }
    return text;
}

// Messages.

void TranscriptModel::Private::clear()
{
    byId.clear();
    rows.clear();
    messages.clear();
}

void TranscriptModel::Private::show(const Message &message)
{
    Shown &shown = *messages.emplace_back(std::make_unique<Shown>());
    shown.message = message;
    if (message.role == ChatRole::User) {
        shown.words = chunksOf(message.text());
        Entries entries;
        for (qsizetype at = 0; at < shown.words.size(); ++at)
            entries.push_back(makeEntry(Kind::User, shown, nullptr, at));
        insert(qsizetype(rows.size()), std::move(entries));
        return;
    }
    if (message.state == Message::State::Streaming) {
        sync(shown);
        if (shown.segments.empty())
            insert(qsizetype(rows.size()), makeEntry(Kind::Pending, shown));
    } else {
        close(shown);
    }
}

/// Makes the segments follow the message's parts.
void TranscriptModel::Private::sync(Shown &shown)
{
    const qsizetype parts = shown.message.parts.size();
    bool pending = !rows.empty() && rows.back()->kind == Kind::Pending && rows.back()->message == &shown;
    for (qsizetype part = 0; pending && part < parts; ++part) {
        if (isShown(shown.message, part)) {
            take(qsizetype(rows.size()) - 1, 1);
            pending = false;
        }
    }

    for (auto part = qsizetype(shown.segments.size()); part < parts; ++part) {
        const Part &said = shown.message.parts[part];
        if (!comesBeside(said)) {
            for (const auto &earlier : shown.segments) {
                if (agentOf(shown.message.parts[earlier->part]) == agentOf(said))
                    endReasoning(shown, *earlier);
            }
        }
        Segment &segment = *shown.segments.emplace_back(std::make_unique<Segment>());
        segment.part = part;
        if (isShown(shown.message, part))
            begin(shown, segment);
        else
            segment.stale = false;
    }
    for (const auto &segment : shown.segments) {
        if (isWords(shown.message.parts[segment->part]))
            feed(shown, *segment);
        else if (std::exchange(segment->stale, false) && isShown(shown.message, segment->part))
            refresh(shown, *segment);
    }
}

/// Gives a new segment the line above its rows, where its part has one, and what its rows come from.
void TranscriptModel::Private::begin(Shown &shown, Segment &segment)
{
    const Part &part = shown.message.parts[segment.part];
    std::optional<Kind> head;
    if (std::holds_alternative<ReasoningPart>(part)) {
        segment.began = now();
        head = Kind::Reasoning;
    } else if (std::holds_alternative<ToolCallPart>(part) || std::holds_alternative<ToolResultPart>(part)) {
        head = Kind::Tool;
    } else if (std::holds_alternative<ApprovalPart>(part)) {
        // What it is about is not to be opened first.
        segment.open = true;
        head = Kind::Approval;
    } else if (std::holds_alternative<StatusPart>(part)) {
        head = Kind::Status;
    } else if (const auto *text = std::get_if<TextPart>(&part)) {
        segment.stream.emplace();
        // Who of several agents says it.
        if (!text->agent.isEmpty()) {
            segment.headline.title = text->agent;
            head = Kind::Status;
        }
    }
    if (!head)
        return;
    if (!isWords(part))
        segment.headline = headlineOf(shown, segment);
    auto entry = makeEntry(*head, shown, &segment);
    segment.head = entry.get();
    insert(endOf(shown, segment), std::move(entry));
}

/// Brings the rows of what is no words up to date.
void TranscriptModel::Private::refresh(Shown &shown, Segment &segment)
{
    if (segment.head) {
        Headline headline = headlineOf(shown, segment);
        if (headline != segment.headline) {
            segment.headline = std::move(headline);
            touch(indexOf(segment.head), {int(Role::Title), int(Role::Detail), int(Role::Activity)});
        }
        if (!segment.open)
            return;
    }
    replaceRows(shown, segment, rowsOf(shown, segment));
}

void TranscriptModel::Private::replaceRows(Shown &shown, Segment &segment, QList<Row> made)
{
    const qsizetype common = std::min(segment.made.size(), made.size());
    MarkdownPatch patch;
    while (patch.first < common && segment.made[patch.first] == made[patch.first])
        ++patch.first;
    patch.changed = common - patch.first;
    patch.removed = segment.made.size() - common;
    segment.made = std::move(made);
    apply(shown, segment, patch);
}

TranscriptModel::Private::Headline TranscriptModel::Private::headlineOf(const Shown &shown,
                                                                        const Segment &segment) const
{
    const Message &message = shown.message;
    const bool streams = message.state == Message::State::Streaming;
    const auto named = [](const QString &agent, const QString &what) {
        return agent.isEmpty() ? what : TranscriptModel::tr("%1: %2", "agent, what it does").arg(agent, what);
    };
    const auto activityOf = [streams](const ToolResultPart *result) {
        if (result && !result->preliminary)
            return result->isError ? Activity::Failed : Activity::Done;
        return streams ? Activity::Running : Activity::None;
    };
    const auto tool = [](const QString &name) { return name.isEmpty() ? TranscriptModel::tr("Tool") : name; };
    const Part &part = message.parts[segment.part];
    if (const auto *call = std::get_if<ToolCallPart>(&part)) {
        const QStringView arguments =
            QStringView(call->arguments).first(std::min(call->arguments.size(), 2 * newestLength));
        const QString line = arguments.toString().simplified();
        return {.title = named(call->agent, tool(call->name)),
                .detail = line == u"{}" ? QString() : line.first(std::min(line.size(), newestLength)),
                .activity = activityOf(resultOf(message, *call))};
    }
    if (const auto *result = std::get_if<ToolResultPart>(&part))
        return {
            .title = named(result->agent, tool(result->name)), .detail = {}, .activity = activityOf(result)};
    if (const auto *status = std::get_if<StatusPart>(&part)) {
        using State = event::Status::State;
        const Activity activity = status->state == State::Done ? Activity::Done
            : status->state == State::Failed                   ? Activity::Failed
            : streams                                          ? Activity::Running
                                                               : Activity::None;
        const QString &what = status->message.isEmpty() ? status->stage : status->message;
        return {.title = what.isEmpty() ? status->agent : named(status->agent, what.simplified()),
                .detail = {},
                .activity = activity};
    }
    if (const auto *approval = std::get_if<ApprovalPart>(&part)) {
        const bool denied = approval->answer == ApprovalPart::Answer::Denied;
        const QString said = denied ? TranscriptModel::tr("“%1” was not allowed to run.")
            : approval->answer      ? TranscriptModel::tr("“%1” was allowed to run.")
            : streams               ? TranscriptModel::tr("May “%1” run?")
                                    : TranscriptModel::tr("Whether “%1” may run was not answered.");
        const Activity activity = denied ? Activity::Failed
            : approval->answer           ? Activity::Done
            : streams                    ? Activity::Running
                                         : Activity::None;
        return {.title = named(approval->agent, said.arg(tool(approval->name))),
                .detail = {},
                .activity = activity};
    }
    return {};
}

QList<Row> TranscriptModel::Private::rowsOf(const Shown &shown, const Segment &segment) const
{
    const Message &message = shown.message;
    const bool closed = message.state != Message::State::Streaming;
    const Part &part = message.parts[segment.part];
    QList<Row> made;
    const auto add = [&](const QString &caption, const QString &text, bool whole) {
        if (text.isEmpty())
            return;
        made.append(paragraphRow(caption, true));
        made.append(toolTextRows(text, whole));
    };
    if (const auto *call = std::get_if<ToolCallPart>(&part)) {
        const ToolResultPart *result = resultOf(message, *call);
        add(TranscriptModel::tr("Arguments"), call->arguments, closed || result);
        if (result)
            add(TranscriptModel::tr("Result"), result->content, closed || !result->preliminary);
    } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
        add(TranscriptModel::tr("Result"), result->content, closed || !result->preliminary);
    } else if (const auto *approval = std::get_if<ApprovalPart>(&part)) {
        if (!approval->arguments.isEmpty() && approval->arguments != u"{}")
            made.append(toolTextRows(approval->arguments, true));
    } else if (const auto *artifact = std::get_if<ArtifactPart>(&part)) {
        made = rivulet::rowsOf(*artifact, closed);
    }
    return made;
}

/// Notes which segments an event that has just been applied may have changed.
void TranscriptModel::Private::noteStale(Shown &shown, const StreamEvent &event)
{
    const auto note = [&shown](auto isMeant) {
        for (const auto &segment : shown.segments)
            segment->stale = segment->stale || isMeant(shown.message.parts[segment->part]);
    };
    if (const auto *artifact = std::get_if<event::Artifact>(&event.payload)) {
        note([artifact](const Part &part) {
            const auto *known = std::get_if<ArtifactPart>(&part);
            return known && known->id == artifact->id;
        });
    } else if (const auto *call = std::get_if<event::ToolCall>(&event.payload)) {
        note([call](const Part &part) {
            const auto *known = std::get_if<ToolCallPart>(&part);
            return known && known->index == call->index;
        });
    } else if (std::holds_alternative<event::ToolResult>(event.payload)) {
        note([](const Part &part) {
            return std::holds_alternative<ToolCallPart>(part) || std::holds_alternative<ToolResultPart>(part);
        });
    } else if (std::holds_alternative<event::Approval>(event.payload)) {
        note([](const Part &part) { return std::holds_alternative<ApprovalPart>(part); });
    } else if (std::holds_alternative<event::Status>(event.payload)
               || std::holds_alternative<event::Failed>(event.payload)) {
        note([](const Part &part) { return std::holds_alternative<StatusPart>(part); });
    }
}

/// Hands the stream of a segment what its part has more.
void TranscriptModel::Private::feed(Shown &shown, Segment &segment)
{
    const QString &text = textOf(shown, segment);
    if (segment.stream && text.size() > segment.fed) {
        const QByteArray utf8 = QStringView(text).sliced(segment.fed).toUtf8();
        segment.fed = text.size();
        apply(shown, segment, segment.stream->append(std::string_view(utf8)));
    }
    if (isReasoning(segment) && !segment.took)
        tellNewest(shown, segment);
}

void TranscriptModel::Private::finish(Shown &shown, Segment &segment)
{
    if (segment.stream)
        apply(shown, segment, segment.stream->finish());
}

void TranscriptModel::Private::dropRows(const Shown &shown, Segment &segment)
{
    qsizetype count = 0;
    for (const auto &chunks : segment.rows)
        count += qsizetype(chunks.size());
    if (count > 0)
        take(endOf(shown, segment) - count, count);
    segment.rows.clear();
    segment.stream.reset();
    segment.made.clear();
    segment.fed = 0;
}

/// Takes away the segments from that part on, with their rows.
void TranscriptModel::Private::dropFrom(Shown &shown, qsizetype part)
{
    while (qsizetype(shown.segments.size()) > part) {
        Segment &segment = *shown.segments.back();
        dropRows(shown, segment);
        if (segment.head)
            take(indexOf(segment.head), 1);
        shown.segments.pop_back();
    }
}

/// The first text of that lane, behind all parts where there is none.
qsizetype TranscriptModel::Private::firstText(const Shown &shown, const QString &agent)
{
    const QList<Part> &parts = shown.message.parts;
    const auto first = std::ranges::find_if(parts, [&](const Part &part) {
        return std::holds_alternative<TextPart>(part) && agentOf(part) == agent;
    });
    return std::distance(parts.begin(), first);
}

void TranscriptModel::Private::apply(Shown &shown, Segment &segment, const MarkdownPatch &patch)
{
    const qsizetype kept = patch.first + patch.changed;
    if (patch.removed > 0) {
        qsizetype count = 0;
        for (auto row = size_t(kept); row < segment.rows.size(); ++row)
            count += qsizetype(segment.rows[row].size());
        segment.rows.resize(size_t(kept));
        take(endOf(shown, segment) - count, count);
    }
    for (const qsizetype at : patch.relinked)
        update(shown, segment, at);
    for (qsizetype at = patch.first; at < kept; ++at)
        update(shown, segment, at);

    Entries added;
    for (qsizetype at = kept; at < contentOf(segment).size(); ++at) {
        segment.rows.emplace_back();
        std::ranges::move(split(shown, segment, at), std::back_inserter(added));
    }
    insert(endOf(shown, segment), std::move(added));
}

/// Brings the entries of one row of the stream up to date.
void TranscriptModel::Private::update(Shown &shown, Segment &segment, qsizetype at)
{
    std::vector<Entry *> &chunks = segment.rows[size_t(at)];
    const Kind kind = kindOf(contentOf(segment)[at]);
    const qsizetype begin = indexOf(chunks.front());
    if (kind != chunks.front()->kind) {
        // Views choose an item by the kind when a row comes, so that it has to come again.
        Entries taken = take(begin, qsizetype(chunks.size()));
        taken.resize(1);
        chunks.resize(1);
        chunks.front()->kind = kind;
        chunks.front()->highlighter.reset();
        ++chunks.front()->revision;
        insert(begin, std::move(taken));
    }
    const auto known = qsizetype(chunks.size());
    Entries added = split(shown, segment, at);
    const auto wanted = qsizetype(chunks.size());
    if (wanted < known)
        take(begin + wanted, known - wanted);
    insert(begin + known, std::move(added));
}

/// Gives every chunk of a row of the stream its slice, and returns the entries that it made for new ones.
/// Those that are too many are forgotten here, and left in the list.
TranscriptModel::Private::Entries TranscriptModel::Private::split(Shown &shown, Segment &segment,
                                                                  qsizetype at)
{
    const Row &row = contentOf(segment)[at];
    std::vector<Entry *> &chunks = segment.rows[size_t(at)];
    const auto known = chunks.size();
    Entries made;
    size_t count = 0;
    qsizetype begin = 0;
    do {
        const qsizetype end = row.kind == RowKind::Table ? row.text.size() : chunkEnd(row.text, begin);
        const bool whole = begin == 0 && end == row.text.size();
        if (count == known + made.size()) {
            made.push_back(makeEntry(kindOf(row), shown, &segment, at));
            made.back()->chunk = count;
            chunks.push_back(made.back().get());
        }
        Entry &entry = *chunks[count];
        if (whole) {
            entry.slice.reset();
        } else if (entry.slice && sameSlice(*entry.slice, row, begin, end)) {
            begin = end;
            ++count;
            continue;
        } else {
            entry.slice = sliceOf(row, begin, end);
        }
        if (count < known) {
            ++entry.revision;
            touch(indexOf(&entry), {int(Role::Content), int(Role::Gap), int(Role::LastChunk)});
        }
        begin = end;
        ++count;
    } while (begin < row.text.size());
    chunks.resize(count);
    return made;
}

void TranscriptModel::Private::tellNewest(const Shown &shown, Segment &segment)
{
    QString newest = newestSentence(textOf(shown, segment));
    if (newest == segment.newest)
        return;
    segment.newest = std::move(newest);
    touch(indexOf(segment.head), {int(Role::Newest)});
}

void TranscriptModel::Private::endReasoning(Shown &shown, Segment &segment)
{
    if (!isReasoning(segment) || segment.took)
        return;
    segment.took = std::chrono::milliseconds(segment.began.msecsTo(now()));
    finish(shown, segment);
    touch(indexOf(segment.head), {int(Role::Running), int(Role::Seconds), int(Role::Newest)});
}

/// Shows a message that is over.
void TranscriptModel::Private::close(Shown &shown)
{
    for (const auto &segment : shown.segments)
        segment->stale = isShown(shown.message, segment->part);
    sync(shown);
    for (const auto &segment : shown.segments) {
        if (isReasoning(*segment))
            endReasoning(shown, *segment);
        else
            finish(shown, *segment);
        const auto *reasoning = std::get_if<ReasoningPart>(&shown.message.parts[segment->part]);
        if (reasoning && reasoning->duration.count() > 0)
            segment->took = reasoning->duration;
    }
    const qsizetype end = endOf(shown);
    if (!rows.empty() && rows.back()->kind == Kind::Pending && rows.back()->message == &shown)
        take(end - 1, 1);

    const Message &message = shown.message;
    std::optional<Mishap> mishap;
    if (message.state == Message::State::Failed && message.error)
        mishap = *message.error;
    else if (message.state != Message::State::Complete)
        mishap = message.state;
    else if (message.finish != FinishReason::Stop)
        mishap = message.finish;
    Entries entries;
    if (mishap) {
        shown.notice = wording(*mishap);
        if (!shown.notice.title.isEmpty())
            entries.push_back(makeEntry(Kind::Notice, shown));
    }
    if (endOf(shown) > 0 && rows[size_t(endOf(shown)) - 1]->message == &shown)
        entries.push_back(makeEntry(Kind::Footer, shown));
    insert(endOf(shown), std::move(entries));
}

void TranscriptModel::Private::noteLastAnswer()
{
    qint64 id = 0;
    for (auto it = messages.rbegin(); it != messages.rend() && id == 0; ++it) {
        if ((*it)->message.role == ChatRole::Assistant)
            id = qint64((*it)->message.id);
    }
    if (std::exchange(lastAnswer, id) != id)
        Q_EMIT q->lastAnswerChanged();
}

const CodeHighlighter *TranscriptModel::Private::highlight(Entry &entry, CodeHighlighter::Theme theme)
{
    if (entry.kind != Kind::Code || !content(entry))
        return nullptr;
    // Back to the first chunk, or to one that is ready, and from there on.
    const auto ready = [&](const Entry &chunk) { return chunk.highlighter && chunk.theme == theme; };
    Entry *chunk = &entry;
    while (!ready(*chunk) && content(*chunk)->continuesAbove && above(*chunk))
        chunk = above(*chunk);
    for (Entry *previous = nullptr;; previous = std::exchange(chunk, below(*chunk))) {
        const Row &row = *content(*chunk);
        const bool fresh = !ready(*chunk);
        if (fresh) {
            chunk->highlighter =
                previous ? previous->highlighter->following() : CodeHighlighter(row.language, theme);
            chunk->theme = theme;
        }
        if (fresh || chunk->highlighted != chunk->revision) {
            chunk->highlighter->update(row.text);
            chunk->highlighted = chunk->revision;
        }
        if (chunk == &entry)
            break;
    }
    return &*entry.highlighter;
}

// The model.

TranscriptModel::TranscriptModel(ErrorWording wording, QObject *parent, Clock now)
    : QAbstractListModel(parent), d(std::make_unique<Private>(this, std::move(wording), std::move(now)))
{}

TranscriptModel::~TranscriptModel() = default;

int TranscriptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant TranscriptModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const qsizetype at = index.row();
    const Private::Entry &entry = *d->rows[size_t(at)];
    const Private::Segment *segment = entry.segment;
    switch (Role(role)) {
    case Role::Kind:
        return QVariant::fromValue(entry.kind);
    case Role::Content:
        return QVariant::fromValue(TranscriptRow(this, entry.id, entry.revision));
    case Role::RowId:
        return entry.id;
    case Role::MessageId:
        return qint64(entry.message->message.id);
    case Role::Gap:
        return QVariant::fromValue(d->gap(at));
    case Role::FirstInMessage:
        return d->isFirstInMessage(at);
    case Role::LastInMessage:
        return d->isLastInMessage(at);
    case Role::Tail:
        return entry.message->message.state == Message::State::Streaming && d->isLastInMessage(at);
    case Role::Quiet:
        return segment && segment->head
            && !std::holds_alternative<TextPart>(entry.message->message.parts[segment->part]);
    case Role::LastChunk:
        return d->isLastChunk(entry);
    case Role::Expanded:
        return segment && segment->head && (segment->open || segment->stream.has_value());
    case Role::Running:
        return segment && Private::isReasoning(*segment) && !segment->took;
    case Role::Since:
        return segment ? segment->began : QDateTime();
    case Role::Seconds:
        return segment && segment->took ? qRound(double(segment->took->count()) / 1000) : 0;
    case Role::Newest:
        return segment && !segment->took ? segment->newest : QString();
    case Role::Title:
        return segment ? segment->headline.title : QString();
    case Role::Detail:
        return segment ? segment->headline.detail : QString();
    case Role::Activity:
        return QVariant::fromValue(segment ? segment->headline.activity : Activity::None);
    case Role::ApprovalId: {
        const auto *approval =
            segment ? std::get_if<ApprovalPart>(&entry.message->message.parts[segment->part]) : nullptr;
        return approval ? approval->id : QString();
    }
    case Role::Notice:
        return QVariant::fromValue(entry.message->notice);
    case Role::ProviderName:
        return entry.message->message.provider;
    case Role::ModelName:
        return entry.message->message.model;
    }
    return {};
}

QHash<int, QByteArray> TranscriptModel::roleNames() const
{
    return {
        {int(Role::Kind), "kind"_ba},
        {int(Role::Content), "content"_ba},
        {int(Role::RowId), "rowId"_ba},
        {int(Role::MessageId), "messageId"_ba},
        {int(Role::Gap), "gap"_ba},
        {int(Role::FirstInMessage), "firstInMessage"_ba},
        {int(Role::LastInMessage), "lastInMessage"_ba},
        {int(Role::Tail), "tail"_ba},
        {int(Role::Quiet), "quiet"_ba},
        {int(Role::LastChunk), "lastChunk"_ba},
        {int(Role::Expanded), "expanded"_ba},
        {int(Role::Running), "running"_ba},
        {int(Role::Since), "since"_ba},
        {int(Role::Seconds), "seconds"_ba},
        {int(Role::Newest), "newest"_ba},
        {int(Role::Title), "title"_ba},
        {int(Role::Detail), "detail"_ba},
        {int(Role::Activity), "activity"_ba},
        {int(Role::ApprovalId), "approvalId"_ba},
        {int(Role::Notice), "notice"_ba},
        {int(Role::ProviderName), "providerName"_ba},
        {int(Role::ModelName), "modelName"_ba},
    };
}

int TranscriptModel::count() const
{
    return int(d->rows.size());
}

qint64 TranscriptModel::lastAnswer() const
{
    return d->lastAnswer;
}

void TranscriptModel::setExpanded(quint64 rowId, bool expanded)
{
    const Private::Entry *head = d->byId.value(rowId);
    if (!head || (head->kind != Kind::Reasoning && head->kind != Kind::Tool))
        return;
    Private::Segment &segment = *head->segment;
    if ((segment.open || segment.stream.has_value()) == expanded)
        return;
    if (head->kind == Kind::Tool) {
        segment.open = expanded;
        if (expanded)
            d->refresh(*head->message, segment);
        else
            d->dropRows(*head->message, segment);
    } else if (expanded) {
        segment.stream.emplace();
        d->feed(*head->message, segment);
        if (segment.took)
            d->finish(*head->message, segment);
    } else {
        d->dropRows(*head->message, segment);
    }
    d->touch(d->indexOf(head), {int(Role::Expanded)});
}

void TranscriptModel::showDecision(MessageId id, const QString &approvalId, ApprovalPart::Answer answer)
{
    Private::Shown *shown = d->find(id);
    if (!shown || !decide(shown->message, approvalId, answer))
        return;
    for (const auto &segment : shown->segments) {
        const auto *approval = std::get_if<ApprovalPart>(&shown->message.parts[segment->part]);
        if (approval && approval->id == approvalId)
            d->refresh(*shown, *segment);
    }
}

void TranscriptModel::copyMessage(qint64 messageId) const
{
    if (const Private::Shown *shown = d->find(MessageId{messageId}))
        QGuiApplication::clipboard()->setText(shown->message.text());
}

void TranscriptModel::copyBlock(quint64 rowId) const
{
    if (d->byId.contains(rowId))
        QGuiApplication::clipboard()->setText(blockText(rowId));
}

const Row *TranscriptModel::content(quint64 rowId) const
{
    const Private::Entry *entry = d->byId.value(rowId);
    return entry ? d->content(*entry) : nullptr;
}

const CodeHighlighter *TranscriptModel::highlighter(quint64 rowId, CodeHighlighter::Theme theme) const
{
    Private::Entry *entry = d->byId.value(rowId);
    return entry ? d->highlight(*entry, theme) : nullptr;
}

QString TranscriptModel::blockText(quint64 rowId) const
{
    const Private::Entry *entry = d->byId.value(rowId);
    return entry ? d->blockText(*entry) : QString();
}

quint64 TranscriptModel::firstChunk(quint64 rowId) const
{
    const Private::Entry *entry = d->byId.value(rowId);
    while (entry && entry->segment && entry->at >= 0) {
        const Row *row = d->content(*entry);
        const Private::Entry *above = Private::above(*entry);
        if (!row || !row->continuesAbove || !above)
            break;
        entry = above;
    }
    return entry ? entry->id : 0;
}

quint64 TranscriptModel::touchedRows() const
{
    return d->touched;
}

void TranscriptModel::open(const QList<Message> &messages)
{
    beginResetModel();
    d->resetting = true;
    d->clear();
    for (const Message &message : messages)
        d->show(message);
    d->resetting = false;
    endResetModel();
    Q_EMIT countChanged();
    d->noteLastAnswer();
}

void TranscriptModel::fail(const StoreError &error)
{
    beginResetModel();
    d->resetting = true;
    d->clear();
    Private::Shown &shown = *d->messages.emplace_back(std::make_unique<Private::Shown>());
    shown.notice = d->wording(error);
    d->insert(0, d->makeEntry(Kind::Notice, shown));
    d->resetting = false;
    endResetModel();
    Q_EMIT countChanged();
    d->noteLastAnswer();
}

void TranscriptModel::addMessage(const Message &message)
{
    if (!d->messages.empty()) {
        const Private::Shown &last = *d->messages.back();
        if (message.parent && last.message.parent == message.parent && last.message.parts.isEmpty()) {
            const auto own =
                std::ranges::find(d->rows, &last, [](const auto &entry) { return entry->message; });
            const qsizetype begin = own - d->rows.begin();
            d->take(begin, qsizetype(d->rows.size()) - begin);
            d->messages.pop_back();
        }
    }
    d->show(message);
    d->noteLastAnswer();
}

void TranscriptModel::deliver(MessageId id, const StreamEvents &events)
{
    Private::Shown *shown = d->find(id);
    if (!shown || shown->message.state != Message::State::Streaming)
        return;
    for (const StreamEvent &event : events) {
        // Its text begins anew, and all that stands behind it, since parts may be gone.
        if (std::holds_alternative<event::Replace>(event.payload))
            d->dropFrom(*shown, d->firstText(*shown, event.agent));
        apply(shown->message, event);
        Private::noteStale(*shown, event);
    }
    d->sync(*shown);
}

void TranscriptModel::endMessage(const Message &message)
{
    Private::Shown *shown = d->find(message.id);
    if (!shown || shown->message.state != Message::State::Streaming)
        return;
    const Message before = std::exchange(shown->message, message);
    // The end of a turn may take away what was not delivered. Parts that are no longer the same begin anew.
    qsizetype same = 0;
    while (same < qsizetype(shown->segments.size()) && same < message.parts.size()
           && message.parts[same].index() == before.parts[same].index())
        ++same;
    d->dropFrom(*shown, same);
    for (const auto &segment : shown->segments) {
        const QString &was = wordsOf(before.parts[segment->part]);
        if (segment->stream && !Private::textOf(*shown, *segment).startsWith(was)) {
            d->dropRows(*shown, *segment);
            segment->stream.emplace();
        }
    }
    d->close(*shown);
    d->noteLastAnswer();
}

} // namespace rivulet
