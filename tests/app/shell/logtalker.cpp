// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
// Logs to the folder it is given, and then does what it is told.
#include "app/shell/log.h"
#include "net/wire/logging.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const rivulet::Log log(arguments.at(1), u"test"_s, {.echo = QtWarningMsg});
    if (arguments.at(2) == "fatal"_L1)
        qFatal("this is the end");
    qCInfo(rivulet::lcCli, "hello");
    qCWarning(rivulet::lcCli, "careful, token=abcdef");
}
