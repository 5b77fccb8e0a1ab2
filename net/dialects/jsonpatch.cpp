// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/jsonpatch.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qstringlist.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The steps of a JSON Pointer (RFC 6901); empty where the text is none.
std::optional<QStringList> stepsOf(const QJsonValue &pointer)
{
    const QString text = pointer.toString();
    if (!pointer.isString() || (!text.isEmpty() && !text.startsWith(u'/')))
        return std::nullopt;
    QStringList steps = text.isEmpty() ? QStringList() : text.sliced(1).split(u'/');
    for (QString &step : steps)
        step.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
    return steps.size() > jsonPatchDepth ? std::nullopt : std::optional(steps);
}

// The place in an array that a step names; "-" is the one behind the last.
std::optional<qsizetype> placeIn(const QJsonArray &array, const QString &step)
{
    if (step == "-"_L1)
        return array.size();
    bool isNumber = false;
    const qsizetype place = step.toLongLong(&isNumber);
    const bool isPlain = isNumber && place >= 0 && QString::number(place) == step;
    return isPlain && place <= array.size() ? std::optional(place) : std::nullopt;
}

std::optional<QJsonValue> valueAt(QJsonValue value, const QStringList &steps)
{
    for (const QString &step : steps) {
        if (value.isObject() && value.toObject().contains(step)) {
            value = value.toObject().value(step);
        } else if (value.isArray()) {
            const QJsonArray array = value.toArray();
            const auto place = placeIn(array, step);
            if (!place || *place == array.size())
                return std::nullopt;
            value = array.at(*place);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

// What is left of `room` when the value's size is taken from it; stops below zero.
qsizetype roomAfter(const QJsonValue &value, qsizetype room)
{
    room -= 1 + (value.isString() ? value.toString().size() : 0);
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (auto item = array.begin(); item != array.end() && room >= 0; ++item)
            room = roomAfter(*item, room);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto member = object.begin(); member != object.end() && room >= 0; ++member)
            room = roomAfter(member.value(), room - member.key().size());
    }
    return room;
}

enum class Edit { Add, Replace, Remove };

std::optional<QJsonValue> edited(const QJsonValue &container, const QStringList &steps, qsizetype depth,
                                 Edit edit, const QJsonValue &value)
{
    if (depth == steps.size())
        return edit == Edit::Remove ? QJsonValue(QJsonValue::Null) : value;
    const QString &step = steps.at(depth);
    const bool isLast = depth + 1 == steps.size();
    if (container.isObject()) {
        QJsonObject object = container.toObject();
        const bool exists = object.contains(step);
        if (!exists && !(isLast && edit == Edit::Add))
            return std::nullopt;
        if (isLast && edit == Edit::Remove) {
            object.remove(step);
            return object;
        }
        const auto inner = edited(object.value(step), steps, depth + 1, edit, value);
        if (!inner)
            return std::nullopt;
        object.insert(step, *inner);
        return object;
    }
    if (!container.isArray())
        return std::nullopt;
    QJsonArray array = container.toArray();
    const auto place = placeIn(array, step);
    if (!place || (*place == array.size() && !(isLast && edit == Edit::Add)))
        return std::nullopt;
    if (isLast && edit == Edit::Add) {
        array.insert(*place, value);
        return array;
    }
    if (isLast && edit == Edit::Remove) {
        array.removeAt(*place);
        return array;
    }
    const auto inner = edited(array.at(*place), steps, depth + 1, edit, value);
    if (!inner)
        return std::nullopt;
    array.replace(*place, *inner);
    return array;
}

std::optional<QJsonValue> after(const QJsonValue &document, const QJsonObject &operation)
{
    const QString op = operation["op"_L1].toString();
    const auto path = stepsOf(operation["path"_L1]);
    const QJsonValue value = operation["value"_L1];
    if (!path)
        return std::nullopt;
    if (op == "remove"_L1)
        return edited(document, *path, 0, Edit::Remove, {});
    if (op == "move"_L1 || op == "copy"_L1) {
        const auto from = stepsOf(operation["from"_L1]);
        const auto moved = from ? valueAt(document, *from) : std::nullopt;
        const auto rest = moved && op == "move"_L1 ? edited(document, *from, 0, Edit::Remove, {}) : document;
        const auto result = moved && rest ? edited(*rest, *path, 0, Edit::Add, *moved) : std::nullopt;
        const bool fits = result && (op == "move"_L1 || roomAfter(*result, jsonPatchSize) >= 0);
        return fits ? result : std::nullopt;
    }
    if (value.isUndefined())
        return std::nullopt;
    if (op == "test"_L1) {
        const auto there = valueAt(document, *path);
        return there && *there == value ? std::optional(document) : std::nullopt;
    }
    if (op == "add"_L1 || op == "replace"_L1)
        return edited(document, *path, 0, op == "add"_L1 ? Edit::Add : Edit::Replace, value);
    return std::nullopt;
}

} // namespace

std::optional<QJsonValue> patched(const QJsonValue &document, const QJsonArray &operations)
{
    std::optional<QJsonValue> result = document;
    for (const QJsonValueConstRef operation : operations) {
        result = after(*result, operation.toObject());
        if (!result)
            return std::nullopt;
    }
    return result;
}

} // namespace rivulet
