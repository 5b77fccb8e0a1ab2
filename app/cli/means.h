// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/askoptions.h"
#include "app/shell/paths.h"
#include "app/shell/settings.h"
#include "net/providers/provider.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <expected>
#include <memory>

namespace rivulet {

class CredentialSource;
class Transport;

namespace cli {

/// What the settings file says, as far as `options` need it; what is wrong with it is printed. The demo, an
/// address and a program need none of it: they answer whatever is in it.
[[nodiscard]] Settings settingsFor(const AskOptions &options, const Paths &paths);

/// Who is asked; for the demo without an address, which it has only once it runs. The error is in words.
[[nodiscard]] std::expected<Provider, QString> providerOf(const AskOptions &options,
                                                          const Settings &settings);

/// What turns from the command line go through: sockets and programs, and the keys. One thread.
class Means
{
public:
    Means(const AskOptions &options, const Provider &provider, QList<AllowedProgram> allowedPrograms);
    ~Means();
    Q_DISABLE_COPY_MOVE(Means)

    [[nodiscard]] Transport &transport();
    [[nodiscard]] CredentialSource &credentials();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cli
} // namespace rivulet
