// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/chat.h"

#include "app/cli/askoptions.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "app/cli/means.h"
#include "app/cli/nothingkept.h"
#include "app/cli/storage.h"
#include "app/cli/typedlines.h"
#include "app/shell/log.h"
#include "app/shell/wording.h"
#include "models/chat/chatsession.h"
#include "models/engine/engine.h"
#include "net/demo/demoserver.h"
#include "net/turn/turn.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <utility>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

/// Turns of the conversation in the terminal. Engine thread.
class TypedTurns final : public Engine::TurnFactory
{
public:
    TypedTurns(const AskOptions &options, const Provider &provider, const QList<AllowedProgram> &allowed,
               std::unique_ptr<TurnJournal> journal)
        : m_options(options), m_means(options, provider, allowed), m_journal(std::move(journal))
    {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        TurnSpec said = spec;
        said.request.system = m_options.system;
        said.request.options = m_options.options;
        return new Turn(said, m_means.transport(), *m_journal, m_means.credentials(), parent);
    }

private:
    AskOptions m_options;
    Means m_means;
    std::unique_ptr<TurnJournal> m_journal;
};

/// The store without what is being typed elsewhere: the window's words are not the terminal's.
class WithoutDrafts final : public ConversationStore
{
public:
    explicit WithoutDrafts(ConversationStore &store) : m_store(store) {}

    QFuture<StoreResult<QList<ConversationSummary>>> conversations() override
    {
        return m_store.conversations();
    }
    QFuture<StoreResult<QList<ConversationSummary>>> resumable(const QDateTime &oldest) override
    {
        return m_store.resumable(oldest);
    }
    QFuture<StoreResult<QList<Message>>> messages(ConversationId id) override { return m_store.messages(id); }
    QFuture<StoreResult<Unsent>> unsent(ConversationId) override
    {
        return QtFuture::makeReadyValueFuture(StoreResult<Unsent>());
    }
    void putConversation(const ConversationSummary &conversation) override
    {
        m_store.putConversation(conversation);
    }
    void putMessage(const Message &message) override { m_store.putMessage(message); }
    void putUnsent(ConversationId, const Unsent &) override {}
    void removeConversation(ConversationId id) override { m_store.removeConversation(id); }
    StoreHealth health() const override { return m_store.health(); }

private:
    ConversationStore &m_store;
};

/// The conversation between a terminal and a session.
class Chat : public QObject
{
public:
    Chat(const AskOptions &options, Provider provider, const Settings &settings, const Paths &paths);

    /// Runs until the user leaves.
    ExitCode run();

private:
    void begin();
    void take(const QString &line);
    void answer(QStringView word);
    void show(const StreamEvents &events);
    void tellPhase();
    void finish(const Message &message);
    void interrupt();
    void closeLine();
    void leaveWhenDone();
    void leave(ExitCode code);

    AskOptions m_options;
    Provider m_provider;
    DemoServer m_demo;
    std::unique_ptr<Storage> m_storage; ///< null where nothing is kept
    NullStore m_nothing;
    WithoutDrafts m_kept;
    Engine m_engine;
    ChatSession m_session;
    Interrupt m_interrupt;
    std::unique_ptr<TypedLines> m_lines;

    QStringList m_asked; ///< the ids of the questions that wait for an answer, the first one first
    bool m_lineIsOpen = false;
    bool m_isLast = false; ///< nothing more will be typed
};

std::unique_ptr<Storage> storageFor(const AskOptions &options, const Paths &paths)
{
    if (!options.keep)
        return nullptr;
    auto storage = Storage::open(paths);
    if (storage)
        return *std::move(storage);
    printError((options.conversation ? tr("%1 The conversation can not be read from here.")
                                     : tr("%1 The conversation will not be stored."))
                   .arg(storage.error()));
    return nullptr;
}

Chat::Chat(const AskOptions &options, Provider provider, const Settings &settings, const Paths &paths)
    : m_options(options), m_provider(std::move(provider)), m_storage(storageFor(options, paths)),
      m_kept(m_storage ? static_cast<ConversationStore &>(m_storage->store()) : m_nothing),
      m_engine([this, allowed = settings.allowedPrograms] {
          auto journal = m_storage ? m_storage->store().makeJournal() : std::make_unique<NullJournal>();
          return std::make_unique<TypedTurns>(m_options, m_provider, allowed, std::move(journal));
      }),
      m_session(m_engine, m_kept)
{
    connect(&m_session, &ChatSession::delivered, this,
            [this](MessageId, const StreamEvents &events) { show(events); });
    connect(&m_session, &ChatSession::messageEnded, this, &Chat::finish);
    connect(&m_session, &ChatSession::phaseChanged, this, &Chat::tellPhase);
    connect(&m_session, &ChatSession::openFailed, this, [this](const StoreError &error) {
        printError(wordsFor(Mishap(error)).title);
        leave(LocalError);
    });
    connect(&m_engine, &Engine::pending, &m_engine, &Engine::flush);
    connect(&m_interrupt, &Interrupt::requested, this, &Chat::interrupt);
    m_session.setWording([](const NetError &error) { return wordsFor(Mishap(error)).title; });
}

ExitCode Chat::run()
{
    QMetaObject::invokeMethod(this, &Chat::begin, Qt::QueuedConnection);
    return ExitCode(QCoreApplication::exec());
}

