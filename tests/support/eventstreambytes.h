// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qendian.h>

/// Writes frames of Amazon's eventstream, well formed or, part by part, as wrong as a test wants them.
namespace rivulet::test {

/// `value` as big-endian bytes.
template<typename Number>
[[nodiscard]] QByteArray bigEndian(Number value)
{
    QByteArray bytes(sizeof(Number), Qt::Uninitialized);
    qToBigEndian(value, bytes.data());
    return bytes;
}

/// The CRC-32 of zlib, bit by bit: slow, and independent of the one that is tested with it.
[[nodiscard]] inline quint32 crc32Of(QByteArrayView bytes)
{
    quint32 crc = 0xFFFFFFFF;
    for (const char byte : bytes) {
        crc ^= static_cast<quint8>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

/// One header; `value` is encoded already.
[[nodiscard]] inline QByteArray eventStreamHeader(const QByteArray &name, quint8 type,
                                                  const QByteArray &value)
{
    return bigEndian(static_cast<quint8>(name.size())) + name + bigEndian(type) + value;
}

/// One header that holds text.
[[nodiscard]] inline QByteArray eventStreamHeader(const QByteArray &name, const QByteArray &text)
{
    return eventStreamHeader(name, 7, bigEndian(static_cast<quint16>(text.size())) + text);
}

/// The first 12 bytes of a frame that claims these lengths, with a checksum that holds.
[[nodiscard]] inline QByteArray eventStreamPrelude(quint32 size, quint32 headersSize)
{
    const QByteArray lengths = bigEndian(size) + bigEndian(headersSize);
    return lengths + bigEndian(crc32Of(lengths));
}

/// A whole frame around headers that are encoded already.
[[nodiscard]] inline QByteArray eventStreamFrame(const QByteArray &headers, const QByteArray &payload)
{
    const qsizetype size = 16 + headers.size() + payload.size();
    const QByteArray checked =
        eventStreamPrelude(static_cast<quint32>(size), static_cast<quint32>(headers.size())) + headers
        + payload;
    return checked + bigEndian(crc32Of(checked));
}

} // namespace rivulet::test
