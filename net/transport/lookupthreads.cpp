// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/lookupthreads.h"

namespace rivulet {

namespace {
// A few that hang leave room for those that do not.
constexpr int maxThreads = 8;
} // namespace

QThreadPool &lookupThreads()
{
    // Never deleted: a pool waits for its threads when it goes.
    static QThreadPool *const pool = [] {
        auto *made = new QThreadPool;
        made->setMaxThreadCount(maxThreads);
        return made;
    }();
    return *pool;
}

} // namespace rivulet
