// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/neterror.h"

#include <QtCore/qlatin1stringview.h>
#include <QtCore/qurl.h>

namespace rivulet {

/// NetError::code where the network lets nobody through who has not signed in with a browser, and answers in
/// the server's place.
inline constexpr auto captivePortal = QLatin1StringView("captive_portal");

/// `error`, which befell a request to `url`; where it is a captive portal that is behind it, with the code
/// captivePortal, and else as it was. The system may know of a portal (`isKnown`); without that, a web page
/// is taken for one where anybody on the way can have put it there. Any thread.
[[nodiscard]] RIVULET_NET_EXPORT NetError withPortalNamed(NetError error, const QUrl &url, bool isKnown);

} // namespace rivulet
