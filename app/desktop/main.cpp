// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/appcontext.h"
#include "app/desktop/networkrefusal.h"
#include "app/desktop/startoptions.h"
#include "app/desktop/windowcapture.h"
#include "app/desktop/windowplace.h"
#include "app/shell/datafolder.h"
#include "app/shell/log.h"
#include "app/shell/owner.h"
#include "app/shell/paths.h"
#include "app/shell/wording.h"
#include "net/transport/descriptorlimit.h"

#include <QtGui/qguiapplication.h>
#include <QtGui/qicon.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuickControls2/qquickstyle.h>

#include <chrono>
#include <cstdio>
#include <expected>
#include <optional>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

/// Says on the terminal why the window does not open. The exit code of a local error.
int refuse(const QString &why)
{
    std::fprintf(stderr, "rivulet: %s\n", qUtf8Printable(why));
    return 1;
}

// A command line holds the data folder only while it works: worth a moment's wait.
constexpr std::chrono::seconds patience{5};

/// Takes the data folder. Where a window owns it, that one comes to the front in our place (exit code 0).
std::expected<std::expected<DataFolder, DataFolderRefusal>, int> takeFolder(const Paths &paths)
{
    const auto owned = [](const auto &taken) {
        return !taken && taken.error().kind == DataFolderRefusal::Kind::Owned;
    };
    auto folder = DataFolder::take(paths.data);
    if (!owned(folder))
        return folder;
    if (OwnerConnection(paths.data).raise(takeActivationToken()))
        return std::unexpected(0);
    folder = DataFolder::take(paths.data, patience);
    if (!owned(folder))
        return folder;
    const Notice words = wordsFor(folder.error());
    return std::unexpected(refuse(words.title + u' ' + words.advice));
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication::setApplicationName(u"rivulet"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(RIVULET_VERSION));
    // Read before the application exists, for the scale has to be known by then.
    const auto options = StartOptions::parse(argc, argv);
    if (!options)
        return options.error();
    if (options->scale)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(*options->scale));

    raiseDescriptorLimit();
    QGuiApplication app(argc, argv);
    QGuiApplication::setApplicationDisplayName(u"Rivulet"_s);
    QGuiApplication::setDesktopFileName(u"rivulet"_s);
    if (options->rightToLeft)
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    QQuickStyle::setStyle(u"Basic"_s);

    const Paths paths = userPaths();
    if (const auto made = createFolders(paths); !made)
        return refuse(
            QCoreApplication::translate("main", "The folder %1 can not be made.").arg(made.error()));
    const Log log(paths.log, u"rivulet"_s);
    const auto taken = takeFolder(paths);
    if (!taken)
        return taken.error();
    const auto &folder = *taken;

    AppContext context(paths, log);
    if (!folder)
        context.notices()->show(NoticeList::Topic::DataFolder, wordsFor(folder.error()));
    if (options->colorMode)
        context.preferences()->showAs(*options->colorMode);

    NetworkRefusal refusal;
    QQmlApplicationEngine engine;
    engine.setNetworkAccessManagerFactory(&refusal);
    engine.setInitialProperties({{u"app"_s, QVariant::fromValue(&context)},
                                 {u"settingsShown"_s, options->page == StartOptions::Page::Settings}});
    QObject::connect(
        &engine, &QQmlApplicationEngine::objectCreationFailed, &app, [] { QCoreApplication::exit(1); },
        Qt::QueuedConnection);
    engine.loadFromModule("Rivulet.Main", "Main");
    auto *window = engine.rootObjects().isEmpty()
        ? nullptr
        : qobject_cast<QQuickWindow *>(engine.rootObjects().constFirst());
    if (!window)
        return refuse(
            QCoreApplication::translate("main", "The window could not be made. The log says why: %1")
                .arg(log.file()));

    WindowPlace place(*context.preferences(), *window);
    place.restore();

    std::optional<OwnerServer> owner;
    if (folder) {
        owner.emplace(*folder);
        QObject::connect(&*owner, &OwnerServer::raiseRequested, window, [window] {
            window->show();
            window->raise();
            window->requestActivate();
        });
    }
    std::optional<WindowCapture> capture;
    if (!options->screenshot.isEmpty()) {
        context.hurryDemo();
        capture.emplace(context, *window, options->screenshot, options->prompt);
        QObject::connect(&*capture, &WindowCapture::done, &app, [] { QCoreApplication::exit(0); });
        QObject::connect(&*capture, &WindowCapture::failed, &app,
                         [](const QString &why) { QCoreApplication::exit(refuse(why)); });
    }
    return QGuiApplication::exec();
}
