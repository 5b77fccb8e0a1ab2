// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/console.h"

#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <unistd.h>
#endif

namespace rivulet::cli {

namespace {

void write(std::FILE *stream, QByteArrayView bytes)
{
    std::fwrite(bytes.data(), 1, static_cast<size_t>(bytes.size()), stream);
}

bool isTerminal(std::FILE *stream)
{
#ifdef Q_OS_WIN
    return ::_isatty(::_fileno(stream)) != 0;
#else
    return ::isatty(::fileno(stream)) != 0;
#endif
}

// The same without what a terminal takes for an order.
QString withoutControls(QString text)
{
    return text.removeIf(
        [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n' && c != u'\t'; });
}

} // namespace

void print(QByteArrayView bytes)
{
    write(stdout, bytes);
    std::fflush(stdout);
}

void printLine(QByteArrayView line)
{
    write(stdout, line);
    print("\n");
}

QByteArray forOutput(const QString &text)
{
    static const bool terminal = isTerminal(stdout);
    if (!terminal)
        return text.toUtf8();
    return withoutControls(text).toLocal8Bit();
}

void printError(const QString &message)
{
    write(stderr, QByteArray("rivulet-cli: " + withoutControls(message).toLocal8Bit() + '\n'));
}

std::optional<ExitCode> parse(QCommandLineParser &parser, const QStringList &arguments)
{
    const QCommandLineOption help = parser.addHelpOption();
    if (!parser.parse(arguments)) {
        printError(parser.errorText());
        return LocalError;
    }
    if (parser.isSet(help)) {
        print(parser.helpText().toLocal8Bit());
        return Done;
    }
    return std::nullopt;
}

} // namespace rivulet::cli
