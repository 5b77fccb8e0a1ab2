// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/appcontext.h"

#include "app/shell/keychainsecretstore.h"
#include "app/shell/log.h"
#include "app/shell/providercredentials.h"
#include "app/shell/storednetworksecrets.h"
#include "app/shell/wording.h"
#include "models/engine/engine.h"
#include "models/store/sqlitesearch.h"
#include "models/store/sqlitestore.h"
#include "net/demo/demoserver.h"
#include "net/providers/preconnect.h"
#include "net/providers/presets.h"
#include "net/transport/networkwatch.h"
#include "net/transport/transportswitch.h"
#include "net/turn/circuitbreaker.h"
#include "net/turn/loadbalancer.h"
#include "net/turn/ratelimiter.h"
#include "net/wire/logging.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtGui/qdesktopservices.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 shownLogBytes = 256 * 1024;

// Desktop services belong to the GUI thread.
void openInBrowser(const QUrl &page)
{
    QMetaObject::invokeMethod(qApp, [page] { QDesktopServices::openUrl(page); }, Qt::QueuedConnection);
}

/// What turns are made of in the window: real sockets, the store's journal, the user's keys.
class LiveTurns final : public Engine::TurnFactory
{
public:
    LiveTurns(SqliteStore &store, SecretStore &secrets, ProgramGate &programs)
        : m_consent(programs.makeConsent()), m_keyConsent(programs.makeConsent(ProgramGate::Purpose::Key)),
          m_networkSecrets(secrets), m_transport(makeTransport(m_consent.get(), &m_networkSecrets)),
          m_journal(store.makeJournal()),
          m_credentials(secrets, *m_transport, openInBrowser, m_keyConsent.get())
    {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        TurnSpec placed = spec;
        placed.provider = m_balancer.choose(spec.provider, spec.request.conversation);
        if (placed.fallback)
            placed.fallback->provider = m_balancer.choose(spec.fallback->provider, spec.request.conversation);
        auto *turn = new Turn(placed, *m_transport, *m_journal, m_credentials, parent,
                              {.limiter = &m_limiter, .breaker = &m_breaker});
        m_balancer.watch(*turn, placed.provider);
        return turn;
    }

    void expect(const Provider &provider) override
    {
        preconnect(*m_transport, m_balancer.choose(provider, {}));
    }

private:
    std::unique_ptr<ProgramConsent> m_consent;
    std::unique_ptr<ProgramConsent> m_keyConsent;
    StoredNetworkSecrets m_networkSecrets;
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<TurnJournal> m_journal;
    ProviderCredentials m_credentials;
    LoadBalancer m_balancer;
    RateLimiter m_limiter;
    CircuitBreaker m_breaker;
};

} // namespace

AppContext::AppContext(const Paths &paths, const Log &log, QObject *parent)
    : QObject(parent), m_log(log), m_paths(paths),
      m_preferences(std::make_unique<Preferences>(paths.settingsFile())),
      m_notices(std::make_unique<NoticeList>()), m_secrets(makeSecretStore()),
      m_store(std::make_unique<SqliteStore>(paths.databaseFile())),
      m_networkSecrets(std::make_unique<StoredNetworkSecrets>(*m_secrets)),
      m_programs(std::make_unique<ProgramGate>(*m_preferences)), m_consent(m_programs->makeConsent()),
      m_keyConsent(m_programs->makeConsent(ProgramGate::Purpose::Key)),
      m_engine(std::make_unique<Engine>(
          [store = m_store.get(), secrets = m_secrets.get(), programs = m_programs.get()] {
              return std::make_unique<LiveTurns>(*store, *secrets, *programs);
          })),
      m_providers(std::make_unique<ProviderSettings>(
          *m_preferences, *m_secrets, makeTransport(m_consent.get(), m_networkSecrets.get()), startDemo(),
          ProviderSettings::Help{.openBrowser = openInBrowser, .consent = m_keyConsent.get()})),
      m_network(std::make_unique<NetworkWatch>(systemNetworkSource())),
      m_session(std::make_unique<ChatSession>(*m_engine, *m_store)),
      m_transcript(std::make_unique<TranscriptModel>([](const Mishap &mishap) { return wordsFor(mishap); })),
      m_conversations(std::make_unique<ConversationListModel>()),
      m_actions(std::make_unique<ConversationActions>(*m_store, *m_session, *m_conversations)),
      m_searcher(std::make_unique<SqliteSearch>(paths.databaseFile())),
      m_search(
          std::make_unique<SearchModel>(*m_searcher, [](const Mishap &mishap) { return wordsFor(mishap); }))
{
    connectParts();
    connectNotices();
    m_actions->load();
}

AppContext::~AppContext() = default;

Provider AppContext::startDemo()
{
    Provider demo = presetById(u"demo").value_or(ProviderPreset()).provider;
    // On the engine thread, like every socket; it ends with it.
    QMetaObject::invokeMethod(
        m_engine->context(),
        [this, &demo] {
            m_demo = new DemoServer(m_engine->context());
            if (m_demo->start())
                demo.baseUrl = m_demo->baseUrl();
            else
                qCWarning(lcDemo) << "the demo server does not listen:" << m_demo->errorString();
        },
        Qt::BlockingQueuedConnection);
    return demo;
}

