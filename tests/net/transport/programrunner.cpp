// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
// Runs a program that ignores the end of its input, and repeats what it says, until it is killed.
#include "net/transport/processtransport.h"
#include "tests/support/oneconsent.h"

#include <QtCore/qcoreapplication.h>

#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    rivulet::test::OneConsent yes(true);
    rivulet::ProcessTransport transport(&yes);
    const auto *call =
        transport.open(rivulet::ProcessRequest{.program = u"/bin/sh"_s,
                                               .arguments = {u"-c"_s, u"echo $$; exec sleep 1000"_s}},
                       {}, QCoreApplication::instance());
    QObject::connect(call, &rivulet::TransportCall::bytes, call, [](const QByteArray &bytes) {
        std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
        std::fflush(stdout);
    });
    return QCoreApplication::exec();
}
