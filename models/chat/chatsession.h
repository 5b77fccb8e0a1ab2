// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/chat/message.h"
#include "models/chat/messagequeue.h"
#include "models/chat/messagetree.h"
#include "models/export.h"
#include "net/providers/provider.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

class TurnRunner;

/// The open conversation: holds its messages, and carries out what the user wants of it. GUI thread.
///
/// The verbs mean what the architecture says: send() starts a turn while idle and queues while one runs,
/// stop() ends it at once and keeps what was delivered, redirect() gives it another course, retry() and
/// edit() make siblings, goOn() continues a partial. Everything it shows, it has first handed to the store.
///
/// A conversation that is left goes on: its answer is written to its end, and its queue is sent.
class RIVULET_MODELS_EXPORT ChatSession : public QObject
{
    Q_OBJECT
    Q_PROPERTY(qint64 conversation READ conversation NOTIFY conversationChanged FINAL)
    Q_PROPERTY(QString title READ title NOTIFY titleChanged FINAL)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY emptyChanged FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY loadingChanged FINAL)
    Q_PROPERTY(Phase phase READ phase NOTIFY phaseChanged FINAL)
    Q_PROPERTY(bool busy READ isBusy NOTIFY phaseChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused NOTIFY phaseChanged FINAL)
    Q_PROPERTY(QDateTime phaseSince READ phaseSince NOTIFY phaseChanged FINAL)
    Q_PROPERTY(QDateTime retryAt READ retryAt NOTIFY phaseChanged FINAL)
    Q_PROPERTY(QString trouble READ trouble NOTIFY phaseChanged FINAL)
    Q_PROPERTY(bool standIn READ isStandIn NOTIFY phaseChanged FINAL)
    Q_PROPERTY(bool continuable READ isContinuable NOTIFY phaseChanged FINAL)
    Q_PROPERTY(rivulet::MessageQueue *queue READ queue NOTIFY conversationChanged FINAL)
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged FINAL)
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
        Paused,     ///< the user holds the answer back
        Stalled,    ///< the connection is there, but for a while nothing came
        Retrying,   ///< the connection is lost or the server busy; it is tried again at retryAt()
        Offline,    ///< the connection is lost; it is tried again as soon as there is a network
        Resuming,   ///< the connection is lost, and the answer is being joined again where it broke
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

    /// Says in a few words what went wrong.
    using Wording = std::function<QString(const NetError &error)>;

    /// The provider of that id, as it is set up now; empty where there is none.
    using Providers = std::function<std::optional<Provider>(const QString &id)>;

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
    /// The user holds the running answer back, whatever its phase.
    [[nodiscard]] bool isPaused() const;
    [[nodiscard]] QDateTime phaseSince() const;
    /// While Retrying: when it is tried again, UTC.
    [[nodiscard]] QDateTime retryAt() const;
    /// While Retrying, Offline or Resuming: why, in the words of setWording(). While isStandIn(): why the
    /// other one did not answer.
    [[nodiscard]] QString trouble() const;
    /// The running answer is that of its provider's fallback.
    [[nodiscard]] bool isStandIn() const;
    /// Whether goOn() has something to go on from.
    [[nodiscard]] bool isContinuable() const;
    /// What waits to be sent in the open conversation; never null. Valid until another one is open.
    [[nodiscard]] MessageQueue *queue() const;
    /// What is being typed in the open conversation. It is kept, over restarts too, until it is set to
    /// nothing.
    [[nodiscard]] QString draft() const;
    void setDraft(const QString &text);
    /// About 4 characters a token, over the time since the first delta; 0 while nothing was delivered.
    [[nodiscard]] double tokensPerSecond() const;
    /// Who answers what is sent; while isStandIn(), who answers now.
    [[nodiscard]] QString providerName() const;
    [[nodiscard]] QString model() const;
    /// The open conversation's messages on the shown branch. The last one is as of its last event.
    [[nodiscard]] QList<Message> messages() const;
    /// Which of its siblings a shown message is.
    [[nodiscard]] BranchPlace placeOf(MessageId id) const;
    /// Whether an answer is running in any conversation.
    [[nodiscard]] bool isAnyRunning() const;
    /// Whether an answer is running in that conversation, open or not.
    [[nodiscard]] bool isRunning(ConversationId conversation) const;

    /// Who answers from the next send() on.
    void setProvider(const Provider &provider);
    void setWording(Wording wording);
    /// Where fallbacks are looked up, and who gave the answers that are to be joined again. Call it first.
    void setProviders(Providers find);
    /// Joins the streams again that broke off when the program ended, a day ago at most, and where nobody
    /// went on from them: their conversations run as others do. Once, at the start.
    void joinInterrupted();

    /// Leaves the open conversation, whose running turn goes on, and shows an empty one.
    Q_INVOKABLE void startNew();
    /// Leaves the open conversation, whose running turn goes on, and loads that one from the store. Where a
    /// `message` of it is named, the branch with it is shown, and revealed() says when; but no other branch
    /// takes the place of an answer that is being written. It is read from then on.
    void open(const ConversationSummary &conversation, std::optional<MessageId> message = std::nullopt);

    /// The conversation is about to be deleted: stops what runs in it, and leaves it where it is open.
    void forget(ConversationId conversation);
    /// Gives the conversation another title or other marks.
    void update(const ConversationSummary &conversation);

    /// A message is being written: lets the engine prepare for it. Nothing is sent. Does nothing while busy.
    Q_INVOKABLE void expectMessage();
    /// Says `text` and starts the answer; while one is being written, puts it into the queue. False, and
    /// nothing done, where `text` is blank or the conversation is being read.
    Q_INVOKABLE bool send(const QString &text);
    /// Gives the running answer another course: what was delivered of it is kept, and the answer to `text`
    /// follows. The same as send() where nothing runs.
    Q_INVOKABLE bool redirect(const QString &text);
    /// Stops the running answer: nothing that arrives later is shown, what was delivered is kept. The queue
    /// is held.
    Q_INVOKABLE void stop();
    /// Holds the running answer back, or lets it come again.
    Q_INVOKABLE void setPaused(bool paused);
    /// Tries now what would be tried at retryAt().
    Q_INVOKABLE void tryNow();
    /// Lets a held queue go, and sends its first message where nothing runs.
    Q_INVOKABLE void sendQueued();
    /// Answers a question of the running answer whether a tool may run, by the id of its event::Approval.
    /// Does nothing where that is not asked, or answered already.
    Q_INVOKABLE void decide(const QString &approvalId, Verdict verdict);
    /// Asks for the last answer again, as a sibling of the one that is there. Not while busy.
    Q_INVOKABLE void retry();
    /// Goes on from the partial answer: joins its stream again where that may be possible, and else asks the
    /// model to go on, in a message of its own below it.
    Q_INVOKABLE void goOn();
    /// Says `text` in place of the shown message `id` of the user's, as a sibling of it, and starts the
    /// answer. A running answer is stopped first. False, and nothing done, where `text` is blank or there is
    /// no such message.
    Q_INVOKABLE bool edit(qint64 id, const QString &text);
    /// The words of the shown message `id`, to be edited.
    Q_INVOKABLE [[nodiscard]] QString textOf(qint64 id) const;
    /// Shows the sibling of message `id` that stands `step` places after it, with what follows it. Not while
    /// busy.
    Q_INVOKABLE void showSibling(qint64 id, int step);

Q_SIGNALS:
    void conversationChanged();
    void titleChanged();
    void emptyChanged();
    void loadingChanged();
    void phaseChanged();
    void tokensPerSecondChanged();
    void providerChanged();
    /// The draft is another one than was set by setDraft(): another conversation is open.
    void draftChanged();

    /// Another conversation is open; these are its messages.
    void opened(const QList<rivulet::Message> &messages);
    /// The message that open() was asked for is among those shown.
    void revealed(qint64 message);
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
    /// A conversation was made, has another title or other marks, or got a new message. One whose answer
    /// ended by itself while another was open is unread.
    void conversationTouched(const rivulet::ConversationSummary &conversation);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
