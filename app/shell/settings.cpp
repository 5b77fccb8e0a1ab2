// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/settings.h"

#include "net/dialects/dialectregistry.h"
#include "net/wire/exchangerequest.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qsavefile.h>
#include <QtCore/qset.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <type_traits>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A file of this program has a few kilobytes; one beyond this is not ours, and is not worth reading.
constexpr qint64 maxFileSize = 1024 * 1024;
constexpr int formatVersion = 1;

constexpr std::array themeNames{
    std::pair{Settings::Theme::System, "system"_L1},
    std::pair{Settings::Theme::Light, "light"_L1},
    std::pair{Settings::Theme::Dark, "dark"_L1},
};

std::optional<Settings::Theme> themeFromName(const QString &name)
{
    const auto row =
        std::ranges::find(themeNames, name, [](const auto &pair) { return QString(pair.second); });
    return row == themeNames.end() ? std::nullopt : std::optional(row->first);
}

QLatin1StringView toName(Settings::Theme theme)
{
    return std::ranges::find(themeNames, theme, [](const auto &pair) { return pair.first; })->second;
}

// Takes values out of an object. One that is missing keeps its default; one that makes no sense does too,
// and its name is noted.
class FieldReader
{
public:
    FieldReader(const QJsonObject &object, QString prefix, QStringList &ignored)
        : m_object(object), m_prefix(std::move(prefix)), m_ignored(ignored)
    {}

    template<typename Convert>
    void read(QLatin1StringView name, auto &target, Convert convert) const
    {
        const QJsonValue value = m_object.value(name);
        if (value.isUndefined())
            return;
        auto converted = convert(value);
        if (!converted)
            ignore(name);
        else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(target)>, decltype(converted)>)
            target = std::move(converted);
        else
            target = *std::move(converted);
    }

    void ignore(QLatin1StringView name) const { m_ignored.append(m_prefix + name); }

private:
    const QJsonObject &m_object;
    QString m_prefix;
    QStringList &m_ignored;
};

std::optional<QString> toString(const QJsonValue &value)
{
    return value.isString() ? std::optional(value.toString()) : std::nullopt;
}

std::optional<bool> toBool(const QJsonValue &value)
{
    return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
}

std::optional<QString> toId(const QJsonValue &value)
{
    auto text = toString(value);
    return text && !text->isEmpty() ? text : std::nullopt;
}

std::optional<Settings::Theme> toTheme(const QJsonValue &value)
{
    return themeFromName(value.toString());
}

std::optional<double> toZoom(const QJsonValue &value)
{
    const double zoom = value.toDouble(0);
    return zoom >= Settings::MinZoom && zoom <= Settings::MaxZoom ? std::optional(zoom) : std::nullopt;
}

std::optional<QRect> toRect(const QJsonValue &value)
{
    const QJsonArray numbers = value.toArray();
    if (numbers.size() != 4
        || !std::ranges::all_of(numbers, [](const QJsonValue &n) { return n.isDouble(); }))
        return std::nullopt;
    const QRect rect(numbers[0].toInt(), numbers[1].toInt(), numbers[2].toInt(), numbers[3].toInt());
    return rect.isEmpty() ? std::nullopt : std::optional(rect);
}

std::optional<QUrl> toUrl(const QJsonValue &value)
{
    if (!value.isString())
        return std::nullopt;
    const QUrl url(value.toString(), QUrl::StrictMode);
    return url.isValid() || url.isEmpty() ? std::optional(url) : std::nullopt;
}

// Only a path says which file it is.
std::optional<QString> toAbsolutePath(const QJsonValue &value)
{
    auto text = toString(value);
    return text && (text->isEmpty() || QDir::isAbsolutePath(*text)) ? text : std::nullopt;
}

std::optional<QStringList> toTexts(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    QStringList texts;
    for (const QJsonValueConstRef each : array) {
        if (!each.isString())
            return std::nullopt;
        texts.append(each.toString());
    }
    return value.isArray() ? std::optional(texts) : std::nullopt;
}

std::optional<QMap<QString, QString>> toNamedTexts(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    QMap<QString, QString> texts;
    for (auto each = object.begin(); each != object.end(); ++each) {
        if (!each.value().isString())
            return std::nullopt;
        texts.insert(each.key(), each.value().toString());
    }
    return value.isObject() ? std::optional(texts) : std::nullopt;
}

