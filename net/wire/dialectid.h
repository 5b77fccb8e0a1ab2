// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rivulet {

/// A protocol that Rivulet speaks. The names people and scripts use are in net/dialects/dialectregistry.h.
enum class DialectId { OpenAiChat };

} // namespace rivulet
