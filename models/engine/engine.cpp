// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/engine/engine.h"

#include "net/wire/logging.h"

#include <QtCore/qhash.h>

#include <chrono>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// While a window draws, frames empty the mailbox; while none does, this is soon enough for what nobody sees.
constexpr auto withoutFrames = 250ms;

} // namespace

/// What lives on the engine thread: the running turns, and the factory that makes them.
class Engine::Floor : public QObject
{
public:
    Floor(Mailbox &mailbox, std::function<std::unique_ptr<TurnFactory>()> makeFactory)
        : m_mailbox(mailbox), m_makeFactory(std::move(makeFactory))
    {}

    ~Floor() override
    {
        // Turns and the calls they left behind use what the factory owns.
        qDeleteAll(QObjectList(children()));
    }

    void start(const TurnSpec &spec)
    {
        Turn *turn = factory().make(spec, this);
        m_turns.insert(spec.id, turn);
        // A redirected turn goes on under another name.
        connect(turn, &Turn::phaseChanged, this, [this, turn](const TurnStatus &status) {
            m_mailbox.post({turn->id(), status}, Mailbox::Urgency::Now);
        });
        connect(turn, &Turn::events, this,
                [this, turn, known = std::optional<TurnId>()](const StreamEvents &events) mutable {
                    const bool first = std::exchange(known, turn->id()) != turn->id();
                    m_mailbox.post({turn->id(), events},
                                   first ? Mailbox::Urgency::Now : Mailbox::Urgency::NextFrame);
                });
        connect(turn, &Turn::ended, this, [this, turn](const TurnOutcome &outcome) {
            m_turns.remove(turn->id());
            turn->deleteLater();
            m_mailbox.post({turn->id(), outcome}, Mailbox::Urgency::Now);
        });
        turn->setOnline(m_online);
        turn->setCaptivePortal(m_captivePortal);
        turn->start();
    }

    void setOnline(bool online)
    {
        m_online = online;
        const QList<Turn *> turns = m_turns.values();
        for (Turn *turn : turns)
            turn->setOnline(online);
    }

    void setCaptivePortal(bool behind)
    {
        m_captivePortal = behind;
        const QList<Turn *> turns = m_turns.values();
        for (Turn *turn : turns)
            turn->setCaptivePortal(behind);
    }

    void doubtConnections()
    {
        const QList<Turn *> turns = m_turns.values();
        for (Turn *turn : turns)
            turn->doubtConnection();
    }

    void redirect(TurnId id, const Delivered &delivered, const TurnSpec &next, const QString &instruction)
    {
        Turn *turn = m_turns.value(id);
        if (turn && turn->redirect(next, instruction, delivered)) {
            m_turns.remove(id);
            m_turns.insert(next.id, turn);
            return;
        }
        if (turn)
            turn->giveWay(delivered);
        start(next);
    }

    void setPaused(TurnId id, bool paused)
    {
        if (Turn *turn = m_turns.value(id))
            turn->setPaused(paused);
    }

    void tryNow(TurnId id)
    {
        if (Turn *turn = m_turns.value(id))
            turn->tryNow();
    }

    void stop(TurnId id, const Delivered &delivered)
    {
        if (Turn *turn = m_turns.value(id))
            turn->stop(delivered);
    }

    void expect(const Provider &provider) { factory().expect(provider); }

    void decide(TurnId id, const ApprovalDecision &decision)
    {
        Turn *turn = m_turns.value(id);
        if (turn && !turn->decide(decision))
            qCDebug(lcTurn) << "the server takes no decision while it answers";
    }

private:
    TurnFactory &factory()
    {
        if (!m_factory)
            m_factory = m_makeFactory();
        return *m_factory;
    }

    Mailbox &m_mailbox;
    std::function<std::unique_ptr<TurnFactory>()> m_makeFactory;
    std::unique_ptr<TurnFactory> m_factory;
    QHash<TurnId, Turn *> m_turns;
    bool m_online = true;
    bool m_captivePortal = false;
};