std::optional<DialectId> toDialect(const QJsonValue &value)
{
    return dialectFromName(value.toString());
}

constexpr std::array grantNames{
    std::pair{credential::OAuth::Grant::AuthorizationCodePkce, "authorization-code"_L1},
    std::pair{credential::OAuth::Grant::ClientCredentials, "client-credentials"_L1},
};

std::optional<credential::OAuth::Grant> toGrant(const QJsonValue &value)
{
    const QString name = value.toString();
    const auto row =
        std::ranges::find(grantNames, name, [](const auto &pair) { return QString(pair.second); });
    return row == grantNames.end() ? std::nullopt : std::optional(row->first);
}

// The name of a variable that there can be.
std::optional<QString> toVariable(const QJsonValue &value)
{
    auto name = toId(value);
    return name && !name->contains(u'=') && !name->contains(u'\0') ? name : std::nullopt;
}

// What a provider's "credential" says about where it comes from.
namespace source {
constexpr auto keychain = "keychain"_L1;
constexpr auto environment = "environment"_L1;
constexpr auto command = "command"_L1;
constexpr auto oauth = "oauth"_L1;

bool isKnown(const QString &name)
{
    return name == keychain || name == environment || name == command || name == oauth;
}
} // namespace source

// A part of it that makes no sense makes none of the whole: half a credential would ask the wrong one.
std::optional<Credential> toCredential(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    const QString from = object.value("from"_L1).toString();
    QStringList ignored;
    const FieldReader fields(object, {}, ignored);
    Credential credential;
    if (from == source::environment) {
        auto &environment = credential.emplace<credential::Environment>();
        fields.read("variable"_L1, environment.variable, toVariable);
        if (environment.variable.isEmpty())
            return std::nullopt;
    } else if (from == source::command) {
        auto &command = credential.emplace<credential::Command>();
        fields.read("program"_L1, command.program, toAbsolutePath);
        fields.read("arguments"_L1, command.arguments, toTexts);
        if (command.program.isEmpty())
            return std::nullopt;
    } else if (from == source::oauth) {
        auto &oauth = credential.emplace<credential::OAuth>();
        fields.read("grant"_L1, oauth.grant, toGrant);
        fields.read("authorizationUrl"_L1, oauth.authorizationUrl, toUrl);
        fields.read("tokenUrl"_L1, oauth.tokenUrl, toUrl);
        fields.read("revocationUrl"_L1, oauth.revocationUrl, toUrl);
        fields.read("clientId"_L1, oauth.clientId, toString);
        fields.read("scopes"_L1, oauth.scopes, toTexts);
        fields.read("audience"_L1, oauth.audience, toString);
        if (oauth.tokenUrl.isEmpty())
            return std::nullopt;
    } else if (from != source::keychain) {
        return std::nullopt;
    }
    return ignored.isEmpty() ? std::optional(credential) : std::nullopt;
}

std::optional<ProxyChoice> toProxy(const QJsonValue &value)
{
    const auto choice = proxyFrom(value.toString());
    return choice ? std::optional(*choice) : std::nullopt;
}

NetworkOptions readNetwork(const QJsonObject &object, const QString &prefix, QStringList &ignored)
{
    const FieldReader fields(object, prefix, ignored);
    NetworkOptions network;
    fields.read("proxy"_L1, network.proxy, toProxy);
    fields.read("caFile"_L1, network.caFile, toAbsolutePath);
    fields.read("certificateFile"_L1, network.certificateFile, toAbsolutePath);
    fields.read("keyFile"_L1, network.keyFile, toAbsolutePath);
    fields.read("http2"_L1, network.http2, toBool);
    fields.read("cookies"_L1, network.cookies, toBool);
    return network;
}

