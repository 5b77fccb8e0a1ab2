// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qdebug.h>
#include <QtCore/qmetatype.h>

#include <memory>

namespace rivulet {

/// A key or a password: a value whose memory is overwritten when its last copy goes, and that can not be
/// streamed to the log.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes);

    [[nodiscard]] bool isEmpty() const { return !m_bytes; }
    /// The secret itself. A copy of it is no longer ours to wipe.
    [[nodiscard]] const QByteArray &bytes() const;

    friend bool operator==(const Secret &a, const Secret &b) { return a.bytes() == b.bytes(); }

private:
    struct Bytes;
    std::shared_ptr<const Bytes> m_bytes;
};

/// Overwrites `bytes` and empties them, where nobody else shares them.
void wipe(QByteArray &bytes);

} // namespace rivulet

QDebug operator<<(QDebug, const rivulet::Secret &) = delete;

Q_DECLARE_METATYPE(rivulet::Secret)
