// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/framepulse.h"

namespace rivulet {

void FramePulse::request()
{
    polish();
}

void FramePulse::updatePolish()
{
    Q_EMIT frame();
}

} // namespace rivulet
