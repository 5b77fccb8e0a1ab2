// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/transport/transport.h"

#include <QtCore/qobject.h>

#include <chrono>
#include <memory>

namespace rivulet {

class ProgramConsent;

/// Runs local programs that speak by lines on their standard input and output.
///
/// - A program is started by its absolute path with a list of arguments, never through a shell, and only
///   after ProgramConsent allowed it.
/// - It gets a minimal environment (PATH, HOME, the user's name, languages, folders), what the request
///   adds, and what matches its patterns. It leads a session of its own, so that no terminal reaches it.
/// - bytes() is its standard output. While the call is paused the pipe is not read, and the program waits.
///   Its standard error is always read; the last 16 KiB of it explain a failure.
/// - Leaving with 0 is finished(); with anything else, or by a signal, failed(). Nothing else ends it but
///   the limits: `head` counts from its start until it runs, `idle` between two pieces of output.
/// - Whatever ends a call ends the program and all that it started: a request to stop, and after a grace a
///   kill. Destroying the transport kills at once. What left the session on its own is not found.
///
/// A message is one line: a line end inside it is written as a blank.
///
/// On Windows a job object stands for the session, and the output is not held back while paused: a call
/// with too much of it waiting fails as TooLarge.
class RIVULET_NET_EXPORT ProcessTransport : public Transport
{
public:
    /// Asks `consent`, which outlives the transport; null refuses every program. `grace` is how long a
    /// program may tidy up. Belongs to the thread that constructs it.
    explicit ProcessTransport(ProgramConsent *consent,
                              std::chrono::milliseconds grace = std::chrono::milliseconds(1500));
    ~ProcessTransport() override;

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override;

private:
    ProgramConsent *m_consent;
    std::chrono::milliseconds m_grace;
    std::unique_ptr<QObject> m_trees; ///< owns the programs, also those that outlive their call
};

} // namespace rivulet
