// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "models/markdown/markdownstream.h"

#include <QtCore/qstring.h>

namespace rivulet {

/// How rows are written as HTML.
struct HtmlOptions
{
    bool allowHtml = false;  ///< raw HTML goes through unchanged; else it is text
    bool filterTags = false; ///< but for the tags that GFM disallows, such as <script>
};

/// The rows of a stream as HTML, in the form of the examples of the CommonMark and GFM specifications.
[[nodiscard]] RIVULET_MODELS_EXPORT QString toHtml(const MarkdownStream &stream, HtmlOptions options = {});

} // namespace rivulet
