// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/redaction.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shortestLiveSecret = 8;

// Keys in use, in every form in which they may stand in a text; the longest first, for one may hold another.
class LiveSecrets
{
public:
    void add(const QByteArray &secret)
    {
        const std::scoped_lock lock(m_mutex);
        for (const QByteArray &form : {secret, secret.toPercentEncoding(), secret.toBase64()}) {
            const QString text = QString::fromUtf8(form);
            if (!m_texts.contains(text))
                m_texts.append(text);
        }
        std::ranges::sort(m_texts, std::greater{}, &QString::size);
    }

    void blotOut(QString &text) const
    {
        const std::scoped_lock lock(m_mutex);
        for (const QString &secret : m_texts)
            text.replace(secret, RedactionMark.toString());
    }

private:
    mutable std::mutex m_mutex;
    QStringList m_texts;
};

LiveSecrets &liveSecrets()
{
    static LiveSecrets secrets;
    return secrets;
}

// A pattern of what looks like a secret. Group 1, where there is one, is what stays in front of the mark.
struct Rule
{
    QRegularExpression pattern;
    QString replacement;
};

// Every quantifier that can run over a long text is anchored at a boundary, so that no text is slow.
std::vector<Rule> makeRules()
{
    // The end of a field's name and the beginning of its value, plain or quoted, escaped or not.
    const QString quoted = uR"((?:\\*["'])?\s*(?:=>|[:=,])\s*\\*["'])"_s;
    const QString plain = uR"((?:\\*["'])?\s*(?:=>|[:=])\s*(?!\\*["']|\[redacted\]))"_s;
    const QString headers = u"(?:authorization|cookie)"_s;
    const QString names =
        u"(?:(?:api|access|secret|private|encryption|subscription)[-_ ]?key|apikey"
        "|(?:client|app|shared)?[-_]?secret|(?:access|refresh|id|auth|session|security|csrf)?"
        "[-_]?token|pass(?:word|wd|phrase)|credentials?|signature)"_s;

    std::vector<Rule> rules;
    const auto add = [&rules](const QString &pattern, QRegularExpression::PatternOptions options,
                              const QString &replacement) {
        rules.push_back({QRegularExpression(pattern, options), replacement});
        Q_ASSERT(rules.back().pattern.isValid());
    };
    const auto blot = [&add](const QString &pattern) {
        add(pattern, QRegularExpression::NoPatternOption, RedactionMark.toString());
    };
    const auto blotAfter = [&add](const QString &before, const QString &value) {
        add(u'(' + before + u')' + value, QRegularExpression::CaseInsensitiveOption,
            u"\\1"_s + RedactionMark);
    };

    blot(uR"(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z))"_s);
    blotAfter(u"://"_s, uR"([^/\s"'<>@]+(?=@))"_s);
    blotAfter(headers + quoted, uR"([^"'\r\n]+)"_s);
    blotAfter(headers + plain, uR"([^"'\r\n]+)"_s);
    blotAfter(names + quoted, uR"([^"'\r\n]+)"_s);
    blotAfter(names + plain, uR"([^\s"'&,;<>(){}[\]\\]{3,})"_s);
    blotAfter(u"[?&;#](?:key|auth|sig|code|pass|pwd|state|x-amz-[a-z-]+)="_s, uR"([^&\s"'#<>]+)"_s);
    blotAfter(uR"(\bbearer(?:\s+|%20|\+))"_s, uR"((?!\[redacted\])[^\s"'&,;<>]{6,})"_s);
    blotAfter(uR"(\bbasic(?:\s+|%20|\+))"_s, uR"((?:[a-z0-9+/_-]{16,}|[a-z0-9+/_-]{4,}=)=*)"_s);
    blot(uR"(\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+){0,4})"_s);
    blot(uR"(\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,})"_s);
    blot(
        uR"(\b(?:gsk_|xai-|hf_|pplx-|nvapi-|r8_|glpat-|gh[opsu]_|github_pat_|tvly-|xox[a-z]-|ya29\.|npm_|csk-))"
        uR"([A-Za-z0-9_.-]{8,})"_s);
    blot(uR"(\b(?:AIza[A-Za-z0-9_-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|GOCSPX-[A-Za-z0-9_-]{8,}))"_s);
    blot(
        uR"((?<![A-Za-z0-9_-])(?=[a-z0-9_-]*[A-Z])(?=[A-Z0-9_-]*[a-z])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{32,})"_s);
    blot(uR"((?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9]))"_s);
    blot(uR"((?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"_s);
    return rules;
}

} // namespace

void addLiveSecret(QByteArrayView secret)
{
    if (secret.size() >= shortestLiveSecret)
        liveSecrets().add(secret.toByteArray());
}

QString redacted(QStringView text)
{
    static const std::vector<Rule> rules = makeRules();
    QString clean = text.toString();
    liveSecrets().blotOut(clean);
    for (const Rule &rule : rules)
        clean.replace(rule.pattern, rule.replacement);
    return clean;
}

} // namespace rivulet
