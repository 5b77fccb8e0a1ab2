// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/turn/speech.h"

#include "net/demo/httpresponder.h"
#include "net/demo/websocketframes.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace rivulet::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray eventOf(const QJsonObject &data)
{
    return "data: " + QJsonDocument(data).toJson(QJsonDocument::Compact) + "\n\n";
}

QByteArray choice(const QJsonObject &delta, const QJsonValue &finish)
{
    return eventOf(
        {{"choices"_L1,
          QJsonArray{QJsonObject{{"index"_L1, 0}, {"delta"_L1, delta}, {"finish_reason"_L1, finish}}}}});
}

} // namespace

QStringList someWords(Dice &dice)
{
    static const QStringList stock{u"river "_s,     u"Größe "_s,      u"água\n"_s, u"水が流れる "_s,
                                   u"\U0001F30A"_s, u"\"quoted\" "_s, u"مياه "_s,  u"👩‍🔬 "_s,
                                   u"a"_s,          u"**bold** "_s};
    QStringList words;
    for (int count = dice.roll(3, 30); count > 0; --count)
        words.append(stock.at(dice.roll(0, int(stock.size()) - 1)));
    return words;
}

Speech plainSpeech(const QStringList &words)
{
    Speech speech{.words = words, .before = 1};
    speech.events.append(choice({{"role"_L1, "assistant"_L1}}, {}));
    for (const QString &word : words)
        speech.events.append(choice({{"content"_L1, word}}, {}));
    speech.events.append(choice({}, "stop"_L1));
    speech.events.append("data: [DONE]\n\n");
    return speech;
}

Speech resumableSpeech(const QStringList &words)
{
    Speech speech{.words = words, .before = 3};
    const auto add = [&speech](QJsonObject data) {
        data["sequence_number"_L1] = speech.events.size();
        speech.events.append(eventOf(data));
    };
    const QJsonObject response{{"id"_L1, "resp_1"_L1}, {"background"_L1, true}};
    const auto withStatus = [&response](QLatin1StringView status) {
        QJsonObject told = response;
        told["status"_L1] = status;
        return told;
    };
    const QJsonObject place{{"item_id"_L1, "msg_0"_L1}, {"output_index"_L1, 0}, {"content_index"_L1, 0}};
    add({{"type"_L1, "response.created"_L1}, {"response"_L1, withStatus("queued"_L1)}});
    add({{"type"_L1, "response.output_item.added"_L1},
         {"output_index"_L1, 0},
         {"item"_L1,
          QJsonObject{{"type"_L1, "message"_L1}, {"id"_L1, "msg_0"_L1}, {"role"_L1, "assistant"_L1}}}});
    QJsonObject part = place;
    part["type"_L1] = "response.content_part.added"_L1;
    part["part"_L1] = QJsonObject{{"type"_L1, "output_text"_L1}, {"text"_L1, QString()}};
    add(part);
    for (const QString &word : words) {
        QJsonObject delta = place;
        delta["type"_L1] = "response.output_text.delta"_L1;
        delta["delta"_L1] = word;
        add(delta);
    }
    add({{"type"_L1, "response.completed"_L1}, {"response"_L1, withStatus("completed"_L1)}});
    return speech;
}

Speech spokenOverSocket(const QStringList &words)
{
    Speech speech{.words = words, .before = 1};
    const auto add = [&speech](const QJsonObject &message) {
        speech.events.append(QJsonDocument(message).toJson(QJsonDocument::Compact));
    };
    add({{"type"_L1, "start"_L1}, {"message"_L1, "Starting"_L1}});
    for (const QString &word : words)
        add({{"type"_L1, "analysis_chunk"_L1}, {"chunk"_L1, word}});
    add({{"type"_L1, "complete"_L1}, {"message"_L1, "Done"_L1}});
    add({{"type"_L1, "stream_end"_L1}, {"message"_L1, "closed"_L1}});
    return speech;
}

MockAnswer brokenSocket(const QByteArrayList &messages, qsizetype whole, Dice &dice, bool reset)
{
    MockAnswer answer = MockAnswer::webSocket(messages.first(whole));
    // An RST takes along what the client has not read.
    if (reset)
        return answer.delay(10ms).reset();
    switch (dice.roll(0, 4)) {
    case 0:
        return answer.closeWith(1001);
    case 1:
        return answer.closeWith(1011);
    case 2:
        return answer.closeWith(1012);
    case 3: {
        const QByteArray frame = webSocketFrame(WebSocketOpcode::Text, messages.at(whole));
        return answer.raw(frame.first(dice.roll(1, static_cast<int>(frame.size()) - 1))).close();
    }
    default:
        return answer.oversizeFrame(quint64{1} << 40);
    }
}

MockAnswer brokenOff(const QByteArrayList &events, qsizetype whole, Dice &dice, bool reset)
{
    MockAnswer answer = MockAnswer::stream();
    for (const QByteArray &event : events.first(whole))
        answer.chunk(event);
    if (whole < events.size()) {
        const QByteArray chunk = httpChunk(events.at(whole));
        // The last bytes are those of the framing: what is cut is cut in the event itself.
        answer.raw(chunk.first(dice.roll(0, static_cast<int>(chunk.size()) - 6)));
    }
    // An RST takes along what the client has not read.
    return reset ? answer.delay(10ms).reset() : answer.close();
}

} // namespace rivulet::test
