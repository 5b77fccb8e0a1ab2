// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtGui/qcolor.h>
#include <QtGui/qfont.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// What every row of a view looks like: one object for all of them, bound to the theme in one place, so
/// that a row costs no bindings of its own. Sizes are in device-independent pixels.
class RowStyle : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QFont font MEMBER font NOTIFY changed FINAL)
    Q_PROPERTY(QFont codeFont MEMBER codeFont NOTIFY changed FINAL)
    Q_PROPERTY(QColor text MEMBER text NOTIFY changed FINAL)
    Q_PROPERTY(QColor quietText MEMBER quietText NOTIFY changed FINAL)
    Q_PROPERTY(QColor link MEMBER link NOTIFY changed FINAL)
    Q_PROPERTY(QColor codeBackground MEMBER codeBackground NOTIFY changed FINAL)
    Q_PROPERTY(QColor selection MEMBER selection NOTIFY changed FINAL)
    Q_PROPERTY(QColor caret MEMBER caret NOTIFY changed FINAL)
    Q_PROPERTY(QColor background MEMBER background NOTIFY changed FINAL)
    Q_PROPERTY(QColor hairline MEMBER hairline NOTIFY changed FINAL)
    Q_PROPERTY(QColor quoteBar MEMBER quoteBar NOTIFY changed FINAL)
    Q_PROPERTY(bool dark MEMBER dark NOTIFY changed FINAL)
    Q_PROPERTY(qint64 markedMessage MEMBER markedMessage NOTIFY markedMessageChanged FINAL)

public:
    using QObject::QObject;

    QFont font;     ///< of body text; headings are multiples of its size
    QFont codeFont; ///< of code blocks and inline code
    QColor text = Qt::black;
    QColor quietText = Qt::darkGray; ///< of reasoning and list markers
    QColor link = Qt::darkCyan;
    QColor codeBackground = Qt::lightGray; ///< behind inline code
    QColor selection = Qt::cyan;
    QColor caret = Qt::darkCyan;     ///< at the end of text that streams
    QColor background = Qt::white;   ///< of the view
    QColor hairline = Qt::lightGray; ///< between the lines of a table
    QColor quoteBar = Qt::lightGray;
    bool dark = false;        ///< which of the highlighter's themes goes with the colours
    qint64 markedMessage = 0; ///< whose rows are pointed out, 0 for none

    /// Of one line of body text.
    [[nodiscard]] qreal lineHeight() const;
    [[nodiscard]] qreal codeLineHeight() const;
    /// Of a heading of `level`, 1 to 6.
    [[nodiscard]] QFont headingFont(int level) const;
    [[nodiscard]] qreal headingLineHeight(int level) const;

Q_SIGNALS:
    void changed();
    void markedMessageChanged();
};

} // namespace rivulet
