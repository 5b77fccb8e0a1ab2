// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qglobal.h>

// Marks what the installed library offers from models/. The rooms are static libraries today, where the
// macro is empty; a shared build defines RIVULET_SHARED and, while it compiles models/, RIVULET_MODELS_BUILD.
#if !defined(RIVULET_SHARED)
#define RIVULET_MODELS_EXPORT
#elif defined(RIVULET_MODELS_BUILD)
#define RIVULET_MODELS_EXPORT Q_DECL_EXPORT
#else
#define RIVULET_MODELS_EXPORT Q_DECL_IMPORT
#endif
