// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/wording.h"

#include "app/shell/keycommand.h"
#include "app/shell/redaction.h"
#include "net/dialects/responsereader.h"
#include "net/providers/oauth.h"
#include "net/transport/requestrules.h"
#include "net/turn/captiveportal.h"
#include "net/turn/turn.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qlocale.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <variant>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

using Severity = Notice::Severity;

// Gives the translations their context.
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(rivulet::Words)
};

QString inSentence(std::chrono::milliseconds time)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    return seconds < 120 ? Words::tr("%1 s").arg(seconds) : Words::tr("%1 min").arg((seconds + 59) / 60);
}

QString detailsOf(const NetError &error)
{
    QStringList lines{Words::tr("Kind: %1").arg(QString(toName(error.kind)))};
    if (error.status != 0)
        lines.append(Words::tr("HTTP status: %1").arg(error.status));
    if (!error.code.isEmpty())
        lines.append(Words::tr("Code: %1").arg(error.code));
    if (error.retryAfter)
        lines.append(Words::tr("Wait: %1").arg(inSentence(*error.retryAfter)));
    if (!error.message.isEmpty())
        lines.append(redacted(error.message));
    return lines.join(u'\n');
}

Notice networkWords(const QString &code)
{
    if (code == transportcode::HostNotFound) {
        return {.title = Words::tr("The server was not found."),
                .advice = Words::tr("Your message is kept. Check the address in the settings, and the "
                                    "connection to the network."),
                .offersSettings = true};
    }
    if (code == transportcode::ConnectionRefused) {
        return {.title = Words::tr("Nothing answers at this address."),
                .advice =
                    Words::tr("Your message is kept. Start the server, or check its address and port in "
                              "the settings."),
                .offersSettings = true};
    }
    if (code == transportcode::ConnectionLost) {
        return {.title = Words::tr("The connection dropped."),
                .advice = Words::tr("Everything up to here is kept. Try again when you like.")};
    }
    if (code == transportcode::Unreachable) {
        return {.title = Words::tr("There is no way to the server."),
                .advice = Words::tr("Your message is kept. Check the connection to the network, then try "
                                    "again.")};
    }
    if (code == transportcode::Tls) {
        return {.title = Words::tr("The server could not prove who it is."),
                .advice = Words::tr("So nothing was sent, and your message is kept. Check the address in the "
                                    "settings, and the clock of this computer."),
                .offersSettings = true};
    }
    if (code == transportcode::Proxy) {
        return {.title = Words::tr("The proxy did not let the request through."),
                .advice =
                    Words::tr("Your message is kept. Check the proxy in the settings of the server, or in "
                              "those of your system, then try again."),
                .offersSettings = true};
    }
    return {.title = Words::tr("The connection did not work."),
            .advice = Words::tr("Everything up to here is kept. Check the network, then try again.")};
}

Notice timeoutWords(const QString &code)
{
    if (code == transportcode::Silent) {
        return {.title = Words::tr("The server fell silent."),
                .advice = Words::tr("Everything up to here is kept. Try again when you like.")};
    }
    if (code == oauthcode::SignInTimedOut) {
        return {.title = Words::tr("Nobody signed in."),
                .advice = Words::tr("Your message is kept. Try again, and sign in on the page that opens in "
                                    "your browser.")};
    }
    return {.title = Words::tr("The server did not answer in time."),
            .advice = Words::tr("Your message is kept. It may be busy, or still loading its model: try again "
                                "in a moment.")};
}

Notice authWords(const NetError &error)
{
    if (error.code == KeyCommand::FailedCode) {
        return {.title = Words::tr("The program that prints the key gave none."),
                .advice = Words::tr("Your message is kept. Run it in a terminal to see what is wrong, or "
                                    "choose another source of the key in the settings.")};
    }
    if (error.code == oauthcode::SignInNeeded) {
        return {.title = Words::tr("You have to sign in."),
                .advice = Words::tr("Your message is kept. No browser could be opened here; sign in with the "
                                    "window of this program.")};
    }
    if (error.code == oauthcode::SignedOut) {
        return {.title = Words::tr("You signed out meanwhile."),
                .advice = Words::tr("Nothing was sent, and your message is kept. Try again to sign in.")};
    }
    if (error.code == oauthcode::AccessDenied) {
        return {.title = Words::tr("The sign-in was declined."),
                .advice = Words::tr("Your message is kept. Try again to sign in, or choose another server in "
                                    "the settings.")};
    }
    if (error.code == oauthcode::NoClientSecret) {
        return {.title = Words::tr("This sign-in needs a client secret."),
                .advice = Words::tr("Your message is kept. Store it in the server's settings, or choose "
                                    "another source of the key there.")};
    }
    if (error.status == 0) {
        return {.title = Words::tr("This server needs a key."),
                .advice = Words::tr("Your message is kept. Add the key in the settings, then try again.")};
    }
    if (error.status == 403) {
        return {.title = Words::tr("This key is not allowed to do that."),
                .advice =
                    Words::tr("Your message is kept. Choose another model or another key in the settings, "
                              "then try again.")};
    }
    return {.title = Words::tr("The server did not accept the key."),
            .advice = Words::tr("Your message is kept. Check the key in the settings, then try again.")};
}

