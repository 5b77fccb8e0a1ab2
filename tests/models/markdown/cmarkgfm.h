// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/markdownstream.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearraylist.h>
#include <QtCore/qlist.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <cstdlib>
#include <utility>

namespace rivulet::test {

/// What cmark-gfm makes of a text, in the form of the specification's examples. Footnotes are left out: its
/// HTML for them is of its own.
[[nodiscard]] inline QByteArray cmarkGfmHtml(QByteArrayView markdown, const MarkdownOptions &options)
{
    cmark_gfm_core_extensions_ensure_registered();
    constexpr int flags = CMARK_OPT_UNSAFE;
    cmark_parser *parser = cmark_parser_new(flags);
    const auto attach = [parser](const char *name, bool wanted) {
        if (wanted)
            cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
    };
    attach("table", options.tables);
    attach("strikethrough", options.strikethrough);
    attach("autolink", options.autolinks);
    attach("tasklist", options.taskLists);
    cmark_parser_feed(parser, markdown.data(), std::size_t(markdown.size()));
    cmark_node *document = cmark_parser_finish(parser);
    char *text = cmark_render_html(document, flags, cmark_parser_get_syntax_extensions(parser));
    QByteArray html(text);
    std::free(text);
    cmark_node_free(document);
    cmark_parser_free(parser);
    html.replace("&#x27;", "'");
    html.replace("<input type=\"checkbox\" disabled=\"\" />", "<input disabled=\"\" type=\"checkbox\">");
    html.replace("<input type=\"checkbox\" checked=\"\" disabled=\"\" />",
                 "<input checked=\"\" disabled=\"\" type=\"checkbox\">");
    return html;
}

/// The same without <strong> directly within <strong>, which cmark-gfm does not repeat.
[[nodiscard]] inline QByteArray withoutRepeatedStrong(const QByteArray &html)
{
    const QByteArrayList inlines{"em", "strong", "del", "a"};
    QByteArray out;
    QList<std::pair<QByteArray, bool>> open; // a tag's name, and whether it is kept
    for (qsizetype at = 0; at < html.size();) {
        const qsizetype end = html[at] == '<' ? html.indexOf('>', at) : -1;
        if (end < 0) {
            out += html[at++];
            continue;
        }
        const QByteArray tag = html.sliced(at, end + 1 - at);
        at = end + 1;
        const bool closes = tag.startsWith("</");
        const QByteArray name = tag.sliced(closes ? 2 : 1).chopped(1).split(' ').first();
        if (!inlines.contains(name)) {
            out += tag;
        } else if (!closes) {
            open.append({name, name != "strong" || open.isEmpty() || open.last().first != name});
            out += open.last().second ? tag : QByteArray();
        } else if (open.isEmpty() || open.last().first != name || open.takeLast().second) {
            out += tag;
        }
    }
    return out;
}

} // namespace rivulet::test
