// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/chat/message.h"
#include "models/export.h"
#include "net/providers/provider.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <functional>
#include <memory>

namespace rivulet {

class TurnRunner;

/// The open conversation: holds its messages, and carries out what the user wants of it. GUI thread.
///
/// The verbs mean what the architecture says: send() starts a turn while idle, stop() ends it at once and
/// keeps what was delivered, retry() asks again. Everything it shows, it has first handed to the store.
class RIVULET_MODELS_EXPORT ChatSession : public QObject
{
    Q_OBJECT
    Q_PROPERTY(qint64 conversation READ conversation NOTIFY conversationChanged FINAL)
    Q_PROPERTY(QString title READ title NOTIFY titleChanged FINAL)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY emptyChanged FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY loadingChanged FINAL)
    Q_PROPERTY(Phase phase READ phase NOTIFY phaseChanged FINAL)
    Q_PROPERTY(bool busy READ isBusy NOTIFY phaseChanged FINAL)
    Q_PROPERTY(QDateTime phaseSince READ phaseSince NOTIFY phaseChanged FINAL)
    Q_PROPERTY(double tokensPerSecond READ tokensPerSecond NOTIFY tokensPerSecondChanged FINAL)
    Q_PROPERTY(QString providerName READ providerName NOTIFY providerChanged FINAL)
    Q_PROPERTY(QString model READ model NOTIFY providerChanged FINAL)

public:
    /// What the open conversation is doing; the status line puts it in words.
    enum class Phase {
        Idle,       ///< nothing runs, and the last answer (if any) is complete
        Connecting, ///< from send() until the server accepted the request
        Waiting,    ///< accepted, nothing delivered yet
        Working,    ///< tools or agents are at work, and no text arrives
        Asking,     ///< it goes on once the user has answered whether a tool may run
        Thinking,   ///< reasoning arrives
        Writing,    ///< text arrives
        Stopped,    ///< nothing runs; the last answer was stopped by the user
        CutOff,     ///< nothing runs; the last answer ended without its end marker
        Failed,     ///< nothing runs; the last answer failed
    };
    Q_ENUM(Phase)

    /// What the user says to a question whether a tool may run.
    enum class Verdict { AllowOnce, AllowAlways, Deny };
    Q_ENUM(Verdict)

    /// Tells the time, in UTC; tests bring their own.
    using Clock = std::function<QDateTime()>;

    /// Neither is owned; both outlive the session.
    ChatSession(TurnRunner &runner, ConversationStore &store, QObject *parent = nullptr,
                Clock clock = &QDateTime::currentDateTimeUtc);
    ~ChatSession() override;

    /// The id of the open conversation, 0 for a new one that has no message yet.
    [[nodiscard]] qint64 conversation() const;
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool isEmpty() const;
    /// The conversation is being read from the store.
    [[nodiscard]] bool isLoading() const;
    [[nodiscard]] Phase phase() const;
    [[nodiscard]] bool isBusy() const;
    [[nodiscard]] QDateTime phaseSince() const;
    /// About 4 characters a token, over the time since the first delta; 0 while nothing was delivered.
    [[nodiscard]] double tokensPerSecond() const;
    [[nodiscard]] QString providerName() const;
    [[nodiscard]] QString model() const;
    /// The open conversation's messages on the shown branch. The last one is as of its last event.
    [[nodiscard]] QList<Message> messages() const;
    /// Whether an answer is running in that conversation, open or not.
    [[nodiscard]] bool isRunning(ConversationId conversation) const;

    /// Who answers from the next send() on.
    void setProvider(const Provider &provider);

    /// Leaves the open conversation, whose running turn goes on, and shows an empty one.
    Q_INVOKABLE void startNew();
    /// Leaves the open conversation, whose running turn goes on, and loads that one from the store.
    void open(const ConversationSummary &conversation);

    /// The conversation is about to be deleted: stops what runs in it, and leaves it where it is open.
    void forget(ConversationId conversation);
    /// Gives the conversation another title.
    void rename(const ConversationSummary &conversation);

    /// A message is being written: lets the engine prepare for it. Nothing is sent. Does nothing while busy.
    Q_INVOKABLE void expectMessage();
    /// Says `text` and starts the answer. False, and nothing done, while busy or where `text` is blank.
    Q_INVOKABLE bool send(const QString &text);
    /// Stops the running answer: nothing that arrives later is shown, what was delivered is kept.
    Q_INVOKABLE void stop();
    /// Answers a question of the running answer whether a tool may run, by the id of its event::Approval.
    /// Does nothing where that is not asked, or answered already.
    Q_INVOKABLE void decide(const QString &approvalId, Verdict verdict);
    /// Asks for the last answer again, as a sibling of the one that is there. Not while busy.
    Q_INVOKABLE void retry();

Q_SIGNALS:
    void conversationChanged();
    void titleChanged();
    void emptyChanged();
    void loadingChanged();
    void phaseChanged();
    void tokensPerSecondChanged();
    void providerChanged();

    /// Another conversation is open; these are its messages.
    void opened(const QList<rivulet::Message> &messages);
    /// The conversation could not be read.
    void openFailed(const rivulet::StoreError &error);
    void messageAdded(const rivulet::Message &message);
    /// More of message `id` was delivered. At most once a frame.
    void delivered(rivulet::MessageId id, const rivulet::StreamEvents &events);
    /// The message's turn is over: its state, error and usage are final.
    void messageEnded(const rivulet::Message &message);
    /// A question of message `id` whether a tool may run was answered.
    void decided(rivulet::MessageId id, const QString &approvalId, rivulet::ApprovalPart::Answer answer);
    void runningChanged(rivulet::ConversationId conversation, bool running);
    /// A conversation was made, renamed or got a new message.
    void conversationTouched(const rivulet::ConversationSummary &conversation);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
