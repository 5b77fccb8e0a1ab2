// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qlist.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtTest/qtestcase.h>

/// Leaves the test function with a skip that says how to get the JavaScript reference implementation of
/// CommonMark, where it is missing.
#define RIVULET_REQUIRE_COMMONMARK_JS()                                                                      \
    do {                                                                                                     \
        if (!rivulet::test::hasCommonMarkJs())                                                               \
            QSKIP("NO ORACLE: commonmark.js is not installed. Run 'npm ci' in "                              \
                  "tests/models/markdown/oracles; until then CommonMark is compared with it nowhere.");      \
    } while (false)

namespace rivulet::test {

[[nodiscard]] inline QString commonMarkJsFolder()
{
    return QStringLiteral(RIVULET_SOURCE_DIR "/tests/models/markdown/oracles");
}

[[nodiscard]] inline bool hasCommonMarkJs()
{
    return QFileInfo::exists(commonMarkJsFolder() + QStringLiteral("/node_modules/commonmark"))
        && !QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty();
}

/// What commonmark.js makes of each text; fails the running test where it does not answer.
[[nodiscard]] inline QList<QByteArray> commonMarkJsHtml(const QList<QByteArray> &texts)
{
    QByteArray input;
    for (const QByteArray &text : texts)
        input += QByteArray::number(text.size()) + '\n' + text;
    QProcess node;
    node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    node.start(QStringLiteral("node"), {commonMarkJsFolder() + QStringLiteral("/commonmark.js")});
    node.write(input);
    node.closeWriteChannel();
    QByteArray output;
    if (node.waitForFinished(240'000) && node.exitCode() == 0)
        output = node.readAllStandardOutput();
    QList<QByteArray> html;
    for (qsizetype at = 0; at < output.size();) {
        const qsizetype end = output.indexOf('\n', at);
        const qsizetype size = output.sliced(at, end - at).toLongLong();
        html.append(output.sliced(end + 1, size));
        at = end + 1 + size;
    }
    if (html.size() != texts.size())
        QTest::qFail("commonmark.js did not answer", __FILE__, __LINE__);
    return html;
}

} // namespace rivulet::test
