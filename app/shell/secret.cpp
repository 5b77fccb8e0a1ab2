// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/secret.h"

#include <utility>

namespace rivulet {

struct Secret::Bytes
{
    explicit Bytes(QByteArray bytes) : value(std::move(bytes)) {}
    ~Bytes() { wipe(value); }
    Q_DISABLE_COPY_MOVE(Bytes)

    QByteArray value;
};

Secret::Secret(QByteArray bytes)
    : m_bytes(bytes.isEmpty() ? nullptr : std::make_shared<const Bytes>(std::move(bytes)))
{}

const QByteArray &Secret::bytes() const
{
    static const QByteArray none;
    return m_bytes ? m_bytes->value : none;
}

void wipe(QByteArray &bytes)
{
    if (bytes.isDetached()) {
        // Through volatile, or the compiler leaves out writes to memory that is about to be freed.
        volatile char *byte = bytes.data();
        for (qsizetype i = 0; i < bytes.size(); ++i)
            byte[i] = 0;
    }
    bytes.clear();
}

} // namespace rivulet
