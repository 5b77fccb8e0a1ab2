// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/html.h"

#include "models/markdown/linksyntax.h"

#include <QtCore/qhash.h>

#include <algorithm>
#include <array>
#include <utility>
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
    case InlineRun::Kind::Subscript:
        return "sub"_L1;
    case InlineRun::Kind::Superscript:
        return "sup"_L1;
    case InlineRun::Kind::Keyboard:
        return "kbd"_L1;
    case InlineRun::Kind::Math:
    case InlineRun::Kind::DisplayMath:
    case InlineRun::Kind::Footnote:
    case InlineRun::Kind::Image:
    case InlineRun::Kind::Html:
    case InlineRun::Kind::SoftBreak:
    case InlineRun::Kind::HardBreak:
        break;
    }
    return {};
}

/// Whether `html` begins with a tag that GFM disallows (0.29, 6.11).
bool isDisallowedTag(QStringView html)
{
    if (!html.startsWith(u'<'))
        return false;
    const QStringView name = html.sliced(html.startsWith("</"_L1) ? 2 : 1);
    constexpr std::array disallowed{"title"_L1,   "textarea"_L1, "style"_L1,  "xmp"_L1,      "iframe"_L1,
                                    "noembed"_L1, "noframes"_L1, "script"_L1, "plaintext"_L1};
    return std::ranges::any_of(disallowed, [name](QLatin1StringView tag) {
        const QStringView behind = name.mid(tag.size());
        return name.startsWith(tag, Qt::CaseInsensitive)
            && (behind.isEmpty() || behind.front().isSpace() || behind.front() == u'>'
                || behind.startsWith("/>"_L1));
    });
}

class HtmlWriter
{
public:
    HtmlWriter(const MarkdownStream &stream, HtmlOptions options) : m_stream(stream), m_options(options) {}

    QString write()
    {
        for (const Row &row : m_stream.rows()) {
            if (footnoteDepth(row) < 0)
                numberFootnotes(row);
        }
        writeRows(m_stream.rows());
        writeFootnotes();
        return std::move(m_out);
    }

private:
    /// The place of the innermost footnote among the containers of `row`; -1: it is in none.
    [[nodiscard]] static qsizetype footnoteDepth(const Row &row)
    {
        qsizetype depth = row.containers.size() - 1;
        while (depth >= 0 && row.containers[depth].kind != RowContainer::Kind::Footnote)
            --depth;
        return depth;
    }

    [[nodiscard]] static QString nameOf(QStringView label)
    {
        const QByteArray utf8 = label.toUtf8();
        return markdown::normalizedLabel(std::string_view(utf8.constData(), size_t(utf8.size())));
    }

    /// Gives footnotes numbers in the order in which they are referred to.
    void numberFootnotes(const Row &row)
    {
        const auto number = [this](QStringView text, const QList<InlineRun> &runs) {
            for (const InlineRun &run : runs) {
                if (run.kind != InlineRun::Kind::Footnote)
                    continue;
                const QString name = nameOf(text.sliced(run.begin, run.length));
                if (!m_numbers.contains(name)) {
                    m_numbers.insert(name, m_numbers.size() + 1);
                    m_footnotes.append(name);
                }
            }
        };
        number(row.text, row.runs);
        for (const QList<TableCell> &cells : row.cells) {
            for (const TableCell &cell : cells)
                number(cell.text, cell.runs);
        }
    }

    void writeRows(const QList<Row> &rows)
    {
        for (qsizetype at = 0; at < rows.size(); ++at) {
            if (footnoteDepth(rows[at]) >= 0)
                continue;
            const bool goesOn = at + 1 < rows.size() && rows[at + 1].continuesAbove;
            if (!rows[at].continuesAbove)
                enterContainers(rows[at]);
            writeRow(rows[at], goesOn);
        }
        leaveContainers(0);
    }

    /// The rows of the footnote `name` as if they stood alone; of several definitions the first holds.
    [[nodiscard]] QList<Row> rowsOfFootnote(const QString &name) const
    {
        QList<Row> rows;
        quint32 id = 0;
        for (const Row &row : m_stream.rows()) {
            const qsizetype depth = footnoteDepth(row);
            if (depth < 0 || (id != 0 && row.containers[depth].id != id)
                || (id == 0 && nameOf(row.containers[depth].label) != name))
                continue;
            id = row.containers[depth].id;
            rows.append(row);
            rows.last().containers.remove(0, depth + 1);
        }
        return rows;
    }

