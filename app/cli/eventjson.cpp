// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eventjson.h"

#include "app/cli/jsonwriter.h"

#include <QtCore/qlatin1stringview.h>

#include <iterator>

namespace rivulet::cli {

namespace {

// Writes the members of each kind of event. Empty strings are members that the event does not fill.
class Members
{
public:
    explicit Members(JsonObjectWriter &out) : m_out(out) {}

    void operator()(const event::Started &started) const
    {
        filled("id", started.id);
        filled("model", started.model);
        filled("session", started.session);
    }
    void operator()(const event::Text &text) const { m_out.string("text", text.text); }
    void operator()(const event::Reasoning &reasoning) const { m_out.string("text", reasoning.text); }
    void operator()(const event::ReasoningOpaque &opaque) const
    {
        m_out.number("index", opaque.index).string("data", opaque.data);
    }
    void operator()(const event::Replace &replace) const
    {
        m_out.number("part", replace.part).string("text", replace.text);
    }
    void operator()(const event::ToolCall &call) const
    {
        m_out.number("index", call.index);
        filled("id", call.id);
        filled("name", call.name);
        m_out.string("arguments", call.arguments);
    }
    void operator()(const event::Approval &approval) const
    {
        m_out.string("id", approval.id).string("name", approval.name);
        m_out.string("arguments", approval.arguments);
    }
    void operator()(const event::ToolResult &result) const
    {
        m_out.string("id", result.id);
        filled("name", result.name);
        m_out.string("content", result.content);
        m_out.boolean("is_error", result.isError).boolean("preliminary", result.preliminary);
    }
    void operator()(const event::Status &status) const
    {
        filled("stage", status.stage);
        filled("message", status.message);
        name("state", toName(status.state));
    }
    void operator()(const event::Artifact &artifact) const { (*this)(artifact, Appending::Told); }
    void operator()(const event::UsageReported &reported) const { (*this)(reported.usage); }
    void operator()(const event::Finished &finished) const { name("reason", toName(finished.reason)); }
    void operator()(const event::Failed &failed) const { (*this)(failed.error); }

    void operator()(const Usage &usage) const
    {
        known("input_tokens", usage.inputTokens);
        known("output_tokens", usage.outputTokens);
        known("reasoning_tokens", usage.reasoningTokens);
        known("cached_tokens", usage.cachedTokens);
    }
    void operator()(const NetError &error) const
    {
        name("kind", toName(error.kind));
        if (error.status != 0)
            m_out.number("status", error.status);
        filled("code", error.code);
        m_out.string("message", error.message);
        if (error.retryAfter)
            m_out.number("retry_after_ms", error.retryAfter->count());
    }

    enum class Appending { Told, Done };
    void operator()(const event::Artifact &artifact, Appending appending) const
    {
        m_out.string("id", artifact.id);
        name("kind", toName(artifact.kind));
        filled("title", artifact.title);
        if (appending == Appending::Told)
            m_out.boolean("append", artifact.append);
        if (!artifact.data.isEmpty())
            m_out.json("data", artifact.data);
    }

private:
    void filled(QByteArrayView member, const QString &value) const
    {
        if (!value.isEmpty())
            m_out.string(member, value);
    }
    void known(QByteArrayView member, std::optional<qint64> value) const
    {
        if (value)
            m_out.number(member, *value);
    }
    void name(QByteArrayView member, QLatin1StringView value) const { m_out.string(member, QString(value)); }

    JsonObjectWriter &m_out;
};

// The value of "event", in the order of StreamEvent::Payload.
constexpr const char16_t *eventNames[] = {u"started", u"text",      u"reasoning", u"reasoning_opaque",
                                          u"replace", u"tool_call", u"approval",  u"tool_result",
                                          u"status",  u"artifact",  u"usage",     u"finished",
                                          u"failed"};
static_assert(std::size(eventNames) == std::variant_size_v<StreamEvent::Payload>);

template<typename... Arguments>
QByteArray object(const Arguments &...arguments)
{
    JsonObjectWriter out;
    Members{out}(arguments...);
    return out.text();
}

} // namespace

QByteArray toJson(const StreamEvent &event)
{
    JsonObjectWriter out;
    out.string("event", eventNames[event.payload.index()]);
    if (!event.agent.isEmpty())
        out.string("agent", event.agent);
    std::visit(Members{out}, event.payload);
    return out.text();
}

QByteArray toJson(const Usage &usage)
{
    return object(usage);
}

QByteArray toJson(const NetError &error)
{
    return object(error);
}

QByteArray toJson(const event::Artifact &artifact)
{
    return object(artifact, Members::Appending::Done);
}

QByteArray toJson(const event::ToolResult &result)
{
    return object(result);
}

} // namespace rivulet::cli
