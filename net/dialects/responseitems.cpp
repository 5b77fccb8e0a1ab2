// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/responseitems.h"

#include "net/framing/limits.h"

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The output items that are calls of a tool.
struct CallType
{
    QLatin1StringView type;
    QLatin1StringView name{};   ///< of the tool; empty where the item says it
    QLatin1StringView before{}; ///< where the input is text: the arguments' JSON before it
    bool isCode = false;
    bool isHosted = false; ///< the item holds the result, too
    bool isList = false;   ///< there may be several texts
};

constexpr std::array callTypes{
    CallType{.type = "function_call"_L1},
    CallType{.type = "custom_tool_call"_L1, .before = R"({"input":")"_L1},
    CallType{.type = "mcp_call"_L1, .isHosted = true},
    CallType{.type = "web_search_call"_L1, .name = "web_search"_L1, .isHosted = true},
    CallType{.type = "file_search_call"_L1, .name = "file_search"_L1, .isHosted = true},
    CallType{.type = "code_interpreter_call"_L1,
             .name = "code_interpreter"_L1,
             .before = R"({"code":")"_L1,
             .isCode = true,
             .isHosted = true},
    CallType{.type = "program"_L1, .name = "program"_L1, .before = R"({"code":")"_L1, .isCode = true},
    CallType{.type = "shell_call"_L1, .name = "shell"_L1, .before = R"({"commands":[")"_L1, .isList = true},
    CallType{.type = "local_shell_call"_L1, .name = "local_shell"_L1},
    CallType{.type = "apply_patch_call"_L1, .name = "apply_patch"_L1, .before = R"({"diff":")"_L1},
    CallType{.type = "computer_call"_L1, .name = "computer"_L1},
    CallType{.type = "tool_search_call"_L1, .name = "tool_search"_L1},
};

const CallType *callTypeOf(const json::Value &item)
{
    const json::Value type = item["type"_L1];
    const auto row = std::ranges::find_if(callTypes, [&](const auto &known) { return type == known.type; });
    return row == callTypes.end() ? nullptr : &*row;
}

// The first of the values that is a string and not empty.
QString firstString(std::initializer_list<json::Value> values)
{
    for (const json::Value &value : values) {
        if (value.isString() && value.isTruthy())
            return value.string();
    }
    return {};
}

// The inside of a JSON string.
QString escaped(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += u'\\';
        if (c == u'\n')
            result += "\\n"_L1;
        else if (c.unicode() < 0x20)
            result += u"\\u%1"_s.arg(static_cast<uint>(c.unicode()), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result;
}

// What stands for a call that was told before the stream was joined.
QString keyBefore(int call)
{
    return u"before "_s + QString::number(call);
}

qint64 partOf(const json::Value &event)
{
    const auto [content, summary, command] =
        event.members("content_index"_L1, "summary_index"_L1, "command_index"_L1);
    for (const json::Value &index : {content, summary, command}) {
        if (const auto part = index.integer())
            return std::max<qint64>(*part, 0);
    }
    return 0;
}

// The media type of an image: some servers do not say it, and the first bytes of the base64 do.
QByteArray mediaType(const json::Value &image, const json::Value &format)
{
    for (const QLatin1StringView known : {"png"_L1, "jpeg"_L1, "webp"_L1}) {
        if (format == known)
            return "image/" + QByteArray(known.data(), known.size());
    }
    const QByteArray base64 = image.compact();
    if (base64.startsWith("\"/9j/"))
        return "image/jpeg";
    return base64.startsWith("\"UklGR") ? "image/webp" : "image/png";
}

void artifactImage(const QString &id, const json::Value &image, const json::Value &format,
                   const QString &title, EventWriter &out)
{
    if (!image.isString() || !image.isTruthy())
        return;
    out.artifact(
        {.id = id,
         .kind = event::Artifact::Kind::Image,
         .title = title,
         .append = false,
         .data = R"({"media_type":")" + mediaType(image, format) + R"(","base64":)" + image.compact() + '}'});
}

} // namespace

