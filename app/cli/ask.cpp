// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/ask.h"

#include "app/cli/askoptions.h"
#include "app/cli/console.h"
#include "app/cli/eventjson.h"
#include "app/cli/interrupt.h"
#include "app/cli/means.h"
#include "app/cli/metricsjson.h"
#include "app/cli/nothingkept.h"
#include "app/cli/storage.h"
#include "app/cli/summary.h"
#include "app/shell/log.h"
#include "app/shell/paths.h"
#include "app/shell/redaction.h"
#include "app/shell/wording.h"
#include "models/chat/history.h"
#include "models/chat/messagetree.h"
#include "net/demo/demoserver.h"
#include "net/providers/pricetable.h"
#include "net/providers/provider.h"
#include "net/turn/turn.h"
#include "net/wire/approvaldecision.h"
#include "net/wire/logging.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

// Some servers repeat a wrong key in their complaint.
StreamEvent withoutSecrets(StreamEvent event)
{
    if (auto *failed = std::get_if<event::Failed>(&event.payload))
        failed->error.message = redacted(failed->error.message);
    return event;
}

QString promptFromStandardInput()
{
    QFile input;
    return input.open(stdin, QIODevice::ReadOnly) ? QString::fromUtf8(input.readAll()).trimmed() : QString();
}

/// One run of the command: the parts, and the turn that goes through them. All on the main thread, which
/// stands for the engine's: there is no window to keep alive.
class Ask : public QObject
{
public:
    Ask(AskOptions options, Provider provider, QList<AllowedProgram> allowedPrograms, const Paths &paths);

    /// Runs to the end of the answer.
    ExitCode run();

private:
    void begin();
    void goOnWith(ConversationId id);
    void ask(QList<Message> before);
    void tellWait(const TurnStatus &status);
    void take(const StreamEvents &events);
    void deny(const event::Approval &approval);
    void show(const StreamEvent &event);
    void stop();
    void end(const TurnOutcome &outcome);
    void leave(ExitCode code);

    AskOptions m_options;
    Provider m_provider;
    DemoServer m_demo;
    std::unique_ptr<Storage> m_storage; ///< null where nothing is kept
    std::unique_ptr<TurnJournal> m_journal;
    Means m_means;
    Interrupt m_interrupt;

    ConversationSummary m_conversation;
    Summary m_summary;
    Message m_answer;          ///< as far as it was shown
    bool m_lineIsOpen = false; ///< text was printed that does not end its line
    QObject m_floor;           ///< owns the turn and the calls it leaves behind
    Turn *m_turn = nullptr;
};

Ask::Ask(AskOptions options, Provider provider, QList<AllowedProgram> allowedPrograms, const Paths &paths)
    : m_options(std::move(options)), m_provider(std::move(provider)),
      m_means(m_options, m_provider, std::move(allowedPrograms))
{
    if (m_options.keep) {
        if (auto storage = Storage::open(paths)) {
            m_storage = *std::move(storage);
            m_journal = m_storage->store().makeJournal();
        } else {
            printError((m_options.conversation ? tr("%1 The conversation can not be read from here.")
                                               : tr("%1 The answer will not be stored."))
                           .arg(storage.error()));
        }
    }
    if (!m_journal)
        m_journal = std::make_unique<NullJournal>();

    connect(&m_interrupt, &Interrupt::requested, this, &Ask::stop);
}

ExitCode Ask::run()
{
    QMetaObject::invokeMethod(this, &Ask::begin, Qt::QueuedConnection);
    return ExitCode(QCoreApplication::exec());
}

void Ask::begin()
{
    if (m_provider.baseUrl.isEmpty() && m_provider.program.isEmpty()) {
        if (!m_demo.start()) {
            printError(tr("the demo server can not listen: %1").arg(m_demo.errorString()));
            leave(LocalError);
            return;
        }
        m_provider.baseUrl = m_demo.baseUrl();
    }
    if (m_options.conversation)
        goOnWith(ConversationId{*m_options.conversation});
    else
        ask({});
}

void Ask::goOnWith(ConversationId id)
{
    const auto failed = [this](const StoreError &error) {
        printError(wordsFor(Mishap(error)).title);
        leave(LocalError);
    };
    if (!m_storage) {
        leave(LocalError);
        return;
    }
    m_storage->store().conversations().then(
        this, [this, id, failed](const StoreResult<QList<ConversationSummary>> &loaded) {
            if (!loaded)
                return failed(loaded.error());
            const auto known = std::ranges::find(*loaded, id, &ConversationSummary::id);
            if (known == loaded->end())
                return failed({.kind = StoreError::Kind::NotFound, .detail = {}});
            m_conversation = *known;
            m_storage->store().messages(id).then(this,
                                                 [this, failed](const StoreResult<QList<Message>> &messages) {
                                                     if (messages)
                                                         ask(MessageTree(*messages).branch());
                                                     else
                                                         failed(messages.error());
                                                 });
        });
}

