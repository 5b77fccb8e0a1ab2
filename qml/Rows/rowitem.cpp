// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/rowitem.h"

namespace rivulet {

void RowItem::setRow(const TranscriptRow &row)
{
    if (row == m_row)
        return;
    const bool another = row.id() != m_row.id();
    m_row = row;
    Q_EMIT rowChanged();
    takeRow(another);
}

void RowItem::setStyle(RowStyle *style)
{
    if (style == m_style)
        return;
    if (m_style)
        disconnect(m_style, nullptr, this, nullptr);
    m_style = style;
    if (m_style)
        connect(m_style, &RowStyle::changed, this, &RowItem::takeStyle);
    takeStyle();
    Q_EMIT styleChanged();
}

} // namespace rivulet
