// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptmodel.h"

#include "models/transcript/blocktext.h"
#include "models/transcript/rowcolours.h"
#include "models/transcript/rowgap.h"
#include "models/transcript/transcript.h"

#include <QtGui/qclipboard.h>
#include <QtGui/qguiapplication.h>

#include <utility>
#include <variant>

using namespace Qt::StringLiterals;

namespace rivulet {

using namespace transcript;

/// Passes on what happens to the rows as an item model tells it.
struct TranscriptModel::Private final : RowListObserver
{
    Private(TranscriptModel *model, ErrorWording wording, Clock now)
        : q(model), transcript(*this, std::move(wording), std::move(now))
    {}

    void aboutToInsert(qsizetype first, qsizetype last) override
    {
        q->beginInsertRows({}, int(first), int(last));
    }
    void inserted() override { q->endInsertRows(); }
    void aboutToRemove(qsizetype first, qsizetype last) override
    {
        q->beginRemoveRows({}, int(first), int(last));
    }
    void removed() override { q->endRemoveRows(); }
    void changed(qsizetype at, const QList<int> &roles) override
    {
        const QModelIndex index = q->index(int(at));
        Q_EMIT q->dataChanged(index, index, roles);
    }
    void countChanged() override { Q_EMIT q->countChanged(); }

    [[nodiscard]] BranchPlace placeOf(const ShownMessage &shown) const
    {
        return places ? places(shown.message.id) : BranchPlace();
    }

    void noteLastAnswer()
    {
        const qint64 id = transcript.lastAnswer();
        if (std::exchange(lastAnswer, id) != id)
            Q_EMIT q->lastAnswerChanged();
    }

    TranscriptModel *q;
    Places places;
    Transcript transcript;
    qint64 lastAnswer = 0;
};

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
    const RowList &rows = d->transcript.rows();
    const Entry &entry = rows[at];
    const Segment *segment = entry.segment;
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
        return QVariant::fromValue(at > 0 ? gapBetween(rows[at - 1], entry) : Gap::None);
    case Role::FirstInMessage:
        return rows.isFirstInMessage(at);
    case Role::LastInMessage:
        return rows.isLastInMessage(at);
    case Role::Tail:
        return entry.message->message.state == Message::State::Streaming && rows.isLastInMessage(at);
    case Role::Quiet:
        return segment && segment->head
            && !std::holds_alternative<TextPart>(entry.message->message.parts[segment->part]);
    case Role::LastChunk:
        return isLastChunk(entry);
    case Role::Expanded:
        return segment && segment->head && (segment->open || segment->stream.has_value());
    case Role::Running:
        return segment && isReasoning(*segment) && !segment->took;
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
    case Role::Sibling:
        return d->placeOf(*entry.message).index;
    case Role::SiblingCount:
        return d->placeOf(*entry.message).count;
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
        {int(Role::Sibling), "sibling"_ba},
        {int(Role::SiblingCount), "siblingCount"_ba},
    };
}

int TranscriptModel::count() const
{
    return int(d->transcript.rows().size());
}

qint64 TranscriptModel::lastAnswer() const
{
    return d->lastAnswer;
}

void TranscriptModel::setPlaces(Places places)
{
    d->places = std::move(places);
}

void TranscriptModel::setExpanded(quint64 rowId, bool expanded)
{
    d->transcript.setExpanded(rowId, expanded);
}

void TranscriptModel::showDecision(MessageId id, const QString &approvalId, ApprovalPart::Answer answer)
{
    d->transcript.showDecision(id, approvalId, answer);
}

void TranscriptModel::copyMessage(qint64 messageId) const
{
    if (const ShownMessage *shown = d->transcript.find(MessageId{messageId}))
        QGuiApplication::clipboard()->setText(shown->message.text());
}

void TranscriptModel::copyBlock(quint64 rowId) const
{
    if (d->transcript.rows().find(rowId))
        QGuiApplication::clipboard()->setText(blockText(rowId));
}

const Row *TranscriptModel::content(quint64 rowId) const
{
    const Entry *entry = d->transcript.rows().find(rowId);
    return entry ? contentOf(*entry) : nullptr;
}

const CodeHighlighter *TranscriptModel::highlighter(quint64 rowId, CodeHighlighter::Theme theme) const
{
    Entry *entry = d->transcript.rows().find(rowId);
    return entry ? coloursOf(*entry, theme) : nullptr;
}

QString TranscriptModel::blockText(quint64 rowId) const
{
    const Entry *entry = d->transcript.rows().find(rowId);
    return entry ? transcript::blockText(*entry) : QString();
}

quint64 TranscriptModel::firstChunk(quint64 rowId) const
{
    const Entry *entry = d->transcript.rows().find(rowId);
    return entry ? transcript::firstChunk(*entry).id : 0;
}

int TranscriptModel::rowShowing(qint64 messageId, const QString &words) const
{
    const RowList &rows = d->transcript.rows();
    int first = -1;
    for (qsizetype at = 0; at < rows.size(); ++at) {
        if (rows[at].message->message.id != MessageId{messageId}) {
            if (first >= 0)
                break;
            continue;
        }
        if (first < 0)
            first = int(at);
        const Row *row = contentOf(rows[at]);
        if (words.isEmpty() || (row && shows(*row, words)))
            return int(at);
    }
    return first;
}

quint64 TranscriptModel::touchedRows() const
{
    return d->transcript.rows().touched();
}

quint64 TranscriptModel::copiedUnits() const
{
    return d->transcript.copied();
}

void TranscriptModel::open(const QList<Message> &messages)
{
    beginResetModel();
    d->transcript.open(messages);
    endResetModel();
    Q_EMIT countChanged();
    d->noteLastAnswer();
}

void TranscriptModel::fail(const StoreError &error)
{
    beginResetModel();
    d->transcript.fail(error);
    endResetModel();
    Q_EMIT countChanged();
    d->noteLastAnswer();
}

void TranscriptModel::addMessage(const Message &message)
{
    d->transcript.addMessage(message);
    d->noteLastAnswer();
}

void TranscriptModel::deliver(MessageId id, const StreamEvents &events)
{
    d->transcript.deliver(id, events);
}

void TranscriptModel::endMessage(const Message &message)
{
    d->transcript.endMessage(message);
    d->noteLastAnswer();
}

} // namespace rivulet
