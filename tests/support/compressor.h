// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qtclasshelpermacros.h>

#include <zlib.h>

namespace rivulet::test {

/// The formats of compressed data that zlib writes, by its names for them.
enum class Format { Gzip = 15 + 16, Zlib = 15, RawDeflate = -15 };

/// A server's side of compression: bytes come out when they are flushed.
class Compressor
{
public:
    explicit Compressor(Format format = Format::Gzip, int level = 6)
    {
        if (deflateInit2(&m_stream, level, Z_DEFLATED, static_cast<int>(format), 8, Z_DEFAULT_STRATEGY)
            != Z_OK)
            qFatal("zlib does not start");
    }
    ~Compressor() { deflateEnd(&m_stream); }
    Q_DISABLE_COPY_MOVE(Compressor)

    QByteArray add(QByteArrayView bytes) { return run(bytes, Z_NO_FLUSH); }
    QByteArray flush() { return run({}, Z_SYNC_FLUSH); }
    QByteArray finish() { return run({}, Z_FINISH); }
    void useDictionary(QByteArrayView words)
    {
        deflateSetDictionary(&m_stream, reinterpret_cast<const Bytef *>(words.data()),
                             static_cast<uInt>(words.size()));
    }

private:
    QByteArray run(QByteArrayView bytes, int flush)
    {
        QByteArray out;
        QByteArray room(65'536, Qt::Uninitialized);
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        do {
            m_stream.next_out = reinterpret_cast<Bytef *>(room.data());
            m_stream.avail_out = static_cast<uInt>(room.size());
            deflate(&m_stream, flush);
            out += room.first(room.size() - static_cast<qsizetype>(m_stream.avail_out));
        } while (m_stream.avail_out == 0);
        return out;
    }

    z_stream m_stream{};
};

/// All of `bytes` at once.
inline QByteArray compressed(QByteArrayView bytes, Format format = Format::Gzip, int level = 6)
{
    Compressor compressor(format, level);
    QByteArray all = compressor.add(bytes);
    all += compressor.finish();
    return all;
}

} // namespace rivulet::test
