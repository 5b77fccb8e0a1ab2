// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/attachment.h"

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

bool isImage(const content::Attachment &file)
{
    return file.mediaType.startsWith("image/");
}

bool isTextFile(const content::Attachment &file)
{
    constexpr std::array<QByteArrayView, 5> textual{"application/json", "application/xml",
                                                    "application/javascript", "application/x-sh",
                                                    "application/yaml"};
    return file.mediaType.startsWith("text/") || std::ranges::find(textual, file.mediaType) != textual.end();
}

QString base64(const content::Attachment &file)
{
    return QString::fromLatin1(file.data.toBase64());
}

QString dataUrl(const content::Attachment &file)
{
    return u"data:"_s + QString::fromLatin1(file.mediaType) + u";base64,"_s + base64(file);
}

QString asText(const content::Attachment &file)
{
    const QString text = QString::fromUtf8(file.data);
    qsizetype longest = 2;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    const QString end = text.endsWith(u'\n') ? QString() : u"\n"_s;
    return file.name + u":\n"_s + fence + u'\n' + text + end + fence + u'\n';
}

} // namespace rivulet
