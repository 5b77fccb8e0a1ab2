// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/desktop/conversationactions.h"
#include "app/desktop/noticelist.h"
#include "app/desktop/preferences.h"
#include "app/desktop/programgate.h"
#include "app/desktop/providersettings.h"
#include "app/shell/paths.h"
#include "models/chat/chatsession.h"
#include "models/transcript/conversationlistmodel.h"
#include "models/transcript/link.h"
#include "models/transcript/searchmodel.h"
#include "models/transcript/transcriptmodel.h"

#include <QtCore/qobject.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <memory>

namespace rivulet {

class DemoServer;
class Engine;
class KeychainSecretStore;
class Log;
class NetworkWatch;
class SqliteSearch;
class SqliteStore;
class StoredNetworkSecrets;

/// The window's composition root: owns every part, in the order in which they need each other, and connects
/// them. QML gets it as one required property. GUI thread.
class AppContext : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(rivulet::ChatSession *session READ session CONSTANT FINAL)
    Q_PROPERTY(rivulet::TranscriptModel *transcript READ transcript CONSTANT FINAL)
    Q_PROPERTY(rivulet::ConversationListModel *conversations READ conversations CONSTANT FINAL)
    Q_PROPERTY(rivulet::ConversationActions *actions READ actions CONSTANT FINAL)
    Q_PROPERTY(rivulet::SearchModel *search READ search CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProviderSettings *providers READ providers CONSTANT FINAL)
    Q_PROPERTY(rivulet::Preferences *preferences READ preferences CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProgramGate *programs READ programs CONSTANT FINAL)
    Q_PROPERTY(rivulet::NoticeList *notices READ notices CONSTANT FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY readyChanged FINAL)
    Q_PROPERTY(bool unsaved READ isUnsaved NOTIFY unsavedChanged FINAL)
    Q_PROPERTY(QString version READ version CONSTANT FINAL)

public:
    /// `log` outlives the context. The folders of `paths` exist, and the caller owns the data folder.
    AppContext(const Paths &paths, const Log &log, QObject *parent = nullptr);
    ~AppContext() override;

    [[nodiscard]] ChatSession *session() const { return m_session.get(); }
    [[nodiscard]] TranscriptModel *transcript() const { return m_transcript.get(); }
    [[nodiscard]] ConversationListModel *conversations() const { return m_conversations.get(); }
    [[nodiscard]] ConversationActions *actions() const { return m_actions.get(); }
    [[nodiscard]] SearchModel *search() const { return m_search.get(); }
    [[nodiscard]] ProviderSettings *providers() const { return m_providers.get(); }
    [[nodiscard]] Preferences *preferences() const { return m_preferences.get(); }
    [[nodiscard]] ProgramGate *programs() const { return m_programs.get(); }
    [[nodiscard]] NoticeList *notices() const { return m_notices.get(); }

    /// The list of conversations has been read, or can not be.
    [[nodiscard]] bool isReady() const { return m_ready; }
    /// What was said lately is in memory only, because the disk does not take it: closing would lose it.
    [[nodiscard]] bool isUnsaved() const { return m_unsaved; }
    [[nodiscard]] QString version() const;

    /// Judges a link of a model's text.
    Q_INVOKABLE [[nodiscard]] rivulet::Link link(const QUrl &target) const;
    /// Opens a link that is allowed, in the system's own program. Call it once the user has agreed.
    Q_INVOKABLE void openLink(const rivulet::Link &link) const;

    /// The newest lines of the log, without secrets; at most 256 KiB.
    Q_INVOKABLE [[nodiscard]] QString recentLog() const;
    /// Shows the folder of the log in the system's file program.
    Q_INVOKABLE void openLogFolder() const;

    /// Lets the demo answer as fast as it can, for a picture of a whole answer.
    void hurryDemo();

    /// Hands over what the engine has for the window. Call it with each frame that pending() asked for.
    Q_INVOKABLE void deliver();

Q_SIGNALS:
    void readyChanged();
    void unsavedChanged();
    /// Something waits for the next frame; see deliver().
    void pending();

private:
    [[nodiscard]] Provider startDemo();
    void connectParts();
    void connectNotices();

    const Log &m_log;
    Paths m_paths;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<NoticeList> m_notices;
    std::unique_ptr<KeychainSecretStore> m_secrets;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<StoredNetworkSecrets> m_networkSecrets; ///< for the settings page's own transport
    std::unique_ptr<ProgramGate> m_programs;
    std::unique_ptr<ProgramConsent> m_consent;    ///< of the settings page's own transport
    std::unique_ptr<ProgramConsent> m_keyConsent; ///< and of its keys
    std::unique_ptr<Engine> m_engine;
    DemoServer *m_demo = nullptr; ///< the engine's, on its thread
    std::unique_ptr<ProviderSettings> m_providers;
    std::unique_ptr<NetworkWatch> m_network;
    std::unique_ptr<ChatSession> m_session;
    std::unique_ptr<TranscriptModel> m_transcript;
    std::unique_ptr<ConversationListModel> m_conversations;
    std::unique_ptr<ConversationActions> m_actions;
    std::unique_ptr<SqliteSearch> m_searcher;
    std::unique_ptr<SearchModel> m_search;
    bool m_ready = false;
    bool m_unsaved = false;
};

} // namespace rivulet
