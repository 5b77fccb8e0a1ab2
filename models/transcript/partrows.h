// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the rows of what is no markdown.

#include "models/chat/message.h"
#include "models/markdown/row.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet::transcript {

/// A paragraph of plain text, `strong` or not.
[[nodiscard]] Row paragraphRow(const QString &text, bool strong = false);

/// Code in as many rows as markdown's own code blocks would have. The last one is open unless `closed`.
[[nodiscard]] QList<Row> codeRows(const QString &code, const QString &language, bool closed);

/// A table in as many rows as markdown's own tables would have; the first of `lines` is the header.
[[nodiscard]] QList<Row> tableRows(const QList<QStringList> &lines);

/// What an artifact is shown as: its title, and its code, its table, its link, or its JSON text.
[[nodiscard]] QList<Row> rowsOf(const ArtifactPart &artifact, bool closed);

/// JSON text of a tool, or any other text, as code.
[[nodiscard]] QList<Row> toolTextRows(const QString &text, bool closed);

/// What stands below the headline of the part at `at`: arguments and results of a tool, an artifact. None of
/// words, which are markdown.
[[nodiscard]] QList<Row> rowsOf(const Message &message, qsizetype at);

} // namespace rivulet::transcript