Notice rateWords(const NetError &error)
{
    return {.title = Words::tr("The server asks for a pause."),
            .advice = error.retryAfter
                ? Words::tr("It had too many requests. Your message is kept: try again in %1.")
                      .arg(inSentence(*error.retryAfter))
                : Words::tr("It had too many requests. Your message is kept: try again in a minute.")};
}

Notice requestWords(const NetError &error)
{
    if (error.status == 404) {
        return {.title = Words::tr("The server does not know this model or address."),
                .advice =
                    Words::tr("Your message is kept. Check both in the settings: addresses often end in "
                              "/v1."),
                .offersSettings = true};
    }
    if (error.status == 413) {
        return {.title = Words::tr("This is more than the server takes."),
                .advice = Words::tr("Your message is kept. Shorten it, or start a new conversation.")};
    }
    return {.title = Words::tr("The server could not work with this request."),
            .advice = Words::tr("Your message is kept. The details have the server's reason; often another "
                                "model helps."),
            .offersSettings = true};
}

Notice refusedWords(const QString &code)
{
    if (code == oauthcode::NoRedirect) {
        return {.title = Words::tr("The browser can not come back from the sign-in."),
                .advice = Words::tr("Nothing was sent, and your message is kept. Something forbids this "
                                    "program to listen on this computer; a firewall, perhaps.")};
    }
    if (code == oauthcode::BadSettings) {
        return {.title = Words::tr("The sign-in is not complete."),
                .advice = Words::tr("Nothing was sent, and your message is kept. Its client id and the "
                                    "server's address belong in the settings.")};
    }
    if (code == transportcode::Redirect) {
        return {.title = Words::tr("The server points to another address."),
                .advice =
                    Words::tr("Your key and your words go only where you sent them, so nothing went "
                              "there. If the address in the details is right, enter it in the settings.")};
    }
    if (code == transportcode::CaFile) {
        return {.title = Words::tr("The file of trusted authorities can not be used."),
                .advice = Words::tr("So nothing was sent, and your message is kept. Check the file in the "
                                    "settings of the server."),
                .offersSettings = true};
    }
    if (code == transportcode::ClientCertificate) {
        return {.title = Words::tr("The client certificate can not be used."),
                .advice = Words::tr("So nothing was sent, and your message is kept. Check its file in the "
                                    "settings of the server."),
                .offersSettings = true};
    }
    if (code == transportcode::ClientKey) {
        return {.title = Words::tr("The key of the client certificate can not be used."),
                .advice = Words::tr("So nothing was sent, and your message is kept. Check its file in the "
                                    "settings of the server."),
                .offersSettings = true};
    }
    if (code == transportcode::ClientKeyLocked) {
        return {.title = Words::tr("The key of the client certificate is locked."),
                .advice = Words::tr("So nothing was sent, and your message is kept. Give the right "
                                    "passphrase in the settings of the server."),
                .offersSettings = true};
    }
    if (code == transportcode::KeyInClear) {
        return {.title = Words::tr("Your key would have travelled unprotected."),
                .advice =
                    Words::tr("So nothing was sent, and your message is kept. Use an address that begins "
                              "with https.")};
    }
    if (code == transportcode::UserInfo) {
        return {.title = Words::tr("There is a name or a password in the address."),
                .advice =
                    Words::tr("So nothing was sent, and your message is kept. Remove it there, and enter "
                              "it as the key.")};
    }
    if (code == transportcode::BadHeader) {
        return {.title = Words::tr("There are characters in the key that can not be sent."),
                .advice =
                    Words::tr("Your message is kept. Enter the key again in the settings, without spaces "
                              "or line ends.")};
    }
    if (code == transportcode::ProgramNotAllowed) {
        return {.title = Words::tr("This program was not allowed to run."),
                .advice = Words::tr("Nothing was started, and your message is kept. Allow it when you are "
                                    "asked, or choose another one in the settings.")};
    }
    if (code == transportcode::BadProgram) {
        return {.title = Words::tr("There is no such program."),
                .advice = Words::tr("Your message is kept. Enter the whole path of a program in the "
                                    "settings.")};
    }
    if (code == transportcode::ProgramNotStarted) {
        return {.title = Words::tr("The program did not start."),
                .advice = Words::tr("Your message is kept. The details have the system's reason.")};
    }
    return {.title = Words::tr("This address can not be used."),
            .advice = Words::tr("Nothing was sent, and your message is kept. An address looks like "
                                "https://api.example.com/v1; correct it in the settings.")};
}

