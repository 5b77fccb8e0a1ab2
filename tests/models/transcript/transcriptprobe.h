// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/transcript/transcriptmodel.h"
#include "tests/support/conversation.h"

#include <QtCore/QDateTime>
#include <QtCore/QTimeZone>
#include <QtTest/QAbstractItemModelTester>

#include <memory>

namespace rivulet::test {

using namespace Qt::StringLiterals;

using Kind = TranscriptModel::Kind;
using Gap = TranscriptModel::Gap;
using Role = TranscriptModel::Role;
using Activity = TranscriptModel::Activity;

inline Notice wordsFor(const Mishap &mishap)
{
    if (const auto *error = std::get_if<NetError>(&mishap))
        return {.severity = Notice::Severity::Danger, .title = u"failed: "_s + error->message};
    if (const auto *error = std::get_if<StoreError>(&mishap))
        return {.severity = Notice::Severity::Danger, .title = u"unreadable: "_s + error->detail};
    if (const auto *state = std::get_if<Message::State>(&mishap))
        return {.title = *state == Message::State::Stopped ? u"stopped"_s : u"cut off"_s};
    return std::get<FinishReason>(mishap) == FinishReason::Length ? Notice{.title = u"too long"_s} : Notice{};
}

/// A model that shows one question, and what tests ask it.
class TranscriptProbe
{
protected:
    QDateTime m_now{QDate(2026, 11, 21), QTime(8, 0), QTimeZone::UTC};
    std::unique_ptr<TranscriptModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    Message m_question = userSays(u"Tell me"_s);

    QVariant value(int row, Role role) const { return m_model->index(row).data(int(role)); }
    QVariant last(Role role) const { return value(m_model->count() - 1, role); }
    Kind kind(int row) const { return value(row, Role::Kind).value<Kind>(); }
    QList<Kind> kinds() const
    {
        QList<Kind> kinds;
        for (int row = 0; row < m_model->count(); ++row)
            kinds.append(kind(row));
        return kinds;
    }
    int rowOf(Kind wanted) const { return int(kinds().indexOf(wanted)); }
    TranscriptRow handle(int row) const { return value(row, Role::Content).value<TranscriptRow>(); }
    QString textOf(int row) const
    {
        const Row *content = handle(row).content();
        return content ? content->text : QString();
    }
    /// Everything that is on screen, to compare two ways to get there.
    QStringList picture() const
    {
        QStringList picture;
        for (int row = 0; row < m_model->count(); ++row) {
            picture.append(u"%1 %2 %3 %4 %5 %6"_s.arg(int(kind(row)))
                               .arg(value(row, Role::Gap).toInt())
                               .arg(textOf(row), title(row))
                               .arg(int(activity(row)))
                               .arg(value(row, Role::Detail).toString()));
        }
        return picture;
    }
    QString title(int row) const { return value(row, Role::Title).toString(); }
    Activity activity(int row) const { return value(row, Role::Activity).value<Activity>(); }
    void say(const Message &message, const StreamEvent::Payload &payload, const QString &agent = {})
    {
        m_model->deliver(message.id, {{payload, agent}});
    }
    Message startAnswer()
    {
        const Message message = answerTo(m_question, {}, Message::State::Streaming);
        m_model->addMessage(message);
        return message;
    }
    void end(Message message, const QString &text, Message::State state = Message::State::Complete)
    {
        message.parts = {TextPart{text}};
        message.state = state;
        m_model->endMessage(message);
    }

    void openQuestion()
    {
        m_model = std::make_unique<TranscriptModel>(&wordsFor, nullptr, [this] { return m_now; });
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->open({m_question});
    }

    void closeModel()
    {
        m_tester.reset();
        m_model.reset();
    }
};

} // namespace rivulet::test
