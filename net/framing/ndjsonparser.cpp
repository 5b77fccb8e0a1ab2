// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/ndjsonparser.h"

namespace rivulet {

void NdjsonParser::feedTo(std::string_view bytes, FrameSink sink)
{
    if (!m_byteOrderMark.passed())
        keepPartialLine(m_byteOrderMark.drop(bytes));
    while (m_error == FrameError::None && !bytes.empty()) {
        const std::size_t lineEnd = bytes.find('\n');
        if (lineEnd == std::string_view::npos) {
            keepPartialLine(bytes);
            return;
        }
        if (m_partialLine.empty()) {
            line(bytes.substr(0, lineEnd), sink);
        } else {
            keepPartialLine(bytes.substr(0, lineEnd));
            line(m_partialLine, sink);
            m_partialLine.clear();
        }
        bytes.remove_prefix(lineEnd + 1);
    }
}

void NdjsonParser::finishTo(FrameSink sink)
{
    keepPartialLine(m_byteOrderMark.finish());
    line(m_partialLine, sink, true);
    m_partialLine.clear();
}

void NdjsonParser::reset()
{
    *this = NdjsonParser(m_options);
}

void NdjsonParser::keepPartialLine(std::string_view bytes)
{
    if (m_error != FrameError::None)
        return;
    if (bytes.size() > m_options.maxBytes - m_partialLine.size())
        m_error = FrameError::TooLarge;
    else
        m_partialLine += bytes;
}

void NdjsonParser::line(std::string_view line, FrameSink sink, bool unterminated)
{
    // The bound is on the line with its CR, so that it does not matter in how many pieces the line came.
    if (line.size() > m_options.maxBytes)
        m_error = FrameError::TooLarge;
    if (m_error != FrameError::None)
        return;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
        return;
    Frame frame;
    frame.data = line;
    frame.unterminated = unterminated;
    sink(frame);
}

} // namespace rivulet
