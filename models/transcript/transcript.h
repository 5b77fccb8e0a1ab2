// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the messages that are shown, and how events change them.

#include "models/transcript/rowlist.h"
#include "models/transcript/segmentrows.h"
#include "models/transcript/shownmessage.h"

#include <memory>
#include <vector>

namespace rivulet::transcript {

/// Folds messages and their streams into rows; what TranscriptModel tells views is read from these. GUI
/// thread.
class Transcript
{
public:
    /// `wording` and `now` as TranscriptModel has them. `observer` must outlive it.
    Transcript(RowListObserver &observer, ErrorWording wording, TranscriptModel::Clock now);

    [[nodiscard]] const RowList &rows() const { return m_rows; }
    /// See SegmentRows::copied().
    [[nodiscard]] quint64 copied() const { return m_segments.copied(); }
    /// The shown message of that id, null where it is not shown.
    [[nodiscard]] const ShownMessage *find(MessageId id) const;
    /// The id of the last message that a model gave, 0 where there is none.
    [[nodiscard]] qint64 lastAnswer() const;

    // These do what the functions of TranscriptModel with the same names say.
    void open(const QList<Message> &messages);
    void fail(const StoreError &error);
    void addMessage(const Message &message);
    void deliver(MessageId id, const StreamEvents &events);
    void endMessage(const Message &message);
    void showDecision(MessageId id, const QString &approvalId, ApprovalPart::Answer answer);
    void setExpanded(quint64 rowId, bool expanded);

private:
    [[nodiscard]] ShownMessage *findShown(MessageId id) const;
    void clear();
    void show(const Message &message);
    void sync(ShownMessage &shown);
    void begin(ShownMessage &shown, Segment &segment);
    void endReasoning(ShownMessage &shown, Segment &segment);
    void close(ShownMessage &shown);

    ErrorWording m_wording;
    TranscriptModel::Clock m_now;
    std::vector<std::unique_ptr<ShownMessage>> m_messages;
    RowList m_rows;
    SegmentRows m_segments{m_rows};
};

} // namespace rivulet::transcript
