// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace rivulet {

struct Frame;

/// Refers to anything that can be called with an `Argument`, without its type, so that a parser is compiled
/// once for all sinks. Valid as long as what it refers to.
template<typename Argument>
class SinkRef
{
public:
    /// Refers to `sink`, which must outlive it.
    template<typename Sink>
    explicit SinkRef(Sink &sink)
        : m_sink(const_cast<void *>(static_cast<const void *>(std::addressof(sink)))),
          m_call([](void *target, Argument argument) { (*static_cast<Sink *>(target))(argument); })
    {}

    /// Calls the sink.
    void operator()(Argument argument) const { m_call(m_sink, argument); }

private:
    void *m_sink;
    void (*m_call)(void *, Argument);
};

/// Where a parser hands its frames.
using FrameSink = SinkRef<const Frame &>;

} // namespace rivulet
