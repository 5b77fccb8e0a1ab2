// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/wire/httpmessage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <expected>
#include <optional>

namespace rivulet::cli {

/// How a file holds a recorded answer.
enum class RecordingForm {
    Body,      ///< the body as it came; for a WebSocket one message a line, bare or in an envelope
    Payloads,  ///< the payloads of its frames, one a line
    HttpTrace, ///< Go's "httprr" traces: requests and responses as they were on the wire
    JsonArray, ///< the payloads of its frames as one JSON array
};

/// The form's name on the command line, such as "json-array".
[[nodiscard]] std::optional<RecordingForm> recordingFormFromName(QStringView name);

/// A recorded answer as it came over the network.
struct Recording
{
    ResponseHead head; ///< of the recording where it has one, else of a success
    QByteArray body;
};

/// The answer that `file` holds in that form, for a dialect of that framing; why not, where it is none.
[[nodiscard]] std::expected<Recording, QString> readRecording(const QByteArray &file, RecordingForm form,
                                                              Framing framing);

} // namespace rivulet::cli
