// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

namespace rivulet {

/// What the browser shows at the end of a sign-in: plain sentences in the user's language.
struct RedirectPage
{
    QString title;    ///< of the page, such as the program's name
    QString signedIn; ///< that it worked and the window can be closed
    QString failed;   ///< that it did not
    bool rightToLeft = false;
};

} // namespace rivulet
