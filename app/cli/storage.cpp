// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/storage.h"

#include "app/cli/console.h"
#include "app/shell/wording.h"

#include <QtCore/qcoreapplication.h>

#include <utility>

namespace rivulet::cli {

std::expected<std::unique_ptr<Storage>, QString> Storage::open(const Paths &paths)
{
    if (const auto made = createFolders(paths); !made)
        return std::unexpected(tr("The folder %1 can not be made.").arg(made.error()));
    auto folder = DataFolder::take(paths.data);
    if (!folder)
        return std::unexpected(wordsFor(folder.error()).title);
    return std::unique_ptr<Storage>(new Storage(*std::move(folder), paths.databaseFile()));
}

void Storage::exitOnceWritten(ExitCode code, const QString &complaint)
{
    // What was put before is written before this is answered.
    m_store.conversations().then(
        &m_store, [this, code, complaint](const StoreResult<QList<ConversationSummary>> &) {
            if (const StoreHealth health = m_store.health(); health.state == StoreHealth::State::Holding)
                printError(complaint.arg(wordsFor(health).title));
            QCoreApplication::exit(code);
        });
}

Storage::Storage(DataFolder folder, const QString &database) : m_folder(std::move(folder)), m_store(database)
{}

} // namespace rivulet::cli
