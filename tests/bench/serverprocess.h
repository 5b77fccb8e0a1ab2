// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/enginestage.h"

#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>

namespace rivulet::bench {

/// A WordServer in a process of its own: this program's, called with --serve.
class ServerProcess
{
public:
    /// See WordServer.
    ServerProcess(int together, int perSecond, qint64 wordsEach)
    {
        using namespace Qt::StringLiterals;
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {u"--serve"_s, QString::number(together), QString::number(perSecond),
                         QString::number(wordsEach)});
        require(m_process.waitForReadyRead(), "the server did not start");
        m_port = m_process.readLine().trimmed().toInt();
        require(m_port > 0, "the server does not listen");
    }
    ~ServerProcess()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(ServerProcess)

    [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(m_port)); }

private:
    QProcess m_process;
    int m_port = 0;
};

} // namespace rivulet::bench
