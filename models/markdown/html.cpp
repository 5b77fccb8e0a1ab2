// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/html.h"

#include <vector>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

void appendEscaped(QString &out, QStringView text)
{
    for (const QChar c : text) {
        switch (c.unicode()) {
        case u'&':
            out += "&amp;"_L1;
            break;
        case u'<':
            out += "&lt;"_L1;
            break;
        case u'>':
            out += "&gt;"_L1;
            break;
        case u'"':
            out += "&quot;"_L1;
            break;
        default:
            out += c;
        }
    }
}

/// Percent-encodes what may not stand in a URL, leaves what is encoded already, and escapes for HTML.
void appendUrl(QString &out, QStringView url)
{
    constexpr auto allowed = "-_.+!*'(),%#@?=;:/$&~"_L1;
    for (const char c : url.toUtf8()) {
        if (c == '&')
            out += "&amp;"_L1;
        else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                 || allowed.contains(QLatin1Char(c)))
            out += QLatin1Char(c);
        else
            out +=
                u'%' + QString::number(static_cast<unsigned char>(c), 16).toUpper().rightJustified(2, u'0');
    }
}

QLatin1StringView tagOf(InlineRun::Kind kind)
{
    switch (kind) {
    case InlineRun::Kind::Emphasis:
        return "em"_L1;
    case InlineRun::Kind::Strong:
        return "strong"_L1;
    case InlineRun::Kind::Strike:
        return "del"_L1;
    case InlineRun::Kind::Code:
        return "code"_L1;
    case InlineRun::Kind::Link:
        return "a"_L1;
    case InlineRun::Kind::Image:
    case InlineRun::Kind::Html:
    case InlineRun::Kind::SoftBreak:
    case InlineRun::Kind::HardBreak:
        break;
    }
    return {};
}

class HtmlWriter
{
public:
    HtmlWriter(const MarkdownStream &stream, HtmlOptions options) : m_stream(stream), m_options(options) {}

    QString write()
    {
        const QList<Row> &rows = m_stream.rows();
        for (qsizetype at = 0; at < rows.size(); ++at) {
            const bool goesOn = at + 1 < rows.size() && rows[at + 1].continuesAbove;
            if (!rows[at].continuesAbove)
                enterContainers(rows[at]);
            writeRow(rows[at], goesOn);
        }
        leaveContainers(0);
        return std::move(m_out);
    }

private:
    void startLine()
    {
        if (!m_out.isEmpty() && !m_out.endsWith(u'\n'))
            m_out += u'\n';
    }

    [[nodiscard]] bool isItem(const RowContainer &container) const
    {
        return container.kind != RowContainer::Kind::Quote;
    }

    void enterContainers(const Row &row)
    {
        qsizetype same = 0;
        while (same < m_containers.size() && same < row.containers.size()
               && m_containers[same].id == row.containers[same].id)
            ++same;
        // A new item of the same list leaves the list open.
        const bool sameList = same < m_containers.size() && same < row.containers.size()
            && isItem(m_containers[same]) && m_containers[same].list == row.containers[same].list;
        leaveContainers(same + (sameList ? 1 : 0));
        if (sameList) {
            m_out += "</li>\n"_L1;
            m_containers.removeLast();
        }
        for (qsizetype at = same; at < row.containers.size(); ++at) {
            const RowContainer &container = row.containers[at];
            startLine();
            if (!isItem(container)) {
                m_out += "<blockquote>\n"_L1;
            } else {
                if (at > same || !sameList)
                    startList(container);
                m_out += "<li>"_L1;
            }
            m_containers.append(container);
        }
        if (!row.containers.isEmpty() && row.containers.last().task != RowContainer::Task::None)
            m_task = row.containers.last().task;
    }

    void startList(const RowContainer &item)
    {
        if (item.kind == RowContainer::Kind::BulletItem)
            m_out += "<ul>\n"_L1;
        else if (item.number == 1)
            m_out += "<ol>\n"_L1;
        else
            m_out += "<ol start=\""_L1 + QString::number(item.number) + "\">\n"_L1;
    }

    void leaveContainers(qsizetype count)
    {
        while (m_containers.size() > count) {
            const RowContainer container = m_containers.takeLast();
            if (isItem(container)) {
                m_out += "</li>\n"_L1;
                m_out += container.kind == RowContainer::Kind::BulletItem ? "</ul>\n"_L1 : "</ol>\n"_L1;
            } else {
                startLine();
                m_out += "</blockquote>\n"_L1;
            }
        }
    }

    void writeRow(const Row &row, bool goesOn)
    {
        switch (row.kind) {
        case RowKind::Paragraph:
            writeParagraph(row);
            break;
        case RowKind::Heading:
            startLine();
            m_out += "<h"_L1 + QString::number(row.level) + u'>';
            writeInlines(row.text, row.runs);
            m_out += "</h"_L1 + QString::number(row.level) + ">\n"_L1;
            break;
        case RowKind::Code:
            writeCode(row, goesOn);
            break;
        case RowKind::Table:
            writeTable(row, goesOn);
            break;
        case RowKind::Rule:
            startLine();
            m_out += "<hr />\n"_L1;
            break;
        case RowKind::Html:
            startLine();
            writeRawHtml(row.text);
            m_out += u'\n';
            break;
        }
    }

