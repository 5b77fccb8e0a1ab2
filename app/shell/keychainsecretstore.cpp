// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keychainsecretstore.h"

#include "app/shell/redaction.h"
#include "net/wire/logging.h"

#include <QtCore/qpointer.h>
#include <QtCore/qpromise.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What the memory and an entry of the keychain hold: a key and where it may go.
struct BoundSecret
{
    QString origin;
    Secret secret;
};

// In the keychain that is one text, the origin on its first line.
Secret toEntry(const BoundSecret &bound)
{
    return Secret(bound.origin.toUtf8() + '\n' + bound.secret.bytes());
}

std::optional<BoundSecret> fromEntry(const Secret &entry)
{
    const qsizetype end = entry.bytes().indexOf('\n');
    if (end < 0)
        return std::nullopt;
    return BoundSecret{QString::fromUtf8(entry.bytes().first(end)), Secret(entry.bytes().sliced(end + 1))};
}

template<typename T>
QFuture<T> ready(T value)
{
    return QtFuture::makeReadyValueFuture(std::move(value));
}

SecretStoreStatus statusAfter(const KeychainReply &reply)
{
    using Outcome = KeychainReply::Outcome;
    using State = SecretStoreStatus::State;
    switch (reply.outcome) {
    case Outcome::Done:
    case Outcome::NotFound:
        return {.state = State::Keychain};
    case Outcome::Unavailable:
        return {.state = State::NoKeychain, .detail = reply.detail};
    case Outcome::Denied:
        return {.state = State::Denied, .detail = reply.detail};
    case Outcome::Failed:
        break;
    }
    return {.state = State::Failed, .detail = reply.detail};
}

} // namespace

struct KeychainSecretStore::Private
{
    KeychainSecretStore *q;
    std::unique_ptr<Keychain> keychain;
    std::chrono::milliseconds limit;
    SecretStoreStatus status;
    QHash<QString, BoundSecret> memory;
    QHash<QString, std::pair<QString, QString>> variables; ///< provider -> origin, variable
    int overdue = 0;                                       ///< questions past their limit that are still open
    bool readingDenied = false;

    [[nodiscard]] Secret recall(const SecretName &name) const;
    void remember(const QString &provider, const BoundSecret &bound);
    void setStatus(const SecretStoreStatus &next);

    using Question = std::function<void(Keychain::Done)>;
    template<typename T>
    QFuture<T> ask(const Question &question, const std::function<T(const KeychainReply &)> &meaning);
};

// What is known without the keychain.
Secret KeychainSecretStore::Private::recall(const SecretName &name) const
{
    if (const auto kept = memory.constFind(name.provider);
        kept != memory.cend() && kept->origin == name.origin)
        return kept->secret;
    if (const auto [origin, variable] = variables.value(name.provider); origin == name.origin) {
        const Secret secret(qgetenv(variable.toLocal8Bit().constData()).trimmed());
        addLiveSecret(secret.bytes());
        return secret;
    }
    return {};
}

void KeychainSecretStore::Private::remember(const QString &provider, const BoundSecret &bound)
{
    addLiveSecret(bound.secret.bytes());
    memory.insert(provider, bound);
}

void KeychainSecretStore::Private::setStatus(const SecretStoreStatus &next)
{
    if (std::exchange(status, next) == next)
        return;
    if (status.sessionOnly())
        qCInfo(lcShell) << "keys are kept for this session only:" << int(status.state) << status.detail;
    Q_EMIT q->statusChanged(status);
}

// `meaning` is called with the answer, whenever it comes, and with a failure in its place once the limit has
// passed: the future has the result of the first call, what a later one does with the memory still counts.
template<typename T>
QFuture<T> KeychainSecretStore::Private::ask(const Question &question,
                                             const std::function<T(const KeychainReply &)> &meaning)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    const auto settle = [promise](T result) {
        promise->addResult(std::move(result));
        promise->finish();
    };

    QPointer<QTimer> timer = new QTimer(q);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, q, [this, timer, settle, meaning] {
        ++overdue;
        timer->deleteLater();
        const KeychainReply silence{.outcome = KeychainReply::Outcome::Failed};
        setStatus({.state = SecretStoreStatus::State::TimedOut});
        settle(meaning(silence));
    });
    timer->start(limit);

    question([this, guard = QPointer(q), timer, settle, meaning](const KeychainReply &reply) {
        if (!guard)
            return;
        const bool late = !timer || !timer->isActive();
        delete timer;
        if (late)
            --overdue;
        setStatus(statusAfter(reply));
        T result = meaning(reply);
        if (!late)
            settle(std::move(result));
    });
    return promise->future();
}

KeychainSecretStore::KeychainSecretStore(std::unique_ptr<Keychain> keychain, std::chrono::milliseconds limit,
                                         QObject *parent)
    : SecretStore(parent), d(new Private{.q = this, .keychain = std::move(keychain), .limit = limit})
{
    if (!d->keychain)
        d->status.state = SecretStoreStatus::State::NoSessionBus;
}

KeychainSecretStore::~KeychainSecretStore() = default;

void KeychainSecretStore::setVariable(const SecretName &name, const QString &variable)
{
    d->variables.insert(name.provider, {name.origin, variable});
}

QFuture<Secret> KeychainSecretStore::read(const SecretName &name)
{
    if (name.origin.isEmpty())
        return ready(Secret());
    if (!d->keychain || d->overdue > 0 || d->readingDenied || d->memory.contains(name.provider))
        return ready(d->recall(name));

    return d->ask<Secret>(
        [this, name](Keychain::Done done) { d->keychain->read(name.provider, std::move(done)); },
        [this, name](const KeychainReply &reply) {
            d->readingDenied = reply.outcome == KeychainReply::Outcome::Denied;
            // A key that was written while this question was open is the newer one.
            if (const auto bound = fromEntry(reply.secret); bound && !d->memory.contains(name.provider))
                d->remember(name.provider, *bound);
            return d->recall(name);
        });
}

QFuture<SecretPlace> KeychainSecretStore::write(const SecretName &name, const Secret &secret)
{
    const BoundSecret bound{name.origin, secret};
    d->remember(name.provider, bound);
    if (!d->keychain || d->overdue > 0)
        return ready(SecretPlace::Session);

    return d->ask<SecretPlace>(
        [this, name, bound](Keychain::Done done) {
            d->keychain->write(name.provider, toEntry(bound), std::move(done));
        },
        [this](const KeychainReply &reply) {
            if (reply.outcome != KeychainReply::Outcome::Done)
                return SecretPlace::Session;
            d->readingDenied = false;
            return SecretPlace::Keychain;
        });
}

QFuture<bool> KeychainSecretStore::remove(const QString &provider)
{
    // An empty key in its place hides the keychain's until that is gone too.
    d->memory.insert(provider, {});
    Q_EMIT removed(provider);
    if (!d->keychain)
        return ready(true);
    if (d->overdue > 0)
        return ready(false);

    return d->ask<bool>(
        [this, provider](Keychain::Done done) { d->keychain->remove(provider, std::move(done)); },
        [](const KeychainReply &reply) {
            return reply.outcome == KeychainReply::Outcome::Done
                || reply.outcome == KeychainReply::Outcome::NotFound;
        });
}

SecretStoreStatus KeychainSecretStore::status() const
{
    return d->status;
}

std::unique_ptr<KeychainSecretStore> makeSecretStore()
{
    return std::make_unique<KeychainSecretStore>(hasSessionBus() ? systemKeychain() : nullptr);
}

} // namespace rivulet
