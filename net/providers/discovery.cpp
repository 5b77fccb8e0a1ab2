// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/discovery.h"

#include "net/dialects/dialectregistry.h"
#include "net/providers/fetch.h"
#include "net/providers/presets.h"

#include <QtCore/qtimer.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How one kind of server is told from others that speak the same protocol.
struct Marks
{
    LocalServerKind kind;
    QLatin1StringView id;       ///< of its preset
    QLatin1StringView owner;    ///< "owned_by" in its model list
    QLatin1StringView software; ///< how its "server" header begins; empty where that says nothing
    QLatin1StringView path;     ///< an endpoint of its own …
    QLatin1StringView holds;    ///< … and what its JSON answer holds
};

constexpr auto AllMarks = std::to_array<Marks>({
    {LocalServerKind::Ollama, "ollama"_L1, "library"_L1, {}, "/api/version"_L1, "\"version\""_L1},
    {LocalServerKind::LlamaCpp, "llamacpp"_L1, "llamacpp"_L1, "llama.cpp"_L1, "/props"_L1,
     "\"default_generation_settings\""_L1},
    {LocalServerKind::LmStudio,
     "lmstudio"_L1,
     "organization_owner"_L1,
     {},
     "/api/v0/models"_L1,
     "\"max_context_length\""_L1},
    {LocalServerKind::Vllm, "vllm"_L1, "vllm"_L1, {}, "/version"_L1, "\"version\""_L1},
});

const Marks &marksOf(LocalServerKind kind)
{
    return *std::ranges::find(AllMarks, kind, &Marks::kind);
}

QByteArray valueOf(const HttpHeaders &headers, QByteArrayView name)
{
    const auto found = std::ranges::find(headers, name, &HttpHeaders::value_type::first);
    return found == headers.end() ? QByteArray() : found->second;
}

// Which server this is by its model list and its head alone.
std::optional<LocalServerKind> kindOf(const QList<ListedModel> &models, const ResponseHead &head)
{
    const QByteArray software = valueOf(head.headers, "server").toLower();
    for (const Marks &marks : AllMarks) {
        const auto isItsOwn = [&](const ListedModel &model) { return model.ownedBy == marks.owner; };
        if ((!marks.software.isEmpty() && software.startsWith(QByteArrayView(marks.software)))
            || std::ranges::any_of(models, isItsOwn))
            return marks.kind;
    }
    return std::nullopt;
}

LocalServer serverOf(LocalServerKind kind, const QUrl &baseUrl, const QList<ListedModel> &models)
{
    LocalServer server;
    server.kind = kind;
    if (const auto preset = presetById(QString(marksOf(kind).id)))
        server.provider = preset->provider;
    server.provider.baseUrl = baseUrl;
    for (const ListedModel &model : models)
        server.models.append(model.id);
    // A model that makes embeddings can not talk.
    const auto canTalk = [](const QString &id) { return !id.contains("embed"_L1, Qt::CaseInsensitive); };
    const auto first = std::ranges::find_if(server.models, canTalk);
    server.provider.model = first == server.models.end() ? QString() : *first;
    return server;
}

} // namespace

QList<LocalServerProbe> usualLocalServers()
{
    return {{.kind = LocalServerKind::Ollama, .port = 11434},
            {.kind = LocalServerKind::LlamaCpp, .port = 8080},
            {.kind = LocalServerKind::LmStudio, .port = 1234},
            {.kind = LocalServerKind::Vllm, .port = 8000}};
}

struct Discovery::State
{
    struct Candidate
    {
        LocalServerProbe probe;
        QUrl baseUrl;
        QList<ListedModel> models;
        std::optional<LocalServer> server;
        bool isDone = false;
    };

    State(Discovery &owner, Transport &network) : discovery(owner), transport(network)
    {
        deadline.setSingleShot(true);
    }

