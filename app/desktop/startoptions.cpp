// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/startoptions.h"

#include <QtCore/qcommandlineparser.h>

#include <cstdio>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr double smallestScale = 0.5;
constexpr double greatestScale = 4.0;

int say(std::FILE *where, int code, const QString &text)
{
    std::fputs(qUtf8Printable(text), where);
    return code;
}

int wrong(const QString &why)
{
    return say(stderr, 1, u"rivulet: "_s + why + u'\n');
}

} // namespace

std::expected<StartOptions, int> StartOptions::parse(int argc, char *argv[])
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));

    QCommandLineParser parser;
    const auto tr = [](const char *text) { return QCoreApplication::translate("StartOptions", text); };
    parser.setApplicationDescription(tr("A desktop chat client for streaming language models and agents."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption screenshot(u"screenshot"_s, tr("Take a picture of the window, then end."),
                                        u"FILE"_s);
    const QCommandLineOption page(u"page"_s, tr("What the picture shows: chat or settings."), u"PAGE"_s,
                                  u"chat"_s);
    const QCommandLineOption theme(u"theme"_s, tr("light, dark or system."), u"THEME"_s);
    const QCommandLineOption scale(u"scale"_s, tr("Scale of the whole window, such as 2."), u"FACTOR"_s);
    const QCommandLineOption rtl(u"rtl"_s, tr("Lay out from right to left."));
    const QCommandLineOption prompt(u"prompt"_s, tr("With --screenshot: ask this first."), u"TEXT"_s);
    parser.addOptions({screenshot, page, theme, scale, rtl, prompt});
    if (!parser.parse(arguments))
        return std::unexpected(wrong(parser.errorText()));
    if (parser.isSet(help))
        // The parser takes the program's name from an application, and there is none yet.
        return std::unexpected(
            say(stdout, 0, parser.helpText().replace("<executable_name>"_L1, "rivulet"_L1)));
    if (parser.isSet(version))
        return std::unexpected(say(stdout, 0, u"rivulet "_s + QStringLiteral(RIVULET_VERSION) + u'\n'));

    StartOptions options;
    options.screenshot = parser.value(screenshot);
    options.rightToLeft = parser.isSet(rtl);
    options.prompt = parser.value(prompt);
    if (const QString name = parser.value(page); name == "settings"_L1)
        options.page = Page::Settings;
    else if (name != "chat"_L1)
        return std::unexpected(wrong(tr("There is no page “%1”: chat or settings.").arg(name)));
    if (parser.isSet(theme)) {
        const QString name = parser.value(theme);
        if (name == "light"_L1)
            options.colorMode = Preferences::ColorMode::Light;
        else if (name == "dark"_L1)
            options.colorMode = Preferences::ColorMode::Dark;
        else if (name == "system"_L1)
            options.colorMode = Preferences::ColorMode::System;
        else
            return std::unexpected(wrong(tr("There is no theme “%1”: light, dark or system.").arg(name)));
    }
    if (parser.isSet(scale)) {
        bool number = false;
        const double factor = parser.value(scale).toDouble(&number);
        if (!number || factor < smallestScale || factor > greatestScale)
            return std::unexpected(wrong(tr("The scale is a number from 0.5 to 4.")));
        options.scale = factor;
    }
    if (options.screenshot.isEmpty() && !options.prompt.isEmpty())
        return std::unexpected(wrong(tr("--prompt goes with --screenshot.")));
    return options;
}

} // namespace rivulet
