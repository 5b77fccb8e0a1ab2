// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transport.h"

#include <QtCore/qstringlist.h>

#include <optional>

namespace rivulet::test {

/// Writes down what a call signals, in order, and holds it to its contract.
class CallLog : public QObject
{
    Q_OBJECT

public:
    explicit CallLog(TransportCall *call);

    std::optional<ResponseHead> head;
    bool opened = false;
    QByteArray body;
    qint64 received = 0; ///< bytes of the wire that the body took
    qsizetype pieces = 0;
    QByteArrayList messages;
    bool finished = false;
    std::optional<NetError> error;
    QStringList faults; ///< broken promises: two beginnings, bytes before one, anything after the end

    /// Whether head() or opened() came.
    [[nodiscard]] bool begun() const { return opened || head; }
    /// Whether finished() or failed() came.
    [[nodiscard]] bool isOver() const { return finished || error; }
    /// Whether anything came at all.
    [[nodiscard]] bool isEmpty() const { return !begun() && pieces == 0 && messages.isEmpty() && !isOver(); }
};

} // namespace rivulet::test
