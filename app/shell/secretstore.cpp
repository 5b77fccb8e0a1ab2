// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/secretstore.h"

#include <QtCore/qpromise.h>

#include <memory>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

SecretName oauthNameOf(const Provider &provider, QLatin1StringView what)
{
    SecretName name{.provider = placeName(provider) + u'#' + what, .origin = {}};
    if (const auto *settings = std::get_if<credential::OAuth>(&provider.credential)) {
        const QString token = originOf(settings->tokenUrl);
        const QString base = originOf(provider.baseUrl);
        if (!token.isEmpty() && !base.isEmpty())
            name.origin = token + u' ' + base;
    }
    return name;
}

} // namespace

QString originOf(const QUrl &url)
{
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    if (host.isEmpty())
        return {};
    const QString scheme = url.scheme().toLower();
    const int usual = scheme == "https"_L1 || scheme == "wss"_L1 ? 443
        : scheme == "http"_L1 || scheme == "ws"_L1               ? 80
                                                                 : -1;
    const QString authority = host.contains(u':') ? u'[' + host + u']' : host;
    return scheme + "://"_L1 + authority + u':' + QString::number(url.port(usual));
}

SecretName secretNameOf(const Provider &provider)
{
    return {placeName(provider), originOf(provider.baseUrl)};
}

SecretName refreshTokenNameOf(const Provider &provider)
{
    return oauthNameOf(provider, "refresh-token"_L1);
}

SecretName clientSecretNameOf(const Provider &provider)
{
    return oauthNameOf(provider, "client-secret"_L1);
}

SecretName proxyPasswordNameOf(const NetworkProfile &profile)
{
    const auto *server = std::get_if<proxy::Server>(&profile.options.proxy);
    const bool hasUser = server && !server->user.isEmpty();
    return {.provider = profile.owner + "#proxy-password"_L1,
            .origin = hasUser ? toText(profile.options.proxy) : QString()};
}

SecretName keyPassphraseNameOf(const NetworkProfile &profile)
{
    return {.provider = profile.owner + "#key-passphrase"_L1, .origin = profile.options.keyFile};
}

namespace {

void keep(SecretStore &store, const SecretName &name, const Secret &secret)
{
    if (secret.isEmpty())
        (void)store.remove(name.provider);
    else
        (void)store.write(name, secret);
}

} // namespace

void readSecret(SecretStore &store, const SecretName &name, QObject *context,
                std::function<void(const Secret &)> done)
{
    auto promise = std::make_shared<QPromise<Secret>>();
    promise->start();
    promise->future().then(context, [done = std::move(done)](const Secret &secret) { done(secret); });

    const auto ask = [store = &store, name, promise] {
        store->read(name).then(store, [promise](const Secret &secret) {
            promise->addResult(secret);
            promise->finish();
        });
    };
    QMetaObject::invokeMethod(&store, ask, Qt::QueuedConnection);
}

void keepSecret(SecretStore &store, const SecretName &name, const Secret &secret)
{
    QMetaObject::invokeMethod(
        &store, [store = &store, name, secret] { keep(*store, name, secret); }, Qt::QueuedConnection);
}

void replaceSecret(SecretStore &store, const SecretName &name, const Secret &before, const Secret &next)
{
    const auto replace = [store = &store, name, before, next] {
        const auto decide = [store, name, before, next](const Secret &kept) {
            if (kept == before)
                keep(*store, name, next);
        };
        // What is known already is compared at once: nothing comes between.
        const QFuture<Secret> kept = store->read(name);
        if (kept.isResultReadyAt(0))
            decide(kept.result());
        else
            QFuture(kept).then(store, decide);
    };
    QMetaObject::invokeMethod(&store, replace, Qt::QueuedConnection);
}

} // namespace rivulet
