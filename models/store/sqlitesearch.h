// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"
#include "models/export.h"

#include <memory>

namespace rivulet {

/// Looks through a store's file on a thread of its own, by connections that can only read: it neither waits
/// for what is being written nor checkpoints, and another process may own the file. A connection lives as
/// long as one search, so that a file that was replaced is never looked at. What the store holds because it
/// can not be written is not found.
class RIVULET_MODELS_EXPORT SqliteSearch final : public ConversationSearch
{
    Q_OBJECT

public:
    explicit SqliteSearch(const QString &path, QObject *parent = nullptr);
    ~SqliteSearch() override;

    [[nodiscard]] QFuture<StoreResult<SearchPage>>
    search(const SearchQuery &query, int limit, std::optional<MessageId> from = std::nullopt) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
