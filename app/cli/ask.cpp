// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/ask.h"

#include "app/cli/askoptions.h"
#include "app/cli/console.h"
#include "app/cli/eventjson.h"
#include "app/cli/interrupt.h"
#include "app/cli/metricsjson.h"
#include "app/cli/storage.h"
#include "app/cli/summary.h"
#include "app/shell/keychainsecretstore.h"
#include "app/shell/log.h"
#include "app/shell/paths.h"
#include "app/shell/providercredentials.h"
#include "app/shell/redaction.h"
#include "app/shell/settings.h"
#include "app/shell/storednetworksecrets.h"
#include "app/shell/wording.h"
#include "models/chat/history.h"
#include "models/chat/messagetree.h"
#include "net/demo/demoserver.h"
#include "net/dialects/dialect.h"
#include "net/providers/presets.h"
#include "net/providers/pricetable.h"
#include "net/providers/provider.h"
#include "net/transport/programconsent.h"
#include "net/transport/transportswitch.h"
#include "net/turn/turn.h"
#include "net/wire/logging.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <utility>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

/// Keeps nothing, and is ready at once.
class NullJournal final : public TurnJournal
{
public:
    void begin(TurnId, std::function<void()> ready) override
    {
        QMetaObject::invokeMethod(&m_context, std::move(ready), Qt::QueuedConnection);
    }
    void append(TurnId, const StreamEvents &, const std::optional<ResumeToken> &) override {}
    void handOver(TurnId, const Provider &) override {}
    void finish(TurnId, const TurnOutcome &) override {}

private:
    QObject m_context;
};

/// The one key that the command line named, or none.
class NamedKey final : public CredentialSource
{
public:
    explicit NamedKey(const QString &variable) : m_key(qgetenv(qPrintable(variable)).trimmed())
    {
        addLiveSecret(m_key.bytes());
    }

    void key(const Provider &, QObject *context, Done done) override
    {
        QMetaObject::invokeMethod(
            context, [key = m_key, done = std::move(done)] { done(key.bytes()); }, Qt::QueuedConnection);
    }

private:
    Secret m_key;
};

/// Typing a command is the consent to it.
class TypedConsent final : public ProgramConsent
{
public:
    void ask(const ProcessRequest &, QObject *context, std::function<void(bool allowed)> done) override
    {
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done(true); }, Qt::QueuedConnection);
    }
};

/// What was allowed in the window holds here, too; nobody is asked.
class RememberedConsent final : public ProgramConsent
{
public:
    explicit RememberedConsent(QList<AllowedProgram> allowed) : m_allowed(std::move(allowed)) {}

    void ask(const ProcessRequest &request, QObject *context, std::function<void(bool allowed)> done) override
    {
        const bool allowed = m_allowed.contains(allowedProgramOf(request));
        if (!allowed) {
            printError(tr("%1 prints this provider's key, and nobody has allowed it to run: test the "
                          "connection in the window's settings")
                           .arg(request.program));
        }
        QMetaObject::invokeMethod(
            context, [allowed, done = std::move(done)] { done(allowed); }, Qt::QueuedConnection);
    }

private:
    QList<AllowedProgram> m_allowed;
};

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
    std::unique_ptr<KeychainSecretStore> m_secrets; ///< null where the key comes by a variable of its own
    std::unique_ptr<StoredNetworkSecrets> m_networkSecrets;
    TypedConsent m_consent;
    RememberedConsent m_keyConsent;
    std::unique_ptr<Transport> m_network;
    std::unique_ptr<CredentialSource> m_credentials;
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
      m_secrets(m_options.dialect || !m_options.keyVariable.isEmpty() ? nullptr : makeSecretStore()),
      m_networkSecrets(m_secrets ? std::make_unique<StoredNetworkSecrets>(*m_secrets) : nullptr),
      m_keyConsent(std::move(allowedPrograms)),
      m_network(makeTransport(m_options.program.isEmpty() ? nullptr : &m_consent, m_networkSecrets.get()))
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

    if (m_secrets) {
        if (const auto preset = presetById(m_provider.id); preset && !preset->keyVariable.isEmpty())
            m_secrets->setVariable(secretNameOf(preset->provider), preset->keyVariable);
        // A terminal may be on another computer than the browser: whoever reads it opens the page.
        const auto openBrowser = [](const QUrl &page) {
            printError(tr("open this page in a browser on this computer to sign in: %1")
                           .arg(page.toString(QUrl::FullyEncoded)));
        };
        m_credentials =
            std::make_unique<ProviderCredentials>(*m_secrets, *m_network, openBrowser, &m_keyConsent);
    } else {
        m_credentials = std::make_unique<NamedKey>(m_options.keyVariable);
    }
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
                      *m_network, *m_journal, *m_credentials, &m_floor);
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

// What was written before is answered after it: then all is on the disk, or it is known that it is not.
void Ask::leave(ExitCode code)
{
    if (!m_storage) {
        QCoreApplication::exit(code);
        return;
    }
    m_storage->store().conversations().then(
        this, [this, code](const StoreResult<QList<ConversationSummary>> &) {
            if (const StoreHealth health = m_storage->store().health();
                health.state == StoreHealth::State::Holding)
                printError(tr("The answer is not stored. %1").arg(wordsFor(health).title));
            QCoreApplication::exit(code);
        });
}

// The demo, an address and a program need no settings: they answer whatever is in them.
Settings settingsFor(const AskOptions &options, const Paths &paths)
{
    const auto preset = presetById(options.provider);
    if (!options.program.isEmpty() || !options.url.isEmpty()
        || (preset && preset->place == ProviderPreset::Place::BuiltIn))
        return {};
    const LoadedSettings loaded = SettingsFile(paths.settingsFile()).load();
    if (loaded.trouble) {
        const Notice words = wordsFor(*loaded.trouble);
        printError(words.title + u' ' + words.advice);
    }
    return loaded.settings;
}

// Who is asked; for the demo without an address, which it has only once it runs.
std::expected<Provider, QString> providerOf(const AskOptions &options, const Settings &settings)
{
    if (!options.program.isEmpty()) {
        return Provider{.id = u"command"_s,
                        .name = QFileInfo(options.program).fileName(),
                        .dialect = *options.dialect,
                        .baseUrl = {},
                        .model = options.model,
                        .needsKey = !options.keyVariable.isEmpty(),
                        .program = options.program,
                        .arguments = options.arguments,
                        .options = options.options};
    }
    if (!options.url.isEmpty()) {
        return Provider{.id = u"url"_s,
                        .name = options.url.host(),
                        .dialect = *options.dialect,
                        .baseUrl = options.url,
                        .model = options.model,
                        .needsKey = !options.keyVariable.isEmpty(),
                        .program = {},
                        .arguments = {},
                        .options = options.options};
    }

    const auto preset = presetById(options.provider);
    const QList<Provider> &own = settings.providers;
    std::optional<Provider> provider;
    if (const auto found = std::ranges::find(own, options.provider, &Provider::id); found != own.end())
        provider = *found;
    else if (preset && preset->place != ProviderPreset::Place::Custom)
        provider = preset->provider;
    if (!provider) {
        QStringList known;
        for (const ProviderPreset &each : providerPresets()) {
            if (each.place != ProviderPreset::Place::Custom)
                known.append(each.provider.id);
        }
        for (const Provider &each : own) {
            if (!known.contains(each.id))
                known.append(each.id);
        }
        return std::unexpected(
            tr("there is no provider \"%1\"; there are: %2").arg(options.provider, known.join(u", ")));
    }
    if (!options.model.isEmpty())
        provider->model = options.model;
    return *provider;
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
