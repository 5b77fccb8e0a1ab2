// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/provider.h"

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// Who is asked where a server does not answer, under the user's hands. What is valid is taken at once; what
/// is not is shown with what is wrong with it, and the last good value stays. GUI thread.
class FallbackSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(QStringList choices READ choices NOTIFY changed FINAL)
    Q_PROPERTY(int choice READ choice WRITE setChoice NOTIFY changed FINAL)
    Q_PROPERTY(QString seconds READ seconds WRITE setSeconds NOTIFY changed FINAL)
    Q_PROPERTY(QString secondsProblem READ secondsProblem NOTIFY changed FINAL)

public:
    using QObject::QObject;

    /// Shows the rule of `provider`; the others of `all` can be chosen.
    void show(const Provider &provider, const QList<Provider> &all);
    [[nodiscard]] const FallbackRule &rule() const { return m_rule; }

    /// The servers' names for people, behind a word for nobody. A server that is no longer there keeps a
    /// place.
    [[nodiscard]] QStringList choices() const;
    /// The place of the one that is asked among choices().
    [[nodiscard]] int choice() const;
    void setChoice(int choice);
    /// For how long the server may say nothing, as it was typed.
    [[nodiscard]] QString seconds() const { return m_seconds; }
    void setSeconds(const QString &typed);
    /// What is wrong with it, in words; empty while nothing is.
    [[nodiscard]] QString secondsProblem() const { return m_secondsProblem; }

Q_SIGNALS:
    /// Something that is shown has changed.
    void changed();
    /// The user has changed rule().
    void edited();

private:
    struct Choice
    {
        QString id;
        QString name;
    };

    QList<Choice> m_choices; ///< without nobody
    FallbackRule m_rule;
    QString m_seconds;
    QString m_secondsProblem;
};

} // namespace rivulet