void ResponseItems::Repeated::add(qint64 part, const QString &piece)
{
    if (isNewPart(part)) {
        m_part = part;
        m_begin = m_told.size();
    }
    m_told += piece;
}

QString ResponseItems::Repeated::missing(qint64 part, const QString &whole) const
{
    if (part < m_part)
        return {};
    const QStringView told = isNewPart(part) ? QStringView() : QStringView(m_told).sliced(m_begin);
    return whole.startsWith(told) ? whole.sliced(told.size()) : QString();
}

// In the order of how often they come.
const ResponseItems::Reading ResponseItems::readings[] = {
    {"response.output_text.delta"_L1, &ResponseItems::piece<Text>},
    {"response.function_call_arguments.delta"_L1, &ResponseItems::piece<Input>},
    {"response.reasoning_summary_text.delta"_L1, &ResponseItems::piece<Summary>},
    {"response.reasoning_text.delta"_L1, &ResponseItems::piece<Thought>},
    {"response.output_item.added"_L1, &ResponseItems::itemAdded},
    {"response.output_item.done"_L1, &ResponseItems::itemDone},
    {"response.output_text.done"_L1, &ResponseItems::whole<Text>},
    {"response.content_part.added"_L1, &ResponseItems::nothing},
    {"response.content_part.done"_L1, &ResponseItems::wholePart},
    {"response.output_text.annotation.added"_L1, &ResponseItems::annotation},
    {"response.refusal.delta"_L1, &ResponseItems::piece<Refusal>},
    {"response.refusal.done"_L1, &ResponseItems::whole<Refusal>},
    {"response.reasoning_text.done"_L1, &ResponseItems::whole<Thought>},
    {"response.reasoning_summary_part.added"_L1, &ResponseItems::nothing},
    {"response.reasoning_summary_part.done"_L1, &ResponseItems::wholePart},
    {"response.reasoning_summary_text.done"_L1, &ResponseItems::whole<Summary>},
    {"response.function_call_arguments.done"_L1, &ResponseItems::whole<Input>},
    {"response.mcp_call_arguments.delta"_L1, &ResponseItems::piece<Input>},
    {"response.mcp_call_arguments.done"_L1, &ResponseItems::whole<Input>},
    {"response.custom_tool_call_input.delta"_L1, &ResponseItems::quotedPiece},
    {"response.custom_tool_call_input.done"_L1, &ResponseItems::whole<Input>},
    {"response.code_interpreter_call_code.delta"_L1, &ResponseItems::quotedPiece},
    {"response.code_interpreter_call_code.done"_L1, &ResponseItems::whole<Input>},
    {"response.apply_patch_call_operation_diff.delta"_L1, &ResponseItems::quotedPiece},
    {"response.apply_patch_call_operation_diff.done"_L1, &ResponseItems::whole<Input>},
    {"response.shell_call_command.added"_L1, &ResponseItems::nothing},
    {"response.shell_call_command.delta"_L1, &ResponseItems::quotedPiece},
    {"response.shell_call_command.done"_L1, &ResponseItems::whole<Input>},
    // The output's own item holds it.
    {"response.shell_call_output_content.delta"_L1, &ResponseItems::nothing},
    {"response.shell_call_output_content.done"_L1, &ResponseItems::nothing},
    {"response.image_generation_call.in_progress"_L1,
     &ResponseItems::imageStatus<event::Status::State::Running>},
    {"response.image_generation_call.generating"_L1, &ResponseItems::nothing},
    {"response.image_generation_call.partial_image"_L1, &ResponseItems::partialImage},
    {"response.image_generation_call.completed"_L1, &ResponseItems::imageStatus<event::Status::State::Done>},
    {"response.image_generation_call.failed"_L1, &ResponseItems::imageStatus<event::Status::State::Failed>},
    {"response.mcp_list_tools.in_progress"_L1, &ResponseItems::toolListStatus<event::Status::State::Running>},
    {"response.mcp_list_tools.completed"_L1, &ResponseItems::toolListStatus<event::Status::State::Done>},
    {"response.mcp_list_tools.failed"_L1, &ResponseItems::toolListStatus<event::Status::State::Failed>},
    // A call's own item says the same.
    {"response.mcp_call.in_progress"_L1, &ResponseItems::nothing},
    {"response.mcp_call.completed"_L1, &ResponseItems::nothing},
    {"response.mcp_call.failed"_L1, &ResponseItems::nothing},
    {"response.web_search_call.in_progress"_L1, &ResponseItems::nothing},
    {"response.web_search_call.searching"_L1, &ResponseItems::nothing},
    {"response.web_search_call.completed"_L1, &ResponseItems::nothing},
    {"response.file_search_call.in_progress"_L1, &ResponseItems::nothing},
    {"response.file_search_call.searching"_L1, &ResponseItems::nothing},
    {"response.file_search_call.completed"_L1, &ResponseItems::nothing},
    {"response.code_interpreter_call.in_progress"_L1, &ResponseItems::nothing},
    {"response.code_interpreter_call.interpreting"_L1, &ResponseItems::nothing},
    {"response.code_interpreter_call.completed"_L1, &ResponseItems::nothing},
    // What is spoken is read by its transcript.
    {"response.output_audio_transcript.delta"_L1, &ResponseItems::piece<Text>},
    {"response.output_audio_transcript.done"_L1, &ResponseItems::whole<Text>},
    {"response.output_audio.delta"_L1, &ResponseItems::nothing},
    {"response.output_audio.done"_L1, &ResponseItems::nothing},
    {"response.audio.transcript.delta"_L1, &ResponseItems::piece<Text>},
    {"response.audio.transcript.done"_L1, &ResponseItems::whole<Text>},
    // The names of older servers.
    {"response.text.delta"_L1, &ResponseItems::piece<Text>},
    {"response.text.done"_L1, &ResponseItems::whole<Text>},
    {"response.audio_transcript.delta"_L1, &ResponseItems::piece<Text>},
    {"response.audio_transcript.done"_L1, &ResponseItems::whole<Text>},
    {"response.audio.delta"_L1, &ResponseItems::nothing},
    {"response.audio.done"_L1, &ResponseItems::nothing},
};

