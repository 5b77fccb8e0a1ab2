// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/processtransport.h"

#include "net/framing/limits.h"
#include "net/transport/limitedcall.h"
#include "net/transport/processtree.h"
#include "net/transport/programconsent.h"
#include "net/transport/requestrules.h"

#include <QtCore/qpointer.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// One turn of the event loop signals this many pieces at most, so that a flood starves nobody.
constexpr int PiecesAtOnce = 16;

// Standard error is for terminals: colours and cursor movements mean nothing here.
QString plainText(const QByteArray &words)
{
    QString text = QString::fromUtf8(words);
    static const QRegularExpression sequences(
        u"\\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]*(\\x07|\\x1b\\\\)?|.)"_s);
    text.remove(sequences);
    text.removeIf(
        [](QChar c) { return (c < u' ' && c != u'\n' && c != u'\t') || (c >= u'\x7f' && c < u'\xa0'); });
    return text.trimmed();
}

class ProcessCall final : public LimitedCall
{
public:
    ProcessCall(ProcessRequest request, const TransportTimeouts &timeouts, QObject *parent)
        : LimitedCall(timeouts, parent), m_request(std::move(request))
    {}

    ~ProcessCall() override { abort(); }

    void askAndRun(ProgramConsent &consent, std::chrono::milliseconds grace, QObject *trees)
    {
        const QPointer<QObject> owner(trees);
        consent.ask(m_request, this, [this, grace, owner](bool allowed) {
            if (isOver() || m_tree)
                return;
            if (allowed && owner)
                run(new ProcessTree(grace, owner));
            else
                refuse({.kind = NetError::Kind::Refused,
                        .code = transportcode::ProgramNotAllowed,
                        .message = u"It was not allowed to run "_s + m_request.program});
        });
    }

    void abort() override { leave(); }

    void send(const ConnectionMessage &message) override
    {
        if (isOver() || m_inputClosed)
            return;
        if (m_tree)
            m_tree->write(message.text);
        else
            m_request.lines.append(message.text);
    }

    void pause() override
    {
        LimitedCall::pause();
        if (m_tree)
            m_tree->setReading(false);
    }

    void resume() override
    {
        LimitedCall::resume();
        if (m_tree)
            m_tree->setReading(true);
    }

private:
    struct Exit
    {
        int code;
        bool crashed;
    };

    void run(ProcessTree *tree)
    {
        m_tree = tree;
        // Queued, so that nothing is signalled from inside a caller's open().
        connect(m_tree, &ProcessTree::started, this, &ProcessCall::start, Qt::QueuedConnection);
        connect(m_tree, &ProcessTree::readyRead, this, &ProcessCall::advance);
        connect(
            m_tree, &ProcessTree::startFailed, this,
            [this](const QString &reason) {
                if (!isOver())
                    fail({.kind = NetError::Kind::Refused,
                          .code = transportcode::ProgramNotStarted,
                          .message = reason.left(qsizetype(limits::errorMessage))});
            },
            Qt::QueuedConnection);
        connect(
            m_tree, &ProcessTree::exited, this,
            [this](int code, bool crashed) {
                m_exit = Exit{.code = code, .crashed = crashed};
                advance();
            },
            Qt::QueuedConnection);
        awaitBegin();
        m_tree->setReading(!isPaused());
        m_tree->start(m_request);
    }

    void start()
    {
        if (isOver() || !begin())
            return;
        for (const QByteArray &line : std::exchange(m_request.lines, {}))
            m_tree->write(line);
        if (m_request.closeInput) {
            m_inputClosed = true;
            m_tree->closeInput();
        }
        Q_EMIT opened();
    }

    void advance() override
    {
        const QPointer<ProcessCall> self(this);
        if (isOver() || !m_tree)
            return;
        // A program may have written and left before its start was told.
        if (!hasBegun() && m_exit)
            start();
        if (!self || isOver() || !hasBegun())
            return;
        for (int piece = 0; self && !isOver() && !isPaused(); ++piece) {
            if (piece == PiecesAtOnce) {
                // The pipe tells again by itself, but not once its program has ended and another holds it.
                if (m_exit)
                    QMetaObject::invokeMethod(this, &ProcessCall::advance, Qt::QueuedConnection);
                return;
            }
            const QByteArray arrived = m_tree->read();
            if (arrived.isEmpty())
                break;
            noteLife();
            Q_EMIT bytes(arrived, arrived.size());
        }
        if (!self || isOver())
            return;
        if (isPaused() && m_tree->unreadBytes() > qint64(limits::undelivered)) {
            fail({.kind = NetError::Kind::TooLarge,
                  .message = u"The program writes faster than it is read"_s});
            return;
        }
        if (m_exit && !isPaused())
            end();
    }

    void end()
    {
        if (!m_exit->crashed && m_exit->code == 0) {
            finish();
            return;
        }
        const QString ending = m_exit->crashed
            ? u"%1 was ended by signal %2"_s.arg(m_request.program).arg(m_exit->code)
            : u"%1 left with code %2"_s.arg(m_request.program).arg(m_exit->code);
        const QString words = plainText(m_tree->lastWords());
        const qsizetype room = qsizetype(limits::errorMessage) - ending.size() - 2;
        fail({.kind = NetError::Kind::Server,
              .code = m_exit->crashed ? transportcode::ProgramCrashed : transportcode::ProgramFailed,
              .message =
                  words.isEmpty() ? ending : ending + u":\n"_s + words.right(std::max<qsizetype>(0, room))});
    }

    void expire() override
    {
        fail({.kind = NetError::Kind::Timeout,
              .code = hasBegun() ? transportcode::Silent : transportcode::NoAnswer,
              .message = hasBegun() ? u"The program fell silent"_s : u"The program did not start"_s});
    }

    // The tree ends by itself, and outlives this call if it must.
    void release() override
    {
        if (m_tree) {
            m_tree->disconnect(this);
            m_tree->end();
            m_tree.clear();
        }
    }

    ProcessRequest m_request;
    QPointer<ProcessTree> m_tree; ///< gone with its transport
    std::optional<Exit> m_exit;
    bool m_inputClosed = false;
};

} // namespace

ProcessTransport::ProcessTransport(ProgramConsent *consent, std::chrono::milliseconds grace)
    : m_consent(consent), m_grace(grace), m_trees(std::make_unique<QObject>())
{}

ProcessTransport::~ProcessTransport() = default;

TransportCall *ProcessTransport::open(const ExchangeRequest &exchange, const TransportTimeouts &timeouts,
                                      QObject *parent)
{
    const auto *request = std::get_if<ProcessRequest>(&exchange);
    auto *call = new ProcessCall(request ? *request : ProcessRequest(), timeouts, parent);
    if (!request) {
        call->refuse({.kind = NetError::Kind::Refused,
                      .code = transportcode::NotCarried,
                      .message = u"This is not a program"_s});
    } else if (const auto refusal = refusalOf(*request)) {
        call->refuse(*refusal);
    } else if (!m_consent) {
        call->refuse({.kind = NetError::Kind::Refused,
                      .code = transportcode::ProgramNotAllowed,
                      .message = u"Programs are not run here"_s});
    } else {
        call->askAndRun(*m_consent, m_grace, m_trees.get());
    }
    return call;
}

} // namespace rivulet