Notice serverWords(const QString &code)
{
    if (code == transportcode::ProgramFailed) {
        return {.title = Words::tr("The program gave up."),
                .advice = Words::tr("Everything up to here is kept. What it said last is in the details.")};
    }
    if (code == transportcode::ProgramCrashed) {
        return {.title = Words::tr("The program crashed."),
                .advice = Words::tr("Everything up to here is kept. Try again; what it said last is in the "
                                    "details.")};
    }
    return {.title = Words::tr("The server had a fault."),
            .advice =
                Words::tr("Everything up to here is kept. Try again; if it stays, choose another model.")};
}

Notice protocolWords(const QString &code)
{
    if (code == webPage) {
        return {.title = Words::tr("A web page came instead of an answer."),
                .advice =
                    Words::tr("Your message is kept. This is the address of a page for people; that for "
                              "programs often ends in /v1. Check it in the settings."),
                .offersSettings = true};
    }
    Notice notice{.title = Words::tr("The server speaks another language."), .offersSettings = true};
    // With a code of the transport's own, nothing came that could be shown.
    notice.advice = code == transportcode::NotHttp || code == transportcode::Encoding
        ? Words::tr("It is not what a chat server sends. The details say more. Check the address in the "
                    "settings: it often ends in /v1.")
        : Words::tr("It is not what a chat server sends. The beginning of what came is in the details. Check "
                    "the address in the settings: it often ends in /v1.");
    return notice;
}

Notice portalWords()
{
    return {.title = Words::tr("This network wants you to sign in first."),
            .advice = Words::tr("Your message is kept. Open any page in your browser, sign in there, and try "
                                "again. If you are on your own network, check the address of the server."),
            .offersSettings = true};
}

Notice wordsOf(const NetError &error)
{
    if (error.code == captivePortal)
        return portalWords();
    switch (error.kind) {
    case NetError::Kind::Network:
        return networkWords(error.code);
    case NetError::Kind::Timeout:
        return timeoutWords(error.code);
    case NetError::Kind::Http:
        return {.title = Words::tr("The server answered with something unexpected."),
                .advice =
                    Words::tr("Your message is kept. Check the address in the settings; the details have "
                              "what the server said."),
                .offersSettings = true};
    case NetError::Kind::Auth:
        return authWords(error);
    case NetError::Kind::RateLimited:
        if (error.code == spacedOut)
            return {.title = Words::tr("It waits its turn, so that the server is not asked too often.")};
        return rateWords(error);
    case NetError::Kind::Quota:
        return {.title = Words::tr("The account has no credit left."),
                .advice =
                    Words::tr("Your message is kept. Add credit at your provider, or choose another one in "
                              "the settings."),
                .offersSettings = true};
    case NetError::Kind::Overloaded:
        return {.title = Words::tr("The server is too busy."),
                .advice = Words::tr("Everything up to here is kept. Try again in a moment.")};
    case NetError::Kind::InvalidRequest:
        return requestWords(error);
    case NetError::Kind::Protocol:
        return protocolWords(error.code);
    case NetError::Kind::TooLarge:
        return {.title = Words::tr("The answer grew too large."),
                .advice =
                    Words::tr("Everything up to here is kept. Ask for a shorter answer, or for a part.")};
    case NetError::Kind::Refused:
        return refusedWords(error.code);
    case NetError::Kind::Server:
        return serverWords(error.code);
    }
    Q_UNREACHABLE_RETURN({});
}

