// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Composer/clipboard.h"

#include <QtGui/qclipboard.h>
#include <QtGui/qguiapplication.h>

namespace rivulet {

QString Clipboard::text(Source source) const
{
    const QClipboard *clipboard = QGuiApplication::clipboard();
    return clipboard->text(source == Source::Selected && clipboard->supportsSelection()
                               ? QClipboard::Selection
                               : QClipboard::Clipboard);
}

} // namespace rivulet
