// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// The precompiled header of the tests needs a target with a source.
int main() {}