bool ResponseItems::read(const EventName &name, const json::Value &event, EventWriter &out)
{
    const auto row =
        std::ranges::find_if(readings, [&](const Reading &reading) { return name == reading.name; });
    if (row == std::end(readings))
        return false;
    (this->*row->read)(event, out);
    return true;
}

void ResponseItems::readOutput(const json::Value &output, EventWriter &out)
{
    if (m_joined)
        return;
    size_t count = 0;
    output.forEach([&](const json::Value &) { ++count; });
    // Places have gaps and ids change, so that items are known again only by their order.
    if (!m_items.empty() && m_items.size() != count)
        return;
    std::ranges::sort(m_items, {}, &Item::place);
    size_t next = 0;
    const bool isNew = m_items.empty();
    output.forEach([&](const json::Value &value) {
        Item &item = isNew ? itemAt(static_cast<qint64>(next)) : m_items[next];
        settle(item, value, out);
        ++next;
    });
}

void ResponseItems::joinAfter(CallsSoFar before, EventWriter &out)
{
    m_joined = true;
    m_calls = m_before = before;
    out.setMuted(true);
    for (int i = 0; i < before.count; ++i)
        out.toolArguments(out.toolCall(keyBefore(i), keyBefore(i), {}), u"{}"_s);
    for (int i = 0; i < before.count - (before.open > 0 ? 1 : 0); ++i)
        out.toolResult({.id = keyBefore(i), .name = {}, .content = {}});
    out.setMuted(false);
}

// The call that was cut where the stream was joined has its result.
void ResponseItems::closeLastBefore(EventWriter &out)
{
    out.setMuted(true);
    out.toolResult({.id = keyBefore(m_before.count - 1), .name = {}, .content = {}});
    out.setMuted(false);
}

QString ResponseItems::textOf(const json::Value &output)
{
    QString text;
    output.forEach([&](const json::Value &item) {
        if (item["type"_L1] == "message"_L1) {
            item["content"_L1].forEach([&](const json::Value &part) {
                text += firstString({part["text"_L1], part["transcript"_L1], part["refusal"_L1]});
            });
        }
    });
    return text;
}