    void writeParagraph(const Row &row)
    {
        if (row.text.isEmpty() && row.runs.isEmpty())
            return;
        const bool tight = !row.containers.isEmpty() && isItem(row.containers.last())
            && !m_stream.isLoose(row.containers.last().list);
        if (!tight) {
            startLine();
            m_out += "<p>"_L1;
        } else if (!m_out.endsWith("<li>"_L1)) {
            startLine();
        }
        if (m_task != RowContainer::Task::None) {
            m_out += m_task == RowContainer::Task::Done
                ? "<input checked=\"\" disabled=\"\" type=\"checkbox\"> "_L1
                : "<input disabled=\"\" type=\"checkbox\"> "_L1;
            m_task = RowContainer::Task::None;
        }
        writeInlines(row.text, row.runs);
        if (!tight)
            m_out += "</p>\n"_L1;
    }

    void writeCode(const Row &row, bool goesOn)
    {
        if (!row.continuesAbove) {
            startLine();
            m_out += "<pre><code"_L1;
            if (!row.language.isEmpty()) {
                m_out += " class=\"language-"_L1;
                appendEscaped(m_out, row.language);
                m_out += u'"';
            }
            m_out += u'>';
        }
        appendEscaped(m_out, row.text);
        if (row.lineCount > 0)
            m_out += u'\n';
        if (!goesOn)
            m_out += "</code></pre>\n"_L1;
    }

    void writeTable(const Row &row, bool goesOn)
    {
        qsizetype at = 0;
        if (!row.continuesAbove) {
            startLine();
            m_out += "<table>\n<thead>\n"_L1;
            writeCells(row, at++, "th"_L1);
            m_out += "</thead>\n"_L1;
            m_tableBody = false;
        }
        for (; at < row.cells.size(); ++at) {
            if (!m_tableBody)
                m_out += "<tbody>\n"_L1;
            m_tableBody = true;
            writeCells(row, at, "td"_L1);
        }
        if (goesOn)
            return;
        if (m_tableBody)
            m_out += "</tbody>\n"_L1;
        m_out += "</table>\n"_L1;
    }

    void writeCells(const Row &row, qsizetype at, QLatin1StringView tag)
    {
        m_out += "<tr>\n"_L1;
        for (qsizetype column = 0; column < row.cells[at].size(); ++column) {
            m_out += u'<' + tag;
            switch (row.columns[column]) {
            case ColumnAlignment::None:
                break;
            case ColumnAlignment::Left:
                m_out += " align=\"left\""_L1;
                break;
            case ColumnAlignment::Center:
                m_out += " align=\"center\""_L1;
                break;
            case ColumnAlignment::Right:
                m_out += " align=\"right\""_L1;
                break;
            }
            m_out += u'>';
            const TableCell &cell = row.cells[at][column];
            writeInlines(cell.text, cell.runs);
            m_out += "</"_L1 + tag + ">\n"_L1;
        }
        m_out += "</tr>\n"_L1;
    }

    void writeRawHtml(QStringView html)
    {
        if (m_options.allowHtml)
            m_out += html;
        else
            appendEscaped(m_out, html);
    }

    void writeInlines(const QString &text, const QList<InlineRun> &runs)
    {
        qsizetype at = 0;
        std::vector<const InlineRun *> open;
        const auto writeTo = [&](qsizetype end) {
            appendEscaped(m_out, QStringView(text).sliced(at, end - at));
            at = end;
        };
        const auto closeTo = [&](std::size_t depth) {
            for (; open.size() > depth; open.pop_back()) {
                writeTo(open.back()->begin + open.back()->length);
                m_out += "</"_L1 + tagOf(open.back()->kind) + u'>';
            }
        };
        for (const InlineRun &run : runs) {
            closeTo(run.depth);
            writeTo(run.begin);
            if (tagOf(run.kind).isEmpty()) {
                writeWhole(run, QStringView(text).sliced(run.begin, run.length));
                at = run.begin + run.length;
                continue;
            }
            m_out += u'<' + tagOf(run.kind);
            if (run.kind == InlineRun::Kind::Link) {
                m_out += " href=\""_L1;
                appendUrl(m_out, run.target);
                m_out += u'"';
                writeTitle(run);
            }
            m_out += u'>';
            open.push_back(&run);
        }
        closeTo(0);
        writeTo(text.size());
    }

    /// A run that has no tags around other runs.
    void writeWhole(const InlineRun &run, QStringView text)
    {
        switch (run.kind) {
        case InlineRun::Kind::Image:
            m_out += "<img src=\""_L1;
            appendUrl(m_out, run.target);
            m_out += "\" alt=\""_L1;
            appendEscaped(m_out, text);
            m_out += u'"';
            writeTitle(run);
            m_out += " />"_L1;
            break;
        case InlineRun::Kind::Html:
            writeRawHtml(text);
            break;
        case InlineRun::Kind::HardBreak:
            m_out += "<br />\n"_L1;
            break;
        default:
            m_out += u'\n';
        }
    }

    void writeTitle(const InlineRun &run)
    {
        if (run.title.isEmpty())
            return;
        m_out += " title=\""_L1;
        appendEscaped(m_out, run.title);
        m_out += u'"';
    }

    const MarkdownStream &m_stream;
    HtmlOptions m_options;
    QString m_out;
    QList<RowContainer> m_containers;                     ///< that are open
    RowContainer::Task m_task = RowContainer::Task::None; ///< the box that the next paragraph begins with
    bool m_tableBody = false;
};

} // namespace

QString toHtml(const MarkdownStream &stream, HtmlOptions options)
{
    return HtmlWriter(stream, options).write();
}

} // namespace rivulet
