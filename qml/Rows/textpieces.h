// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qrect.h>
#include <QtCore/qstringview.h>
#include <QtGui/qfont.h>
#include <QtGui/qtextlayout.h>

#include <functional>
#include <memory>
#include <vector>

namespace rivulet {

/// A text laid out in pieces of a few lines each, so that text that grows at its end costs one piece per
/// change, however long it is: all pieces but the last are shaped once. Coordinates are in the text's own
/// space, offsets in UTF-16 units of the text. GUI thread.
class TextPieces
{
public:
    struct Options
    {
        QFont font;
        qreal lineHeight = 0; ///< at least; a line with taller glyphs is as tall as they are
        qreal width = 0;      ///< lines break at it; 0 keeps lines whole however long they are
        bool rightToLeft = false;
        bool designMetrics = true; ///< as the scene graph's own text rendering wants it

        friend bool operator==(const Options &, const Options &) = default;
    };

    /// Some lines, with a layout of their own.
    struct Piece
    {
        qsizetype begin = 0;
        qsizetype length = 0; ///< the layout may hold more text, for its last line's break
        int lines = 0;
        qreal y = 0;
        qreal height = 0;
        qreal width = 0;    ///< of its widest line
        quint64 serial = 0; ///< another one for every layout that was ever made
        std::unique_ptr<QTextLayout> layout;
    };

    /// Makes the formats of [begin, begin + length), with offsets from `begin` on.
    using Formats = std::function<QList<QTextLayout::FormatRange>(qsizetype begin, qsizetype length)>;

    /// Drops everything where the options are others than before.
    void setOptions(const Options &options);
    [[nodiscard]] const Options &options() const { return m_options; }
    /// Drops everything, so that the next update() lays out all of it.
    void clear();

    /// Lays out `text`, of which [0, sameFormats) has the formats that it had before; which text is as
    /// before it finds out itself.
    void update(QStringView text, qsizetype sameFormats, const Formats &formats);

    [[nodiscard]] const std::vector<Piece> &pieces() const { return m_pieces; }
    [[nodiscard]] qsizetype length() const;
    [[nodiscard]] qreal height() const;
    /// Of the widest line.
    [[nodiscard]] qreal width() const;

    /// The offset whose cursor position is nearest to `point`.
    [[nodiscard]] qsizetype positionAt(QPointF point) const;
    /// The offset of the character under `point`, -1 where there is none.
    [[nodiscard]] qsizetype characterAt(QPointF point) const;
    /// Where a cursor at `offset` stands: its line's full height, no width.
    [[nodiscard]] QRectF cursorAt(qsizetype offset) const;
    /// The areas that [begin, end) covers, one or more for each line; `tight` ones are as tall as the
    /// glyphs, others as the lines.
    [[nodiscard]] QList<QRectF> areas(qsizetype begin, qsizetype end, bool tight = false) const;

    /// How many pieces were laid out since the object was made.
    [[nodiscard]] quint64 laidOut() const { return m_laidOut; }

private:
    [[nodiscard]] Piece layOut(QStringView text, qsizetype begin, qreal y, const Formats &formats);
    [[nodiscard]] qsizetype windowAt(QStringView text, qsizetype begin) const;
    [[nodiscard]] const Piece *pieceAt(qreal y) const;

    Options m_options;
    std::vector<Piece> m_pieces;
    quint64 m_laidOut = 0;
};

} // namespace rivulet
