// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <memory>

namespace rivulet {

class Transport;

/// A program that serves models on this computer.
enum class LocalServerKind { Ollama, LlamaCpp, LmStudio, Vllm };

/// Where one is looked for.
struct LocalServerProbe
{
    LocalServerKind kind = LocalServerKind::Ollama;
    quint16 port = 0;

    friend bool operator==(const LocalServerProbe &, const LocalServerProbe &) = default;
};

/// One that was found and recognised.
struct LocalServer
{
    LocalServerKind kind = LocalServerKind::Ollama;
    Provider provider;  ///< ready to be used: name, base URL, and the first model where there is one
    QStringList models; ///< what it offers; may be empty, as with a server that has loaded none yet

    friend bool operator==(const LocalServer &, const LocalServer &) = default;
};

/// The four servers on their usual ports: Ollama 11434, llama.cpp 8080, LM Studio 1234, vLLM 8000.
[[nodiscard]] RIVULET_NET_EXPORT QList<LocalServerProbe> usualLocalServers();

/// Looks for local servers, all ports at once. A port counts only where its server says what it is, in its
/// model list, a header or an endpoint of its own: a web server under development on port 8080 is not
/// taken for llama.cpp. Sends nothing but GET requests without a key to 127.0.0.1. One thread: that of its
/// transport.
class RIVULET_NET_EXPORT Discovery : public QObject
{
    Q_OBJECT

public:
    /// `transport` must outlive the object.
    explicit Discovery(Transport &transport, QObject *parent = nullptr);
    ~Discovery() override;

    /// Starts looking; what has not answered within `limit` is not found. Starting again drops what runs.
    void start(const QList<LocalServerProbe> &probes = usualLocalServers(),
               std::chrono::milliseconds limit = std::chrono::seconds(1));

    /// Drops what runs; nothing more is signalled. Safe when nothing does.
    void cancel();

    [[nodiscard]] bool isRunning() const;

Q_SIGNALS:
    /// One was found, as soon as it is known.
    void found(const rivulet::LocalServer &server);
    /// All that were found, in the order of the probes. Comes once for each start, never inside it.
    void finished(const QList<rivulet::LocalServer> &servers);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::LocalServer)
