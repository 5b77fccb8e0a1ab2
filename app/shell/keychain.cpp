// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/keychain.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>

#include <qt6keychain/keychain.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The name that people see beside the entries in their keychain's own window.
constexpr auto serviceName = "Rivulet"_L1;

KeychainReply replyOf(const QKeychain::Job &job)
{
    using Outcome = KeychainReply::Outcome;
    const auto outcome = [&job] {
        switch (job.error()) {
        case QKeychain::NoError:
            return Outcome::Done;
        case QKeychain::EntryNotFound:
            return Outcome::NotFound;
        case QKeychain::AccessDeniedByUser:
        case QKeychain::AccessDenied:
            return Outcome::Denied;
        case QKeychain::NoBackendAvailable:
        case QKeychain::NotImplemented:
            return Outcome::Unavailable;
        case QKeychain::CouldNotDeleteEntry:
        case QKeychain::OtherError:
            break;
        }
        return Outcome::Failed;
    }();
    return {.outcome = outcome, .detail = outcome == Outcome::Done ? QString() : job.errorString()};
}

// Jobs delete themselves when they finish, and not before: the library calls back into them.
class SystemKeychain final : public Keychain
{
public:
    void read(const QString &entry, Done done) override
    {
        auto *job = new QKeychain::ReadPasswordJob(serviceName);
        start(job, entry, [job, done = std::move(done)] {
            KeychainReply reply = replyOf(*job);
            if (reply.outcome == KeychainReply::Outcome::Done)
                reply.secret = Secret(job->binaryData());
            done(reply);
        });
    }

    void write(const QString &entry, const Secret &secret, Done done) override
    {
        auto *job = new QKeychain::WritePasswordJob(serviceName);
        job->setTextData(QString::fromUtf8(secret.bytes()));
        start(job, entry, [job, done = std::move(done)] { done(replyOf(*job)); });
    }

    void remove(const QString &entry, Done done) override
    {
        auto *job = new QKeychain::DeletePasswordJob(serviceName);
        start(job, entry, [job, done = std::move(done)] { done(replyOf(*job)); });
    }

private:
    template<typename Finished>
    static void start(QKeychain::Job *job, const QString &entry, Finished finished)
    {
        job->setInsecureFallback(false);
        job->setKey(entry);
        QObject::connect(job, &QKeychain::Job::finished, job, std::move(finished));
        job->start();
    }
};

} // namespace

std::unique_ptr<Keychain> systemKeychain()
{
    return std::make_unique<SystemKeychain>();
}

bool hasSessionBus()
{
#if defined(Q_OS_MACOS) || defined(Q_OS_WIN)
    return true;
#else
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return true;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFileInfo::exists(runtime + "/bus"_L1);
#endif
}

} // namespace rivulet
