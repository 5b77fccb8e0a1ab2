// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/credentialsettings.h"

#include "app/desktop/typedcommand.h"
#include "net/providers/oauth.h"
#include "net/transport/requestrules.h"

#include <QtCore/qurl.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What the token endpoint alone has to be like; the authorization endpoint has the same rules.
QString problemOfAddress(const QString &typed)
{
    const QString text = typed.trimmed();
    if (text.isEmpty())
        return CredentialSettings::tr("Type the address; the server's documentation names it.");
    const QUrl url(text, QUrl::StrictMode);
    const auto refusal = refusalOf(credential::OAuth{
        .grant = credential::OAuth::Grant::ClientCredentials, .tokenUrl = url, .clientId = u"any"_s});
    if (!refusal)
        return {};
    if (refusal->code == transportcode::UserInfo)
        return CredentialSettings::tr("Leave the user name out of the address.");
    if (refusal->code == transportcode::KeyInClear)
        return CredentialSettings::tr("The address begins with https://, unless it is this computer's.");
    return CredentialSettings::tr("This is not an address. It looks like https://host/path.");
}

// RFC 6749 3.3
bool isScope(const QString &word)
{
    return std::ranges::all_of(word,
                               [](QChar c) { return c > u' ' && c < u'\x7f' && c != u'"' && c != u'\\'; });
}

} // namespace

void CredentialSettings::show(const QString &providerId, const Credential &credential)
{
    m_id = providerId;
    m_credential = credential;
    m_typed = m_typedBefore.value(providerId);
    const bool isNew = !m_typedBefore.contains(providerId);
    if (const auto *environment = std::get_if<credential::Environment>(&credential); environment && isNew) {
        m_typed.source = Source::Environment;
        m_typed.variable = environment->variable;
    } else if (const auto *command = std::get_if<credential::Command>(&credential); command && isNew) {
        m_typed.source = Source::Program;
        m_typed.command = toText(ProgramCommand{command->program, command->arguments});
    } else if (const auto *oauth = std::get_if<credential::OAuth>(&credential); oauth && isNew) {
        const bool isClient = oauth->grant == credential::OAuth::Grant::ClientCredentials;
        m_typed.source = Source::OAuth;
        m_typed.grant = isClient ? Grant::Client : Grant::Browser;
        m_typed.authorizationUrl = oauth->authorizationUrl.toString();
        m_typed.tokenUrl = oauth->tokenUrl.toString();
        m_typed.revocationUrl = oauth->revocationUrl.toString();
        m_typed.clientId = oauth->clientId;
        m_typed.scopes = oauth->scopes.join(u' ');
        m_typed.audience = oauth->audience;
    }
    // Showing changes nothing, even where what is in the settings could not be typed.
    clearProblems();
    m_complete = readSource().has_value();
    Q_EMIT changed();
}

void CredentialSettings::forget(const QString &providerId)
{
    m_typedBefore.remove(providerId);
}

bool CredentialSettings::isVariableFound() const
{
    return !qgetenv(m_typed.variable.trimmed().toLocal8Bit().constData()).trimmed().isEmpty();
}

void CredentialSettings::setSource(Source source)
{
    if (std::exchange(m_typed.source, source) != source)
        read();
}

void CredentialSettings::setGrant(Grant grant)
{
    if (std::exchange(m_typed.grant, grant) != grant)
        read();
}

void CredentialSettings::setVariable(const QString &name)
{
    type(&Typed::variable, name);
}

void CredentialSettings::setCommand(const QString &command)
{
    type(&Typed::command, command);
}

void CredentialSettings::setAuthorizationUrl(const QString &url)
{
    type(&Typed::authorizationUrl, url);
}

void CredentialSettings::setTokenUrl(const QString &url)
{
    type(&Typed::tokenUrl, url);
}

void CredentialSettings::setRevocationUrl(const QString &url)
{
    type(&Typed::revocationUrl, url);
}

void CredentialSettings::setClientId(const QString &id)
{
    type(&Typed::clientId, id);
}

void CredentialSettings::setScopes(const QString &scopes)
{
    type(&Typed::scopes, scopes);
}

void CredentialSettings::setAudience(const QString &audience)
{
    type(&Typed::audience, audience);
}