Notice complete(const NetError &error)
{
    Notice notice = wordsOf(error);
    notice.severity = Severity::Danger;
    notice.details = detailsOf(error);
    const bool settingsFirst = error.kind == NetError::Kind::Auth || error.kind == NetError::Kind::Refused;
    notice.offersSettings = notice.offersSettings || settingsFirst;
    notice.offersRetry = !settingsFirst || error.status != 0;
    return notice;
}

Notice wordsOf(const StoreError &error)
{
    switch (error.kind) {
    case StoreError::Kind::NotFound:
        return {.title = Words::tr("This conversation is gone."),
                .advice = Words::tr("It was deleted, perhaps in another window. Everything else is safe.")};
    case StoreError::Kind::Locked:
        return {.title = Words::tr("Another program is using your conversations."),
                .advice =
                    Words::tr("They are safe. What is new is kept in memory and saved as soon as the other "
                              "program lets go: close it.")};
    case StoreError::Kind::ReadOnly:
        return {.title = Words::tr("Your conversations can not be changed."),
                .advice =
                    Words::tr("They are safe and can be read. Allow this user to write to their folder; "
                              "what is new is kept in memory until then.")};
    case StoreError::Kind::Full:
        return {.title = Words::tr("The disk is full."),
                .advice = Words::tr("What is new is kept in memory. Make some room; it is saved by itself "
                                    "then.")};
    case StoreError::Kind::Corrupt:
        return {.title = Words::tr("Your conversations are damaged on the disk."),
                .advice =
                    Words::tr("Nothing is deleted: the damaged file stays, and what can be read from it is "
                              "brought back.")};
    case StoreError::Kind::TooNew:
        return {.title = Words::tr("A newer version of Rivulet wrote your conversations."),
                .advice = Words::tr("They are safe and can be read, but not changed by this version. Update "
                                    "Rivulet to go on.")};
    case StoreError::Kind::Io:
        break;
    }
    return {.title = Words::tr("Your conversations can not be reached."),
            .advice =
                Words::tr("What is new is kept in memory, and saved as soon as the disk answers. The details "
                          "have the system's words.")};
}

Notice complete(const StoreError &error)
{
    Notice notice = wordsOf(error);
    notice.severity = error.kind == StoreError::Kind::NotFound ? Severity::Warning : Severity::Danger;
    notice.details = redacted(error.detail);
    return notice;
}

Notice complete(Message::State state)
{
    switch (state) {
    case Message::State::Streaming:
    case Message::State::Complete:
        break;
    case Message::State::CutOff:
        return {.severity = Severity::Warning,
                .title = Words::tr("Cut off here."),
                .advice = Words::tr("The answer ended without its end. Everything up to here is kept."),
                .offersRetry = true};
    case Message::State::Stopped:
        return {.title = Words::tr("Stopped."), .offersRetry = true};
    case Message::State::Redirected:
        return {.title = Words::tr("Redirected here.")};
    case Message::State::Failed:
        return {.severity = Severity::Danger,
                .title = Words::tr("There is no answer."),
                .advice =
                    Words::tr("Something failed, and nobody said what. Your message is kept: try again."),
                .offersRetry = true};
    }
    return {};
}

Notice complete(FinishReason reason)
{
    Notice notice{.severity = Severity::Warning};
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::Stopped:
    case FinishReason::Other:
        return {};
    case FinishReason::Length:
        notice.title = Words::tr("The model reached its limit.");
        notice.advice = Words::tr("The answer may go on: ask it to continue.");
        break;
    case FinishReason::ToolCalls:
        notice.title = Words::tr("The model asked for a tool.");
        notice.advice = Words::tr("There is none here, so the answer ends. What came is kept.");
        break;
    case FinishReason::ContentFilter:
        notice.title = Words::tr("The provider's filter ended the answer.");
        notice.advice = Words::tr("What came before is kept. Putting the question in other words may help.");
        break;
    case FinishReason::Refusal:
        notice.title = Words::tr("The model declined to answer.");
        notice.advice = Words::tr("What came before is kept. Putting the question in other words may help.");
        break;
    case FinishReason::Pause:
        notice.title = Words::tr("The model paused.");
        notice.advice = Words::tr("What came is kept: ask it to continue.");
        break;
    }
    return notice;
}

} // namespace

Notice wordsFor(const Mishap &mishap)
{
    return std::visit([](const auto &what) { return complete(what); }, mishap);
}

