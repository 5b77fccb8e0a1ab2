// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/datafolder.h"
#include "app/shell/secretstore.h"
#include "app/shell/settings.h"
#include "models/transcript/notice.h"
#include "net/providers/redirectpage.h"

namespace rivulet {

/// The one place where what went wrong becomes what people read: what happened, what is safe, what to do.
/// Translated, and without codes: those are in the details. A mishap that needs no words (a whole answer)
/// gives an empty title.
[[nodiscard]] Notice wordsFor(const Mishap &mishap);

/// Empty title while all is well.
[[nodiscard]] Notice wordsFor(const StoreHealth &health);
[[nodiscard]] Notice wordsFor(const SettingsTrouble &trouble);
/// Empty title while keys are kept by the system, or nothing is known yet.
[[nodiscard]] Notice wordsFor(const SecretStoreStatus &status);
[[nodiscard]] Notice wordsFor(const DataFolderRefusal &refusal);

/// What the browser shows at the end of a sign-in.
[[nodiscard]] RedirectPage signInPage();

} // namespace rivulet