void CredentialSettings::type(QString Typed::*field, const QString &text)
{
    if (std::exchange(m_typed.*field, text) != text)
        read();
}

void CredentialSettings::read()
{
    m_typedBefore.insert(m_id, m_typed);
    clearProblems();
    const auto credential = readSource();
    m_complete = credential.has_value();
    if (credential && std::exchange(m_credential, *credential) != *credential)
        Q_EMIT edited();
    Q_EMIT changed();
}

void CredentialSettings::clearProblems()
{
    for (QString *problem : {&m_variableProblem, &m_commandProblem, &m_authorizationProblem, &m_tokenProblem,
                             &m_revocationProblem, &m_clientIdProblem, &m_scopesProblem})
        problem->clear();
}

std::optional<Credential> CredentialSettings::readSource()
{
    switch (m_typed.source) {
    case Source::Keychain:
        return credential::Keychain();
    case Source::Environment:
        return readVariable();
    case Source::Program:
        return readCommand();
    case Source::OAuth:
        return readSignIn();
    }
    return std::nullopt;
}

std::optional<Credential> CredentialSettings::readVariable()
{
    const QString name = m_typed.variable.trimmed();
    const auto isStrange = [](QChar c) { return c.isSpace() || c == u'=' || c == u'$' || c.isNull(); };
    if (name.isEmpty())
        m_variableProblem = tr("Type the name of the variable, such as EXAMPLE_API_KEY.");
    else if (std::ranges::any_of(name, isStrange))
        m_variableProblem = tr("Type the name alone, without spaces and without “$” or “=”.");
    if (!m_variableProblem.isEmpty())
        return std::nullopt;
    return credential::Environment{.variable = name};
}

std::optional<Credential> CredentialSettings::readCommand()
{
    const auto command = commandFrom(m_typed.command);
    if (!command)
        m_commandProblem = command.error();
    else if (command->program.isEmpty())
        m_commandProblem = tr("Type the program that prints the key, with its arguments.");
    if (!m_commandProblem.isEmpty())
        return std::nullopt;
    return credential::Command{.program = command->program, .arguments = command->arguments};
}

std::optional<Credential> CredentialSettings::readSignIn()
{
    const bool usesBrowser = m_typed.grant == Grant::Browser;
    const QStringList scopes = m_typed.scopes.simplified().split(u' ', Qt::SkipEmptyParts);
    if (usesBrowser)
        m_authorizationProblem = problemOfAddress(m_typed.authorizationUrl);
    m_tokenProblem = problemOfAddress(m_typed.tokenUrl);
    if (usesBrowser && !m_typed.revocationUrl.trimmed().isEmpty())
        m_revocationProblem = problemOfAddress(m_typed.revocationUrl);
    if (m_typed.clientId.trimmed().isEmpty())
        m_clientIdProblem = tr("Type the id under which the server knows Rivulet.");
    if (!std::ranges::all_of(scopes, isScope))
        m_scopesProblem = tr("Scopes are words with spaces between them, without quotes.");
    for (const QString *problem : {&m_authorizationProblem, &m_tokenProblem, &m_revocationProblem,
                                   &m_clientIdProblem, &m_scopesProblem}) {
        if (!problem->isEmpty())
            return std::nullopt;
    }
    credential::OAuth oauth{.grant = usesBrowser ? credential::OAuth::Grant::AuthorizationCodePkce
                                                 : credential::OAuth::Grant::ClientCredentials,
                            .tokenUrl = QUrl(m_typed.tokenUrl.trimmed(), QUrl::StrictMode),
                            .clientId = m_typed.clientId.trimmed(),
                            .scopes = scopes,
                            .audience = m_typed.audience.trimmed()};
    // What is typed there stays also while it is not used, where it makes sense.
    if (usesBrowser || problemOfAddress(m_typed.authorizationUrl).isEmpty())
        oauth.authorizationUrl = QUrl(m_typed.authorizationUrl.trimmed(), QUrl::StrictMode);
    if (problemOfAddress(m_typed.revocationUrl).isEmpty())
        oauth.revocationUrl = QUrl(m_typed.revocationUrl.trimmed(), QUrl::StrictMode);
    return oauth;
}

} // namespace rivulet
