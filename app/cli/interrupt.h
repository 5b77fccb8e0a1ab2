// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qtclasshelpermacros.h>

namespace rivulet::cli {

/// Turns the terminal's Ctrl-C (and a request to terminate) into a signal of Qt's, from its construction to
/// its destruction. The first is ours to handle; a second one ends the program as it always did, for a
/// program that is stuck must still be stoppable, unless listenAgain() was called between them. One at a
/// time.
class Interrupt : public QObject
{
    Q_OBJECT

public:
    explicit Interrupt(QObject *parent = nullptr);
    ~Interrupt() override;
    Q_DISABLE_COPY_MOVE(Interrupt)

    /// What was requested is done: the next one is ours to handle, too.
    void listenAgain();

Q_SIGNALS:
    void requested();
};

} // namespace rivulet::cli