    void ask(std::size_t index)
    {
        const auto request = dialect->modelsRequest({.baseUrl = candidates[index].baseUrl, .apiKey = {}});
        fetch(transport, *request, limits, round.get(),
              [this, index](const auto &answer) { takeList(index, answer); });
    }

    void takeList(std::size_t index, const std::expected<Fetched, NetError> &answer)
    {
        Candidate &candidate = candidates[index];
        const auto models =
            answer && answer->head.status == 200 ? dialect->models(answer->body) : std::nullopt;
        if (!models) {
            done(index, std::nullopt);
        } else if (const auto kind = kindOf(*models, answer->head)) {
            candidate.models = *models;
            done(index, kind);
        } else {
            candidate.models = *models;
            askForMarks(index);
        }
    }

    void askForMarks(std::size_t index)
    {
        const Candidate &candidate = candidates[index];
        HttpRequest request;
        request.method = "GET";
        request.url = candidate.baseUrl;
        request.url.setPath(marksOf(candidate.probe.kind).path);
        fetch(transport, request, limits, round.get(),
              [this, index](const std::expected<Fetched, NetError> &answer) {
                  const LocalServerKind expected = candidates[index].probe.kind;
                  const bool isIt = answer && answer->head.status == 200 && answer->body.startsWith('{')
                      && answer->body.contains(QByteArrayView(marksOf(expected).holds));
                  done(index, isIt ? std::optional(expected) : std::nullopt);
              });
    }

    void done(std::size_t index, std::optional<LocalServerKind> kind)
    {
        Candidate &candidate = candidates[index];
        candidate.isDone = true;
        const bool isLast = std::ranges::all_of(candidates, &Candidate::isDone);
        if (kind) {
            candidate.server = serverOf(*kind, candidate.baseUrl, candidate.models);
            const std::weak_ptr<QObject> current = round;
            Q_EMIT discovery.found(*candidate.server);
            if (current.expired())
                return;
        }
        if (isLast)
            finish();
    }

    void finish()
    {
        QList<LocalServer> servers;
        for (const Candidate &candidate : candidates) {
            if (candidate.server)
                servers.append(*candidate.server);
        }
        deadline.stop();
        round.reset();
        Q_EMIT discovery.finished(servers);
    }

    Discovery &discovery;
    Transport &transport;
    std::unique_ptr<Dialect> dialect = makeDialect(DialectId::OpenAiChat);
    TransportTimeouts limits;
    QTimer deadline;
    std::vector<Candidate> candidates;
    std::shared_ptr<QObject> round; ///< owns the calls of one start(); none while nothing runs
};

Discovery::Discovery(Transport &transport, QObject *parent)
    : QObject(parent), m_state(std::make_unique<State>(*this, transport))
{
    connect(&m_state->deadline, &QTimer::timeout, this, [this] { m_state->finish(); });
}

Discovery::~Discovery() = default;

void Discovery::start(const QList<LocalServerProbe> &probes, std::chrono::milliseconds limit)
{
    cancel();
    m_state->round = std::shared_ptr<QObject>(new QObject, [](QObject *round) {
        // It may end inside a signal of one of its calls.
        const auto calls = round->findChildren<TransportCall *>();
        for (TransportCall *call : calls)
            call->abort();
        round->deleteLater();
    });
    m_state->limits = {.head = limit, .idle = limit};
    m_state->candidates.clear();
    for (const LocalServerProbe &probe : probes) {
        m_state->candidates.push_back(
            {.probe = probe, .baseUrl = QUrl(u"http://127.0.0.1:%1/v1"_s.arg(probe.port))});
    }
    m_state->deadline.start(probes.isEmpty() ? std::chrono::milliseconds(0) : limit);
    for (std::size_t index = 0; index < m_state->candidates.size(); ++index)
        m_state->ask(index);
}

void Discovery::cancel()
{
    m_state->deadline.stop();
    m_state->round.reset();
}

bool Discovery::isRunning() const
{
    return m_state->round != nullptr;
}

} // namespace rivulet
