// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearrayview.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

namespace rivulet {

/// What stands in a text where a secret stood.
inline constexpr QStringView RedactionMark = u"[redacted]";

/// Makes a key known, so that it is blotted out wherever it stands: as it is, percent-encoded or in base64.
/// Shorter ones than 8 bytes are not (they would blot out words); those only patterns find. Any thread.
void addLiveSecret(QByteArrayView secret);

/// `text` without its secrets: live ones, and what looks like one (bearer tokens, sk- keys and their
/// kin, JSON web tokens, values of headers, fields and URL parameters that are named like keys, user info
/// in URLs, private keys) or like an e-mail address. Any thread.
[[nodiscard]] QString redacted(QStringView text);

} // namespace rivulet
