// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/descriptorlimit.h"

#include <QtCore/qsystemdetection.h>
#include <QtCore/qtconfigmacros.h>

#ifdef Q_OS_UNIX
#include <sys/resource.h>

#include <algorithm>
#endif

namespace rivulet {

#ifdef Q_OS_UNIX

namespace {

// More is refused by some systems, whatever they say is the most.
constexpr rlim_t wanted = 10'240;

rlimit before{};
bool isRaised = false;

} // namespace

void raiseDescriptorLimit()
{
    rlimit limit{};
    if (isRaised || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    before = limit;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, wanted));
    isRaised = limit.rlim_cur != before.rlim_cur && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

void restoreDescriptorLimit()
{
    if (isRaised)
        setrlimit(RLIMIT_NOFILE, &before);
}

#else

void raiseDescriptorLimit() {}

void restoreDescriptorLimit() {}

#endif

} // namespace rivulet
