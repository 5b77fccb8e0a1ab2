// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtNetwork/qtcpsocket.h>

namespace rivulet::test {

/// Joins two sockets: what comes at one leaves at the other, and they end together. What is there already
/// goes first.
inline void relay(QTcpSocket *one, QTcpSocket *other)
{
    const auto carry = [](QTcpSocket *from, QTcpSocket *to) {
        const auto pass = [from, to] {
            if (from->isOpen() && to->isOpen())
                to->write(from->readAll());
        };
        QObject::connect(from, &QTcpSocket::readyRead, to, pass);
        QObject::connect(from, &QTcpSocket::disconnected, to, [pass, to] {
            pass();
            to->disconnectFromHost();
        });
        pass();
    };
    carry(one, other);
    carry(other, one);
}

} // namespace rivulet::test
