// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/typedlines.h"

#include <QtCore/qfile.h>
#include <QtCore/qmutex.h>

#include <thread>

namespace rivulet::cli {

/// Whoever is told; gone before the thread is, which nothing wakes from its reading.
struct TypedLines::Receiver
{
    QMutex mutex;
    TypedLines *lines = nullptr;

    void tell(auto signal)
    {
        const QMutexLocker lock(&mutex);
        if (lines)
            QMetaObject::invokeMethod(lines, std::move(signal), Qt::QueuedConnection);
    }
};

TypedLines::TypedLines(QObject *parent) : QObject(parent), m_receiver(std::make_shared<Receiver>())
{
    m_receiver->lines = this;
    std::thread([receiver = m_receiver] {
        QFile input;
        // By its number: the program can not end while a thread reads from the C library's stdin.
        constexpr int standardInput = 0;
        if (input.open(standardInput, QIODevice::ReadOnly | QIODevice::Text | QIODevice::Unbuffered)) {
            for (QByteArray line = input.readLine(); !line.isEmpty(); line = input.readLine()) {
                if (line.endsWith('\n'))
                    line.chop(1);
                receiver->tell(
                    [receiver, text = QString::fromUtf8(line)] { Q_EMIT receiver->lines->typed(text); });
            }
        }
        receiver->tell([receiver] { Q_EMIT receiver->lines->ended(); });
    }).detach();
}

TypedLines::~TypedLines()
{
    const QMutexLocker lock(&m_receiver->mutex);
    m_receiver->lines = nullptr;
}

} // namespace rivulet::cli
