// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/credential.h"

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <optional>

namespace rivulet {

/// Where a server's key comes from, under the user's hands. A source that is complete is taken at once; what
/// is wrong with another is shown beside its fields, and the last good source stays. What was typed is kept
/// until the program ends, also for the sources that are not chosen. GUI thread.
class CredentialSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(Source source READ source WRITE setSource NOTIFY changed FINAL)
    Q_PROPERTY(QString variable READ variable WRITE setVariable NOTIFY changed FINAL)
    Q_PROPERTY(QString variableProblem READ variableProblem NOTIFY changed FINAL)
    Q_PROPERTY(bool variableFound READ isVariableFound NOTIFY changed FINAL)
    Q_PROPERTY(QString command READ command WRITE setCommand NOTIFY changed FINAL)
    Q_PROPERTY(QString commandProblem READ commandProblem NOTIFY changed FINAL)
    Q_PROPERTY(Grant grant READ grant WRITE setGrant NOTIFY changed FINAL)
    Q_PROPERTY(QString authorizationUrl READ authorizationUrl WRITE setAuthorizationUrl NOTIFY changed FINAL)
    Q_PROPERTY(QString authorizationProblem READ authorizationProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString tokenUrl READ tokenUrl WRITE setTokenUrl NOTIFY changed FINAL)
    Q_PROPERTY(QString tokenProblem READ tokenProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString revocationUrl READ revocationUrl WRITE setRevocationUrl NOTIFY changed FINAL)
    Q_PROPERTY(QString revocationProblem READ revocationProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString clientId READ clientId WRITE setClientId NOTIFY changed FINAL)
    Q_PROPERTY(QString clientIdProblem READ clientIdProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString scopes READ scopes WRITE setScopes NOTIFY changed FINAL)
    Q_PROPERTY(QString scopesProblem READ scopesProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString audience READ audience WRITE setAudience NOTIFY changed FINAL)
    Q_PROPERTY(bool complete READ isComplete NOTIFY changed FINAL)

public:
    enum class Source { Keychain, Environment, Program, OAuth };
    Q_ENUM(Source)

    /// How tokens are got: the user signs in with a browser, or the program signs in for itself.
    enum class Grant { Browser, Client };
    Q_ENUM(Grant)

    using QObject::QObject;

    /// Shows the credential of that server, with what was typed for it and is not taken yet.
    void show(const QString &providerId, const Credential &credential);
    /// Drops what was typed for that server.
    void forget(const QString &providerId);
    /// What is valid.
    [[nodiscard]] const Credential &credential() const { return m_credential; }

    [[nodiscard]] Source source() const { return m_typed.source; }
    void setSource(Source source);

    /// The texts as they were typed.
    [[nodiscard]] QString variable() const { return m_typed.variable; }
    void setVariable(const QString &name);
    /// What is wrong with the name, in words; empty while nothing is, or while another source is chosen. So
    /// with the other problems.
    [[nodiscard]] QString variableProblem() const { return m_variableProblem; }
    /// Whether this program has that variable, and it is not empty.
    [[nodiscard]] bool isVariableFound() const;

    [[nodiscard]] QString command() const { return m_typed.command; }
    void setCommand(const QString &command);
    [[nodiscard]] QString commandProblem() const { return m_commandProblem; }

    [[nodiscard]] Grant grant() const { return m_typed.grant; }
    void setGrant(Grant grant);
    [[nodiscard]] QString authorizationUrl() const { return m_typed.authorizationUrl; }
    void setAuthorizationUrl(const QString &url);
    [[nodiscard]] QString authorizationProblem() const { return m_authorizationProblem; }
    [[nodiscard]] QString tokenUrl() const { return m_typed.tokenUrl; }
    void setTokenUrl(const QString &url);
    [[nodiscard]] QString tokenProblem() const { return m_tokenProblem; }
    [[nodiscard]] QString revocationUrl() const { return m_typed.revocationUrl; }
    void setRevocationUrl(const QString &url);
    [[nodiscard]] QString revocationProblem() const { return m_revocationProblem; }
    [[nodiscard]] QString clientId() const { return m_typed.clientId; }
    void setClientId(const QString &id);
    [[nodiscard]] QString clientIdProblem() const { return m_clientIdProblem; }
    /// With spaces between them.
    [[nodiscard]] QString scopes() const { return m_typed.scopes; }
    void setScopes(const QString &scopes);
    [[nodiscard]] QString scopesProblem() const { return m_scopesProblem; }
    [[nodiscard]] QString audience() const { return m_typed.audience; }
    void setAudience(const QString &audience);

    /// Whether what is shown is what credential() says: nothing is wrong with it.
    [[nodiscard]] bool isComplete() const { return m_complete; }

Q_SIGNALS:
    /// Something that is shown has changed.
    void changed();
    /// The user has changed credential().
    void edited();

private:
    struct Typed
    {
        Source source = Source::Keychain;
        QString variable{};
        QString command{};
        Grant grant = Grant::Browser;
        QString authorizationUrl{};
        QString tokenUrl{};
        QString revocationUrl{};
        QString clientId{};
        QString scopes{};
        QString audience{};
    };

    void type(QString Typed::*field, const QString &text);
    void read();
    void clearProblems();
    [[nodiscard]] std::optional<Credential> readSource();
    [[nodiscard]] std::optional<Credential> readVariable();
    [[nodiscard]] std::optional<Credential> readCommand();
    [[nodiscard]] std::optional<Credential> readSignIn();

    QString m_id;
    Credential m_credential;
    Typed m_typed;
    QHash<QString, Typed> m_typedBefore; ///< by the server's id
    QString m_variableProblem;
    QString m_commandProblem;
    QString m_authorizationProblem;
    QString m_tokenProblem;
    QString m_revocationProblem;
    QString m_clientIdProblem;
    QString m_scopesProblem;
    bool m_complete = true;
};

} // namespace rivulet