template<ResponseItems::Kind kind>
void ResponseItems::piece(const json::Value &event, EventWriter &out)
{
    tell(itemOf(event), kind, partOf(event), event["delta"_L1].string(), out);
}

template<ResponseItems::Kind kind>
void ResponseItems::whole(const json::Value &event, EventWriter &out)
{
    Item &item = itemOf(event);
    if constexpr (kind == Input) {
        const auto [arguments, input, code, diff, command, name] =
            event.members("arguments"_L1, "input"_L1, "code"_L1, "diff"_L1, "command"_L1, "name"_L1);
        if (item.call >= 0 && item.name.isEmpty() && name.isString())
            openCall(item, event, out);
        QString text = firstString({arguments, input, code, diff, command});
        if (arguments.isObject())
            text = arguments.text();
        tellMissing(item, kind, partOf(event), text, out);
    } else {
        const auto [text, refusal, transcript] = event.members("text"_L1, "refusal"_L1, "transcript"_L1);
        tellMissing(item, kind, partOf(event), firstString({text, refusal, transcript}), out);
    }
}

void ResponseItems::quotedPiece(const json::Value &event, EventWriter &out)
{
    Item &item = itemOf(event);
    item.quotes = true;
    tell(item, Input, partOf(event), event["delta"_L1].string(), out);
}

void ResponseItems::wholePart(const json::Value &event, EventWriter &out)
{
    contentPart(itemOf(event), partOf(event), event["part"_L1], out);
}

void ResponseItems::annotation(const json::Value &event, EventWriter &out)
{
    source(event["annotation"_L1], out);
}

void ResponseItems::itemAdded(const json::Value &event, EventWriter &out)
{
    begin(itemOf(event), event["item"_L1], out);
}

void ResponseItems::itemDone(const json::Value &event, EventWriter &out)
{
    settle(itemOf(event), event["item"_L1], out);
}

void ResponseItems::partialImage(const json::Value &event, EventWriter &out)
{
    const auto [image, format] = event.members("partial_image_b64"_L1, "output_format"_L1);
    artifactImage(itemOf(event).id, image, format, {}, out);
}

template<event::Status::State state>
void ResponseItems::imageStatus(const json::Value &, EventWriter &out)
{
    out.status({.stage = u"image_generation"_s, .message = {}, .state = state});
}

template<event::Status::State state>
void ResponseItems::toolListStatus(const json::Value &event, EventWriter &out)
{
    out.status({.stage = u"mcp_list_tools"_s, .message = itemOf(event).server, .state = state});
}

Usage responseUsage(const json::Value &usage)
{
    const auto [input, output, inputParts, outputParts, inputPart, outputPart] =
        usage.members("input_tokens"_L1, "output_tokens"_L1, "input_tokens_details"_L1,
                      "output_tokens_details"_L1, "input_token_details"_L1, "output_token_details"_L1);
    const json::Value &read = inputParts.isObject() ? inputParts : inputPart;
    const json::Value &written = outputParts.isObject() ? outputParts : outputPart;
    return {.inputTokens = input.integer(),
            .outputTokens = output.integer(),
            .reasoningTokens = written["reasoning_tokens"_L1].integer(),
            .cachedTokens = read["cached_tokens"_L1].integer()};
}

ResponseItems::Item &ResponseItems::itemOf(const json::Value &event)
{
    const std::optional<qint64> place = event["output_index"_L1].integer();
    if (place)
        return itemAt(*place);
    // Without a place it is about the newest item.
    return m_items.empty() ? itemAt(0) : m_items.back();
}

ResponseItems::Item &ResponseItems::itemAt(qint64 place)
{
    for (size_t i = m_items.size(); i-- > 0;) {
        if (m_items[i].place == place)
            return m_items[i];
    }
    // Past the bound the last one stands for all that follow.
    if (m_items.size() == limits::outputItems)
        return m_items.back();
    return m_items.emplace_back(Item{.place = place});
}

