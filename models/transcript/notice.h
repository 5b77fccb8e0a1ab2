// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/chat/message.h"
#include "models/export.h"
#include "net/wire/neterror.h"
#include "net/wire/streamevent.h"

#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <functional>
#include <variant>

namespace rivulet {

/// Something that went otherwise than planned, in words: what happened, what is safe, what to do. A value;
/// in QML it is the value type `notice`.
class RIVULET_MODELS_EXPORT Notice
{
    Q_GADGET
    QML_VALUE_TYPE(notice)
    Q_PROPERTY(Severity severity MEMBER severity FINAL)
    Q_PROPERTY(QString title MEMBER title FINAL)
    Q_PROPERTY(QString advice MEMBER advice FINAL)
    Q_PROPERTY(QString details MEMBER details FINAL)
    Q_PROPERTY(bool offersRetry MEMBER offersRetry FINAL)
    Q_PROPERTY(bool offersSettings MEMBER offersSettings FINAL)

public:
    /// How much it matters; the view picks colour and icon by it.
    enum class Severity : quint8 {
        Quiet,   ///< the user wanted it: "Stopped"
        Warning, ///< the answer is there, but not whole
        Danger,  ///< there is no answer
    };
    Q_ENUM(Severity)

    Severity severity = Severity::Quiet;
    QString title;               ///< one short sentence, translated
    QString advice;              ///< what is safe and what to do next, translated; may be empty
    QString details;             ///< codes and the server's own words, shown folded; may be empty
    bool offersRetry = false;    ///< asking again may help
    bool offersSettings = false; ///< the address, the key or the model must be changed first

    friend bool operator==(const Notice &, const Notice &) = default;
};

/// Makes Notice::Severity known to QML, as `Notice.Danger`; a value type can not do that by itself.
namespace notice_foreign {
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(rivulet::Notice)
QML_NAMED_ELEMENT(Notice)
} // namespace notice_foreign

/// What a Notice can be about: a failed exchange, a store that can not be read, how a message ended where
/// no error is known (Stopped, CutOff, Failed), and why a whole answer is shorter than wanted (Length, …).
using Mishap = std::variant<NetError, StoreError, Message::State, FinishReason>;

/// Finds the words for a mishap. app/ gives one to every model, so that all words are made in one place.
using ErrorWording = std::function<Notice(const Mishap &mishap)>;

} // namespace rivulet
