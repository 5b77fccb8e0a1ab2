// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Theme/systemfonts.h"

#include <QtGui/qfontdatabase.h>

namespace rivulet {

QString SystemFonts::fixedFamily() const
{
    return QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
}

} // namespace rivulet