// Only what differs from the defaults is written; what a later version put beside it stays.
void writeNetwork(const NetworkOptions &network, QJsonObject &provider)
{
    QJsonObject object = provider.value("network"_L1).toObject();
    const auto put = [&](QLatin1StringView name, const QJsonValue &value, bool isDefault) {
        if (isDefault)
            object.remove(name);
        else
            object[name] = value;
    };
    put("proxy"_L1, toText(network.proxy), network.proxy == ProxyChoice());
    put("caFile"_L1, network.caFile, network.caFile.isEmpty());
    put("certificateFile"_L1, network.certificateFile, network.certificateFile.isEmpty());
    put("keyFile"_L1, network.keyFile, network.keyFile.isEmpty());
    put("http2"_L1, true, !network.http2);
    put("cookies"_L1, true, !network.cookies);
    if (object.isEmpty())
        provider.remove("network"_L1);
    else
        provider["network"_L1] = object;
}

// A limit that is not understood is none.
std::optional<int> toLimit(const QJsonValue &value)
{
    const int count = value.toInt(0);
    return count > 0 ? std::optional(count) : std::nullopt;
}

// What a later version put beside the limits stays.
void writeLimits(const ProviderLimits &limits, QJsonObject &provider)
{
    QJsonObject object = provider.value("limits"_L1).toObject();
    const auto put = [&](QLatin1StringView name, std::optional<int> limit) {
        if (limit)
            object[name] = *limit;
        else
            object.remove(name);
    };
    put("requestsPerMinute"_L1, limits.requestsPerMinute);
    put("tokensPerMinute"_L1, limits.tokensPerMinute);
    if (object.isEmpty())
        provider.remove("limits"_L1);
    else
        provider["limits"_L1] = object;
}

// What a later version put beside the rule stays.
void writeFallback(const FallbackRule &rule, QJsonObject &provider)
{
    QJsonObject object = provider.value("fallback"_L1).toObject();
    if (rule.id.isEmpty()) {
        object.remove("provider"_L1);
        object.remove("afterSeconds"_L1);
    } else {
        object["provider"_L1] = rule.id;
        object["afterSeconds"_L1] =
            qint64(std::chrono::duration_cast<std::chrono::seconds>(rule.after).count());
    }
    if (object.isEmpty())
        provider.remove("fallback"_L1);
    else
        provider["fallback"_L1] = object;
}

// Half a replica would ask the wrong place.
std::optional<Replica> readReplica(const QJsonObject &object, const QString &prefix, QStringList &ignored)
{
    const FieldReader fields(object, prefix, ignored);
    Replica replica;
    const auto before = ignored.size();
    fields.read("id"_L1, replica.id, toId);
    fields.read("url"_L1, replica.baseUrl, toUrl);
    fields.read("credential"_L1, replica.credential, toCredential);
    return replica.id.isEmpty() || ignored.size() != before ? std::nullopt : std::optional(replica);
}

QList<Replica> readReplicas(const QJsonArray &array, const QString &prefix, QStringList &ignored)
{
    QList<Replica> replicas;
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString name = prefix + u"replicas[%1]"_s.arg(i);
        const auto replica = readReplica(array.at(i).toObject(), name + u'.', ignored);
        if (!replica || std::ranges::contains(replicas, replica->id, &Replica::id))
            ignored.append(name);
        else
            replicas.append(*replica);
    }
    return replicas;
}

