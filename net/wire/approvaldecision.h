// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// The user's answer to an event::Approval.
struct ApprovalDecision
{
    enum class Verdict { AllowOnce, AllowAlways, Deny };

    QString id; ///< of the approval
    Verdict verdict = Verdict::Deny;
    QString reason{}; ///< why not, in the user's words; may be empty

    friend bool operator==(const ApprovalDecision &, const ApprovalDecision &) = default;
};

} // namespace rivulet
