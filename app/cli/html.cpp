// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/html.h"

#include "app/cli/console.h"
#include "app/cli/markdowninput.h"
#include "models/markdown/html.h"

#include <algorithm>
#include <array>
#include <expected>
#include <utility>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::pair<QLatin1StringView, bool MarkdownOptions::*>, 5> extensions{{
    {"table"_L1, &MarkdownOptions::tables},
    {"tasklist"_L1, &MarkdownOptions::taskLists},
    {"strikethrough"_L1, &MarkdownOptions::strikethrough},
    {"autolink"_L1, &MarkdownOptions::autolinks},
    {"footnotes"_L1, &MarkdownOptions::footnotes},
}};

/// The one that is none of the markup, but of what is written.
constexpr auto tagFilter = "tagfilter"_L1;

/// The markup that a flavor has; the error is what to tell the user.
std::expected<MarkdownOptions, QString> optionsOf(const QString &flavor)
{
    if (flavor == "commonmark"_L1)
        return MarkdownOptions::commonMark();
    if (flavor == "gfm"_L1)
        return MarkdownOptions::gfm();
    if (flavor == "chat"_L1)
        return MarkdownOptions();
    return std::unexpected(tr("\"%1\" is not a flavor: commonmark, gfm or chat").arg(flavor));
}

/// Turns off the extensions that a list does not name; the error is what to tell the user.
std::expected<MarkdownOptions, QString> limited(MarkdownOptions options, const QString &list)
{
    MarkdownOptions kept = options;
    for (const auto &[name, extension] : extensions)
        kept.*extension = false;
    for (const QString &name : list.split(u',', Qt::SkipEmptyParts)) {
        const auto *const extension =
            std::ranges::find(extensions, name, [](const auto &row) { return row.first; });
        if (name == tagFilter)
            continue;
        if (extension == extensions.end())
            return std::unexpected(tr("\"%1\" is not an extension: table, tasklist, strikethrough, autolink, "
                                      "footnotes or tagfilter")
                                       .arg(name));
        kept.*extension->second = options.*extension->second;
    }
    return kept;
}

} // namespace

ExitCode runHtml(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Prints a markdown text as HTML."));
    MarkdownInput input;
    input.addTo(parser);
    const QCommandLineOption flavor(u"flavor"_s, tr("The markup that it has: commonmark, gfm or chat."),
                                    tr("name"), u"chat"_s);
    const QCommandLineOption ext(
        u"ext"_s, tr("The only extensions of the flavor that count, parted by commas."), tr("names"));
    const QCommandLineOption allowHtml(u"allow-html"_s, tr("Lets raw HTML through instead of escaping it."));
    parser.addOptions({flavor, ext, allowHtml});
    if (const auto code = parse(parser, arguments))
        return *code;
    if (const auto read = input.read(parser); !read)
        return read.error();
    std::expected<MarkdownOptions, QString> options = optionsOf(parser.value(flavor));
    if (options && parser.isSet(ext))
        options = limited(*options, parser.value(ext));
    if (!options) {
        printError(options.error());
        return LocalError;
    }

    const bool filterTags = parser.value(ext).split(u',').contains(tagFilter);
    MarkdownStream stream(*options);
    input.feed(stream);
    print(toHtml(stream, {.allowHtml = parser.isSet(allowHtml), .filterTags = filterTags}).toUtf8());
    return Done;
}

} // namespace rivulet::cli
