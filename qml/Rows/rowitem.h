// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/transcript/transcriptrow.h"
#include "qml/Rows/rowstyle.h"

#include <QtCore/qpointer.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickitem.h>

namespace rivulet {

/// An item that draws a transcript row, or a part of one, in a style. GUI thread.
class RowItem : public QQuickItem
{
    Q_OBJECT
    QML_ANONYMOUS
    /// What is drawn: the same row again as it grows, or another one where the item is used again.
    Q_PROPERTY(rivulet::TranscriptRow row READ row WRITE setRow NOTIFY rowChanged FINAL REQUIRED)
    /// In which fonts and colours. Not owned.
    Q_PROPERTY(rivulet::RowStyle *style READ style WRITE setStyle NOTIFY styleChanged FINAL REQUIRED)

public:
    using QQuickItem::QQuickItem;

    [[nodiscard]] const TranscriptRow &row() const { return m_row; }
    void setRow(const TranscriptRow &row);
    [[nodiscard]] RowStyle *style() const { return m_style; }
    void setStyle(RowStyle *style);

Q_SIGNALS:
    void rowChanged();
    void styleChanged();

protected:
    /// The row grew or, if `another`, is one with another id.
    virtual void takeRow(bool another) = 0;
    /// The style is another one, or another font or colour is in it.
    virtual void takeStyle() = 0;

private:
    TranscriptRow m_row;
    QPointer<RowStyle> m_style;
};

} // namespace rivulet
