// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptrow.h"

#include "models/transcript/transcriptmodel.h"

namespace rivulet {

TranscriptRow::TranscriptRow(const TranscriptModel *model, quint64 id, quint32 revision)
    : m_model(model), m_id(id), m_revision(revision)
{}

const Row *TranscriptRow::content() const
{
    return m_model ? static_cast<const TranscriptModel *>(m_model.data())->content(m_id) : nullptr;
}

int TranscriptRow::headingLevel() const
{
    const Row *row = content();
    return row && row->kind == RowKind::Heading ? row->level : 0;
}

bool TranscriptRow::continuesAbove() const
{
    const Row *row = content();
    return row && row->continuesAbove;
}

bool TranscriptRow::isClosed() const
{
    const Row *row = content();
    return !row || row->closed;
}

const CodeHighlighter *TranscriptRow::highlighter(CodeHighlighter::Theme theme) const
{
    return m_model ? static_cast<const TranscriptModel *>(m_model.data())->highlighter(m_id, theme) : nullptr;
}

} // namespace rivulet
