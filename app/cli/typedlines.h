// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qtclasshelpermacros.h>

#include <memory>

namespace rivulet::cli {

/// What is typed on standard input, line by line, without holding up the event loop. One in a program.
class TypedLines : public QObject
{
    Q_OBJECT

public:
    explicit TypedLines(QObject *parent = nullptr);
    ~TypedLines() override;
    Q_DISABLE_COPY_MOVE(TypedLines)

Q_SIGNALS:
    /// Without its line end.
    void typed(const QString &line);
    /// Nothing more will be.
    void ended();

private:
    struct Receiver;
    std::shared_ptr<Receiver> m_receiver;
};

} // namespace rivulet::cli
