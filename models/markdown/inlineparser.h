// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/autolinks.h"
#include "models/markdown/linksyntax.h"
#include "models/markdown/markdownstream.h"

#include <QtCore/qstringlist.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace rivulet::markdown {

/// What the inlines of one leaf block amount to.
struct Inlines
{
    QString &text;
    QList<InlineRun> &runs;
    QStringList &unresolved; ///< labels that would make links if they were defined, normalized
};

/// How far the inlines of an open leaf can no longer change, whatever follows: parsing goes on from here.
struct InlineProgress
{
    std::size_t source = 0; ///< bytes of the leaf's content
    qsizetype text = 0;
    qsizetype runs = 0;
    qsizetype unresolved = 0;
    bool forced = false; ///< too much was open for too long: when the leaf closes it is parsed from its start
    bool plain = false;  ///< what is shown behind `source` is text as it was written
    std::size_t shown = 0; ///< bytes of the content
};

/// Parses the inline content of one leaf at a time, in one pass, by the delimiter algorithm of CommonMark's
/// appendix. Keeps its buffers between leaves, so that it does not allocate in the steady state.
class InlineParser
{
public:
    InlineParser(const MarkdownOptions &options, const LinkDefinitions &definitions)
        : m_options(options), m_definitions(definitions)
    {}

    /// Brings `out`, which holds what the last call made of a shorter content, up to the closed leaf's.
    void parseClosed(std::string_view content, InlineProgress &progress, Inlines out);

    /// The same for a leaf that goes on: shows what is open as if it ended here, holds back what may become
    /// markup, and moves `progress` on as far as nothing can change any more.
    void parseOpen(std::string_view content, InlineProgress &progress, Inlines out);

    [[nodiscard]] qint64 bytesScanned() const { return m_scanned; }

private:
    /// Beyond this many bytes of unfinished markup an open leaf is shown in pieces that are not looked at
    /// again.
    static constexpr std::size_t longestOpenStretch = 2048;
    /// A "[" is shown as the beginning of a link for at most this many bytes.
    static constexpr std::size_t longestLinkPreview = 256;
    /// A tag within more open ones than this is shown as written, so that none is looked back over often.
    static constexpr int mostOpenTags = 64;

    /// A piece of the content. Delimiter runs form a doubly linked list while they can still match.
    struct Node
    {
        enum class Kind : quint8 {
            Text,
            Points,
            Delimiters,
            Bracket,
            LinkOpen,
            LinkClose,
            Code,
            Math,
            DisplayMath,
            Html,
            Autolink,
            Soft,
            Hard,
            TagOpen,  ///< shown as written, unless `opens` a span
            TagClose, ///< of a span
            Footnote
        };

        Kind kind = Kind::Text;
        char delimiter = 0;
        bool canOpen = false;
        bool canClose = false;
        std::size_t begin = 0; ///< bytes of the content
        std::size_t end = 0;
        std::array<char32_t, 2> points{}; ///< of Points
        int link = -1;                    ///< of LinkOpen and Autolink: index into m_links
        int length = 0;                   ///< of a delimiter run, as written
        int left = 0;                     ///< of a delimiter run, not matched yet
        int previous = -1;                ///< in the list of delimiter runs
        int next = -1;
        int opens = -1;  ///< the first of the spans that begin here, outermost first: index into m_spans
        int closes = -1; ///< the first of the spans that end here, innermost first
        int lastClose = -1;
    };
    struct Span
    {
        InlineRun::Kind kind = InlineRun::Kind::Emphasis;
        int nextOpen = -1;
        int nextClose = -1;
    };
    struct Link
    {
        bool image = false;
        LinkTarget target;
    };
    struct Bracket
    {
        int node = -1;
        int delimiter = -1; ///< the last delimiter run before it
        bool image = false;
        bool bracketInside = false;
        std::optional<InlineRun::Kind> tag; ///< it is no bracket, but a tag that begins this
    };

