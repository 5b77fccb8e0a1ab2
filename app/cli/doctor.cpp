// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/doctor.h"

#include "app/cli/console.h"
#include "app/cli/storage.h"
#include "app/shell/keychainsecretstore.h"
#include "app/shell/redaction.h"
#include "app/shell/settings.h"
#include "app/shell/wording.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qlocale.h>
#include <QtCore/qsysinfo.h>
#include <QtNetwork/qnetworkinterface.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtNetwork/qsslsocket.h>

#include <algorithm>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

/// One run of the command; finds go out as they come.
class Doctor : public QObject
{
public:
    explicit Doctor(Paths paths) : m_paths(std::move(paths)) {}

    ExitCode run();

private:
    void versions();
    void places();
    void settings();
    void network();
    void database();
    void askKeychain();

    static void heading(const QString &text) { printLine(QString(u'\n' + text).toLocal8Bit()); }
    static void find(const QString &name, const QString &value);
    // Something that needs care: it is said in full, and the exit code tells of it.
    void trouble(const QString &name, const Notice &words);

    Paths m_paths;
    std::unique_ptr<Storage> m_storage;
    std::unique_ptr<KeychainSecretStore> m_secrets;
    bool m_allWell = true;
};

void Doctor::find(const QString &name, const QString &value)
{
    printLine(("  "_L1 + name.leftJustified(14) + redacted(value)).toLocal8Bit());
}

void Doctor::trouble(const QString &name, const Notice &words)
{
    m_allWell = false;
    find(name, words.title + u' ' + words.advice);
    if (!words.details.isEmpty())
        find({}, words.details.simplified());
}

ExitCode Doctor::run()
{
    versions();
    places();
    settings();
    network();
    heading(tr("Kept"));
    QMetaObject::invokeMethod(this, &Doctor::database, Qt::QueuedConnection);
    return ExitCode(QCoreApplication::exec());
}

void Doctor::versions()
{
    printLine("Rivulet " RIVULET_VERSION);
    find(u"Qt"_s, tr("%1, built with %2").arg(QLatin1StringView(qVersion()), QStringLiteral(QT_VERSION_STR)));
    find(u"TLS"_s, QSslSocket::supportsSsl() ? QSslSocket::sslLibraryVersionString() : tr("none"));
    find(tr("System"),
         u"%1, %2 %3, %4"_s.arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(),
                                QSysInfo::kernelVersion(), QSysInfo::currentCpuArchitecture()));
    find(tr("Language"), QLocale().name());
    find(tr("Session"), qEnvironmentVariable("XDG_SESSION_TYPE", tr("none")));
}

void Doctor::places()
{
    heading(qEnvironmentVariableIsEmpty("RIVULET_HOME") ? tr("Places") : tr("Places, below RIVULET_HOME"));
    const auto place = [](const QString &name, const QString &folder) {
        const QFileInfo info(folder);
        find(name,
             !info.exists()           ? tr("%1 (not there yet)").arg(folder)
                 : !info.isWritable() ? tr("%1 (can not be written)").arg(folder)
                                      : folder);
    };
    place(tr("Data"), m_paths.data);
    place(tr("Settings"), m_paths.config);
    place(tr("Log"), m_paths.log);
    place(tr("Cache"), m_paths.cache);
    qint64 logSize = 0;
    const QFileInfoList logs = QDir(m_paths.log).entryInfoList({u"*.log"_s}, QDir::Files);
    for (const QFileInfo &file : logs)
        logSize += file.size();
    find(tr("Log files"), u"%1, %2"_s.arg(logs.size()).arg(QLocale().formattedDataSize(logSize)));
}

void Doctor::settings()
{
    heading(tr("Settings"));
    SettingsFile file(m_paths.settingsFile());
    const LoadedSettings loaded = file.load();
    if (loaded.trouble)
        trouble(tr("File"), wordsFor(*loaded.trouble));
    else
        find(tr("File"), QFileInfo::exists(file.path()) ? tr("good") : tr("not there yet"));
    const QString current = loaded.settings.currentProvider;
    find(tr("Current"), current.isEmpty() ? u"demo"_s : current);
    for (const Provider &provider : loaded.settings.providers)
        find(provider.id, u"%1 %2"_s.arg(originOf(provider.baseUrl), provider.model));
}

void Doctor::network()
{
    heading(tr("Network"));
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    const auto running = std::ranges::count_if(interfaces, [](const QNetworkInterface &interface) {
        return interface.flags().testFlags(QNetworkInterface::IsUp | QNetworkInterface::IsRunning)
            && !interface.flags().testFlag(QNetworkInterface::IsLoopBack);
    });
    find(tr("Interfaces"),
         running > 0 ? tr("%1 running").arg(running) : tr("none running, but this computer"));
    const QList<QNetworkProxy> proxies =
        QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(QUrl(u"https://example.com/"_s)));
    const bool direct = proxies.isEmpty() || proxies.first().type() == QNetworkProxy::NoProxy;
    find(tr("Proxy"),
         direct ? tr("none") : u"%1:%2"_s.arg(proxies.first().hostName()).arg(proxies.first().port()));
}

void Doctor::database()
{
    const QFileInfo file(m_paths.databaseFile());
    if (!file.exists()) {
        find(tr("Database"), tr("not there yet"));
        askKeychain();
        return;
    }
    find(tr("Size"), QLocale().formattedDataSize(file.size()));
    auto storage = Storage::open(m_paths);
    if (!storage) {
        find(tr("Database"), storage.error());
        askKeychain();
        return;
    }
    m_storage = *std::move(storage);
    m_storage->store().conversations().then(
        this, [this](const StoreResult<QList<ConversationSummary>> &loaded) {
            const Notice words =
                loaded ? wordsFor(m_storage->store().health()) : wordsFor(Mishap(loaded.error()));
            if (words.title.isEmpty())
                find(tr("Database"), tr("good, %1 conversations").arg(loaded->size()));
            else
                trouble(tr("Database"), words);
            askKeychain();
        });
}

void Doctor::askKeychain()
{
    // Any name will do: the answer is not the point.
    m_secrets = makeSecretStore();
    m_secrets->read({u"doctor"_s, u"https://localhost:443"_s}).then(this, [this](const Secret &) {
        const Notice words = wordsFor(m_secrets->status());
        find(tr("Keys"), words.title.isEmpty() ? tr("in the system's keychain") : words.title);
        if (!words.details.isEmpty())
            find({}, words.details);
        QCoreApplication::exit(m_allWell ? Done : LocalError);
    });
}

} // namespace

ExitCode runDoctor(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Prints versions, places and the state of everything, without secrets, for a report."));
    if (const auto code = parse(parser, arguments))
        return *code;
    if (!parser.positionalArguments().isEmpty()) {
        printError(tr("doctor takes no arguments"));
        return LocalError;
    }
    return Doctor(userPaths()).run();
}

} // namespace rivulet::cli