void ResponseItems::begin(Item &item, const json::Value &value, EventWriter &out)
{
    if (item.began)
        return;
    item.began = true;
    item.id = firstString({value["call_id"_L1], value["id"_L1]});
    item.server = value["server_label"_L1].string();
    const CallType *type = callTypeOf(value);
    if (!type)
        return;
    item.quotes = !type->before.isEmpty();
    item.isCode = type->isCode;
    item.before = type->before;
    openCall(item, value, out);
    const json::Value operation = value["operation"_L1];
    if (operation["path"_L1].isString())
        item.before =
            u"{\"type\":%1,\"path\":%2,\"diff\":\""_s.arg(QString::fromUtf8(operation["type"_L1].compact()),
                                                          QString::fromUtf8(operation["path"_L1].compact()));
    // An operation without a diff is told as it is.
    if (item.quotes && (!operation.isObject() || operation["diff"_L1].isString()))
        openInput(item, out);
}

// Begins the JSON around an input that is text.
void ResponseItems::openInput(Item &item, EventWriter &out)
{
    if (item.isOpen || (m_joined && !item.began))
        return;
    item.isOpen = true;
    out.toolArguments(item.call, item.before.isEmpty() ? u"{\"input\":\""_s : item.before);
}

void ResponseItems::openCall(Item &item, const json::Value &value, EventWriter &out)
{
    const CallType *type = callTypeOf(value);
    if (item.name.isEmpty())
        item.name = type && !type->name.isEmpty() ? QString(type->name) : value["name"_L1].string();
    if (item.id.isEmpty())
        item.id = firstString({value["call_id"_L1], value["id"_L1]});
    if (item.call < 0) {
        ++m_calls.count;
        ++m_calls.open;
    }
    item.call = out.toolCall(QString::number(item.place), item.id, item.name);
}

void ResponseItems::settle(Item &item, const json::Value &value, EventWriter &out)
{
    if (item.settled)
        return;
    if (!m_joined)
        begin(item, value, out);
    if (item.id.isEmpty())
        item.id = firstString({value["call_id"_L1], value["id"_L1]});
    const auto [type, content, summary, encrypted] =
        value.members("type"_L1, "content"_L1, "summary"_L1, "encrypted_content"_L1);
    if (callTypeOf(value)) {
        settleCall(item, value, out);
    } else if (type == "message"_L1) {
        settleContent(item, content, out);
    } else if (type == "reasoning"_L1 || type == "compaction"_L1) {
        settleContent(item, summary, out);
        settleContent(item, content, out);
        // What is not encrypted is worth nothing to a server that did not store it.
        if (encrypted.isString() && encrypted.isTruthy())
            out.opaqueReasoning(static_cast<int>(item.place), QString::fromUtf8(value.compact()));
    } else if (type == "mcp_approval_request"_L1) {
        out.approval({.id = value["id"_L1].string(),
                      .name = value["name"_L1].string(),
                      .arguments = value["arguments"_L1].text(),
                      .call = {},
                      .context = QString::fromUtf8(value.compact())});
    } else if (type == "image_generation_call"_L1) {
        artifactImage(item.id, value["result"_L1], value["output_format"_L1],
                      firstString({value["revised_prompt"_L1], value["prompt"_L1]}), out);
    } else if (type.isString() && type.string().endsWith("_output"_L1)) {
        callOutput(value, out);
    }
    item.settled = true;
    item.texts = {};
}

