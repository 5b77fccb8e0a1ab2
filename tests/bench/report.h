// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>
#include <string_view>

namespace rivulet::bench {

/// What every benchmark program understands.
struct Options
{
    bool quick = false; ///< --quick: rougher figures, within a minute
    bool json = false;  ///< --json: one object a line instead of a table

    /// Reads them from main()'s arguments; ignores others.
    [[nodiscard]] static Options fromArguments(int argc, char **argv)
    {
        Options options;
        for (int i = 1; i < argc; ++i) {
            options.quick |= argv[i] == std::string_view("--quick");
            options.json |= argv[i] == std::string_view("--json");
        }
        return options;
    }
};

/// One figure.
struct Row
{
    enum class Better { Higher, Lower };

    QString what;   ///< the case, such as "whole events"
    QString metric; ///< a stable name, such as "sse_events_per_s"
    double value = 0;
    QString unit;
    std::optional<double> goal;
    Better better = Better::Higher;
    QString peer; ///< names the yardstick where the row is a yardstick's
};

/// Collects figures and prints them to standard output: JSON at once, the table when it is destroyed.
class Report
{
public:
    Report(QString bench, const Options &options) : m_bench(std::move(bench)), m_json(options.json) {}
    Report(const Report &) = delete;
    Report &operator=(const Report &) = delete;

    ~Report()
    {
        if (!m_json)
            printTable();
    }

    void add(const Row &row)
    {
        m_rows.append(row);
        if (m_json)
            printJson(row);
    }

private:
    void printJson(const Row &row) const
    {
        QJsonObject object{{QStringLiteral("bench"), m_bench},
                           {QStringLiteral("case"), row.what},
                           {QStringLiteral("metric"), row.metric},
                           {QStringLiteral("value"), row.value},
                           {QStringLiteral("unit"), row.unit}};
        if (row.goal)
            object.insert(QStringLiteral("goal"), *row.goal);
        if (!row.peer.isEmpty())
            object.insert(QStringLiteral("peer"), row.peer);
        std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
        std::fflush(stdout);
    }

    void printTable() const
    {
        std::printf("%-12s %-36s %-22s %16s %-10s %14s  %s\n", "bench", "case", "metric", "value", "unit",
                    "goal", "");
        for (const Row &row : m_rows)
            std::printf("%-12s %-36s %-22s %16.6g %-10s %14s  %s\n", qUtf8Printable(m_bench),
                        qUtf8Printable(row.what), qUtf8Printable(row.metric), row.value,
                        qUtf8Printable(row.unit),
                        row.goal ? qUtf8Printable(QString::number(*row.goal, 'g', 6)) : "",
                        qUtf8Printable(verdict(row)));
    }

    [[nodiscard]] static QString verdict(const Row &row)
    {
        if (!row.peer.isEmpty())
            return QStringLiteral("yardstick: ") + row.peer;
        if (!row.goal)
            return {};
        const bool met = row.better == Row::Better::Higher ? row.value >= *row.goal : row.value <= *row.goal;
        return met ? QStringLiteral("met") : QStringLiteral("MISSED");
    }

    QString m_bench;
    bool m_json;
    QList<Row> m_rows;
};

/// The fastest of several runs of `work`, in seconds: what the machine can do when nothing disturbs it.
/// Runs at least three times and goes on until `total` is used up.
template<typename Work>
[[nodiscard]] double fastestRun(std::chrono::duration<double> total, Work work)
{
    using Clock = std::chrono::steady_clock;
    double best = std::numeric_limits<double>::max();
    const auto begin = Clock::now();
    for (int runs = 0; runs < 3 || Clock::now() - begin < total; ++runs) {
        const auto start = Clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return best;
}

} // namespace rivulet::bench
