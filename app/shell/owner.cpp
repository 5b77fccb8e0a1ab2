// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/owner.h"

#include "net/wire/logging.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qdir.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalserver.h>
#include <QtNetwork/qlocalsocket.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A socket's address has about 100 bytes on Unix, and Qt binds it under a longer name first.
constexpr qsizetype longestSocketPath = 70;
// No request is longer, and nobody needs longer for one.
constexpr qsizetype longestRequest = 64 * 1024;
constexpr auto longestVisit = std::chrono::seconds(10);

QByteArray lineOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

QString ownerSocketName(const QString &dataFolder)
{
    const QString folder = QDir(dataFolder).absolutePath();
    const QByteArray digest = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha256);
    const QString name = "rivulet-"_L1 + QString::fromLatin1(digest.toHex().first(16));
#ifdef Q_OS_WIN
    return name;
#else
    const QString inside = folder + "/owner"_L1;
    if (inside.toLocal8Bit().size() <= longestSocketPath)
        return inside;
    return QDir(qEnvironmentVariable("XDG_RUNTIME_DIR", QDir::tempPath())).filePath(name);
#endif
}

OwnerServer::OwnerServer(const DataFolder &folder, QObject *parent)
    : QObject(parent), m_server(std::make_unique<QLocalServer>())
{
    const QString name = ownerSocketName(folder.path());
    QLocalServer::removeServer(name);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server->nextPendingConnection())
            serve(socket);
    });
    if (!m_server->listen(name))
        qCWarning(lcShell) << "a second start will not find this one:" << m_server->errorString();
}

OwnerServer::~OwnerServer() = default;

bool OwnerServer::isListening() const
{
    return m_server->isListening();
}

QString OwnerServer::errorString() const
{
    return m_server->errorString();
}

void OwnerServer::serve(QLocalSocket *socket)
{
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
        while (socket->canReadLine())
            socket->write(answer(socket->readLine()));
        if (socket->bytesAvailable() > longestRequest)
            socket->abort();
    });
    QTimer::singleShot(longestVisit, socket, &QLocalSocket::abort);
}

QByteArray OwnerServer::answer(const QByteArray &line)
{
    const QJsonObject request = QJsonDocument::fromJson(line).object();
    if (request["ask"_L1] != "raise"_L1)
        return lineOf({{"ok"_L1, false}, {"why"_L1, u"this version does not know the request"_s}});
    Q_EMIT raiseRequested(request["token"_L1].toString());
    return lineOf({{"ok"_L1, true}});
}

OwnerConnection::OwnerConnection(const QString &dataFolder, std::chrono::milliseconds limit)
    : m_socket(std::make_unique<QLocalSocket>()), m_name(ownerSocketName(dataFolder)), m_limit(limit)
{}

OwnerConnection::~OwnerConnection() = default;

std::expected<void, QString> OwnerConnection::raise(const QString &activationToken)
{
    return ask(lineOf({{"ask"_L1, u"raise"_s}, {"token"_L1, activationToken}}));
}

std::expected<void, QString> OwnerConnection::ask(const QByteArray &line)
{
    const QDeadlineTimer deadline(m_limit);
    const auto rest = [&deadline] { return int(deadline.remainingTime()); };
    if (m_socket->state() != QLocalSocket::ConnectedState) {
        m_socket->connectToServer(m_name);
        if (!m_socket->waitForConnected(rest()))
            return std::unexpected(m_socket->errorString());
    }
    m_socket->write(line);
    while (!m_socket->canReadLine()) {
        if (!m_socket->waitForReadyRead(rest()))
            return std::unexpected(m_socket->errorString());
    }
    const QJsonObject reply = QJsonDocument::fromJson(m_socket->readLine()).object();
    if (!reply["ok"_L1].toBool())
        return std::unexpected(reply["why"_L1].toString());
    return {};
}

QString takeActivationToken()
{
    QString token;
    for (const char *name : {"DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN"}) {
        if (qEnvironmentVariableIsSet(name))
            token = qEnvironmentVariable(name);
        qunsetenv(name);
    }
    return token;
}

} // namespace rivulet