void AppContext::hurryDemo()
{
    QMetaObject::invokeMethod(m_demo, [demo = m_demo] { demo->setTokensPerSecond(0); }, Qt::QueuedConnection);
}

void AppContext::connectParts()
{
    const auto useProvider = [this] { m_session->setProvider(m_providers->current()); };
    connect(m_providers.get(), &ProviderSettings::currentChanged, m_session.get(), useProvider);
    useProvider();

    connect(m_engine.get(), &Engine::pending, this, &AppContext::pending);

    m_engine->setOnline(m_network->isOnline());
    connect(m_network.get(), &NetworkWatch::wentAway, m_engine.get(), [this] { m_engine->setOnline(false); });
    connect(m_network.get(), &NetworkWatch::cameBack, m_engine.get(), [this](NetworkWatch::Why why) {
        m_engine->setOnline(true);
        if (why != NetworkWatch::Why::Reachable)
            m_engine->doubtConnections();
    });
    m_engine->setCaptivePortal(m_network->isBehindCaptivePortal());
    connect(m_network.get(), &NetworkWatch::captivePortalChanged, m_engine.get(), &Engine::setCaptivePortal);
    // It costs a timer, which is worth it only while something runs.
    connect(m_session.get(), &ChatSession::runningChanged, m_network.get(),
            [this] { m_network->setNoticesSleep(m_session->isAnyRunning()); });

    m_session->setProviders([this](const QString &id) { return m_providers->find(id); });
    m_session->setWording([](const NetError &error) { return wordsFor(Mishap(error)).title; });
    m_transcript->setPlaces([this](MessageId id) { return m_session->placeOf(id); });
    connect(m_session.get(), &ChatSession::opened, m_transcript.get(), &TranscriptModel::open);
    connect(m_session.get(), &ChatSession::messageAdded, m_transcript.get(), &TranscriptModel::addMessage);
    connect(m_session.get(), &ChatSession::delivered, m_transcript.get(), &TranscriptModel::deliver);
    connect(m_session.get(), &ChatSession::messageEnded, m_transcript.get(), &TranscriptModel::endMessage);
    connect(m_session.get(), &ChatSession::decided, m_transcript.get(), &TranscriptModel::showDecision);

    connect(m_actions.get(), &ConversationActions::removed, m_search.get(), &SearchModel::leaveOut);
    connect(m_actions.get(), &ConversationActions::restored, m_search.get(), &SearchModel::takeBack);
    connect(m_actions.get(), &ConversationActions::loaded, this, [this] {
        m_session->joinInterrupted();
        m_ready = true;
        Q_EMIT readyChanged();
    });
}

void AppContext::connectNotices()
{
    const auto tellTrouble = [this](const StoreError &error) {
        m_notices->show(NoticeList::Topic::Conversation, wordsFor(Mishap(error)));
    };
    connect(m_session.get(), &ChatSession::openFailed, this, tellTrouble);
    connect(m_actions.get(), &ConversationActions::failed, this, tellTrouble);
    connect(m_session.get(), &ChatSession::conversationChanged, this,
            [this] { m_notices->show(NoticeList::Topic::Conversation, {}); });
    connect(m_store.get(), &ConversationStore::healthChanged, this, [this](const StoreHealth &health) {
        m_notices->show(NoticeList::Topic::Store, wordsFor(health));
        const bool unsaved = health.state == StoreHealth::State::Holding;
        if (std::exchange(m_unsaved, unsaved) != unsaved)
            Q_EMIT unsavedChanged();
    });
    const auto tellSettings = [this] {
        const auto &trouble = m_preferences->trouble();
        m_notices->show(NoticeList::Topic::Settings, trouble ? wordsFor(*trouble) : Notice());
    };
    connect(m_preferences.get(), &Preferences::troubleChanged, this, tellSettings);
    tellSettings();
}

QString AppContext::version() const
{
    return QStringLiteral(RIVULET_VERSION);
}

Link AppContext::link(const QUrl &target) const
{
    return Link(target.toString(QUrl::FullyEncoded));
}

void AppContext::openLink(const Link &link) const
{
    if (link.isAllowed())
        QDesktopServices::openUrl(link.url());
}

QString AppContext::recentLog() const
{
    (void)m_log.flush();
    QFile file(m_log.file());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const qint64 skipped = std::max<qint64>(0, file.size() - shownLogBytes);
    file.seek(skipped);
    QByteArray lines = file.readAll();
    if (skipped > 0)
        lines.remove(0, lines.indexOf('\n') + 1);
    return QString::fromUtf8(lines);
}

void AppContext::openLogFolder() const
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(m_paths.log));
}

void AppContext::deliver()
{
    m_engine->flush();
}

} // namespace rivulet
