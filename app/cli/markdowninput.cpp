// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/markdowninput.h"

#include "app/cli/console.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <string_view>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

MarkdownInput::MarkdownInput()
    : m_split(u"split"_s, tr("Appends pieces of that many bytes."), tr("bytes")),
      m_splitEach(u"split-each"_s, tr("Appends one byte at a time."))
{}

void MarkdownInput::addTo(QCommandLineParser &parser) const
{
    parser.addPositionalArgument(u"FILE"_s, tr("The markdown text."), u"FILE"_s);
    parser.addOptions({m_split, m_splitEach});
}

std::expected<void, ExitCode> MarkdownInput::read(const QCommandLineParser &parser)
{
    const auto wrong = [](const QString &message) {
        printError(message);
        return std::unexpected(LocalError);
    };
    if (parser.positionalArguments().size() != 1)
        return wrong(tr("one FILE is needed"));
    if (parser.isSet(m_split) && parser.isSet(m_splitEach))
        return wrong(tr("--split and --split-each exclude each other"));
    QFile file(parser.positionalArguments().first());
    if (!file.open(QIODevice::ReadOnly))
        return wrong(tr("cannot read %1: %2").arg(file.fileName(), file.errorString()));
    m_text = file.readAll();
    m_pieceSize = std::max<qsizetype>(m_text.size(), 1);
    if (parser.isSet(m_splitEach))
        m_pieceSize = 1;
    if (parser.isSet(m_split)) {
        bool isNumber = false;
        m_pieceSize = parser.value(m_split).toLongLong(&isNumber);
        if (!isNumber || m_pieceSize < 1)
            return wrong(tr("--split needs a number of bytes"));
    }
    return {};
}

void MarkdownInput::feed(MarkdownStream &stream,
                         const std::function<void(const MarkdownPatch &)> &appended) const
{
    const std::string_view text(m_text.constData(), size_t(m_text.size()));
    for (std::size_t at = 0; at < text.size(); at += size_t(m_pieceSize)) {
        const MarkdownPatch patch = stream.append(text.substr(at, size_t(m_pieceSize)));
        if (appended)
            appended(patch);
    }
    const MarkdownPatch patch = stream.finish();
    if (appended)
        appended(patch);
}

} // namespace rivulet::cli
