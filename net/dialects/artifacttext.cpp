// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/artifacttext.h"

#include "net/dialects/agentwords.h"
#include "net/dialects/surrogatejoiner.h"

#include <utility>

namespace rivulet {

void ArtifactText::append(QString piece, EventWriter &out)
{
    write(m_joiner.take(std::move(piece)), true, out);
}

void ArtifactText::replace(const QString &text, EventWriter &out)
{
    m_joiner = {};
    write(text, false, out);
}

void ArtifactText::flush(EventWriter &out)
{
    write(m_joiner.flush(), true, out);
}

void ArtifactText::write(const QString &text, bool append, EventWriter &out)
{
    if (text.isEmpty())
        return;
    out.artifact(
        {.id = m_id, .kind = m_kind, .title = m_title, .append = append && m_begun, .data = jsonText(text)});
    m_begun = true;
}

} // namespace rivulet
