// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// QJsonDocument reads only arrays and objects, so a bare value takes an array around it.
QJsonValue valueOf(const QByteArray &json)
{
    const QJsonArray around = QJsonDocument::fromJson('[' + json + ']').array();
    return around.size() == 1 ? around.at(0) : QJsonValue(QJsonValue::Undefined);
}

bool isBetween(const QByteArray &json, char first, char last)
{
    return json.size() >= 2 && json.front() == first && json.back() == last;
}

QString cellOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return value.isNull() || value.isUndefined() ? QString() : QString::fromUtf8(compactJson(value));
}

QStringList cellsOf(const QJsonArray &values)
{
    QStringList cells;
    for (const QJsonValueConstRef value : values)
        cells.append(cellOf(QJsonValue(value)));
    return cells;
}

// The names are in the order of the alphabet: JSON gives its members none.
QStringList namesOf(const QJsonArray &objects)
{
    QStringList names;
    for (const QJsonValueConstRef value : objects)
        names += value.toObject().keys();
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
}

bool holdsOnly(const QJsonArray &values, QJsonValue::Type type)
{
    return !values.isEmpty() && std::all_of(values.begin(), values.end(), [type](const QJsonValueConstRef v) {
        return v.type() == type;
    });
}

} // namespace

QByteArray compactJson(const QJsonValue &value)
{
    // QJsonDocument writes only arrays and objects.
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).sliced(1).chopped(1);
}

QByteArray compactJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray joinedJson(QByteArray data, const QByteArray &more)
{
    if (isBetween(data, '"', '"') && isBetween(more, '"', '"')) {
        data.chop(1);
        return data.append(QByteArrayView(more).sliced(1));
    }
    if (isBetween(data, '[', ']') && isBetween(more, '[', ']')) {
        if (more.size() == 2)
            return data;
        data.chop(1);
        if (data.size() > 1)
            data.append(',');
        return data.append(QByteArrayView(more).sliced(1));
    }
    if (isBetween(data, '{', '}') && isBetween(more, '{', '}')) {
        QJsonObject joined = valueOf(data).toObject();
        const QJsonObject members = valueOf(more).toObject();
        for (auto member = members.begin(); member != members.end(); ++member)
            joined.insert(member.key(), member.value());
        return compactJson(joined);
    }
    return more;
}

bool isJsonObject(QStringView text)
{
    return QJsonDocument::fromJson(text.toUtf8()).isObject();
}

std::optional<QString> stringOfJson(const QByteArray &json)
{
    const QJsonValue value = valueOf(json);
    return value.isString() ? std::optional(value.toString()) : std::nullopt;
}

std::optional<QString> jsonMember(const QByteArray &json, QLatin1StringView name)
{
    const QJsonValue value = valueOf(json)[name];
    return value.isString() ? std::optional(value.toString()) : std::nullopt;
}

std::optional<QList<QStringList>> tableOfJson(const QByteArray &json)
{
    QJsonValue value = valueOf(json);
    QList<QStringList> lines;
    QStringList names;
    if (value.isObject()) {
        names = cellsOf(value["columns"_L1].toArray());
        value = value["rows"_L1];
    }
    const QJsonArray rows = value.toArray();
    if (holdsOnly(rows, QJsonValue::Object)) {
        if (names.isEmpty())
            names = namesOf(rows);
        lines.append(names);
        for (const QJsonValueConstRef row : rows) {
            QStringList &line = lines.emplace_back();
            for (const QString &name : std::as_const(names))
                line.append(cellOf(row.toObject()[name]));
        }
    } else if (holdsOnly(rows, QJsonValue::Array)) {
        if (!names.isEmpty())
            lines.append(names);
        for (const QJsonValueConstRef row : rows)
            lines.append(cellsOf(row.toArray()));
    }
    qsizetype width = 0;
    for (const QStringList &line : std::as_const(lines))
        width = std::max(width, line.size());
    if (width == 0)
        return std::nullopt;
    for (QStringList &line : lines)
        line.resize(width);
    return lines;
}

QString indentedJson(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (document.isNull())
        return QString::fromUtf8(json);
    QString text = QString::fromUtf8(document.toJson(QJsonDocument::Indented));
    if (text.endsWith(u'\n'))
        text.chop(1);
    return text;
}

} // namespace rivulet
