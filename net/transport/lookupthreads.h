// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qthreadpool.h>

namespace rivulet {

/// The threads for what may block before a call: the system's proxies, and files of certificates. Nobody
/// waits for them at the end of the program, for a system's script may never return.
[[nodiscard]] QThreadPool &lookupThreads();

} // namespace rivulet
