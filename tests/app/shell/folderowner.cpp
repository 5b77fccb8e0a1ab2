// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
// Owns the data folder it is given, as a running program would, and says what happens on standard output.
#include "app/shell/owner.h"

#include <QtCore/QCoreApplication>

#include <cstdio>

namespace {

void say(const QByteArray &line)
{
    std::puts(line.constData());
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto folder = rivulet::DataFolder::take(QCoreApplication::arguments().at(1));
    if (!folder) {
        say("refused");
        return 1;
    }
    const rivulet::OwnerServer server(*folder);
    QObject::connect(&server, &rivulet::OwnerServer::raiseRequested,
                     [](const QString &token) { say("raise " + token.toUtf8()); });
    say(server.isListening() ? "owns" : "owns, deaf");
    return QCoreApplication::exec();
}