Engine::Engine(std::function<std::unique_ptr<TurnFactory>()> makeFactory, QObject *parent)
    : TurnRunner(parent), m_mailbox([this](Mailbox::Urgency urgency) {
          QMetaObject::invokeMethod(this, [this, urgency] { awaited(urgency); }, Qt::QueuedConnection);
      }),
      m_floor(new Floor(m_mailbox, std::move(makeFactory)))
{
    m_withoutFrames.setSingleShot(true);
    m_withoutFrames.setInterval(withoutFrames);
    connect(&m_withoutFrames, &QTimer::timeout, this, &Engine::flush);

    m_thread.setObjectName(u"engine"_s);
    m_floor->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_floor, &QObject::deleteLater);
    m_thread.start();
}

Engine::~Engine()
{
    m_thread.quit();
    m_thread.wait();
}

void Engine::start(const TurnSpec &spec)
{
    m_running.insert(spec.id);
    QMetaObject::invokeMethod(m_floor, [floor = m_floor, spec] { floor->start(spec); }, Qt::QueuedConnection);
}

void Engine::flush()
{
    m_withoutFrames.stop();
    const QList<TurnMail> mail = m_mailbox.take();
    for (const TurnMail &item : mail) {
        // A receiver may stop a turn while its mail is handed out, and mail of a stopped turn may still come.
        if (!m_running.contains(item.turn))
            continue;
        if (const auto *status = std::get_if<TurnStatus>(&item.what)) {
            Q_EMIT phaseChanged(item.turn, *status);
        } else if (const auto *arrived = std::get_if<StreamEvents>(&item.what)) {
            Q_EMIT events(item.turn, *arrived);
        } else if (const auto *outcome = std::get_if<TurnOutcome>(&item.what)) {
            m_running.remove(item.turn);
            Q_EMIT ended(item.turn, *outcome);
        }
    }
}

void Engine::stop(TurnId turn, const Delivered &delivered)
{
    if (!m_running.remove(turn))
        return;
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, turn, delivered] { floor->stop(turn, delivered); }, Qt::QueuedConnection);
}

void Engine::redirect(TurnId turn, const Delivered &delivered, const TurnSpec &next,
                      const QString &instruction)
{
    m_running.remove(turn);
    m_running.insert(next.id);
    QMetaObject::invokeMethod(
        m_floor,
        [floor = m_floor, turn, delivered, next, instruction] {
            floor->redirect(turn, delivered, next, instruction);
        },
        Qt::QueuedConnection);
}

void Engine::setPaused(TurnId turn, bool paused)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, turn, paused] { floor->setPaused(turn, paused); }, Qt::QueuedConnection);
}

void Engine::tryNow(TurnId turn)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, turn] { floor->tryNow(turn); }, Qt::QueuedConnection);
}

void Engine::decide(TurnId turn, const ApprovalDecision &decision)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, turn, decision] { floor->decide(turn, decision); }, Qt::QueuedConnection);
}

void Engine::expect(const Provider &provider)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, provider] { floor->expect(provider); }, Qt::QueuedConnection);
}

void Engine::setOnline(bool online)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, online] { floor->setOnline(online); }, Qt::QueuedConnection);
}

void Engine::setCaptivePortal(bool behind)
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor, behind] { floor->setCaptivePortal(behind); }, Qt::QueuedConnection);
}

void Engine::doubtConnections()
{
    QMetaObject::invokeMethod(
        m_floor, [floor = m_floor] { floor->doubtConnections(); }, Qt::QueuedConnection);
}

QObject *Engine::context() const
{
    return m_floor;
}

void Engine::awaited(Mailbox::Urgency urgency)
{
    if (urgency == Mailbox::Urgency::Now) {
        flush();
        return;
    }
    if (!m_withoutFrames.isActive())
        m_withoutFrames.start();
    Q_EMIT pending();
}

} // namespace rivulet
