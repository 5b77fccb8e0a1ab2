// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/commonframe.h"

#include "net/dialects/errorbody.h"

#include <QtCore/qlatin1stringview.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

bool readTypedChunk(const json::Value &type, const json::Value &data, EventWriter &out)
{
    QString text = data.isString() ? data.string() : data["text"_L1].string();
    if (type == "content"_L1 || type == "text"_L1 || type == "token"_L1)
        out.text(std::move(text));
    else if (type == "reasoning"_L1 || type == "thinking"_L1)
        out.reasoning(std::move(text));
    else if (type == "done"_L1 || type == "end"_L1)
        out.complete();
    else
        return false;
    return true;
}

bool readError(const json::Value &value, EventWriter &out)
{
    const auto [error, type, object] = value.members("error"_L1, "type"_L1, "object"_L1);
    if (!error.isTruthy() && type != "error"_L1 && object != "error"_L1)
        return false;
    out.fail(errorFromJson(value, 0));
    return true;
}

} // namespace

bool readCommonFrame(const json::Value &frame, EventWriter &out)
{
    const auto [type, data] = frame.members("type"_L1, "data"_L1);
    return readError(frame, out) || (data.isTruthy() && readTypedChunk(type, data, out))
        || (!data.isTruthy() && (type == "done"_L1 || type == "end"_L1) && readTypedChunk(type, data, out));
}

bool readCommonDocument(const json::Value &document, EventWriter &out)
{
    if (readError(document, out))
        return true;
    const auto [text, content, response, answer, output, message, choices] = document.members(
        "text"_L1, "content"_L1, "response"_L1, "answer"_L1, "output"_L1, "message"_L1, "choices"_L1);
    for (const json::Value &said : {text, content, response, answer, output, message["content"_L1],
                                    choices.first()["message"_L1]["content"_L1]}) {
        if (!said.isString() || !said.isTruthy())
            continue;
        out.text(said.string());
        out.complete();
        return true;
    }
    return false;
}

} // namespace rivulet
