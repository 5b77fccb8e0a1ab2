// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/store/storefixture.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QHash>
#include <QtCore/QProcess>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <chrono>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr int wordsPerTurn = 40; // as in storewriter.cpp

// What arrived this long before the end has to be there: the store's 100 ms, and what a machine that runs
// other tests at the same time may take to carry them out.
constexpr auto promise = 100ms;
constexpr auto slack = 250ms;

/// What the writer said before it died.
struct Testimony
{
    QHash<qint64, QList<std::chrono::nanoseconds>> appended; ///< by answer: when each word was handed over
    QList<qint64> durableQuestions;
    QList<qint64> durableAnswers;
    QList<std::chrono::nanoseconds> typed; ///< when each draft was handed over
    qint64 durableQueue = 0;

    explicit Testimony(const QByteArray &output)
    {
        // What follows the last newline was cut by the kill.
        const QList<QByteArray> lines = output.first(output.lastIndexOf('\n') + 1).split('\n');
        QList<qint64> ended;
        QHash<qint64, qsizetype> endedWhenAsked;
        QHash<qint64, qint64> queuedWhenAsked;
        qint64 queued = 0;
        for (const QByteArray &line : lines) {
            const QList<QByteArray> words = line.split(' ');
            const qint64 id = words.value(1).toLongLong();
            if (words.at(0) == "appended") {
                appended[id].append(std::chrono::nanoseconds(words.value(3).toLongLong()));
            } else if (words.at(0) == "ended") {
                ended.append(id);
            } else if (words.at(0) == "asked") {
                endedWhenAsked.insert(id, ended.size());
                queuedWhenAsked.insert(id, queued);
            } else if (words.at(0) == "queued") {
                queued = id;
            } else if (words.at(0) == "typed") {
                typed.append(std::chrono::nanoseconds(words.value(2).toLongLong()));
            } else if (words.at(0) == "durable") {
                durableQuestions.append(id);
                durableAnswers = ended.first(std::max(durableAnswers.size(), endedWhenAsked.value(id)));
                durableQueue = std::max(durableQueue, queuedWhenAsked.value(id));
            }
        }
    }
};

int numberFrom(const char *variable, int otherwise)
{
    const int wanted = qEnvironmentVariableIntValue(variable);
    return wanted > 0 ? wanted : otherwise;
}

// "./dev test --kill N" sets both.
int kills()
{
    return numberFrom("RIVULET_KILLS", 30);
}

int streams()
{
    return numberFrom("RIVULET_KILL_STREAMS", 8);
}

QString wordsUpTo(qsizetype count)
{
    QString words;
    for (qsizetype i = 1; i <= count; ++i)
        words += u"word%1 "_s.arg(i);
    return words;
}

} // namespace

class tst_StoreKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasPromisedSurvivesAnyKill()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"history.db"_s);
        const quint32 seed = QRandomGenerator::global()->generate();
        QRandomGenerator random(seed);
        std::chrono::nanoseconds oldestLoss{0};
        qsizetype words = 0;

        for (int round = 0; round < kills(); ++round) {
            const qint64 firstId = (round + 1) * 1'000'000;
            QProcess writer;
            writer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            writer.start(QCoreApplication::applicationDirPath() + u"/storewriter"_s,
                         {path, QString::number(firstId), QString::number(streams())});
            // Some time after it has begun: after that many of its reports, and anywhere inside the next one.
            QByteArray output;
            const int reports = random.bounded(3, 130) * streams();
            while (output.count('\n') < reports) {
                QVERIFY(writer.waitForReadyRead(20'000));
                output += writer.readAllStandardOutput();
            }
            const QDeadlineTimer moment(std::chrono::microseconds(random.bounded(5'000)), Qt::PreciseTimer);
            while (!moment.hasExpired()) {}
            const auto killed = std::chrono::steady_clock::now().time_since_epoch();
            writer.kill();
            QVERIFY(writer.waitForFinished());
            QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
            const Testimony said(output + writer.readAllStandardOutput());

            SqliteStore store(path);
            QHash<qint64, Message> kept;
            const QList<Message> all = messagesOf(store, firstId);
            for (const Message &message : all)
                kept.insert(static_cast<qint64>(message.id), message);
            QVERIFY2(store.health().state == StoreHealth::State::Good,
                     qPrintable(u"seed %1, kill %2"_s.arg(seed).arg(round)));

            for (const qint64 question : said.durableQuestions)
                QCOMPARE(kept.value(question).text(), u"question"_s);
            for (const qint64 answer : said.durableAnswers) {
                QCOMPARE_EQ(kept.value(answer).state, Message::State::Complete);
                QCOMPARE(kept.value(answer).text(), wordsUpTo(wordsPerTurn));
            }
            for (const auto &[id, appended] : said.appended.asKeyValueRange()) {
                const Message message = kept.value(id);
                QVERIFY(message.state == Message::State::CutOff || message.state == Message::State::Complete);
                const qsizetype count = message.text().count(u' ');
                QCOMPARE(message.text(), wordsUpTo(count));
                words += count;
                if (count < appended.size())
                    oldestLoss = std::max(oldestLoss, killed - appended.at(count));
            }
            const Unsent unsent = await(store.unsent(ConversationId{firstId})).value_or(Unsent{});
            if (const qint64 drafts = unsent.draft.toLongLong(); drafts < said.typed.size())
                oldestLoss = std::max(oldestLoss, killed - said.typed.at(drafts));
            QCOMPARE_GE(unsent.queue.isEmpty() ? 0 : unsent.queue.constFirst().id, said.durableQueue);
        }
        {
            OtherConnection file(path);
            QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
            QCOMPARE(file.value(u"SELECT count(*) FROM message WHERE state = 'streaming'"_s), 0);
            QVERIFY(file.exec(u"INSERT INTO search (search) VALUES ('integrity-check')"_s));
            QCOMPARE(file.value(u"SELECT count(*) FROM search WHERE search MATCH '{marks} : message'"_s),
                     file.value(u"SELECT count(*) FROM message"_s));
        }
        qInfo("%d kills of %d streams, seed %u: %lld words kept, the oldest that was lost was %lld ms old",
              kills(), streams(), seed, static_cast<long long>(words),
              static_cast<long long>(
                  std::chrono::duration_cast<std::chrono::milliseconds>(oldestLoss).count()));
        QCOMPARE_GT(words, kills());
        QCOMPARE_LE(oldestLoss, promise + slack);
    }
};

QTEST_GUILESS_MAIN(tst_StoreKill)
#include "tst_storekill.moc"
