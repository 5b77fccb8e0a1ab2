// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/newestsentence.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rivulet::transcript {

namespace {

constexpr qsizetype newestLength = 160;

bool endsSentence(QStringView text, qsizetype at)
{
    const QChar c = text[at];
    if (c == u'\n' || c == u'。' || c == u'！' || c == u'？')
        return true;
    return (c == u'.' || c == u'!' || c == u'?') && at + 1 < text.size() && text[at + 1].isSpace();
}

} // namespace

QString newestSentence(QStringView text)
{
    text = text.last(std::min(text.size(), 4 * newestLength)).trimmed();
    qsizetype end = text.size();
    if (end > 0 && !u".!?。！？"_s.contains(text.back())) {
        for (qsizetype i = end - 1; i >= 0; --i) {
            if (endsSentence(text, i)) {
                end = i + 1;
                break;
            }
        }
    }
    text = text.first(end).trimmed();
    qsizetype begin = 0;
    for (qsizetype i = text.size() - 2; i >= 0; --i) {
        if (endsSentence(text, i)) {
            begin = i + 1;
            break;
        }
    }
    QString sentence = text.sliced(begin).toString().simplified();
    sentence.removeIf([](QChar c) { return c == u'*' || c == u'`' || c == u'#'; });
    sentence = sentence.trimmed();
    return sentence.first(std::min(sentence.size(), newestLength));
}

} // namespace rivulet::transcript
