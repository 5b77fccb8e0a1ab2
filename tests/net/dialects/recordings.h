// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/recording.h"
#include "net/dialects/dialectregistry.h"
#include "tests/support/fixtures.h"

#include <QtCore/qfileinfo.h>

#include <array>
#include <optional>

namespace rivulet::test {

/// The recorded streams of one folder speak one dialect.
struct RecordingFolder
{
    QLatin1StringView folder; ///< below fixturesDir()
    QLatin1StringView dialect;
};

inline constexpr std::array recordingFolders{
    RecordingFolder{QLatin1StringView("openai-chat"), QLatin1StringView("openai-chat")},
    RecordingFolder{QLatin1StringView("openai-responses"), QLatin1StringView("openai-responses")},
    RecordingFolder{QLatin1StringView("openai-realtime"), QLatin1StringView("openai-realtime")},
    RecordingFolder{QLatin1StringView("anthropic"), QLatin1StringView("anthropic")},
    RecordingFolder{QLatin1StringView("gemini"), QLatin1StringView("gemini")},
    RecordingFolder{QLatin1StringView("bedrock-eventstream"), QLatin1StringView("bedrock")},
    RecordingFolder{QLatin1StringView("ollama"), QLatin1StringView("ollama")},
    RecordingFolder{QLatin1StringView("vercel-ui"), QLatin1StringView("vercel-ui")},
    RecordingFolder{QLatin1StringView("vercel-data-stream-v4"), QLatin1StringView("vercel-data")},
    RecordingFolder{QLatin1StringView("langgraph"), QLatin1StringView("langgraph")},
    RecordingFolder{QLatin1StringView("adk"), QLatin1StringView("adk")},
    RecordingFolder{QLatin1StringView("agui"), QLatin1StringView("ag-ui")},
    RecordingFolder{QLatin1StringView("claude-code"), QLatin1StringView("stream-json")},
    RecordingFolder{QLatin1StringView("mcp"), QLatin1StringView("mcp-sse")},
};

/// The dialect of a recorded stream by its path below fixturesDir(); empty where it belongs to none.
[[nodiscard]] inline std::optional<DialectId> dialectOfRecording(const QString &path)
{
    const QString folder = path.section(u'/', 0, 0);
    // These are vectors of the framing alone.
    if (path.contains(QLatin1StringView("--vector-")))
        return std::nullopt;
    // What was recorded below an agent kit is what it heard from its model.
    if (path.endsWith(QLatin1StringView(".httprr.txt")))
        return dialectFromName(u"gemini");
    // Completions from before there was a chat are read by the same dialect.
    if (path.contains(QLatin1StringView("--openai-legacy-completions")))
        return dialectFromName(u"openai-chat");
    // Cut streams begin with the name of what was cut.
    if (folder == QLatin1StringView("truncated")) {
        const QString name = path.section(QLatin1StringView("--"), 1);
        const std::array prefixes{
            RecordingFolder{QLatin1StringView("bedrock"), QLatin1StringView("bedrock")},
            RecordingFolder{QLatin1StringView("gemini"), QLatin1StringView("gemini")},
            RecordingFolder{QLatin1StringView("openai-chat"), QLatin1StringView("openai-chat")},
            RecordingFolder{QLatin1StringView("responses"), QLatin1StringView("openai-responses")},
            RecordingFolder{QLatin1StringView("anthropic"), QLatin1StringView("anthropic")},
            RecordingFolder{QLatin1StringView("ollama"), QLatin1StringView("ollama")}};
        for (const RecordingFolder &row : prefixes) {
            if (name.startsWith(row.folder))
                return dialectFromName(QString(row.dialect));
        }
    }
    for (const RecordingFolder &row : recordingFolders) {
        if (folder == row.folder)
            return dialectFromName(QString(row.dialect));
    }
    return std::nullopt;
}

/// How the file of a recorded stream holds it, by its name.
[[nodiscard]] inline cli::RecordingForm formOfRecording(const QString &path)
{
    if (path.endsWith(QLatin1StringView(".chunks.txt")))
        return cli::RecordingForm::Payloads;
    if (path.endsWith(QLatin1StringView(".httprr.txt")))
        return cli::RecordingForm::HttpTrace;
    if (path.startsWith(QLatin1StringView("agui/")) && path.endsWith(QLatin1StringView(".json")))
        return cli::RecordingForm::JsonArray;
    return cli::RecordingForm::Body;
}

/// Every recorded stream of a dialect that is registered, as paths below fixturesDir().
[[nodiscard]] inline QStringList recordings()
{
    QStringList paths = fixtureFiles(QStringLiteral("truncated"), {QStringLiteral("*")})
        + fixtureFiles(QStringLiteral("other-sse"), {QStringLiteral("*")});
    for (const RecordingFolder &row : recordingFolders)
        paths += fixtureFiles(QString(row.folder), {QStringLiteral("*")});
    paths.removeIf([](const QString &path) { return !dialectOfRecording(path); });
    return paths;
}

/// A recorded stream as it came; fails the running test where it cannot be read.
[[nodiscard]] inline cli::Recording recording(const QString &path, DialectId dialect)
{
    const auto read =
        cli::readRecording(fixture(path), formOfRecording(path), makeDialect(dialect)->framing());
    if (!read)
        QTest::qFail(qPrintable(path + QStringLiteral(": ") + read.error()), __FILE__, __LINE__);
    return read.value_or(cli::Recording());
}

} // namespace rivulet::test
