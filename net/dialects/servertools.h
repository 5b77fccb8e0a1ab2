// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects.

#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"

#include <QtCore/qstring.h>

#include <vector>

namespace rivulet {

/// The tool calls and results that a server merely reports, in protocols that fix neither the names of their
/// members nor whether there are ids. A call without an id gets one, and a result without one belongs to the
/// oldest call of its agent and tool that has none yet.
class ServerTools
{
public:
    /// Reads a call, which may hold its result already. `call` is an object, or the bare name of the tool.
    void call(const QString &agent, const json::Value &call, EventWriter &out);

    /// Reads a result. `result` is an object, or the bare content.
    void result(const QString &agent, const json::Value &result, EventWriter &out);

private:
    struct Call
    {
        QString agent;
        QString id;
        QString name;
        bool answered = false;
    };

    [[nodiscard]] QString newId() const;

    std::vector<Call> m_calls;
};

} // namespace rivulet