// A provider without an id, or of a dialect that this version does not speak, is none.
std::optional<Provider> readProvider(const QJsonObject &object, const QString &prefix, QStringList &ignored)
{
    const FieldReader fields(object, prefix, ignored);
    Provider provider;
    std::optional<DialectId> dialect;
    fields.read("id"_L1, provider.id, toId);
    fields.read("dialect"_L1, dialect, toDialect);
    if (provider.id.isEmpty() || !dialect)
        return std::nullopt;
    provider.dialect = *dialect;
    fields.read("name"_L1, provider.name, toString);
    fields.read("url"_L1, provider.baseUrl, toUrl);
    fields.read("model"_L1, provider.model, toString);
    fields.read("needsKey"_L1, provider.needsKey, toBool);
    fields.read("program"_L1, provider.program, toAbsolutePath);
    fields.read("arguments"_L1, provider.arguments, toTexts);
    fields.read("options"_L1, provider.options, toNamedTexts);
    fields.read("credential"_L1, provider.credential, toCredential);
    const QJsonValue replicas = object.value("replicas"_L1);
    if (replicas.isArray())
        provider.replicas = readReplicas(replicas.toArray(), prefix, ignored);
    else if (!replicas.isUndefined())
        fields.ignore("replicas"_L1);
    const QJsonValue network = object.value("network"_L1);
    if (network.isObject())
        provider.network = readNetwork(network.toObject(), prefix + "network."_L1, ignored);
    else if (!network.isUndefined())
        fields.ignore("network"_L1);
    const QJsonValue limits = object.value("limits"_L1);
    const QJsonObject counts = limits.toObject();
    const FieldReader limitFields(counts, prefix + "limits."_L1, ignored);
    limitFields.read("requestsPerMinute"_L1, provider.limits.requestsPerMinute, toLimit);
    limitFields.read("tokensPerMinute"_L1, provider.limits.tokensPerMinute, toLimit);
    if (!limits.isObject() && !limits.isUndefined())
        fields.ignore("limits"_L1);
    const QJsonValue fallback = object.value("fallback"_L1);
    const QJsonObject rule = fallback.toObject();
    const FieldReader fallbackFields(rule, prefix + "fallback."_L1, ignored);
    std::optional<int> seconds;
    fallbackFields.read("provider"_L1, provider.fallback.id, toId);
    fallbackFields.read("afterSeconds"_L1, seconds, toLimit);
    if (seconds)
        provider.fallback.after = std::chrono::seconds(*seconds);
    if (!fallback.isObject() && !fallback.isUndefined())
        fields.ignore("fallback"_L1);
    return provider;
}

// A permission that is not understood is none.
std::optional<AllowedProgram> readAllowed(const QJsonObject &object, const QString &prefix,
                                          QStringList &ignored)
{
    const FieldReader fields(object, prefix, ignored);
    AllowedProgram allowed;
    const auto before = ignored.size();
    fields.read("program"_L1, allowed.program, toAbsolutePath);
    fields.read("arguments"_L1, allowed.arguments, toTexts);
    fields.read("folder"_L1, allowed.folder, toString);
    return allowed.program.isEmpty() || ignored.size() != before ? std::nullopt : std::optional(allowed);
}

QJsonObject toJson(const AllowedProgram &allowed)
{
    return {{"program"_L1, allowed.program},
            {"arguments"_L1, QJsonArray::fromStringList(allowed.arguments)},
            {"folder"_L1, allowed.folder}};
}

// User info in a URL would be a secret in the file.
QString withoutSecrets(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo);
}

struct CredentialWriter
{
    QJsonObject &object;

    // The default is what is written nowhere.
    void operator()(const credential::Keychain &) const {}

    void operator()(const credential::Environment &environment) const
    {
        object["from"_L1] = source::environment;
        object["variable"_L1] = environment.variable;
    }

    void operator()(const credential::Command &command) const
    {
        object["from"_L1] = source::command;
        object["program"_L1] = command.program;
        object["arguments"_L1] = QJsonArray::fromStringList(command.arguments);
    }

    void operator()(const credential::OAuth &oauth) const
    {
        const auto *grant =
            std::ranges::find(grantNames, oauth.grant, [](const auto &pair) { return pair.first; });
        object["from"_L1] = source::oauth;
        object["grant"_L1] = grant->second;
        object["authorizationUrl"_L1] = withoutSecrets(oauth.authorizationUrl);
        object["tokenUrl"_L1] = withoutSecrets(oauth.tokenUrl);
        object["revocationUrl"_L1] = withoutSecrets(oauth.revocationUrl);
        object["clientId"_L1] = oauth.clientId;
        object["scopes"_L1] = QJsonArray::fromStringList(oauth.scopes);
        object["audience"_L1] = oauth.audience;
    }
};

void writeCredential(const Credential &credential, QJsonObject &provider)
{
    QJsonObject object = provider.value("credential"_L1).toObject();
    const QString before = object.value("from"_L1).toString();
    if (std::holds_alternative<credential::Keychain>(credential)) {
        // One that only a later version understands was read as the default, and is not ours to remove.
        if (before.isEmpty() || source::isKnown(before))
            provider.remove("credential"_L1);
        return;
    }
    QJsonObject written;
    std::visit(CredentialWriter{written}, credential);
    // What a later version put beside it stays, as long as it is about the same.
    if (before != written.value("from"_L1).toString())
        object = {};
    for (auto each = written.constBegin(); each != written.constEnd(); ++each)
        object.insert(each.key(), each.value());
    provider["credential"_L1] = object;
}