    void writeFootnotes()
    {
        if (m_footnotes.isEmpty())
            return;
        startLine();
        m_out += "<section class=\"footnotes\">\n<ol>\n"_L1;
        // A footnote can refer to further ones.
        for (qsizetype at = 0; at < m_footnotes.size(); ++at) {
            const QList<Row> rows = rowsOfFootnote(m_footnotes[at]);
            std::ranges::for_each(rows, [this](const Row &row) { numberFootnotes(row); });
            const QString number = QString::number(at + 1);
            m_out += "<li id=\"fn"_L1 + number + "\">\n"_L1;
            writeRows(rows);
            const QString back = "<a href=\"#fnref"_L1 + number + "\" class=\"footnote-backref\">"_L1
                + QChar(u'\u21a9') + "</a>"_L1;
            const bool endsWithText = !rows.isEmpty() && rows.last().kind == RowKind::Paragraph
                && rows.last().containers.isEmpty() && m_out.endsWith("</p>\n"_L1);
            if (endsWithText)
                m_out.insert(m_out.size() - 5, u' ' + back);
            else
                m_out += back + u'\n';
            m_out += "</li>\n"_L1;
        }
        m_out += "</ol>\n</section>\n"_L1;
    }

    void startLine()
    {
        if (!m_out.isEmpty() && !m_out.endsWith(u'\n'))
            m_out += u'\n';
    }

    [[nodiscard]] bool isItem(const RowContainer &container) const { return container.list != 0; }

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
            if (container.kind == RowContainer::Kind::Details) {
                m_out += container.open ? "<details open=\"\">\n"_L1 : "<details>\n"_L1;
            } else if (!isItem(container)) {
                m_out += "<blockquote>\n"_L1;
            } else {
                if (at > same || !sameList)
                    startList(container);
                m_out += "<li>"_L1;
                if (container.task != RowContainer::Task::None)
                    m_out += container.task == RowContainer::Task::Done
                        ? "<input checked=\"\" disabled=\"\" type=\"checkbox\"> "_L1
                        : "<input disabled=\"\" type=\"checkbox\"> "_L1;
                m_itemBegins = true;
            }
            m_containers.append(container);
        }
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
                m_out +=
                    container.kind == RowContainer::Kind::Details ? "</details>\n"_L1 : "</blockquote>\n"_L1;
            }
        }
    }

    void writeRow(const Row &row, bool goesOn)
    {
        const bool itemBegins = std::exchange(m_itemBegins, false);
        switch (row.kind) {
        case RowKind::Paragraph:
            writeParagraph(row, itemBegins);
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
        case RowKind::Math:
            startLine();
            if (!row.continuesAbove)
                m_out += "<div class=\"math display\">"_L1;
            appendEscaped(m_out, row.text);
            m_out += goesOn ? "\n"_L1 : "</div>\n"_L1;
            break;
        case RowKind::Summary:
            startLine();
            m_out += "<summary>"_L1;
            writeInlines(row.text, row.runs);
            m_out += "</summary>\n"_L1;
            break;
        }
    }

    void writeParagraph(const Row &row, bool itemBegins)
    {
        if (row.text.isEmpty() && row.runs.isEmpty())
            return;
        const bool tight = !row.containers.isEmpty() && isItem(row.containers.last())
            && !m_stream.isLoose(row.containers.last().list);
        if (!tight) {
            startLine();
            m_out += "<p>"_L1;
        } else if (!itemBegins) {
            startLine();
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
        if (!m_options.allowHtml) {
            appendEscaped(m_out, html);
            return;
        }
        for (qsizetype at = 0; at < html.size(); ++at) {
            if (m_options.filterTags && isDisallowedTag(html.sliced(at)))
                m_out += "&lt;"_L1;
            else
                m_out += html[at];
        }
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
        case InlineRun::Kind::Math:
            m_out += "<span class=\"math inline\">"_L1;
            appendEscaped(m_out, text);
            m_out += "</span>"_L1;
            break;
        case InlineRun::Kind::DisplayMath:
            m_out += "<span class=\"math display\">"_L1;
            appendEscaped(m_out, text);
            m_out += "</span>"_L1;
            break;
        case InlineRun::Kind::Footnote: {
            const QString number = QString::number(m_numbers.value(nameOf(text)));
            if ((run.style & InlineRun::Link) != 0) {
                m_out += "<sup>"_L1 + number + "</sup>"_L1;
                break;
            }
            m_out += "<sup class=\"footnote-ref\"><a href=\"#fn"_L1 + number + "\" id=\"fnref"_L1 + number
                + "\">"_L1 + number + "</a></sup>"_L1;
            break;
        }
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
    QList<RowContainer> m_containers; ///< that are open
    bool m_itemBegins = false;        ///< nothing of the last item is written yet
    bool m_tableBody = false;
    QHash<QString, qsizetype> m_numbers; ///< of footnotes, by name
    QStringList m_footnotes;             ///< names, by number
};

} // namespace

QString toHtml(const MarkdownStream &stream, HtmlOptions options)
{
    return HtmlWriter(stream, options).write();
}

} // namespace rivulet
