// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/layering/houserules.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qlibraryinfo.h>
#include <QtCore/qregularexpression.h>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace rivulet::test {
namespace {

constexpr int longestPage = 15;

/// A folder, what it may include of ours beside itself, and its Qt modules. Both are separated by blanks; an
/// entry stands for itself and all below it.
struct Room
{
    QStringView folder;
    QStringView ours;
    QStringView modules;
};

// The first that fits counts.
constexpr Room rooms[] = {
    {u"net/export.h", u"", u"QtCore"},
    {u"net/wire", u"net/export.h", u"QtCore"},
    {u"net/framing", u"net/export.h net/wire", u"QtCore"},
    {u"net/dialects", u"net/export.h net/wire net/framing", u"QtCore"},
    {u"net/transport", u"net/export.h net/wire net/framing", u"QtCore QtNetwork QtWebSockets"},
    {u"net/providers", u"net/export.h net/wire net/framing net/dialects net/transport", u"QtCore QtNetwork"},
    {u"net/turn", u"net/export.h net/wire net/framing net/dialects net/transport net/providers",
     u"QtCore QtNetwork"},
    {u"net/demo", u"net/export.h net/wire net/framing", u"QtCore QtNetwork QtWebSockets"},
    {u"net", u"", u""},

    {u"models/export.h", u"", u"QtCore"},
    {u"models/chat", u"models/export.h net/wire net/turn net/providers", u"QtCore"},
    {u"models/engine", u"models/export.h models/chat net/wire net/turn net/providers", u"QtCore"},
    {u"models/store", u"models/export.h models/chat net/wire net/turn net/providers", u"QtCore QtSql"},
    {u"models/markdown", u"models/export.h", u"QtCore"},
    {u"models/highlight", u"models/export.h", u"QtCore QtGui"},
    {u"models/figures", u"models/export.h", u"QtCore QtGui QtSvg"},
    {u"models/transcript", u"models/export.h models/chat models/markdown models/highlight net/wire",
     u"QtCore QtGui QtQml QtQmlIntegration"},
    {u"models", u"", u""},

    {u"qml", u"qml models", u"QtCore QtGui QtQml QtQmlIntegration QtQuick QtQuickControls2 QtSvg"},
    {u"app/cli", u"app net models", u"QtCore QtNetwork QtSql"},
    {u"app", u"app net models qml",
     u"QtCore QtGui QtNetwork QtQml QtQmlIntegration QtQuick QtQuickControls2 QtSql QtSvg"},
    {u"tests", u"app net models qml tests",
     "QtCore QtGui QtNetwork QtQml QtQmlIntegration QtQuick QtQuickControls2 QtQuickTest QtSql QtSvg QtTest "
     u"QtWebSockets"},
};

/// Something to be found in a line, and the folders that may hold it.
struct Word
{
    QStringView pattern;
    QStringView allowed;
    QStringView reason;
};

constexpr Word words[] = {
    {uR"(\bQ?t?WebEngine)", u"tests/layering", u"there is no web engine here"},
    {uR"(\bQNetworkAccessManager\b)", u"net/transport app/desktop tests", u"requests leave by net/transport"},
    {uR"(^#include [<"](QtCore/)?qjson)",
     u"net/wire/jsontext.cpp net/dialects net/demo net/providers app tests", u"JSON stops at the dialects"},
    {uR"(^#include [<"]simdjson)", u"net/dialects/json.cpp", u"the reader hides the parser behind it"},
    {uR"(^#include [<"]sqlite3)", u"models/store tests", u"SQL stops at the store"},
    {uR"(^#include [<"]KSyntaxHighlighting)", u"models/highlight tests",
     u"the highlighter hides the library behind it"},
    {uR"(^#include [<"]qt6?keychain)", u"app/shell tests", u"keys are the business of app/shell"},
    {uR"(^#include [<"](QtCore/)?qeventloop)", u"app tests", u"no nested event loops"},
    {uR"(\bprocessEvents\()", u"tests", u"no nested event loops"},
    {uR"(\bsetContextProperty\()", u"tests/layering", u"what QML needs is a typed property"},
    {uR"(\b(QTest::qSleep|QThread::m?u?sleep|std::this_thread::sleep_\w+|QTest::qWait)\()",
     u"tests/layering tests/bench app/desktop", u"wait for a state, not for time"},
    {uR"(\bText(Edit)?\.(AutoText|RichText|MarkdownText)\b)", u"tests/layering tests/bench",
     u"what a model wrote is never markup"},
    {uR"(^import QtQuick\.Controls(?!\.Basic\b))", u"tests/layering",
     u"controls are QtQuick.Controls.Basic, dressed by the theme"},
};

/// The order of the QML modules: each may import those on a lower storey.
struct Storey
{
    QStringView module;
    int height = 0;
};

constexpr Storey storeys[] = {
    {u"Theme", 0},    {u"Controls", 1}, {u"Models", 1}, {u"Rows", 2},     {u"Transcript", 3},
    {u"Composer", 4}, {u"Sidebar", 4},  {u"App", 4},    {u"Settings", 5}, {u"Main", 6},
};

bool liesIn(QStringView path, QStringView folder)
{
    return path.startsWith(folder) && (path.size() == folder.size() || path.at(folder.size()) == u'/');
}

