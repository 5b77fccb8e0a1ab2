// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/textpieces.h"

#include <QtGui/qfontmetrics.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rivulet {

namespace {

constexpr int wrappedLines = 8; ///< of one piece
constexpr int wholeLines = 16;
constexpr qsizetype longestLine = 4096; ///< a line that is kept whole is still broken here

/// Whether `text` is what was laid out, where line feeds became line separators.
bool same(QStringView text, QStringView laidOut)
{
    if (text.size() != laidOut.size())
        return false;
    for (qsizetype begin = 0; begin < text.size();) {
        const qsizetype feed = text.indexOf(u'\n', begin);
        const qsizetype end = feed < 0 ? text.size() : feed;
        if (text.sliced(begin, end - begin) != laidOut.sliced(begin, end - begin)
            || (feed >= 0 && laidOut[feed] != QChar::LineSeparator))
            return false;
        begin = end + 1;
    }
    return true;
}

/// `end`, or one less where it would part a surrogate pair.
qsizetype wholeCharacters(QStringView text, qsizetype end)
{
    return end < text.size() && text[end].isLowSurrogate() && text[end - 1].isHighSurrogate() ? end - 1 : end;
}

} // namespace

void TextPieces::setOptions(const Options &options)
{
    if (options == m_options)
        return;
    m_options = options;
    clear();
}

void TextPieces::clear()
{
    m_pieces.clear();
}

void TextPieces::update(QStringView text, qsizetype sameFormats, const Formats &formats)
{
    // The last piece may get more lines. One before it stays while it and the first line below it, which
    // decides where it ends, are as they were.
    size_t kept = 0;
    for (; kept + 1 < m_pieces.size(); ++kept) {
        const Piece &piece = m_pieces[kept];
        const Piece &next = m_pieces[kept + 1];
        const qsizetype firstLine = next.layout->lineAt(0).textLength();
        const qsizetype seen = next.begin + firstLine;
        if (seen > text.size() || seen > sameFormats
            || !same(text.sliced(piece.begin, piece.length),
                     QStringView(piece.layout->text()).first(piece.length))
            || !same(text.sliced(next.begin, firstLine), QStringView(next.layout->text()).first(firstLine)))
            break;
    }
    m_pieces.resize(kept);

    qsizetype begin = length();
    qreal y = height();
    do {
        m_pieces.push_back(layOut(text, begin, y, formats));
        begin += m_pieces.back().length;
        y += m_pieces.back().height;
    } while (begin < text.size());
}

qsizetype TextPieces::length() const
{
    return m_pieces.empty() ? 0 : m_pieces.back().begin + m_pieces.back().length;
}

qreal TextPieces::height() const
{
    return m_pieces.empty() ? 0 : m_pieces.back().y + m_pieces.back().height;
}

qreal TextPieces::width() const
{
    qreal width = 0;
    for (const Piece &piece : m_pieces)
        width = std::max(width, piece.width);
    return width;
}

/// Up to where a layout that starts at `begin` has to see the text.
qsizetype TextPieces::windowAt(QStringView text, qsizetype begin) const
{
    if (m_options.width > 0) {
        const qreal average = std::max(1.0, QFontMetricsF(m_options.font).averageCharWidth());
        const auto guess = qsizetype(wrappedLines * m_options.width / average * 1.4);
        return wholeCharacters(text, std::min(text.size(), begin + std::max(guess, qsizetype(256))));
    }
    qsizetype end = begin;
    for (int line = 0; line < wholeLines && end < text.size(); ++line) {
        const qsizetype feed = text.indexOf(u'\n', end);
        const qsizetype next = feed < 0 ? text.size() : feed + 1;
        if (next - begin > longestLine)
            return line > 0 ? end : wholeCharacters(text, begin + longestLine);
        end = next;
    }
    return end;
}

