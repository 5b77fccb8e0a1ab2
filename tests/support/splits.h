// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtTest/qtestcase.h>

#include <algorithm>
#include <random>

namespace rivulet::test {

/// One way in which the same bytes can arrive.
struct Split
{
    QByteArray name;              ///< for failure messages, such as "cut at 17"
    QList<QByteArrayView> pieces; ///< none of them empty; together they are the input
};

/// How many splits everySplit() tries. The defaults keep a 100 kB stream below a second or so.
struct SplitPlan
{
    qsizetype singleCuts = 1000; ///< all positions of a shorter input, evenly spread ones of a longer
    int randomSplits = 50;       ///< each with pieces of 1 byte up to a random largest size
    quint32 seed = 20261121;
};

/// `bytes` cut at the given ascending positions.
[[nodiscard]] inline QList<QByteArrayView> cutAt(QByteArrayView bytes, const QList<qsizetype> &positions)
{
    QList<QByteArrayView> pieces;
    qsizetype begin = 0;
    for (const qsizetype position : positions) {
        pieces.append(bytes.sliced(begin, position - begin));
        begin = position;
    }
    if (begin < bytes.size())
        pieces.append(bytes.sliced(begin));
    return pieces;
}

/// `bytes` in pieces of `size` bytes, the last one shorter.
[[nodiscard]] inline QList<QByteArrayView> piecesOf(QByteArrayView bytes, qsizetype size)
{
    QList<QByteArrayView> pieces;
    for (qsizetype begin = 0; begin < bytes.size(); begin += size)
        pieces.append(bytes.sliced(begin, std::min(size, bytes.size() - begin)));
    return pieces;
}

/// Calls `check(const Split &)` for `bytes` whole, one byte at a time, cut once at each position, and cut at
/// seeded random places. Stops as soon as the running test has failed, so that the message names the split.
template<typename Check>
void everySplit(QByteArrayView bytes, Check check, const SplitPlan &plan = {})
{
    const auto goesOn = [&](const QByteArray &name, const QList<QByteArrayView> &pieces) {
        check(Split{name, pieces});
        return !QTest::currentTestFailed();
    };
    if (!goesOn("whole", piecesOf(bytes, std::max<qsizetype>(bytes.size(), 1))))
        return;
    if (!goesOn("one byte at a time", piecesOf(bytes, 1)))
        return;

    const qsizetype inner = bytes.size() - 1;
    const qsizetype cuts = std::min(inner, plan.singleCuts);
    for (qsizetype i = 0; i < cuts; ++i) {
        const qsizetype position = 1 + i * inner / cuts;
        if (!goesOn("cut at " + QByteArray::number(position), cutAt(bytes, {position})))
            return;
    }

    std::mt19937 random(plan.seed);
    for (int i = 0; i < plan.randomSplits && inner > 0; ++i) {
        const qsizetype largest = 1 + static_cast<qsizetype>(random()) % std::min<qsizetype>(inner, 512);
        QList<qsizetype> positions;
        for (qsizetype at = 0;;) {
            at += 1 + static_cast<qsizetype>(random()) % largest;
            if (at >= bytes.size())
                break;
            positions.append(at);
        }
        if (!goesOn("random split " + QByteArray::number(i) + " of seed " + QByteArray::number(plan.seed),
                    cutAt(bytes, positions)))
            return;
    }
}

} // namespace rivulet::test