void Chat::begin()
{
    if (m_provider.baseUrl.isEmpty() && m_provider.program.isEmpty()) {
        if (!m_demo.start()) {
            printError(tr("the demo server can not listen: %1").arg(m_demo.errorString()));
            leave(LocalError);
            return;
        }
        m_provider.baseUrl = m_demo.baseUrl();
    }
    m_session.setProvider(m_provider);
    const auto listen = [this] {
        m_lines = std::make_unique<TypedLines>();
        connect(m_lines.get(), &TypedLines::typed, this, &Chat::take);
        connect(m_lines.get(), &TypedLines::ended, this, &Chat::leaveWhenDone);
    };
    if (!m_options.conversation) {
        listen();
        return;
    }
    if (!m_storage) {
        leave(LocalError);
        return;
    }
    const ConversationId id{*m_options.conversation};
    m_storage->store().conversations().then(
        this, [this, id, listen](const StoreResult<QList<ConversationSummary>> &loaded) {
            const QList<ConversationSummary> all = loaded.value_or(QList<ConversationSummary>());
            const auto known = std::ranges::find(all, id, &ConversationSummary::id);
            if (known == all.cend()) {
                const StoreError error =
                    loaded ? StoreError{.kind = StoreError::Kind::NotFound, .detail = {}} : loaded.error();
                printError(wordsFor(Mishap(error)).title);
                leave(LocalError);
                return;
            }
            connect(&m_session, &ChatSession::opened, this, listen, Qt::SingleShotConnection);
            m_session.open(*known);
        });
}

void Chat::take(const QString &line)
{
    const QString words = line.trimmed();
    if (words.isEmpty())
        return;
    if (!m_asked.isEmpty()) {
        answer(words);
        return;
    }
    if (m_session.isBusy())
        closeLine();
    (void)m_session.redirect(words);
}

// Whether the tool may run that was asked about.
void Chat::answer(QStringView word)
{
    using Verdict = ChatSession::Verdict;
    const QString asked = m_asked.takeFirst();
    const bool always = word.startsWith(u'a', Qt::CaseInsensitive);
    const bool once = word.startsWith(u'y', Qt::CaseInsensitive);
    m_session.decide(asked, always ? Verdict::AllowAlways : once ? Verdict::AllowOnce : Verdict::Deny);
}

void Chat::show(const StreamEvents &events)
{
    for (const StreamEvent &event : events) {
        if (const auto *text = std::get_if<event::Text>(&event.payload); text && !text->text.isEmpty()) {
            print(forOutput(text->text));
            m_lineIsOpen = !text->text.endsWith(u'\n');
        } else if (const auto *approval = std::get_if<event::Approval>(&event.payload)) {
            closeLine();
            m_asked.append(approval->id);
            printError(
                tr("May %1 run? %2 (y: once, a: always, n: no)").arg(approval->name, approval->arguments));
            if (m_isLast)
                answer({});
        }
    }
}

// Why nothing comes.
void Chat::tellPhase()
{
    if (m_session.phase() == ChatSession::Phase::Retrying
        || m_session.phase() == ChatSession::Phase::Resuming)
        printError(m_session.trouble());
}

void Chat::finish(const Message &message)
{
    closeLine();
    m_asked.clear();
    Notice notice;
    if (message.state == Message::State::Failed && message.error)
        notice = wordsFor(Mishap(*message.error));
    else if (message.state != Message::State::Complete && message.state != Message::State::Redirected)
        notice = wordsFor(Mishap(message.state));
    else if (message.state == Message::State::Complete)
        notice = wordsFor(Mishap(message.finish));
    if (!notice.title.isEmpty())
        printError(notice.title + u' ' + notice.advice
                   + (notice.details.isEmpty() ? QString() : u'\n' + notice.details));
    if (m_isLast && message.state != Message::State::Redirected)
        leave(message.state == Message::State::Complete      ? Done
                  : message.state == Message::State::Stopped ? Stopped
                  : message.state == Message::State::CutOff  ? Incomplete
                                                             : Failed);
}

void Chat::interrupt()
{
    if (!m_session.isBusy()) {
        leave(Stopped);
        return;
    }
    m_interrupt.listenAgain();
    m_session.stop();
}

void Chat::closeLine()
{
    if (std::exchange(m_lineIsOpen, false))
        print("\n");
}

// The last words are still answered.
void Chat::leaveWhenDone()
{
    m_isLast = true;
    while (!m_asked.isEmpty())
        answer({});
    if (!m_session.isBusy())
        leave(Done);
}

void Chat::leave(ExitCode code)
{
    m_lines.reset();
    if (m_storage)
        m_storage->exitOnceWritten(code, tr("The conversation is not stored. %1"));
    else
        QCoreApplication::exit(code);
}

} // namespace

ExitCode runChat(const QStringList &arguments)
{
    const auto options = AskOptions::parse(arguments, AskOptions::Form::Conversation);
    if (!options)
        return options.error();
    const Paths paths = userPaths();
    const Settings settings = settingsFor(*options, paths);
    const auto provider = providerOf(*options, settings);
    if (!provider) {
        printError(provider.error());
        return LocalError;
    }
    if (options->keep)
        (void)createFolders(paths);
    const Log log(paths.log, u"rivulet-cli"_s, {.files = options->keep ? 4 : 0, .echo = QtCriticalMsg});
    return Chat(*options, *provider, settings, paths).run();
}

} // namespace rivulet::cli