bool liesInOneOf(QStringView path, QStringView folders)
{
    const auto list = folders.split(u' ', Qt::SkipEmptyParts);
    return std::ranges::any_of(list, [path](QStringView folder) { return liesIn(path, folder); });
}

/// The Qt module that <header> belongs to, also where it is spelled without it; empty for headers of others.
QString moduleOf(const QString &header)
{
    static const QRegularExpression spelled(u"^(Qt[A-Z]\\w*)(/|$)"_s);
    if (const auto match = spelled.match(header); match.hasMatch())
        return match.captured(1);
    if (!header.startsWith(u'Q'))
        return {};
    static const QString headers = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    for (const auto module : {"QtCore"_L1, "QtGui"_L1, "QtNetwork"_L1, "QtQml"_L1, "QtQuick"_L1, "QtSql"_L1,
                              "QtWidgets"_L1, "QtWebSockets"_L1, "QtTest"_L1, "QtSvg"_L1}) {
        if (QFileInfo::exists(headers + u'/' + module + u'/' + header))
            return module;
    }
    return {};
}

QString brokenByInclude(const QString &path, const QString &line)
{
    static const QRegularExpression include(u"^\\s*#\\s*include\\s+([<\"])([^>\"]+)[>\"]"_s);
    if (!line.contains(u"include"))
        return {};
    const auto match = include.match(line);
    const auto *room = std::ranges::find_if(rooms, [&](const Room &r) { return liesIn(path, r.folder); });
    if (!match.hasMatch() || room == std::end(rooms))
        return {};

    const QString header = match.captured(2);
    if (match.captured(1) == u"\"") {
        if (header.endsWith(u".moc") || header.endsWith(u".inc") || header.startsWith(u"moc_"))
            return {};
        if (!header.contains(u'/'))
            return u"spell \"%1\" from the project's root"_s.arg(header);
        if (liesIn(header, room->folder) || liesInOneOf(header, room->ours))
            return {};
        return u"%1 may not include \"%2\""_s.arg(room->folder, header);
    }
    const QString module = moduleOf(header);
    if (module.isEmpty() || liesInOneOf(module, room->modules))
        return {};
    return u"%1 does without %2 (<%3>)"_s.arg(room->folder, module, header);
}

QList<QRegularExpression> compiledWords()
{
    QList<QRegularExpression> patterns;
    for (const Word &word : words)
        patterns.emplaceBack(word.pattern.toString(),
                             QRegularExpression::CaseInsensitiveOption | QRegularExpression::MultilineOption);
    return patterns;
}

int storeyOf(QStringView module)
{
    const auto *storey = std::ranges::find(storeys, module, &Storey::module);
    return storey == std::end(storeys) ? -1 : storey->height;
}

QString brokenByImport(const QString &path, const QString &line)
{
    static const QRegularExpression folder(u"^qml/(\\w+)/"_s);
    static const QRegularExpression import(u"^import Rivulet\\.(\\w+)"_s);
    if (!line.startsWith(u"import "))
        return {};
    const auto own = folder.match(path);
    const auto other = import.match(line);
    if (!own.hasMatch() || !other.hasMatch() || own.captured(1) == other.captured(1))
        return {};
    const int height = storeyOf(other.captured(1));
    if (height >= 0 && height < storeyOf(own.captured(1)))
        return {};
    return u"%1 may not import Rivulet.%2"_s.arg(own.captured(1), other.captured(1));
}

} // namespace

bool hasRules(const QString &path)
{
    static const QRegularExpression names(
        u"(\\.(h|cpp|qml|js|mjs|cmake|sh)|(^|/)(CMakeLists\\.txt|dev|run|\\.clang-\\w+))$"_s);
    return names.match(path).hasMatch();
}

QStringList brokenRules(const QString &path, const QString &text)
{
    static const QList<QRegularExpression> patterns = compiledWords();
    QStringList broken;
    const QStringList lines = text.split(u'\n');
    const auto head = lines.first(std::min<qsizetype>(lines.size(), 3)).join(u'\n');
    if (!head.contains("SPDX-FileCopyrightText: "_L1)
        || !head.contains(QLatin1StringView("SPDX-License-Identifier: "
                                            "Apache-2.0")))
        broken += u"%1:1: begin with the two SPDX lines"_s.arg(path);

    const auto report = [&](qsizetype line, const QString &reason) {
        if (!reason.isEmpty())
            broken += u"%1:%2: %3"_s.arg(path).arg(line).arg(reason);
    };
    for (qsizetype i = 0; i < lines.size(); ++i) {
        report(i + 1, brokenByInclude(path, lines.at(i)));
        report(i + 1, brokenByImport(path, lines.at(i)));
    }
    for (qsizetype word = 0; word < patterns.size(); ++word) {
        if (liesInOneOf(path, words[word].allowed))
            continue;
        for (const auto &match : patterns.at(word).globalMatch(text))
            report(QStringView(text).first(match.capturedStart()).count(u'\n') + 1,
                   words[word].reason.toString());
    }
    return broken;
}

QStringList brokenPageRules(const QString &folder, const QString &text)
{
    if (text.isNull())
        return {u"%1: has no README.md"_s.arg(folder)};
    const auto lines = text.trimmed().count(u'\n') + 1;
    if (lines > longestPage)
        return {u"%1/README.md: %2 lines, %3 at most"_s.arg(folder).arg(lines).arg(longestPage)};
    return {};
}

} // namespace rivulet::test
