// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects.

#include "net/dialects/eventwriter.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/streamevent.h"

#include <QtCore/qstring.h>

namespace rivulet {

/// An artifact whose data is a text that comes in pieces: the first piece makes the artifact, each further
/// one is added to it.
class ArtifactText
{
public:
    ArtifactText(event::Artifact::Kind kind, const QString &id, const QString &title)
        : m_kind(kind), m_id(id), m_title(title)
    {}

    /// Writes the next piece; it may end inside a surrogate pair.
    void append(QString piece, EventWriter &out);

    /// Writes the text that takes the place of all pieces so far.
    void replace(const QString &text, EventWriter &out);

    /// No further piece comes: writes what was held back.
    void flush(EventWriter &out);

private:
    void write(const QString &text, bool append, EventWriter &out);

    event::Artifact::Kind m_kind;
    QString m_id;
    QString m_title;
    SurrogateJoiner m_joiner;
    bool m_begun = false;
};

} // namespace rivulet
