// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/datafolder.h"

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <expected>
#include <memory>

QT_FORWARD_DECLARE_CLASS(QLocalServer)
QT_FORWARD_DECLARE_CLASS(QLocalSocket)

namespace rivulet {

/// Where the owner of a data folder listens: in the folder itself where the path is short enough for a
/// socket's address, else in the user's runtime folder.
[[nodiscard]] QString ownerSocketName(const QString &dataFolder);

/// The owner's ear: other processes of this user ask it for what only it can do. A request is one line of
/// JSON (`{"ask":"raise",…}`), and so is the answer (`{"ok":true}` or `{"ok":false,"why":"…"}`).
class OwnerServer : public QObject
{
    Q_OBJECT

public:
    /// `folder` is the proof of ownership: a socket that was left behind is replaced. It outlives this.
    explicit OwnerServer(const DataFolder &folder, QObject *parent = nullptr);
    ~OwnerServer() override;

    /// Whether it listens; if not, a second start can not raise this one, and errorString() says why.
    [[nodiscard]] bool isListening() const;
    [[nodiscard]] QString errorString() const;

Q_SIGNALS:
    /// Show the window. The token, which may be empty, is what the desktop gave the second start so that
    /// the first may take the focus.
    void raiseRequested(const QString &activationToken);

private:
    void serve(QLocalSocket *socket);
    [[nodiscard]] QByteArray answer(const QByteArray &line);

    std::unique_ptr<QLocalServer> m_server;
};

/// The other end: a short conversation with the owner of a data folder. It blocks, for at most `limit` a
/// step, and runs no event loop: made for a second start that has nothing else to do.
class OwnerConnection
{
public:
    explicit OwnerConnection(const QString &dataFolder,
                             std::chrono::milliseconds limit = std::chrono::seconds(3));
    ~OwnerConnection();
    Q_DISABLE_COPY_MOVE(OwnerConnection)

    /// Asks the owner to show its window. The error is the system's or the owner's words.
    [[nodiscard]] std::expected<void, QString> raise(const QString &activationToken);

private:
    [[nodiscard]] std::expected<void, QString> ask(const QByteArray &line);

    std::unique_ptr<QLocalSocket> m_socket;
    QString m_name;
    std::chrono::milliseconds m_limit;
};

/// The token that the desktop gave this start, taken out of the environment so that no child inherits it.
[[nodiscard]] QString takeActivationToken();

} // namespace rivulet
