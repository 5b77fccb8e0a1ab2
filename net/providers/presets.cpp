// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/presets.h"

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

using Place = ProviderPreset::Place;

// A model is named only where the service has a name that stays while models come and go.
struct Row
{
    const char *id;
    const char *name;
    const char *baseUrl;
    const char *model;
    Place place;
    const char *keyPage;
    const char *keyVariable;
};

constexpr auto Rows = std::to_array<Row>({
    {"demo", "Demo", "", "demo", Place::BuiltIn, "", ""},
    {"openai", "OpenAI", "https://api.openai.com/v1", "", Place::Cloud,
     "https://platform.openai.com/api-keys", "OPENAI_API_KEY"},
    {"openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "openrouter/auto", Place::Cloud,
     "https://openrouter.ai/keys", "OPENROUTER_API_KEY"},
    {"groq", "Groq", "https://api.groq.com/openai/v1", "", Place::Cloud, "https://console.groq.com/keys",
     "GROQ_API_KEY"},
    {"mistral", "Mistral", "https://api.mistral.ai/v1", "mistral-medium-latest", Place::Cloud,
     "https://console.mistral.ai/api-keys", "MISTRAL_API_KEY"},
    {"deepseek", "DeepSeek", "https://api.deepseek.com/v1", "deepseek-chat", Place::Cloud,
     "https://platform.deepseek.com/api_keys", "DEEPSEEK_API_KEY"},
    {"xai", "xAI", "https://api.x.ai/v1", "", Place::Cloud, "https://console.x.ai", "XAI_API_KEY"},
    {"together", "Together", "https://api.together.xyz/v1", "", Place::Cloud,
     "https://api.together.xyz/settings/api-keys", "TOGETHER_API_KEY"},
    {"ollama", "Ollama", "http://127.0.0.1:11434/v1", "", Place::Local, "", ""},
    {"llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1", "", Place::Local, "", ""},
    {"lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", "", Place::Local, "", ""},
    {"vllm", "vLLM", "http://127.0.0.1:8000/v1", "", Place::Local, "", ""},
    {"custom", "OpenAI-compatible server", "", "", Place::Custom, "", ""},
});

ProviderPreset presetOf(const Row &row)
{
    return {.provider = {.id = QString::fromLatin1(row.id),
                         .name = QString::fromLatin1(row.name),
                         .dialect = DialectId::OpenAiChat,
                         .baseUrl = QUrl(QString::fromLatin1(row.baseUrl)),
                         .model = QString::fromLatin1(row.model),
                         .needsKey = row.place == Place::Cloud},
            .place = row.place,
            .keyPage = QUrl(QString::fromLatin1(row.keyPage)),
            .keyVariable = QString::fromLatin1(row.keyVariable)};
}

} // namespace

const QList<ProviderPreset> &providerPresets()
{
    static const QList<ProviderPreset> presets = [] {
        QList<ProviderPreset> list;
        for (const Row &row : Rows)
            list.append(presetOf(row));
        return list;
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
