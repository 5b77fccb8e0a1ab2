// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/connectionsteps.h"

#include "app/shell/wording.h"

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

QString labelOf(ConnectionStep::Kind kind)
{
    switch (kind) {
    case ConnectionStep::Kind::Address:
        return ConnectionSteps::tr("The address can be used");
    case ConnectionStep::Kind::Reach:
        return ConnectionSteps::tr("The server can be reached");
    case ConnectionStep::Kind::Secure:
        return ConnectionSteps::tr("The connection is encrypted");
    case ConnectionStep::Kind::Speak:
        return ConnectionSteps::tr("It answers as an API");
    case ConnectionStep::Kind::Key:
        return ConnectionSteps::tr("The key is accepted");
    case ConnectionStep::Kind::Models:
        return ConnectionSteps::tr("It lists its models");
    case ConnectionStep::Kind::Answer:
        return ConnectionSteps::tr("The model answers, and streams");
    }
    return {};
}

ConnectionSteps::State stateOf(ConnectionStep::State state)
{
    switch (state) {
    case ConnectionStep::State::Waiting:
        return ConnectionSteps::State::Waiting;
    case ConnectionStep::State::Running:
        return ConnectionSteps::State::Running;
    case ConnectionStep::State::Passed:
        return ConnectionSteps::State::Passed;
    case ConnectionStep::State::Failed:
        return ConnectionSteps::State::Failed;
    case ConnectionStep::State::Skipped:
        return ConnectionSteps::State::Skipped;
    }
    return ConnectionSteps::State::Waiting;
}

} // namespace

int ConnectionSteps::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int ConnectionSteps::count() const
{
    return static_cast<int>(m_report.steps.size());
}

QVariant ConnectionSteps::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConnectionStep &step = m_report.steps.at(index.row());
    switch (static_cast<Role>(role)) {
    case Role::Label:
        return labelOf(step.kind);
    case Role::State:
        return QVariant::fromValue(stateOf(step.state));
    case Role::Problem:
        // The advice is for someone whose message failed; here nothing was said yet.
        return step.error ? wordsFor(*step.error).title : QString();
    case Role::Details:
        return step.error ? wordsFor(*step.error).details : QString();
    }
    return {};
}

QHash<int, QByteArray> ConnectionSteps::roleNames() const
{
    return {{static_cast<int>(Role::Label), "label"},
            {static_cast<int>(Role::State), "state"},
            {static_cast<int>(Role::Problem), "problem"},
            {static_cast<int>(Role::Details), "details"}};
}

void ConnectionSteps::show(const ConnectionReport &report)
{
    if (report.steps.size() != m_report.steps.size()) {
        beginResetModel();
        m_report = report;
        endResetModel();
        Q_EMIT countChanged();
    } else if (!report.steps.isEmpty()) {
        m_report = report;
        Q_EMIT dataChanged(index(0), index(count() - 1));
    }
}

} // namespace rivulet
