// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/shell/settings.h"
#include "net/transport/programconsent.h"

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>
#include <QtCore/qpromise.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <memory>
#include <vector>

namespace rivulet {

class Preferences;

/// Asks people before a local program runs for the first time, and remembers what they allowed: the program
/// with the arguments of its provider and its folder. What the protocol adds to those differs from question
/// to question and is not asked about. GUI thread, but for request().
class ProgramGate : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(bool asking READ isAsking NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString command READ command NOTIFY questionChanged FINAL)
    Q_PROPERTY(QString folder READ folder NOTIFY questionChanged FINAL)
    Q_PROPERTY(Purpose purpose READ purpose NOTIFY questionChanged FINAL)

public:
    /// What a program runs for.
    enum class Purpose {
        Server, ///< it answers messages
        Key,    ///< it prints the key of a server
    };
    Q_ENUM(Purpose)

    /// `preferences` outlives the gate.
    explicit ProgramGate(Preferences &preferences, QObject *parent = nullptr);
    /// Whoever still waits is refused.
    ~ProgramGate() override;

    /// What asks this gate from the thread that makes it. The gate outlives it.
    [[nodiscard]] std::unique_ptr<ProgramConsent> makeConsent(Purpose purpose = Purpose::Server);

    /// Whether the program of `request` may run, once that is known. Any thread.
    [[nodiscard]] QFuture<bool> request(const ProcessRequest &request, Purpose purpose = Purpose::Server);

    /// Whether somebody has to answer.
    [[nodiscard]] bool isAsking() const { return !m_questions.empty(); }
    /// The command in question: each word as it is handed over, in quotes where it holds anything but plain
    /// characters, and what can not be seen written as \u{…}.
    [[nodiscard]] QString command() const;
    /// Where it would run; empty for the home folder.
    [[nodiscard]] QString folder() const;
    [[nodiscard]] Purpose purpose() const;

    /// It may run, now and later.
    Q_INVOKABLE void allow();
    /// It does not run this time.
    Q_INVOKABLE void refuse();

Q_SIGNALS:
    void questionChanged();

private:
    struct Question
    {
        AllowedProgram program;
        Purpose purpose = Purpose::Server;
        std::shared_ptr<QPromise<bool>> answer;
    };

    void consider(Question question);
    void answerAll(const AllowedProgram &program, bool allowed);

    Preferences &m_preferences;
    std::vector<Question> m_questions; ///< the first one is shown
};

} // namespace rivulet
