// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/calllog.h"

namespace rivulet::test {

using namespace Qt::StringLiterals;

CallLog::CallLog(TransportCall *call)
{
    connect(call, &TransportCall::head, this, [this](const ResponseHead &response) {
        if (begun())
            faults.append(u"a second beginning"_s);
        if (isOver())
            faults.append(u"a head after the end"_s);
        head = response;
    });
    connect(call, &TransportCall::opened, this, [this] {
        if (begun())
            faults.append(u"a second beginning"_s);
        if (isOver())
            faults.append(u"opened after the end"_s);
        opened = true;
    });
    connect(call, &TransportCall::message, this, [this](const QByteArray &text) {
        if (!opened)
            faults.append(u"a message before the opening"_s);
        if (isOver())
            faults.append(u"a message after the end"_s);
        messages.append(text);
    });
    connect(call, &TransportCall::bytes, this, [this](const QByteArray &bytes, qint64 taken) {
        received += taken;
        if (!begun())
            faults.append(u"bytes before the beginning"_s);
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
        if (!begun())
            faults.append(u"finished without a beginning"_s);
        finished = true;
    });
    connect(call, &TransportCall::failed, this, [this](const NetError &failure) {
        if (isOver())
            faults.append(u"failed after the end"_s);
        error = failure;
    });
}

} // namespace rivulet::test
