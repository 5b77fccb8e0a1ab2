// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/neterror.h"
#include "net/wire/networkoptions.h"

#include <QtCore/qbytearray.h>
#include <QtNetwork/qsslconfiguration.h>

#include <expected>
#include <optional>

namespace rivulet {

/// The files of certificates of some NetworkOptions, by when they were last written.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray stampOf(const NetworkOptions &options);

/// TLS 1.2 at least, with what the files of `options` add: authorities beside the system's own, and our own
/// certificate with its key, which `passphrase` opens where it is encrypted. Reads files, and may block; any
/// thread.
///
/// Errors are Refused, for nothing is sent without what was asked for: transportcode::CaFile,
/// ClientCertificate, ClientKey and ClientKeyLocked. Their message names the file and says what is wrong.
[[nodiscard]] RIVULET_NET_EXPORT std::expected<QSslConfiguration, NetError>
tlsFor(const NetworkOptions &options, const QByteArray &passphrase);

/// Why the files can not be used, by the same rules; empty where they can. Reads no more than these files.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> problemOfFiles(const NetworkOptions &options,
                                                                        const QByteArray &passphrase);

/// TLS 1.2 at least, and nothing else that is not Qt's.
[[nodiscard]] RIVULET_NET_EXPORT QSslConfiguration plainTls();

} // namespace rivulet