Notice wordsFor(const StoreHealth &health)
{
    switch (health.state) {
    case StoreHealth::State::Opening:
    case StoreHealth::State::Good:
        break;
    case StoreHealth::State::Holding:
        return complete(health.error.value_or(StoreError{}));
    case StoreHealth::State::Rescued:
        return {.severity = Severity::Warning,
                .title = Words::tr("Your conversations were damaged on the disk."),
                .advice = Words::tr("What could be read is here again. The damaged file is kept as %1.")
                              .arg(QFileInfo(health.movedTo).fileName()),
                .details = health.movedTo};
    }
    return {};
}

Notice wordsFor(const SettingsTrouble &trouble)
{
    Notice notice{.severity = Severity::Warning, .details = redacted(trouble.detail), .offersSettings = true};
    switch (trouble.kind) {
    case SettingsTrouble::Kind::FieldsIgnored:
        notice.title = Words::tr("Some settings could not be read.");
        notice.advice = Words::tr("They are at their defaults; all others hold. Look them over.");
        notice.details = trouble.fields.join(u'\n');
        break;
    case SettingsTrouble::Kind::MovedAside:
        notice.title = Words::tr("Your settings could not be read.");
        notice.advice =
            Words::tr("Everything is at its default, and your conversations are safe. The old file is "
                      "kept as %1.")
                .arg(QFileInfo(trouble.movedTo).fileName());
        break;
    case SettingsTrouble::Kind::Unreadable:
        notice.title = Words::tr("Your settings can not be reached.");
        notice.advice =
            Words::tr("The file is untouched, and changes hold until you quit. Allow this user to "
                      "read and write it.");
        break;
    case SettingsTrouble::Kind::NotSaved:
        notice.title = Words::tr("Your settings could not be saved.");
        notice.advice =
            Words::tr("They hold until you quit. Make room on the disk, or allow this user to write to "
                      "their folder.");
        break;
    }
    return notice;
}

Notice wordsFor(const SecretStoreStatus &status)
{
    Notice notice{.severity = Severity::Warning, .details = redacted(status.detail)};
    switch (status.state) {
    case SecretStoreStatus::State::Unknown:
    case SecretStoreStatus::State::Keychain:
        return {};
    case SecretStoreStatus::State::NoSessionBus:
        notice.title =
            Words::tr("Keys are kept for this session only, because no desktop session is running.");
        notice.advice =
            Words::tr("They are never written to a plain file. Enter them again after the next start, "
                      "or put them in an environment variable.");
        break;
    case SecretStoreStatus::State::NoKeychain:
        notice.title = Words::tr("Keys are kept for this session only, because this system has no keychain.");
        notice.advice =
            Words::tr("They are never written to a plain file. A keychain such as GNOME Keyring or "
                      "KWallet would keep them.");
        break;
    case SecretStoreStatus::State::TimedOut:
        notice.title =
            Words::tr("Keys are kept for this session only, because the keychain does not answer.");
        notice.advice = Words::tr("It may be waiting for you to unlock it. Keys in it are safe.");
        break;
    case SecretStoreStatus::State::Denied:
        notice.title = Words::tr("Keys are kept for this session only, because the keychain was not opened.");
        notice.advice = Words::tr("Keys in it are safe. Start Rivulet again, and allow it to read its own.");
        break;
    case SecretStoreStatus::State::Failed:
        notice.title = Words::tr("Keys are kept for this session only, because the keychain failed.");
        notice.advice =
            Words::tr("They are never written to a plain file. The details have the system's words.");
        break;
    }
    return notice;
}

Notice wordsFor(const DataFolderRefusal &refusal)
{
    if (refusal.kind == DataFolderRefusal::Kind::Failed) {
        return {.severity = Severity::Danger,
                .title = Words::tr("The folder of your conversations can not be used."),
                .advice = Words::tr(
                    "Nothing was changed. Allow this user to write to it, or make room on the disk.")};
    }
    return {.severity = Severity::Warning,
            .title = Words::tr("Rivulet is already running."),
            .advice = Words::tr("One program at a time writes your conversations, so that they stay safe."),
            .details = Words::tr("%1, process %2 on %3")
                           .arg(refusal.program, QString::number(refusal.process), refusal.host)};
}

RedirectPage signInPage()
{
    return {.title = Words::tr("Rivulet"),
            .signedIn = Words::tr("You are signed in. You can close this window and go back to Rivulet."),
            .failed = Words::tr("You are not signed in. You can close this window; Rivulet says more."),
            .rightToLeft = QLocale().textDirection() == Qt::RightToLeft};
}

} // namespace rivulet
