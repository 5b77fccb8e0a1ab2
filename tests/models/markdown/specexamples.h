// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet::test {

/// One example of a specification in the form that CommonMark's are written in.
struct SpecExample
{
    int number = 0;       ///< from 1
    QByteArray extension; ///< what stands behind "example" in its fence
    QByteArray markdown;
    QString html;
};

/// All examples of a specification's text.
[[nodiscard]] inline QList<SpecExample> specExamples(const QByteArray &spec)
{
    const QByteArray fence(32, '`');
    enum class Part { Prose, Markdown, Html } part = Part::Prose;
    QList<SpecExample> examples;
    SpecExample example;
    QByteArray html;
    for (QByteArray line : spec.split('\n')) {
        if (part == Part::Prose) {
            if (line.startsWith(fence) && line.sliced(fence.size()).startsWith(" example")) {
                example = {.number = int(examples.size()) + 1,
                           .extension = line.sliced(fence.size() + 8).trimmed()};
                html.clear();
                part = Part::Markdown;
            }
            continue;
        }
        line.replace("\xe2\x86\x92", "\t");
        if (line == fence) {
            example.html = QString::fromUtf8(html);
            examples.append(example);
            part = Part::Prose;
        } else if (part == Part::Markdown && line == ".") {
            part = Part::Html;
        } else {
            (part == Part::Markdown ? example.markdown : html) += line + '\n';
        }
    }
    return examples;
}

} // namespace rivulet::test