QJsonArray toJson(const QList<Replica> &replicas)
{
    QJsonArray array;
    for (const Replica &replica : replicas) {
        QJsonObject object{{"id"_L1, replica.id}};
        if (!replica.baseUrl.isEmpty())
            object["url"_L1] = withoutSecrets(replica.baseUrl);
        writeCredential(replica.credential, object);
        array.append(object);
    }
    return array;
}

void writeProvider(const Provider &provider, QJsonObject &object)
{
    object["id"_L1] = provider.id;
    object["name"_L1] = provider.name;
    object["dialect"_L1] = toName(provider.dialect);
    object["url"_L1] = withoutSecrets(provider.baseUrl);
    object["model"_L1] = provider.model;
    object["needsKey"_L1] = provider.needsKey;
    const auto put = [&](QLatin1StringView name, const QJsonValue &value, bool isEmpty) {
        if (isEmpty)
            object.remove(name);
        else
            object[name] = value;
    };
    put("program"_L1, provider.program, provider.program.isEmpty());
    put("arguments"_L1, QJsonArray::fromStringList(provider.arguments), provider.arguments.isEmpty());
    QJsonObject options;
    for (const auto &[name, value] : provider.options.asKeyValueRange())
        options[name] = value;
    put("options"_L1, options, options.isEmpty());
    put("replicas"_L1, toJson(provider.replicas), provider.replicas.isEmpty());
    writeCredential(provider.credential, object);
    writeNetwork(provider.network, object);
    writeLimits(provider.limits, object);
    writeFallback(provider.fallback, object);
}

std::expected<QByteArray, QString> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(file.errorString());
    QByteArray content = file.read(maxFileSize + 1);
    if (file.error() != QFile::NoError)
        return std::unexpected(file.errorString());
    return content;
}

std::expected<QJsonObject, QString> documentOf(const QByteArray &content)
{
    if (content.size() > maxFileSize)
        return std::unexpected(u"larger than %1 bytes"_s.arg(maxFileSize));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(content, &error);
    if (error.error != QJsonParseError::NoError)
        return std::unexpected(u"%1 at byte %2"_s.arg(error.errorString()).arg(error.offset));
    if (!document.isObject())
        return std::unexpected(u"not a JSON object"_s);
    return document.object();
}

// Renames the file out of the way, under a name that says when.
std::optional<QString> moveAside(const QString &path)
{
    const QFileInfo file(path);
    const QString base =
        file.dir().filePath(file.completeBaseName() + ".invalid-"_L1
                            + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"));
    for (int attempt = 1; attempt <= 9; ++attempt) {
        QString target = base + (attempt == 1 ? QString() : u"-%1"_s.arg(attempt)) + '.'_L1 + file.suffix();
        if (!QFile::exists(target) && QFile::rename(path, target))
            return target;
    }
    return std::nullopt;
}

} // namespace

AllowedProgram allowedProgramOf(const ProcessRequest &request)
{
    return {.program = request.program,
            .arguments = request.arguments.first(std::min(request.configured, request.arguments.size())),
            .folder = request.workingFolder};
}

std::optional<Provider> Settings::provider() const
{
    const auto row = std::ranges::find(providers, currentProvider, &Provider::id);
    return row == providers.end() ? std::nullopt : std::optional(*row);
}

SettingsFile::SettingsFile(QString path) : m_path(std::move(path)) {}

