// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"
#include "app/shell/datafolder.h"
#include "app/shell/paths.h"
#include "models/store/sqlitestore.h"

#include <QtCore/qstring.h>

#include <expected>
#include <memory>

namespace rivulet::cli {

/// The user's conversations, owned by this process for as long as the object lives.
class Storage
{
public:
    /// Takes the data folder and opens the store in it, or says in words why not: another process has it,
    /// or it can not be written.
    [[nodiscard]] static std::expected<std::unique_ptr<Storage>, QString> open(const Paths &paths);

    [[nodiscard]] SqliteStore &store() { return m_store; }

    /// Ends the program's event loop with `code` once all that was put is on the disk, or it is known that it
    /// is not: then `complaint` is printed, with why in place of its %1.
    void exitOnceWritten(ExitCode code, const QString &complaint);

private:
    Storage(DataFolder folder, const QString &database);

    DataFolder m_folder;
    SqliteStore m_store;
};

} // namespace rivulet::cli
