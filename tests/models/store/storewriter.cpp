// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// The victim of tst_storekill: streams several answers into the store at argv[1] until it is killed, and
// tells on its standard output what it has handed over and what it was told is durable, with the time. Ids
// start at argv[2]; argv[3] is how many answers stream at a time.
//   appended <answer> <words so far> <monotonic ns>
//   typed <draft> <monotonic ns>
//   queued <number>
//   ended <answer>
//   asked <question>
//   durable <question>    it is, and so is every turn that ended and all that was queued before it was asked

#include "models/store/sqlitestore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

qint64 now()
{
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr int wordsPerTurn = 40;

struct Stream
{
    qint64 answer = 0; ///< 0 while none runs
    int words = 0;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc != 4)
        return 2;
    SqliteStore store(QString::fromLocal8Bit(argv[1]));
    const auto journal = store.makeJournal();
    qint64 nextMessage = QByteArray(argv[2]).toLongLong();
    const ConversationId conversation{nextMessage++};
    store.putConversation({.id = conversation, .title = u"killed"_s});

    // A draft that grows, and a queue that holds the number of the turns that ended.
    qint64 keys = 0;
    qint64 queued = 0;
    const auto putUnsent = [&] {
        store.putUnsent(conversation,
                        {.draft = QString::number(keys), .queue = {{.id = queued, .text = u"queued"_s}}});
    };

    std::vector<Stream> all(QByteArray(argv[3]).toUInt());
    const auto ask = [&](Stream &stream) {
        const Message question{
            .id = MessageId{nextMessage++}, .conversation = conversation, .parts = {TextPart{u"question"_s}}};
        const Message answer{.id = MessageId{nextMessage++},
                             .conversation = conversation,
                             .parent = question.id,
                             .role = ChatRole::Assistant,
                             .state = Message::State::Streaming};
        std::printf("asked %lld\n", static_cast<long long>(question.id));
        store.putMessage(question);
        store.putMessage(answer);
        journal->begin(turnOf(answer.id), [&stream, question, answer] {
            stream = {.answer = static_cast<qint64>(answer.id)};
            std::printf("durable %lld\n", static_cast<long long>(question.id));
        });
    };
    for (Stream &stream : all)
        ask(stream);

    QTimer tick;
    tick.setTimerType(Qt::PreciseTimer);
    QObject::connect(&tick, &QTimer::timeout, &app, [&] {
        for (Stream &stream : all) {
            if (stream.answer == 0)
                continue;
            const TurnId turn{stream.answer};
            journal->append(turn, {{event::Text{u"word%1 "_s.arg(++stream.words)}, {}}});
            std::printf("appended %lld %d %lld\n", static_cast<long long>(stream.answer), stream.words,
                        static_cast<long long>(now()));
            if (stream.words == wordsPerTurn) {
                journal->finish(turn, {});
                std::printf("ended %lld\n", static_cast<long long>(stream.answer));
                stream = {};
                ++queued;
                putUnsent();
                std::printf("queued %lld\n", static_cast<long long>(queued));
                ask(stream);
            }
        }
        ++keys;
        putUnsent();
        std::printf("typed %lld %lld\n", static_cast<long long>(keys), static_cast<long long>(now()));
        std::fflush(stdout);
    });
    tick.start(5);
    return QCoreApplication::exec();
}
