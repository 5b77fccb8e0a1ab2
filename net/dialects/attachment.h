// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: the forms in which protocols take files.

#include "net/wire/chatrequest.h"

#include <QtCore/qstring.h>

namespace rivulet {

/// Whether the file is an image by its media type.
[[nodiscard]] bool isImage(const content::Attachment &file);

/// Whether the file is text by its media type, source code and JSON included.
[[nodiscard]] bool isTextFile(const content::Attachment &file);

/// The file in base64, without line breaks.
[[nodiscard]] QString base64(const content::Attachment &file);

/// The file as a data: URL.
[[nodiscard]] QString dataUrl(const content::Attachment &file);

/// A text file as words of a prompt: its name, then its content in a fence longer than any in it. For
/// protocols that take no such files.
[[nodiscard]] QString asText(const content::Attachment &file);

} // namespace rivulet
