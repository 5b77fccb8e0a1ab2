// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/chat/message.h"
#include "models/chat/messagetree.h"
#include "models/export.h"
#include "models/transcript/notice.h"
#include "models/transcript/transcriptrow.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <functional>
#include <memory>

namespace rivulet {

/// The open conversation as a flat list of rows: one per block of markdown, and rows for the user's words,
/// for reasoning, tools, agents and artifacts, for what went wrong and for each answer's footer. GUI thread.
///
/// While an answer streams, rows come at the end and only the tail changes; only open() and fail() reset
/// the model. The work of deliver() does not depend on how much is already there.
class RIVULET_MODELS_EXPORT TranscriptModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(qint64 lastAnswer READ lastAnswer NOTIFY lastAnswerChanged FINAL)

public:
    /// What a row is. A view needs one kind of item for each.
    enum class Kind {
        Text,      ///< paragraph, heading, list item, quote or shown HTML
        Code,      ///< a fenced or indented code block, or a chunk of one
        Table,     ///< a table, or a chunk of one
        Rule,      ///< a thematic break
        User,      ///< the whole of what the user said, as plain text
        Reasoning, ///< the line that opens and closes what the model thought
        Tool,      ///< the line that opens and closes a tool call with its arguments and its result
        Approval,  ///< a question whether a tool may run; what it would be called with follows in rows
        Status,    ///< what an agent is doing, or who says what follows
        Notice,    ///< how the message ended, where it did not end well
        Footer,    ///< who answered, and what can be done with the answer
        Pending,   ///< stands for an answer of which nothing has come yet
    };
    Q_ENUM(Kind)

    /// How far a row stands from the one above it.
    enum class Gap {
        None,      ///< the first row, or a chunk that goes on
        Tight,     ///< between items of a list
        Paragraph, ///< between blocks
        Section,   ///< above a heading
        Message,   ///< between messages
    };
    Q_ENUM(Gap)

    /// How far that is which a Tool, Approval or Status row tells of.
    enum class Activity {
        None,    ///< nothing is known of an end, and none will come
        Running, ///< under way; of a question: it can be answered
        Done,    ///< ended well; allowed
        Failed,  ///< ended badly; denied
    };
    Q_ENUM(Activity)

    enum class Role {
        Kind = Qt::UserRole, ///< `kind`: Kind
        Content,             ///< `content`: TranscriptRow, for the items that draw text
        RowId,               ///< `rowId`: the row's id as a number
        MessageId,           ///< `messageId`: of the message that the row belongs to, as a number
        Gap,                 ///< `gap`: Gap to the row above
        FirstInMessage,      ///< `firstInMessage`: bool
        LastInMessage,       ///< `lastInMessage`: bool
        Tail,                ///< `tail`: bool, the row at whose end the streaming caret stands
        Quiet,               ///< `quiet`: bool, the row is part of what the model thought
        LastChunk,           ///< `lastChunk`: bool, no further chunk of the same block follows
        Expanded,            ///< `expanded`: bool, of a reasoning or tool row
        Running,             ///< `running`: bool, the reasoning still arrives
        Since,               ///< `since`: when the reasoning began, while it runs
        Seconds,             ///< `seconds`: whole seconds that the reasoning took, 0 where not known
        Newest,              ///< `newest`: the newest sentence of running reasoning, at most 160 characters
        Title,               ///< `title`: of a tool or status row: the tool's name, or what is being done
        Detail,              ///< `detail`: of a tool row: its arguments on one line, at most 160 characters
        Activity,            ///< `activity`: Activity, of a tool, approval or status row
        ApprovalId,          ///< `approvalId`: what the question of an approval row is answered by
        Notice,              ///< `notice`: Notice, of a notice row
        ProviderName,        ///< `providerName`: for people, of a footer row
        ModelName,           ///< `modelName`: of a footer row
        Sibling,             ///< `sibling`: which of its siblings the message is, from 0
        SiblingCount,        ///< `siblingCount`: how many these are, itself among them
    };
    Q_ENUM(Role)

    using Clock = std::function<QDateTime()>;
    /// Tells which of its siblings a shown message is.
    using Places = std::function<BranchPlace(MessageId)>;

    /// `wording` finds the words of notices. `now` tells the time, in UTC; tests give their own.
    explicit TranscriptModel(ErrorWording wording, QObject *parent = nullptr,
                             Clock now = &QDateTime::currentDateTimeUtc);
    ~TranscriptModel() override;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// Rows, for bindings.
    [[nodiscard]] int count() const;
    /// The id of the last message that a model gave, 0 where there is none: the one that can be retried.
    [[nodiscard]] qint64 lastAnswer() const;

    /// Who knows the places of messages among their siblings; they change only with what open() and
    /// addMessage() show. Without it every message stands alone.
    void setPlaces(Places places);
    /// Opens or closes the reasoning or the tool call that row `rowId` heads.
    Q_INVOKABLE void setExpanded(quint64 rowId, bool expanded);
    /// Shows what the user answered to a question of message `id`.
    void showDecision(MessageId id, const QString &approvalId, ApprovalPart::Answer answer);
    /// Puts the markdown source of a message on the clipboard.
    Q_INVOKABLE void copyMessage(qint64 messageId) const;
    /// Puts the text of a whole block, all its chunks, on the clipboard.
    Q_INVOKABLE void copyBlock(quint64 rowId) const;

    /// What row `rowId` shows; null where there is no such row. Valid until the model changes.
    [[nodiscard]] const Row *content(quint64 rowId) const;
    /// See TranscriptRow::highlighter().
    [[nodiscard]] const CodeHighlighter *highlighter(quint64 rowId, CodeHighlighter::Theme theme) const;
    /// The text of a whole block, all its chunks: code verbatim, a table as tab-separated values.
    [[nodiscard]] QString blockText(quint64 rowId) const;
    /// The id of the first chunk of the block that row `rowId` is part of.
    Q_INVOKABLE [[nodiscard]] quint64 firstChunk(quint64 rowId) const;

    /// The row of the message that shows `words`, whatever their case; its first row where none does, as with
    /// reasoning that is closed. -1 where the message is not shown.
    Q_INVOKABLE [[nodiscard]] int rowShowing(qint64 messageId, const QString &words) const;

    /// How many rows were inserted, changed or removed since the model was made. For tests and benchmarks.
    [[nodiscard]] quint64 touchedRows() const;
    /// How many UTF-16 units of long blocks were copied into chunks since then. For tests and benchmarks.
    [[nodiscard]] quint64 copiedUnits() const;

public Q_SLOTS:
    /// Shows these messages, in this order, and no others. An empty list shows an empty conversation.
    void open(const QList<rivulet::Message> &messages);
    /// Shows that the conversation could not be read.
    void fail(const rivulet::StoreError &error);
    /// Shows one more message at the end. It takes the place of an answer to the same words that is the last
    /// one shown and has no text: a failed try that was tried again.
    void addMessage(const rivulet::Message &message);
    /// Shows more of a streaming message; ignored where the message is not shown.
    void deliver(rivulet::MessageId id, const rivulet::StreamEvents &events);
    /// The message is final: closes its text, and shows what it lacks, its notice and its footer.
    void endMessage(const rivulet::Message &message);

Q_SIGNALS:
    void countChanged();
    void lastAnswerChanged();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
