// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/dialectcase.h"

using namespace rivulet;

// Built once for each dialect, whose name is RIVULET_FUZZ_DIALECT.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const DialectId dialect = dialectFromName(QStringLiteral(RIVULET_FUZZ_DIALECT)).value();
    fuzz::checkDialect(dialect, {reinterpret_cast<const char *>(data), size});
    return 0;
}
