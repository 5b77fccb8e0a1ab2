// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/messageids.h"

#include "net/wire/jsontext.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qlatin1stringview.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto algorithm = QCryptographicHash::Sha256;
constexpr qsizetype nameSize = 24;

} // namespace

MessageIds::MessageIds(const QString &conversation)
    : m_chain(QCryptographicHash::hash(conversation.toUtf8(), algorithm))
{}

QString MessageIds::next(ChatRole role, const QJsonObject &message)
{
    // An answer may still change: it is told by its place.
    const QByteArray said = role == ChatRole::User ? compactJson(message) : QByteArrayLiteral("answer");
    m_chain = QCryptographicHash::hash(QByteArray(m_chain + said), algorithm);
    return u"msg-"_s + QString::fromLatin1(m_chain.toHex().first(nameSize));
}

} // namespace rivulet