void ResponseItems::settleCall(Item &item, const json::Value &value, EventWriter &out)
{
    const CallType &type = *callTypeOf(value);
    if (m_joined && !item.began) {
        // All but its end was told before the stream was joined.
        item.quotes = !type.before.isEmpty();
        if (item.call < 0)
            item.call = m_before.count - 1;
        settleInput(item, type.isList, out);
        if (type.isHosted) {
            hostedResult(item, value, out);
            closeLastBefore(out);
        }
        return;
    }
    openCall(item, value, out);
    const auto [arguments, input, code, operation, action, actions, queries] = value.members(
        "arguments"_L1, "input"_L1, "code"_L1, "operation"_L1, "action"_L1, "actions"_L1, "queries"_L1);
    const json::Value commands = action["commands"_L1];
    if (commands.isArray() && item.quotes) {
        qint64 part = 0;
        commands.forEach(
            [&](const json::Value &command) { tellMissing(item, Input, part++, command.string(), out); });
    } else if (item.quotes && operation.isObject() && !operation["diff"_L1].isString()) {
        item.quotes = false;
        tellMissing(item, Input, 0, operation.text(), out);
    } else if (item.quotes) {
        tellMissing(item, Input, 0, firstString({input, code, operation["diff"_L1]}), out);
    } else if (queries.isArray()) {
        tellMissing(item, Input, 0, u"{\"queries\":"_s + queries.text() + u'}', out);
    } else if (actions.isArray()) {
        tellMissing(item, Input, 0, u"{\"actions\":"_s + actions.text() + u'}', out);
    } else {
        tellMissing(item, Input, 0, (arguments.isTruthy() ? arguments : action).text(), out);
    }
    settleInput(item, type.isList, out);
    if (type.isHosted)
        hostedResult(item, value, out);
}

// Ends the JSON around an input that is text.
void ResponseItems::settleInput(Item &item, bool isList, EventWriter &out)
{
    if (!item.quotes || item.call < 0)
        return;
    openInput(item, out);
    out.toolArguments(item.call, escaped(item.joiner.flush()) + (isList ? u"\"]}"_s : u"\"}"_s));
}

void ResponseItems::settleContent(Item &item, const json::Value &content, EventWriter &out)
{
    qint64 part = 0;
    content.forEach([&](const json::Value &value) { contentPart(item, part++, value, out); });
}

void ResponseItems::contentPart(Item &item, qint64 part, const json::Value &value, EventWriter &out)
{
    const auto [type, text, transcript, refusal, annotations] =
        value.members("type"_L1, "text"_L1, "transcript"_L1, "refusal"_L1, "annotations"_L1);
    if (type == "refusal"_L1)
        tellMissing(item, Refusal, part, refusal.string(), out);
    else if (type == "reasoning_text"_L1)
        tellMissing(item, Thought, part, text.string(), out);
    else if (type == "summary_text"_L1)
        tellMissing(item, Summary, part, text.string(), out);
    else
        tellMissing(item, Text, part, firstString({text, transcript}), out);
    annotations.forEach([&](const json::Value &annotation) { source(annotation, out); });
}

void ResponseItems::tell(Item &item, Kind kind, qint64 part, const QString &text, EventWriter &out)
{
    if (text.isEmpty() || item.settled)
        return;
    Repeated &told = item.texts[kind];
    const bool isFirst = told.isEmpty();
    const bool isNewPart = told.isNewPart(part);
    switch (kind) {
    case Refusal:
        m_refused = true;
        [[fallthrough]];
    case Text:
        out.text(text);
        break;
    case Thought:
    case Summary:
        // Servers that send both say the same twice.
        if (!item.texts[kind == Thought ? Summary : Thought].isEmpty())
            return;
        if (m_thought && (isFirst || (kind == Summary && isNewPart)))
            out.reasoning(u"\n\n"_s);
        m_thought = true;
        out.reasoning(text);
        break;
    case Input:
        // The call that was cut where the stream was joined is the last one that was told before.
        if (item.call < 0 && m_joined && !item.began)
            item.call = m_before.count - 1;
        else if (item.call < 0)
            openCall(item, {}, out);
        if (item.call < 0)
            return;
        if (item.quotes)
            tellQuoted(item, isFirst, isNewPart, text, out);
        else
            out.toolArguments(item.call, text);
        break;
    case kinds:
        Q_UNREACHABLE();
    }
    told.add(part, text);
}

void ResponseItems::tellQuoted(Item &item, bool isFirst, bool isNewPart, const QString &text,
                               EventWriter &out)
{
    const QString inside = escaped(item.joiner.take(text));
    openInput(item, out);
    if (isNewPart && !isFirst)
        out.toolArguments(item.call, u"\",\""_s);
    out.toolArguments(item.call, inside);
    if (item.isCode && !inside.isEmpty())
        out.artifact({.id = item.id,
                      .kind = event::Artifact::Kind::Code,
                      .title = item.name,
                      .append = true,
                      .data = '"' + inside.toUtf8() + '"'});
}

