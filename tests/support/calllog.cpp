// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/calllog.h"

namespace rivulet::test {

using namespace Qt::StringLiterals;

CallLog::CallLog(TransportCall *call)
{
    connect(call, &TransportCall::head, this, [this](const ResponseHead &response) {
        if (head)
            faults.append(u"a second head"_s);
        if (isOver())
            faults.append(u"a head after the end"_s);
        head = response;
    });
    connect(call, &TransportCall::bytes, this, [this](const QByteArray &bytes) {
        if (!head)
            faults.append(u"bytes before the head"_s);
        if (isOver())
            faults.append(u"bytes after the end"_s);
        if (bytes.isEmpty())
            faults.append(u"no bytes"_s);
        body += bytes;
        ++pieces;
    });
    connect(call, &TransportCall::finished, this, [this] {
        if (isOver())
            faults.append(u"finished after the end"_s);
        if (!head)
            faults.append(u"finished without a head"_s);
        finished = true;
    });
    connect(call, &TransportCall::failed, this, [this](const NetError &failure) {
        if (isOver())
            faults.append(u"failed after the end"_s);
        error = failure;
    });
}

} // namespace rivulet::test
