// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/presets.h"

#include "net/dialects/dialectregistry.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qset.h>

#include <algorithm>
#include <array>
#include <utility>

// A static library's resources are linked only where something asks for them.
static void initialiseResources()
{
    Q_INIT_RESOURCE(providers);
}

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

using Place = ProviderPreset::Place;

constexpr std::array places{std::pair{"built-in"_L1, Place::BuiltIn}, std::pair{"cloud"_L1, Place::Cloud},
                            std::pair{"local"_L1, Place::Local}, std::pair{"custom"_L1, Place::Custom}};

constexpr std::array members{"id"_L1,  "name"_L1,  "dialect"_L1,  "place"_L1,
                             "url"_L1, "model"_L1, "key_page"_L1, "key_variable"_L1};

// What is wrong with an entry, for whoever writes the file; empty where nothing is.
QString faultOf(const QJsonObject &entry, const std::optional<DialectId> &dialect, bool hasPlace)
{
    for (auto member = entry.begin(); member != entry.end(); ++member) {
        if (std::ranges::find(members, member.key()) == members.end())
            return u"it has a member \"%1\", which none has"_s.arg(member.key());
        if (!member.value().isString())
            return u"its \"%1\" is no text"_s.arg(member.key());
    }
    if (entry["id"_L1].toString().isEmpty() || entry["name"_L1].toString().isEmpty())
        return u"it has no id or no name"_s;
    if (!dialect)
        return u"its dialect is not known"_s;
    if (!hasPlace)
        return u"its place is not known"_s;
    return {};
}

} // namespace

std::expected<QList<ProviderPreset>, QString> readPresets(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isArray())
        return std::unexpected(u"the presets are no JSON array: "_s + error.errorString());
    QList<ProviderPreset> presets;
    QSet<QString> ids;
    const QJsonArray entries = document.array();
    for (const auto &value : entries) {
        const QJsonObject entry = value.toObject();
        const auto text = [&](QLatin1StringView member) { return entry[member].toString(); };
        const auto dialect = dialectFromName(text("dialect"_L1));
        const auto place =
            std::ranges::find_if(places, [&](const auto &known) { return text("place"_L1) == known.first; });
        QString fault = faultOf(entry, dialect, place != places.end());
        if (fault.isEmpty() && ids.contains(text("id"_L1)))
            fault = u"its id is there twice"_s;
        if (!fault.isEmpty())
            return std::unexpected(
                u"preset %1 (\"%2\"): %3"_s.arg(presets.size() + 1).arg(text("id"_L1), fault));
        ids.insert(text("id"_L1));
        presets.append({.provider = {.id = text("id"_L1),
                                     .name = text("name"_L1),
                                     .dialect = *dialect,
                                     .baseUrl = QUrl(text("url"_L1)),
                                     .model = text("model"_L1),
                                     .needsKey = place->second == Place::Cloud},
                        .place = place->second,
                        .keyPage = QUrl(text("key_page"_L1)),
                        .keyVariable = text("key_variable"_L1)});
    }
    return presets;
}

const QList<ProviderPreset> &providerPresets()
{
    static const QList<ProviderPreset> presets = [] {
        initialiseResources();
        QFile file(u":/rivulet/providers/presets.json"_s);
        const bool isOpen = file.open(QIODevice::ReadOnly);
        Q_ASSERT(isOpen);
        const auto read = readPresets(isOpen ? file.readAll() : QByteArray());
        if (!read)
            qFatal("%s", qPrintable(read.error()));
        return *read;
    }();
    return presets;
}

std::optional<ProviderPreset> presetById(QStringView id)
{
    const auto &presets = providerPresets();
    const auto found =
        std::ranges::find_if(presets, [&](const ProviderPreset &preset) { return preset.provider.id == id; });
    return found == presets.end() ? std::nullopt : std::optional(*found);
}

} // namespace rivulet