LoadedSettings SettingsFile::load()
{
    m_document = {};
    m_strangers.clear();
    m_unreadable.reset();
    if (!QFileInfo::exists(m_path))
        return {};

    const auto content = contentOf(m_path);
    const auto document = content ? documentOf(*content) : std::unexpected(content.error());
    if (!document) {
        SettingsTrouble trouble{.detail = document.error()};
        if (const auto movedTo = moveAside(m_path)) {
            trouble.kind = SettingsTrouble::Kind::MovedAside;
            trouble.movedTo = *movedTo;
        } else {
            trouble.kind = SettingsTrouble::Kind::Unreadable;
            m_unreadable = trouble;
        }
        return {.trouble = trouble};
    }

    m_document = *document;
    Settings settings;
    QStringList ignored;
    const FieldReader fields(m_document, {}, ignored);
    fields.read("theme"_L1, settings.theme, toTheme);
    fields.read("zoom"_L1, settings.zoom, toZoom);
    fields.read("window"_L1, settings.window, toRect);
    fields.read("windowMaximized"_L1, settings.windowMaximized, toBool);
    fields.read("sidebarVisible"_L1, settings.sidebarVisible, toBool);
    fields.read("currentProvider"_L1, settings.currentProvider, toString);

    const QJsonValue providers = m_document.value("providers"_L1);
    if (!providers.isUndefined() && !providers.isArray())
        fields.ignore("providers"_L1);
    QSet<QString> ids;
    const QJsonArray entries = providers.toArray();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString place = u"providers[%1]"_s.arg(i);
        const auto provider = readProvider(entries[i].toObject(), place + u'.', ignored);
        if (provider && !ids.contains(provider->id)) {
            ids.insert(provider->id);
            settings.providers.append(*provider);
            continue;
        }
        ignored.append(place);
        if (entries[i].isObject() && !provider)
            m_strangers.append(entries[i].toObject());
    }

    const QJsonValue permissions = m_document.value("allowedPrograms"_L1);
    if (!permissions.isUndefined() && !permissions.isArray())
        fields.ignore("allowedPrograms"_L1);
    const QJsonArray allowed = permissions.toArray();
    for (qsizetype i = 0; i < allowed.size(); ++i) {
        const QString place = u"allowedPrograms[%1]"_s.arg(i);
        if (const auto program = readAllowed(allowed[i].toObject(), place + u'.', ignored))
            settings.allowedPrograms.append(*program);
        else
            ignored.append(place);
    }

    LoadedSettings loaded{.settings = settings};
    if (!ignored.isEmpty())
        loaded.trouble = SettingsTrouble{.kind = SettingsTrouble::Kind::FieldsIgnored, .fields = ignored};
    return loaded;
}

std::expected<void, SettingsTrouble> SettingsFile::save(const Settings &settings)
{
    if (m_unreadable)
        return std::unexpected(*m_unreadable);

    QJsonObject document = m_document;
    document["version"_L1] = std::max(document["version"_L1].toInt(), formatVersion);
    document["theme"_L1] = toName(settings.theme);
    document["zoom"_L1] = settings.zoom;
    if (settings.window) {
        const QRect &rect = *settings.window;
        document["window"_L1] = QJsonArray{rect.x(), rect.y(), rect.width(), rect.height()};
    } else {
        document.remove("window"_L1);
    }
    document["windowMaximized"_L1] = settings.windowMaximized;
    document["sidebarVisible"_L1] = settings.sidebarVisible;
    document["currentProvider"_L1] = settings.currentProvider;

    QJsonArray allowed;
    for (const AllowedProgram &program : settings.allowedPrograms)
        allowed.append(toJson(program));
    if (allowed.isEmpty())
        document.remove("allowedPrograms"_L1);
    else
        document["allowedPrograms"_L1] = allowed;

    const QJsonArray before = m_document["providers"_L1].toArray();
    QJsonArray providers;
    for (const Provider &provider : settings.providers) {
        QJsonObject entry;
        for (const QJsonValueConstRef known : before) {
            if (known["id"_L1].toString() == provider.id)
                entry = known.toObject();
        }
        writeProvider(provider, entry);
        providers.append(entry);
    }
    for (const QJsonObject &stranger : std::as_const(m_strangers)) {
        const QString id = stranger["id"_L1].toString();
        if (!std::ranges::contains(settings.providers, id, &Provider::id))
            providers.append(stranger);
    }
    document["providers"_L1] = providers;

    QSaveFile file(m_path);
    const bool written = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(QJsonDocument(document).toJson()) >= 0 && file.commit();
    if (!written) {
        return std::unexpected(
            SettingsTrouble{.kind = SettingsTrouble::Kind::NotSaved, .detail = file.errorString()});
    }
    m_document = document;
    return {};
}

} // namespace rivulet
