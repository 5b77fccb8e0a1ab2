// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/wording.h"

#include "app/shell/keycommand.h"
#include "net/dialects/responsereader.h"
#include "net/providers/oauth.h"
#include "net/transport/requestrules.h"
#include "net/turn/captiveportal.h"

#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// How people are spoken to: whole sentences, and nothing that only a programmer can read.
void judge(const Notice &notice)
{
    QVERIFY(!notice.title.isEmpty());
    const QString shown = notice.title + u'\n' + notice.advice;
    static const QRegularExpression code(u"\\b[0-9]{3}\\b|[a-z]_[a-z]|\\bnull\\b|\\berror\\b|%[0-9]|::"_s);
    QVERIFY2(!shown.contains(code), qPrintable(shown));
    static const QRegularExpression unkind(u"oops|sorry|please|!|invalid|illegal|fatal|abort"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    QVERIFY2(!shown.contains(unkind), qPrintable(shown));
    QVERIFY2(notice.title.endsWith(u'.') && notice.title.front().isUpper(), qPrintable(notice.title));
    QVERIFY2(notice.title.size() <= 80, qPrintable(notice.title));
    QVERIFY2(notice.advice.isEmpty() || (notice.advice.endsWith(u'.') && notice.advice.front().isUpper()),
             qPrintable(notice.advice));
}

} // namespace