void ResponseItems::tellMissing(Item &item, Kind kind, qint64 part, const QString &text, EventWriter &out)
{
    // What began before the stream was joined was told as far as it was streamed. And some servers count
    // parts by the delta, and repeat all of them as one.
    if (item.settled || (m_joined && !item.began) || (kind != Input && item.texts[kind].isAll(text)))
        return;
    tell(item, kind, part, item.texts[kind].missing(part, text), out);
}

void ResponseItems::hostedResult(const Item &item, const json::Value &value, EventWriter &out)
{
    const auto [status, action, results, outputs, output, error] =
        value.members("status"_L1, "action"_L1, "results"_L1, "outputs"_L1, "output"_L1, "error"_L1);
    QStringList content;
    if (error.isTruthy())
        content.append(firstString({error, error["message"_L1]}));
    if (output.isTruthy())
        content.append(output.text());
    for (const json::Value &found : {action["sources"_L1], results}) {
        if (found.isTruthy())
            content.append(found.text());
    }
    int image = 0;
    outputs.forEach([&](const json::Value &piece) {
        if (piece["type"_L1] == "logs"_L1)
            content.append(piece["logs"_L1].string());
        else if (piece["type"_L1] == "image"_L1)
            out.artifact({.id = u"%1-%2"_s.arg(item.id).arg(image++),
                          .kind = event::Artifact::Kind::Image,
                          .title = item.name,
                          .append = false,
                          .data = R"({"url":)" + piece["url"_L1].compact() + '}'});
    });
    --m_calls.open;
    content.removeAll(QString());
    if (content.isEmpty())
        content.append(status.string());
    out.toolResult({.id = item.id,
                    .name = item.name,
                    .content = content.join(u'\n'),
                    .isError = error.isTruthy() || status == "failed"_L1,
                    .preliminary = false});
}

// What a call gave, where it is an item of its own.
void ResponseItems::callOutput(const json::Value &value, EventWriter &out)
{
    const auto [call, status, output, given, tools] =
        value.members("call_id"_L1, "status"_L1, "output"_L1, "result"_L1, "tools"_L1);
    const QString id = call.string();
    if (id.isEmpty())
        return;
    const auto caller =
        std::ranges::find_if(m_items, [&](const Item &item) { return item.call >= 0 && item.id == id; });
    --m_calls.open;
    if (m_joined && caller == m_items.end())
        closeLastBefore(out);
    event::ToolResult result{.id = id,
                             .name = caller == m_items.end() ? QString() : caller->name,
                             .content = {},
                             .isError = status == "failed"_L1,
                             .preliminary = false};
    if (output.first()["stdout"_L1].isString() || output.first()["stderr"_L1].isString()) {
        output.forEach([&](const json::Value &run) {
            result.content += run["stdout"_L1].string() + run["stderr"_L1].string();
            const json::Value outcome = run["outcome"_L1];
            result.isError = result.isError || outcome["type"_L1] == "timeout"_L1
                || outcome["exit_code"_L1].integer().value_or(0) != 0;
        });
    } else {
        for (const json::Value &held : {output, given, tools}) {
            if (held.isTruthy() && result.content.isEmpty())
                result.content = held.text();
        }
    }
    out.toolResult(std::move(result));
}

void ResponseItems::source(const json::Value &annotation, EventWriter &out)
{
    // Chat Completions' form holds it one level deeper; some servers kept that.
    const json::Value deeper = annotation["url_citation"_L1];
    const auto [url, title, file, fileName] =
        (deeper.isObject() ? deeper : annotation).members("url"_L1, "title"_L1, "file_id"_L1, "filename"_L1);
    if (url.isTruthy()) {
        out.source(url.string(), title.string());
        return;
    }
    const QString id = file.string();
    if (id.isEmpty() || m_files.contains(id))
        return;
    m_files.insert(id);
    out.artifact({.id = id,
                  .kind = event::Artifact::Kind::Source,
                  .title = fileName.string(),
                  .append = false,
                  .data = annotation.compact()});
}

} // namespace rivulet
