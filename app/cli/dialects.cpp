// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/dialects.h"

#include "app/cli/console.h"
#include "net/dialects/dialectregistry.h"

namespace rivulet::cli {

ExitCode runDialects(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Lists the dialects that \"replay\" and \"ask\" know."));
    if (const auto code = parse(parser, arguments))
        return *code;
    for (const DialectId id : allDialects())
        printLine(toName(id));
    return Done;
}

} // namespace rivulet::cli