class tst_Wording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyNetErrorHasWords_data()
    {
        QTest::addColumn<NetError>("error");
        for (int number = 0; number <= int(NetError::Kind::Server); ++number) {
            const auto kind = NetError::Kind(number);
            for (const int status : {0, 400, 401, 402, 403, 404, 413, 429, 500, 503, 529}) {
                QTest::addRow("%s %d", toName(kind).data(), status) << NetError{
                    .kind = kind, .status = status, .code = u"some_code"_s, .message = u"said so"_s};
            }
        }
    }

    void everyNetErrorHasWords()
    {
        QFETCH(const NetError, error);
        const Notice notice = wordsFor(Mishap(error));
        judge(notice);
        QVERIFY(!notice.advice.isEmpty());
        QVERIFY(notice.severity == Notice::Severity::Danger);
        QVERIFY(notice.offersRetry || notice.offersSettings);
        QVERIFY(notice.details.contains("some_code"_L1) && notice.details.contains("said so"_L1));
    }

    void aForeignBodyIsPromisedOnlyWhereItCame()
    {
        const auto adviceFor = [](const QString &code) {
            return wordsFor(Mishap(NetError{.kind = NetError::Kind::Protocol, .code = code})).advice;
        };
        const QString promise = u"The beginning of what came is in the details."_s;
        QVERIFY(adviceFor({}).contains(promise));
        QVERIFY(!adviceFor(transportcode::NotHttp).contains(promise));
        QVERIFY(!adviceFor(transportcode::Encoding).contains(promise));
    }

    void whatBrokeBelowHttpHasWordsOfItsOwn_data()
    {
        QTest::addColumn<NetError::Kind>("kind");
        QTest::addColumn<QString>("code");
        using enum NetError::Kind;
        namespace t = transportcode;
        for (const auto &code :
             {t::HostNotFound, t::ConnectionRefused, t::ConnectionLost, t::Unreachable, t::Tls, t::Proxy})
            QTest::newRow(code.data()) << Network << QString(code);
        for (const auto &code : {t::NoAnswer, t::Silent})
            QTest::newRow(code.data()) << Timeout << QString(code);
        for (const auto &code : {t::CaFile, t::ClientCertificate, t::ClientKey, t::ClientKeyLocked,
                                 t::Redirect, t::BadUrl, t::KeyInClear, t::UserInfo, t::BadHeader,
                                 t::BadProgram, t::ProgramNotAllowed, t::ProgramNotStarted})
            QTest::newRow(code.data()) << Refused << QString(code);
        for (const auto &code : {t::ProgramFailed, t::ProgramCrashed})
            QTest::newRow(code.data()) << Server << QString(code);
        namespace o = oauthcode;
        for (const auto &code :
             {KeyCommand::FailedCode, o::SignInNeeded, o::SignedOut, o::AccessDenied, o::NoClientSecret})
            QTest::newRow(code.data()) << Auth << QString(code);
        for (const auto &code : {o::NoRedirect, o::BadSettings})
            QTest::newRow(code.data()) << Refused << QString(code);
        QTest::newRow("a web page") << Protocol << QString(webPage);
        QTest::newRow("a captive portal") << Protocol << QString(captivePortal);
        QTest::newRow(o::SignInTimedOut.data()) << Timeout << QString(o::SignInTimedOut);
    }

    void whatBrokeBelowHttpHasWordsOfItsOwn()
    {
        QFETCH(const NetError::Kind, kind);
        QFETCH(const QString, code);
        const Notice notice = wordsFor(Mishap(NetError{.kind = kind, .code = code}));
        judge(notice);
        static QStringList titles;
        QVERIFY2(!titles.contains(notice.title), qPrintable(notice.title));
        titles.append(notice.title);
    }

    void aCaptivePortalIsNamedWhateverItBroke()
    {
        const Notice notice =
            wordsFor(Mishap(NetError{.kind = NetError::Kind::Network, .code = captivePortal}));
        QVERIFY(notice.advice.contains("browser"_L1));
        QVERIFY(notice.offersRetry);
        QVERIFY(
            wordsFor(Mishap(NetError{.kind = NetError::Kind::Protocol, .code = captivePortal})).offersRetry);
    }

    void aMissingKeyAndAWrongOneAreToldApart()
    {
        const Notice missing = wordsFor(Mishap(NetError{.kind = NetError::Kind::Auth, .code = u"no_key"_s}));
        const Notice wrong = wordsFor(Mishap(NetError{.kind = NetError::Kind::Auth, .status = 401}));
        QVERIFY(missing.title != wrong.title);
        QVERIFY(missing.offersSettings && !missing.offersRetry);
        QVERIFY(wrong.offersSettings && wrong.offersRetry);
    }

    void theServersWishToWaitIsTold()
    {
        const NetError error{.kind = NetError::Kind::RateLimited, .status = 429, .retryAfter = 1'500ms};
        QVERIFY(wordsFor(Mishap(error)).advice.contains("2 s"_L1));
        const NetError later{.kind = NetError::Kind::RateLimited, .status = 429, .retryAfter = 150s};
        QVERIFY(wordsFor(Mishap(later)).advice.contains("3 min"_L1));
    }

    void detailsHaveNoSecrets()
    {
        const NetError error{.kind = NetError::Kind::Auth,
                             .status = 401,
                             .message = u"Incorrect API key provided: sk-abc123DEF456, jo@example.org"_s};
        const QString details = wordsFor(Mishap(error)).details;
        QVERIFY2(!details.contains("sk-abc"_L1) && !details.contains("jo@"_L1), qPrintable(details));
        QVERIFY(details.contains("Incorrect API key provided"_L1));
    }

    void everyStoreErrorHasWords()
    {
        for (int kind = 0; kind <= int(StoreError::Kind::Io); ++kind) {
            const StoreError error{.kind = StoreError::Kind(kind), .detail = u"the system's words"_s};
            for (const Notice &notice :
                 {wordsFor(Mishap(error)),
                  wordsFor(StoreHealth{.state = StoreHealth::State::Holding, .error = error})}) {
                judge(notice);
                QVERIFY(!notice.advice.isEmpty());
                QCOMPARE(notice.details, error.detail);
            }
        }
    }

    void aStoreThatIsWellNeedsNoWords()
    {
        QVERIFY(wordsFor(StoreHealth{.state = StoreHealth::State::Good}).title.isEmpty());
        QVERIFY(wordsFor(StoreHealth{.state = StoreHealth::State::Opening}).title.isEmpty());
    }

    void aRescueNamesTheFileThatIsKept()
    {
        const Notice notice = wordsFor(StoreHealth{.state = StoreHealth::State::Rescued,
                                                   .movedTo = u"/data/history.corrupt-1.sqlite"_s});
        judge(notice);
        QVERIFY(notice.advice.contains("history.corrupt-1.sqlite"_L1));
        QVERIFY(!notice.advice.contains("/data"_L1));
    }

    void howAMessageEndedHasWordsUnlessItIsWhole()
    {
        using State = Message::State;
        for (const State state : {State::Streaming, State::Complete})
            QVERIFY(wordsFor(Mishap(state)) == Notice{});
        for (const State state : {State::CutOff, State::Stopped, State::Failed}) {
            judge(wordsFor(Mishap(state)));
            QVERIFY(wordsFor(Mishap(state)).offersRetry);
        }
        QVERIFY(wordsFor(Mishap(State::Stopped)).severity == Notice::Severity::Quiet);
        QVERIFY(wordsFor(Mishap(State::CutOff)).severity == Notice::Severity::Warning);
    }

    void whyAnAnswerIsShorterHasWords()
    {
        for (const FinishReason reason : {FinishReason::Stop, FinishReason::Stopped, FinishReason::Other})
            QVERIFY(wordsFor(Mishap(reason)) == Notice{});
        for (const FinishReason reason :
             {FinishReason::Length, FinishReason::ToolCalls, FinishReason::ContentFilter,
              FinishReason::Refusal, FinishReason::Pause})
            judge(wordsFor(Mishap(reason)));
    }

    void everySettingsTroubleHasWords()
    {
        for (int kind = 0; kind <= int(SettingsTrouble::Kind::NotSaved); ++kind) {
            const Notice notice = wordsFor(SettingsTrouble{.kind = SettingsTrouble::Kind(kind),
                                                           .fields = {u"zoom"_s},
                                                           .movedTo = u"/c/settings.aside.json"_s,
                                                           .detail = u"at byte 3"_s});
            judge(notice);
            QVERIFY(!notice.advice.isEmpty());
            QVERIFY(!notice.details.isEmpty());
        }
    }

    void whyKeysAreKeptForTheSessionOnlyHasWords()
    {
        using State = SecretStoreStatus::State;
        for (const State state : {State::Unknown, State::Keychain})
            QVERIFY(wordsFor(SecretStoreStatus{.state = state}) == Notice{});
        for (const State state :
             {State::NoSessionBus, State::NoKeychain, State::TimedOut, State::Denied, State::Failed}) {
            const Notice notice = wordsFor(SecretStoreStatus{.state = state});
            judge(notice);
            QVERIFY(notice.title.contains("session only, because"_L1));
        }
    }

    void whoOwnsTheDataFolderHasWords()
    {
        judge(wordsFor(DataFolderRefusal{.kind = DataFolderRefusal::Kind::Failed}));
        const Notice notice =
            wordsFor(DataFolderRefusal{.process = 4711, .host = u"there"_s, .program = u"rivulet"_s});
        judge(notice);
        QVERIFY(notice.details.contains("4711"_L1));
    }
};

QTEST_GUILESS_MAIN(tst_Wording)
#include "tst_wording.moc"
