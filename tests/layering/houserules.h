// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace rivulet::test {

/// What a file of the project says that it may not say where it stands: an include or import against the
/// order of the rooms, a Qt module that the room does without, a class or call that the house does not use
/// there, a missing licence line. `path` is relative to the project. One line each, as path:line: reason;
/// empty where all is well.
[[nodiscard]] QStringList brokenRules(const QString &path, const QString &text);

/// Whether brokenRules() has anything to say about files named like this one.
[[nodiscard]] bool hasRules(const QString &path);

/// What is wrong with the page of a folder that holds sources: none (a null `text`), or too long a one.
[[nodiscard]] QStringList brokenPageRules(const QString &folder, const QString &text);

} // namespace rivulet::test
