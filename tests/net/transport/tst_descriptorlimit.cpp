// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/descriptorlimit.h"

#include "net/transport/processtransport.h"
#include "tests/support/calllog.h"
#include "tests/support/oneconsent.h"

#include <QtTest/QTest>

#include <sys/resource.h>

#include <algorithm>
#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

class DescriptorLimitTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_low_limit_is_raised_and_programs_that_we_start_have_the_old_one()
    {
        rlimit limit{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &limit), 0);
        limit.rlim_cur = 256;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &limit), 0);
        raiseDescriptorLimit();
        rlimit raised{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &raised), 0);
        QCOMPARE(raised.rlim_cur, std::min(limit.rlim_max, rlim_t{10'240}));
        QCOMPARE(raised.rlim_max, limit.rlim_max);

        OneConsent yes(true);
        ProcessTransport transport(&yes);
        const std::unique_ptr<TransportCall> call(transport.open(
            ProcessRequest{.program = u"/bin/sh"_s, .arguments = {u"-c"_s, u"ulimit -S -n"_s}}, {}, nullptr));
        const CallLog log(call.get());
        QTRY_VERIFY(log.isOver());
        QCOMPARE(log.body.trimmed(), "256");
    }
};

QTEST_GUILESS_MAIN(DescriptorLimitTest)

#include "tst_descriptorlimit.moc"
