// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/turnrunner.h"
#include "models/engine/mailbox.h"
#include "models/export.h"

#include <QtCore/qset.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <memory>

namespace rivulet {

/// The engine thread, where sockets, processes and turns live, and its GUI side: the verbs go in,
/// what happens comes out of the mailbox once per frame. Everything public is for the GUI thread.
class RIVULET_MODELS_EXPORT Engine : public TurnRunner
{
    Q_OBJECT

public:
    /// Makes turns. Built, called and destroyed on the engine thread, so that what it owns (transport,
    /// journal's engine side, credentials) lives there.
    class TurnFactory
    {
    public:
        virtual ~TurnFactory() = default;
        [[nodiscard]] virtual Turn *make(const TurnSpec &spec, QObject *parent) = 0;
        /// A turn with that provider may come soon: see TurnRunner::expect().
        virtual void expect(const Provider &provider) { Q_UNUSED(provider) }
    };

    /// Starts the thread. `makeFactory` is called there.
    explicit Engine(std::function<std::unique_ptr<TurnFactory>()> makeFactory, QObject *parent = nullptr);

    /// Ends every turn (their partials stay in the journal) and the thread.
    ~Engine() override;

    void start(const TurnSpec &spec) override;
    void flush() override;
    void stop(TurnId turn, const Delivered &delivered) override;
    void redirect(TurnId turn, const Delivered &delivered, const TurnSpec &next,
                  const QString &instruction) override;
    void setPaused(TurnId turn, bool paused) override;
    void tryNow(TurnId turn) override;
    void decide(TurnId turn, const ApprovalDecision &decision) override;
    void expect(const Provider &provider) override;

    /// There is a network, or none: see Turn::setOnline().
    void setOnline(bool online);
    /// See Turn::setCaptivePortal().
    void setCaptivePortal(bool behind);
    /// Connections may be dead: see Turn::doubtConnection().
    void doubtConnections();

    /// An object that lives on the engine thread, for other work that belongs there.
    [[nodiscard]] QObject *context() const;

Q_SIGNALS:
    /// Something waits in the mailbox: call flush() with the next frame. Where none is drawn, the engine
    /// flushes by itself after 250 ms.
    void pending();

private:
    class Floor;

    void awaited(Mailbox::Urgency urgency);

    Mailbox m_mailbox;
    QTimer m_withoutFrames;
    QSet<TurnId> m_running;
    QThread m_thread;
    Floor *m_floor;
};

} // namespace rivulet