    bool extendPlain(std::string_view content, InlineProgress &progress, Inlines &out);
    void begin(std::string_view content, bool open, InlineProgress &progress, Inlines &out);
    void scan(InlineProgress &progress, Inlines &out);
    void reset();

    void takeText(InlineProgress &progress, Inlines &out);
    void takeLineEnd(InlineProgress &progress, Inlines &out);
    void takeBackslash();
    void takeEntity();
    void takeCode();
    void takeAngle();
    bool takeTag(std::size_t end);
    bool takeClosingTag(InlineRun::Kind kind, std::size_t end);
    bool takeOpenAutolink();
    void takeDollar();
    bool takeFormula(std::string_view ending, bool display);
    [[nodiscard]] std::size_t closingDollar(std::size_t from);
    void takeDelimiters(char delimiter);
    void takeOpeningBracket(bool image);
    void takeClosingBracket(Inlines &out);
    void takeExtendedAutolink(InlineProgress &progress, Inlines &out);

    [[nodiscard]] std::size_t closingBackticks(std::size_t from, std::size_t length);
    [[nodiscard]] bool touchesEnd(std::size_t at) const { return m_open && at == m_rawEnd; }
    [[nodiscard]] bool looksLikeLink(const Bracket &bracket, std::size_t end) const;
    bool takeFootnote(const Bracket &bracket, std::size_t at);
    void closeBracket(std::size_t index, LinkTarget target, std::size_t end);
    void dropBracket(std::size_t index);
    void keepBrackets(std::size_t count);
    [[nodiscard]] int &openTags(InlineRun::Kind kind);
    void dropDelimiters(int bottom);
    void findExtendedAutolink();

    Node &add(Node::Kind kind, std::size_t begin, std::size_t end);
    void addText(std::size_t begin, std::size_t end);
    void unlink(int delimiter);
    void matchDelimiters(int bottom);
    void matchPair(int opener, int closer, int count);
    void closeWhatIsOpen();
    [[nodiscard]] bool nothingEndsBehind(int node) const;

    [[nodiscard]] bool isSettled();
    void moveOn(std::size_t to, InlineProgress &progress, Inlines &out);
    void emitNodes(Inlines &out);
    void emitNode(const Node &node, Inlines &out);
    void openRun(InlineRun::Kind kind, const Link *link, Inlines &out);
    void closeRun(Inlines &out);
    [[nodiscard]] static InlineRun::Kind verbatimKind(Node::Kind kind);

    MarkdownOptions m_options;
    const LinkDefinitions &m_definitions;
    qint64 m_scanned = 0;

    std::string_view m_content;
    bool m_open = false;
    std::size_t m_rawEnd = 0; ///< of the content with the spaces at its end
    std::size_t m_at = 0;
    std::vector<Node> m_nodes;
    std::vector<Span> m_spans;
    std::vector<Link> m_links;
    std::vector<Bracket> m_brackets;
    std::size_t m_inactiveBrackets = 0; ///< so many of the first: no link contains a link
    std::array<int, 3> m_openTags{};    ///< among the brackets: of <sub>, <sup> and <kbd>
    std::vector<qsizetype> m_openRuns;  ///< indices into the runs, -1 within an image's description
    int m_imageDepth = 0;

    int m_lastDelimiter = -1;
    int m_matchedUpTo = 0; ///< delimiter runs of lower index have looked for their openers already
    std::array<int, 16> m_openersBottom{};    ///< for the runs outside of brackets
    bool m_blocked = false;                   ///< something unfinished lies behind: nothing after it is safe
    std::array<std::size_t, 5> m_noHtmlEnd{}; ///< per HtmlForm: no end was found from here on
    std::array<std::size_t, 4> m_noMathEnd{}; ///< per kind of formula: no end for what begins before
    std::vector<std::size_t> m_backticks;     ///< per length: the last run of that length that was seen
    bool m_backticksSeen = false;             ///< up to the end of the content
    std::optional<Autolink> m_autolink;       ///< the next extended one
    bool m_autolinkSearched = false;
};

} // namespace rivulet::markdown