TextPieces::Piece TextPieces::layOut(QStringView text, qsizetype begin, qreal y, const Formats &formats)
{
    ++m_laidOut;
    const bool wraps = m_options.width > 0;
    const qsizetype windowEnd = windowAt(text, begin);

    Piece piece;
    piece.begin = begin;
    piece.y = y;
    piece.serial = m_laidOut;
    piece.layout = std::make_unique<QTextLayout>(
        text.sliced(begin, windowEnd - begin).toString().replace(u'\n', QChar::LineSeparator),
        m_options.font);
    QTextLayout &layout = *piece.layout;
    layout.setCacheEnabled(true);
    QTextOption option(m_options.rightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    option.setTextDirection(m_options.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(wraps ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::NoWrap);
    option.setUseDesignMetrics(m_options.designMetrics);
    layout.setTextOption(option);
    layout.setFormats(formats(begin, windowEnd - begin));

    const bool sawAll = windowEnd == text.size();
    qreal height = 0;
    layout.beginLayout();
    while (!wraps || piece.lines < wrappedLines) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(wraps ? m_options.width : 1e6);
        const qsizetype end = line.textStart() + line.textLength();
        // A line that ends with the window may go on below it, but for a whole one.
        if (wraps && !sawAll && end == windowEnd - begin && piece.lines > 0)
            break;
        if (!sawAll && line.textLength() == 0)
            break;
        const qreal lineHeight = std::max(m_options.lineHeight, std::ceil(line.height()));
        line.setPosition({0, height + std::floor((lineHeight - line.height()) / 2)});
        height += lineHeight;
        ++piece.lines;
        piece.length = end;
        piece.width = std::max(piece.width, std::ceil(line.naturalTextWidth()));
    }
    layout.endLayout();
    piece.height = height;
    return piece;
}

const TextPieces::Piece *TextPieces::pieceAt(qreal y) const
{
    const auto below = std::ranges::upper_bound(m_pieces, y, {}, &Piece::y);
    if (m_pieces.empty())
        return nullptr;
    return below == m_pieces.begin() ? &m_pieces.front() : &*std::prev(below);
}

namespace {

/// The line of `piece` at height `y`, which counts from the text's start.
QTextLine lineAt(const TextPieces::Piece &piece, qreal y)
{
    for (int i = piece.lines - 1; i > 0; --i) {
        const QTextLine line = piece.layout->lineAt(i);
        // Half of what the line is higher than its glyphs lies above it.
        const QTextLine above = piece.layout->lineAt(i - 1);
        if (y - piece.y >= (above.y() + above.height() + line.y()) / 2)
            return line;
    }
    return piece.layout->lineAt(0);
}

} // namespace

qsizetype TextPieces::positionAt(QPointF point) const
{
    const Piece *piece = pieceAt(point.y());
    if (!piece)
        return 0;
    const QTextLine line = lineAt(*piece, point.y());
    qsizetype at = line.xToCursor(point.x());
    // Behind the line's break is the next line's start.
    const qsizetype end = line.textStart() + line.textLength();
    if (at == end && at > line.textStart() && piece->begin + at < length())
        at = piece->layout->previousCursorPosition(int(at));
    return piece->begin + std::min(at, piece->length);
}

qsizetype TextPieces::characterAt(QPointF point) const
{
    const Piece *piece = pieceAt(point.y());
    if (!piece || point.y() < 0 || point.y() > height())
        return -1;
    const QTextLine line = lineAt(*piece, point.y());
    const QRectF ink = line.naturalTextRect();
    if (point.x() < ink.left() || point.x() > ink.right())
        return -1;
    return piece->begin + line.xToCursor(point.x(), QTextLine::CursorOnCharacter);
}

QRectF TextPieces::cursorAt(qsizetype offset) const
{
    if (m_pieces.empty())
        return {};
    const auto after = std::ranges::upper_bound(m_pieces, offset, {}, &Piece::begin);
    const Piece &piece = after == m_pieces.begin() ? m_pieces.front() : *std::prev(after);
    const auto local = int(std::clamp(offset - piece.begin, qsizetype(0), piece.length));
    QTextLine line = piece.layout->lineForTextPosition(local);
    if (!line.isValid() || line.lineNumber() >= piece.lines)
        line = piece.layout->lineAt(piece.lines - 1);
    return {line.cursorToX(local), piece.y + line.y(), 0, line.height()};
}

QList<QRectF> TextPieces::areas(qsizetype begin, qsizetype end, bool tight) const
{
    QList<QRectF> areas;
    for (const Piece &piece : m_pieces) {
        if (piece.begin + piece.length <= begin)
            continue;
        if (piece.begin >= end)
            break;
        for (int i = 0; i < piece.lines; ++i) {
            const QTextLine line = piece.layout->lineAt(i);
            const qsizetype from = std::max(begin - piece.begin, qsizetype(line.textStart()));
            const qsizetype to = std::min(end - piece.begin, qsizetype(line.textStart() + line.textLength()));
            if (from >= to)
                continue;
            // Logical order is not the order on screen: one area per run of glyphs.
            const qreal extra = tight ? 0 : std::max(0.0, (m_options.lineHeight - line.height()) / 2);
            for (const QGlyphRun &run : line.glyphRuns(int(from), int(to - from))) {
                const QRectF box = run.boundingRect();
                const QRectF area(box.left(), piece.y + line.y() - extra, box.width(),
                                  line.height() + 2 * extra);
                if (!areas.isEmpty() && areas.back().y() == area.y()
                    && areas.back().right() >= area.left() - 2 && areas.back().left() <= area.left())
                    areas.back() = areas.back().united(area);
                else if (!area.isEmpty())
                    areas.append(area);
            }
        }
    }
    return areas;
}

} // namespace rivulet
