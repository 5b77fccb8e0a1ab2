// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/markdownstream.h"

#include "models/markdown/blockparser.h"
#include "models/markdown/rowbuilder.h"

#include <QtCore/qset.h>

#include <algorithm>
#include <string>
#include <utility>

namespace rivulet {

using namespace markdown;

/// Cuts the text into lines and leads each through the two parsers. State of the blocks is kept behind the
/// last whole line; a partial line is parsed on a copy of it.
class MarkdownStream::Parser
{
public:
    explicit Parser(const MarkdownOptions &options) : m_blocks(options), m_builder(options) {}

    MarkdownPatch append(std::string_view piece)
    {
        m_source += piece;
        bool lines = false;
        while (takeLine())
            lines = true;
        layRest(lines);
        m_builder.show();
        return m_builder.takePatch();
    }

    MarkdownPatch finish()
    {
        m_builder.lift();
        if (m_lineBegin < m_source.size())
            take(m_source.size());
        m_builder.finish();
        m_lineBegin = m_source.size();
        return m_builder.takePatch();
    }

    [[nodiscard]] const QList<Row> &rows() const { return m_builder.rows(); }
    [[nodiscard]] qsizetype settled() const { return m_builder.settled(); }
    [[nodiscard]] std::string_view source() const { return m_source; }
    [[nodiscard]] qint64 bytesScanned() const { return m_scanned + m_builder.bytesScanned(); }

    [[nodiscard]] bool isLoose(quint32 list) const { return m_loose.contains(list); }

private:
    /// Takes the next line if its end has come.
    bool takeLine()
    {
        const std::size_t feed = m_source.find('\n', m_searched);
        const std::string_view line = std::string_view(m_source).substr(0, feed);
        const std::size_t end = std::min(line.find('\r', m_searched), feed);
        if (end == std::string::npos) {
            m_scanned += qint64(m_source.size() - m_searched);
            m_searched = m_source.size();
            return false;
        }
        m_scanned += qint64(end - m_searched);
        if (end == m_lineBegin && m_source[end] == '\n' && m_afterReturn) {
            // The second half of a line end.
            m_lineBegin = m_searched = end + 1;
            m_afterReturn = false;
            return true;
        }
        m_builder.lift();
        take(end);
        m_afterReturn = m_source[end] == '\r';
        m_lineBegin = m_searched = end + 1;
        return true;
    }

    void take(std::size_t end)
    {
        const std::string_view text = std::string_view(m_source).substr(m_lineBegin, end - m_lineBegin);
        m_scanned += qint64(text.size());
        const Line line = m_blocks.parse(m_state, text, m_builder.paragraph(), false);
        m_builder.take(line, m_state, qsizetype(m_lineBegin), qsizetype(end));
        for (Container &container : m_state.chain) {
            if (container.loose && !std::exchange(container.isKnownLoose, true))
                m_loose.insert(container.shown.list);
        }
    }

    /// Shows what there is of the line that goes on.
    void layRest(bool lines)
    {
        const std::string_view rest = std::string_view(m_source).substr(m_lineBegin);
        if (!lines && m_decided) {
            m_builder.extend(rest.substr(m_laid), qsizetype(m_source.size()));
            m_laid = rest.size();
            return;
        }
        m_decided = false;
        if (rest.empty())
            return;
        if (!lines && m_laid > longestLineLaidAgain && rest.size() < m_laid + m_laid / 8)
            return;
        m_builder.lift();
        m_scanned += qint64(rest.size());
        m_overlay = m_state;
        const Line line = m_blocks.parse(m_overlay, rest, m_builder.paragraph(), true);
        m_builder.lay(line, m_overlay, qsizetype(m_lineBegin), qsizetype(m_source.size()));
        m_laid = rest.size();
        m_decided = line.decided;
    }

    /// A partial line longer than this that is not decided is parsed again only when it has grown by an
    /// eighth, so that the work stays proportional to the text.
    static constexpr std::size_t longestLineLaidAgain = 4096;

    BlockParser m_blocks;
    RowBuilder m_builder;
    BlockState m_state;
    BlockState m_overlay; ///< m_state behind the partial line
    QSet<quint32> m_loose;

    std::string m_source;
    std::size_t m_lineBegin = 0;
    std::size_t m_searched = 0; ///< for line ends, up to here
    bool m_afterReturn = false; ///< the last line end was a carriage return: a line feed belongs to it
    std::size_t m_laid = 0;     ///< bytes of the partial line that are shown
    bool m_decided = false;     ///< and all that follows in it is text
    qint64 m_scanned = 0;
};

MarkdownStream::MarkdownStream(MarkdownOptions options) : m_parser(std::make_unique<Parser>(options)) {}
MarkdownStream::~MarkdownStream() = default;
MarkdownStream::MarkdownStream(MarkdownStream &&) noexcept = default;
MarkdownStream &MarkdownStream::operator=(MarkdownStream &&) noexcept = default;

MarkdownPatch MarkdownStream::append(std::string_view utf8)
{
    return m_parser->append(utf8);
}

MarkdownPatch MarkdownStream::finish()
{
    return m_parser->finish();
}

const QList<Row> &MarkdownStream::rows() const
{
    return m_parser->rows();
}

qsizetype MarkdownStream::settled() const
{
    return m_parser->settled();
}

bool MarkdownStream::isLoose(quint32 list) const
{
    return m_parser->isLoose(list);
}

std::string_view MarkdownStream::source() const
{
    return m_parser->source();
}

qint64 MarkdownStream::bytesScanned() const
{
    return m_parser->bytesScanned();
}

} // namespace rivulet