// Says the prompt after what was said before, and starts the answer.
void Ask::ask(QList<Message> before)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (m_conversation.id == ConversationId{}) {
        m_conversation = {.id = ConversationId{nextId()},
                          .title = titleFrom(m_options.prompt),
                          .created = now,
                          .changed = now};
    }
    m_conversation.changed = now;
    const Message said{.id = MessageId{nextId()},
                       .conversation = m_conversation.id,
                       .parent = before.isEmpty() ? std::nullopt : std::optional(before.constLast().id),
                       .role = ChatRole::User,
                       .parts = {TextPart{m_options.prompt}},
                       .created = now};
    const Message answer{.id = MessageId{nextId()},
                         .conversation = m_conversation.id,
                         .parent = said.id,
                         .role = ChatRole::Assistant,
                         .state = Message::State::Streaming,
                         .provider = m_provider.name,
                         .providerId = m_provider.id,
                         .dialect = dialectName(m_provider),
                         .model = m_provider.model,
                         .created = now};
    if (m_storage) {
        m_storage->store().putConversation(m_conversation);
        m_storage->store().putMessage(said);
        m_storage->store().putMessage(answer);
    }

    before.append(said);
    m_answer = answer;
    ChatRequest request = requestFor(before, answer);
    request.system = m_options.system;
    request.options = m_options.options;
    m_turn = new Turn({.id = turnOf(answer.id), .provider = m_provider, .request = std::move(request)},
                      m_means.transport(), *m_journal, m_means.credentials(), &m_floor);
    connect(m_turn, &Turn::phaseChanged, this, &Ask::tellWait);
    connect(m_turn, &Turn::events, this, &Ask::take);
    connect(m_turn, &Turn::ended, this, &Ask::end);
    m_turn->start();
}

// Why nothing comes, and for how long.
void Ask::tellWait(const TurnStatus &status)
{
    if (status.phase != TurnPhase::Waiting || !status.reason)
        return;
    const std::chrono::duration<double> wait = status.wait;
    printError(tr("%1 Trying again in %2 s …")
                   .arg(wordsFor(Mishap(*status.reason)).title, QString::number(wait.count(), 'f', 1)));
}

void Ask::take(const StreamEvents &events)
{
    for (const StreamEvent &event : events) {
        apply(m_answer, event);
        show(withoutSecrets(event));
        if (const auto *approval = std::get_if<event::Approval>(&event.payload))
            deny(*approval);
    }
}

// There is nobody to ask, and what nobody allowed is not done.
void Ask::deny(const event::Approval &approval)
{
    printError(tr("the agent asked to use %1, which \"ask\" never allows").arg(approval.name));
    (void)m_turn->decide({.id = approval.id, .reason = u"Nobody is there who could allow it."_s});
}

void Ask::show(const StreamEvent &event)
{
    m_summary.add(event);
    if (m_options.output == Output::Events)
        printLine(toJson(event));
    const auto *text = std::get_if<event::Text>(&event.payload);
    if (!text || text->text.isEmpty())
        return;
    if (m_options.output == Output::Text) {
        print(forOutput(text->text));
        m_lineIsOpen = !text->text.endsWith(u'\n');
    }
}

void Ask::stop()
{
    if (m_turn)
        m_turn->stop(deliveredOf(m_answer));
    else
        leave(Stopped);
}

void Ask::end(const TurnOutcome &outcome)
{
    if (outcome.end == TurnEnd::Stopped)
        show({.payload = event::Finished{FinishReason::Stopped}, .agent = {}});
    else if (outcome.error && !m_summary.error())
        show(withoutSecrets({.payload = event::Failed{*outcome.error}, .agent = {}}));

    if (m_options.output == Output::Summary)
        printLine(m_summary.toJson(
            outcome.endMarker,
            toJson(outcome.metrics, priceTable().cost(m_provider, m_answer.model, m_answer.usage))));
    if (m_lineIsOpen)
        print("\n");
    const auto tell = [this](const Notice &notice) {
        if (m_options.output == Output::Text && !notice.title.isEmpty())
            printError(notice.title + u' ' + notice.advice
                       + (notice.details.isEmpty() ? QString() : u'\n' + notice.details));
    };

    switch (outcome.end) {
    case TurnEnd::Stopped:
    case TurnEnd::Redirected:
        leave(Stopped);
        return;
    case TurnEnd::Failed:
        tell(wordsFor(Mishap(outcome.error.value_or(NetError{}))));
        leave(Failed);
        return;
    case TurnEnd::CutOff:
        tell(outcome.error ? wordsFor(Mishap(*outcome.error)) : wordsFor(Mishap(Message::State::CutOff)));
        leave(Incomplete);
        return;
    case TurnEnd::Complete:
        tell(wordsFor(Mishap(outcome.reason)));
        leave(outcome.endMarker ? Done : Incomplete);
        return;
    }
}

void Ask::leave(ExitCode code)
{
    if (m_storage)
        m_storage->exitOnceWritten(code, tr("The answer is not stored. %1"));
    else
        QCoreApplication::exit(code);
}

} // namespace

ExitCode runAsk(const QStringList &arguments)
{
    auto options = AskOptions::parse(arguments);
    if (!options)
        return options.error();
    const Paths paths = userPaths();
    const Settings settings = settingsFor(*options, paths);
    const auto provider = providerOf(*options, settings);
    if (!provider) {
        printError(provider.error());
        return LocalError;
    }
    if (options->prompt.isEmpty())
        options->prompt = promptFromStandardInput();
    if (options->prompt.isEmpty()) {
        printError(tr("there is nothing to ask: give a PROMPT, or write it to standard input"));
        return LocalError;
    }
    if (options->keep)
        (void)createFolders(paths);
    const Log log(paths.log, u"rivulet-cli"_s, {.files = options->keep ? 4 : 0, .echo = QtCriticalMsg});
    return Ask(*std::move(options), *provider, settings.allowedPrograms, paths).run();
}

} // namespace rivulet::cli
