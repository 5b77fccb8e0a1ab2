// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/programgate.h"

#include "app/desktop/preferences.h"

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

class Consent final : public ProgramConsent
{
public:
    Consent(ProgramGate &gate, ProgramGate::Purpose purpose) : m_gate(gate), m_purpose(purpose) {}

    void ask(const ProcessRequest &request, QObject *context, std::function<void(bool allowed)> done) override
    {
        m_gate.request(request, m_purpose).then(context, [done = std::move(done)](bool allowed) {
            done(allowed);
        });
    }

private:
    ProgramGate &m_gate;
    ProgramGate::Purpose m_purpose;
};

bool isPlain(QChar c)
{
    return c.isLetterOrNumber() || "-_./:=@%+,"_L1.contains(c);
}

// A word of the command, so that nothing in it can pass for something else.
QString shown(const QString &word)
{
    if (!word.isEmpty() && std::ranges::all_of(word, isPlain))
        return word;
    QString quoted = u"\""_s;
    for (const char32_t c : word.toUcs4()) {
        if (c == U'"' || c == U'\\')
            quoted += u'\\';
        if (QChar::isPrint(c) && QChar::category(c) != QChar::Other_Format)
            quoted += QChar::fromUcs4(c);
        else
            quoted += u"\\u{%1}"_s.arg(static_cast<uint>(c), 0, 16);
    }
    return quoted + u'"';
}

} // namespace

ProgramGate::ProgramGate(Preferences &preferences, QObject *parent)
    : QObject(parent), m_preferences(preferences)
{}

ProgramGate::~ProgramGate()
{
    for (const Question &question : std::exchange(m_questions, {})) {
        question.answer->addResult(false);
        question.answer->finish();
    }
}

std::unique_ptr<ProgramConsent> ProgramGate::makeConsent(Purpose purpose)
{
    return std::make_unique<Consent>(*this, purpose);
}

QFuture<bool> ProgramGate::request(const ProcessRequest &request, Purpose purpose)
{
    Question question{.program = allowedProgramOf(request),
                      .purpose = purpose,
                      .answer = std::make_shared<QPromise<bool>>()};
    question.answer->start();
    QFuture<bool> answer = question.answer->future();
    QMetaObject::invokeMethod(
        this, [this, question = std::move(question)] { consider(question); }, Qt::QueuedConnection);
    return answer;
}

void ProgramGate::consider(Question question)
{
    if (m_preferences.settings().allowedPrograms.contains(question.program)) {
        question.answer->addResult(true);
        question.answer->finish();
        return;
    }
    m_questions.push_back(std::move(question));
    if (m_questions.size() == 1)
        Q_EMIT questionChanged();
}

QString ProgramGate::command() const
{
    if (m_questions.empty())
        return {};
    const AllowedProgram &program = m_questions.front().program;
    QStringList words{shown(program.program)};
    for (const QString &argument : program.arguments)
        words.append(shown(argument));
    return words.join(u' ');
}

ProgramGate::Purpose ProgramGate::purpose() const
{
    return m_questions.empty() ? Purpose::Server : m_questions.front().purpose;
}

QString ProgramGate::folder() const
{
    return m_questions.empty() ? QString() : m_questions.front().program.folder;
}

void ProgramGate::allow()
{
    if (m_questions.empty())
        return;
    const AllowedProgram program = m_questions.front().program;
    Settings settings = m_preferences.settings();
    settings.allowedPrograms.append(program);
    m_preferences.update(settings);
    answerAll(program, true);
}

void ProgramGate::refuse()
{
    if (!m_questions.empty())
        answerAll(AllowedProgram(m_questions.front().program), false);
}

// One answer for all who ask about the same program.
void ProgramGate::answerAll(const AllowedProgram &program, bool allowed)
{
    std::vector<Question> answered;
    std::erase_if(m_questions, [&](const Question &question) {
        if (question.program != program)
            return false;
        answered.push_back(question);
        return true;
    });
    Q_EMIT questionChanged();
    for (const Question &question : answered) {
        question.answer->addResult(allowed);
        question.answer->finish();
    }
}

} // namespace rivulet
