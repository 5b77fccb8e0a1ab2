// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/highlight/codehighlighter.h"

#include "models/highlight/contrast.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QtCore/qhash.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

namespace Ksh = KSyntaxHighlighting;

constexpr qsizetype longestColouredLine = 4096;

/// What code in chats is often called, and KSyntaxHighlighting does not know it by.
constexpr std::array<std::pair<QLatin1StringView, QLatin1StringView>, 9> otherNames{{
    {"console"_L1, "Bash"_L1},
    {"csharp"_L1, "C#"_L1},
    {"golang"_L1, "Go"_L1},
    {"jsonc"_L1, "JSON"_L1},
    {"jsonl"_L1, "JSON"_L1},
    {"node"_L1, "JavaScript"_L1},
    {"objc"_L1, "Objective-C"_L1},
    {"python3"_L1, "Python"_L1},
    {"shell"_L1, "Bash"_L1},
}};

/// All highlighters share one repository: loading the index takes milliseconds, and states belong to it. It
/// goes with the last of them.
std::shared_ptr<Ksh::Repository> sharedRepository()
{
    static std::weak_ptr<Ksh::Repository> shared;
    std::shared_ptr<Ksh::Repository> repository = shared.lock();
    if (!repository) {
        repository = std::make_shared<Ksh::Repository>();
        shared = repository;
    }
    return repository;
}

Ksh::Definition definitionOf(const Ksh::Repository &repository, const QString &language)
{
    QString name = language.trimmed().toLower();
    if (name.startsWith(u'.'))
        name.remove(0, 1);
    if (name.isEmpty())
        return {};
    for (const auto &[other, known] : otherNames) {
        if (name == other)
            name = known;
    }
    Ksh::Definition definition = repository.definitionForName(name);
    return definition.isValid() ? definition : repository.definitionForFileName("x."_L1 + name);
}

} // namespace

class CodeHighlighter::Engine : private Ksh::AbstractHighlighter
{
public:
    Engine(const QString &language, Theme theme)
        : m_repository(sharedRepository()), m_background(codeBackground(theme))
    {
        setDefinition(definitionOf(*m_repository, language));
        setTheme(m_repository->theme(theme == Theme::Dark ? u"GitHub Dark"_s : u"GitHub Light"_s));
    }

    /// One that goes on where `other` ends.
    explicit Engine(const Engine &other)
        : Ksh::AbstractHighlighter(), m_repository(other.m_repository), m_background(other.m_background),
          m_styles(other.m_styles), m_first(other.m_behind), m_before(other.m_behind)
    {
        setDefinition(other.definition());
        setTheme(other.theme());
    }
    Engine &operator=(const Engine &) = delete;
    ~Engine() override = default;

    qsizetype update(QStringView text)
    {
        if (text.size() < m_lastBegin) {
            m_lines.clear();
            m_lastBegin = 0;
            m_before = m_first;
        }
        const qsizetype first = m_lines.empty() ? 0 : lineCount() - 1;
        m_lines.resize(size_t(first));
        while (true) {
            const qsizetype end = text.indexOf(u'\n', m_lastBegin);
            const QStringView line = text.sliced(m_lastBegin, (end < 0 ? text.size() : end) - m_lastBegin);
            m_line = &m_lines.emplace_back();
            m_behind = m_before;
            if (line.size() <= longestColouredLine && definition().isValid())
                m_behind = highlightLine(line, m_before);
            if (end < 0)
                break;
            m_lastBegin = end + 1;
            m_before = m_behind;
        }
        return first;
    }

    [[nodiscard]] qsizetype lineCount() const { return std::ssize(m_lines); }
    [[nodiscard]] const QList<CodeSpan> &spans(qsizetype line) const { return m_lines[size_t(line)]; }
    [[nodiscard]] QString languageName() const
    {
        return definition().isValid() ? definition().translatedName() : QString();
    }

private:
    /// How a format looks; nothing where it looks like plain text.
    using Style = std::optional<CodeSpan>;

    void applyFormat(int offset, int length, const Ksh::Format &format) override
    {
        const Style &style = styleOf(format);
        if (length == 0 || !style)
            return;
        CodeSpan span = *style;
        span.begin = offset;
        span.length = length;
        if (!m_line->isEmpty()) {
            CodeSpan &last = m_line->last();
            if (last.begin + last.length == offset && last.color == span.color && last.bold == span.bold
                && last.italic == span.italic) {
                last.length += length;
                return;
            }
        }
        m_line->append(span);
    }

    const Style &styleOf(const Ksh::Format &format)
    {
        auto known = m_styles.find(format.id());
        if (known == m_styles.end()) {
            Style style;
            if (!format.isDefaultTextStyle(theme()))
                style = CodeSpan{.color = readableOn(m_background, format.textColor(theme())),
                                 .bold = format.isBold(theme()),
                                 .italic = format.isItalic(theme())};
            known = m_styles.insert(format.id(), style);
        }
        return *known;
    }

    std::shared_ptr<Ksh::Repository> m_repository; // outlives the states
    QColor m_background;
    QHash<int, Style> m_styles; ///< by the format's id
    Ksh::State m_first;         ///< before the first line
    Ksh::State m_before;        ///< before the last line
    Ksh::State m_behind;        ///< behind the last line
    qsizetype m_lastBegin = 0;  ///< of the last line, in UTF-16 units
    std::vector<QList<CodeSpan>> m_lines;
    QList<CodeSpan> *m_line = nullptr; ///< that is being coloured
};

CodeHighlighter::CodeHighlighter(const QString &language, Theme theme)
    : m_engine(std::make_unique<Engine>(language, theme))
{}

CodeHighlighter::CodeHighlighter(std::unique_ptr<Engine> engine) : m_engine(std::move(engine)) {}

CodeHighlighter::~CodeHighlighter() = default;
CodeHighlighter::CodeHighlighter(CodeHighlighter &&) noexcept = default;
CodeHighlighter &CodeHighlighter::operator=(CodeHighlighter &&) noexcept = default;

qsizetype CodeHighlighter::update(QStringView text)
{
    return m_engine->update(text);
}

qsizetype CodeHighlighter::lineCount() const
{
    return m_engine->lineCount();
}

const QList<CodeSpan> &CodeHighlighter::spans(qsizetype line) const
{
    return m_engine->spans(line);
}

CodeHighlighter CodeHighlighter::following() const
{
    return CodeHighlighter(std::make_unique<Engine>(*m_engine));
}

QString CodeHighlighter::languageName() const
{
    return m_engine->languageName();
}

} // namespace rivulet
