// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/desktop/preferences.h"

#include <QtCore/qstring.h>

#include <expected>
#include <optional>

namespace rivulet {

/// What the window was started with.
struct StartOptions
{
    enum class Page { Chat, Settings };

    QString screenshot; ///< take one picture to this file, then end; empty for a usual start
    Page page = Page::Chat;
    std::optional<Preferences::ColorMode> colorMode;
    std::optional<double> scale;
    bool rightToLeft = false;
    QString prompt; ///< with a screenshot: what to ask first

    /// Reads the command line. The error is the exit code to end with: 0 after --help or --version, 1 after a
    /// message on standard error.
    [[nodiscard]] static std::expected<StartOptions, int> parse(int argc, char *argv[]);

    friend bool operator==(const StartOptions &, const StartOptions &) = default;
};

} // namespace rivulet
