// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "models/highlight/codehighlighter.h"
#include "models/markdown/row.h"

#include <QtCore/qobjectdefs.h>
#include <QtCore/qpointer.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

class TranscriptModel;

/// A row of a TranscriptModel as views get it: a handle of 24 bytes, never the text. Two handles are equal
/// while the row looks the same, so that a binding on one fires once per change. In QML it is the value
/// type `transcriptRow`. GUI thread.
class RIVULET_MODELS_EXPORT TranscriptRow
{
    Q_GADGET
    QML_VALUE_TYPE(transcriptRow)
    Q_PROPERTY(quint64 id READ id FINAL)
    Q_PROPERTY(int headingLevel READ headingLevel FINAL)
    Q_PROPERTY(bool continuesAbove READ continuesAbove FINAL)
    Q_PROPERTY(bool closed READ isClosed FINAL)

public:
    TranscriptRow() = default;
    TranscriptRow(const TranscriptModel *model, quint64 id, quint32 revision);

    /// Unique in its model and never used again; 0 for no row.
    [[nodiscard]] quint64 id() const noexcept { return m_id; }
    /// Grows with every change of the row's content.
    [[nodiscard]] quint32 revision() const noexcept { return m_revision; }
    /// What the row shows; null where the row is gone. Valid until the model changes: never keep it.
    [[nodiscard]] const Row *content() const;
    /// 1 to 6; 0 where the row is no heading.
    [[nodiscard]] int headingLevel() const;
    /// Not the first chunk of its block.
    [[nodiscard]] bool continuesAbove() const;
    /// Nothing that comes later changes the row.
    [[nodiscard]] bool isClosed() const;
    /// The colours of a code row, up to date for its present content; null where it is none, or gone. Shared
    /// with everyone who shows the row, and kept while the row is not shown. Valid until the model changes.
    [[nodiscard]] const CodeHighlighter *highlighter(CodeHighlighter::Theme theme) const;

    friend bool operator==(const TranscriptRow &, const TranscriptRow &) = default;

private:
    QPointer<const QObject> m_model; ///< a TranscriptModel
    quint64 m_id = 0;
    quint32 m_revision = 0;
};

} // namespace rivulet
