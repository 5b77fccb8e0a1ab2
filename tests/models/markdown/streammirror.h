// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/html.h"
#include "models/markdown/markdownstream.h"

#include <QtCore/qset.h>

#include <algorithm>

namespace rivulet::test {

/// A view's copy of a stream's rows that is kept by patches alone. Finds every breach of what MarkdownPatch
/// and Row promise.
class StreamMirror
{
public:
    explicit StreamMirror(MarkdownOptions options = {}) : m_stream(options) {}

    void append(QByteArrayView piece) { apply(m_stream.append({piece.data(), size_t(piece.size())})); }
    void finish()
    {
        apply(m_stream.finish());
        for (const Row &row : m_stream.rows())
            expect(row.closed, "a row is open after the end");
    }

    [[nodiscard]] const MarkdownStream &stream() const { return m_stream; }
    [[nodiscard]] const QList<Row> &rows() const { return m_rows; }
    /// The first breach, empty if there was none.
    [[nodiscard]] QByteArray breach() const { return m_breach; }
    /// The most rows that one patch changed or took away.
    [[nodiscard]] qsizetype mostTouched() const { return m_mostTouched; }

private:
    void expect(bool holds, const char *breach)
    {
        if (!holds && m_breach.isEmpty())
            m_breach = breach;
    }

    void apply(const MarkdownPatch &patch)
    {
        const QList<Row> &rows = m_stream.rows();
        const qsizetype kept = patch.first + patch.changed;
        expect(patch.first >= 0 && patch.changed >= 0 && patch.removed >= 0 && patch.added >= 0
                   && kept + patch.removed == m_rows.size() && kept + patch.added == rows.size(),
               "a patch does not add up");
        if (!m_breach.isEmpty())
            return;
        m_mostTouched = std::max(m_mostTouched, patch.changed + patch.removed);
        for (const qsizetype at : patch.relinked) {
            expect(at < patch.first, "a relinked row is behind the first changed one");
            expect(sameButLinks(m_rows[at], rows[at]), "a closed row changed");
            m_rows[at] = rows[at];
        }
        for (qsizetype at = patch.first; at < m_rows.size(); ++at)
            expect(!m_rows[at].closed || (at < kept && sameButLinks(m_rows[at], rows[at])),
                   "a closed row changed");
        for (qsizetype at = patch.first; at < kept; ++at) {
            expect(m_rows[at].id == rows[at].id, "a row changed its id");
            m_rows[at] = rows[at];
        }
        m_rows.resize(kept);
        for (qsizetype at = kept; at < rows.size(); ++at) {
            expect(!m_ids.contains(rows[at].id), "an id was used again");
            m_ids.insert(rows[at].id);
            m_rows.append(rows[at]);
        }
        expect(m_rows == rows, "a patch does not tell all that changed");
    }

    /// A closed row may only change where brackets in it become links.
    [[nodiscard]] static bool sameButLinks(const Row &before, const Row &now)
    {
        const auto waits = [](const QString &text) { return text.contains(u'['); };
        const bool waited = waits(before.text) || std::ranges::any_of(before.cells, [&](const auto &cells) {
                                return std::ranges::any_of(cells, waits, &TableCell::text);
                            });
        if (!waited)
            return before == now;
        return now.closed && before.kind == now.kind && before.sourceBegin == now.sourceBegin
            && before.sourceEnd == now.sourceEnd && before.containers == now.containers;
    }

    MarkdownStream m_stream;
    QList<Row> m_rows;
    QSet<quint64> m_ids;
    QByteArray m_breach;
    qsizetype m_mostTouched = 0;
};

} // namespace rivulet::test
