// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/json.h"

#include "net/framing/limits.h"

// Errors are values here.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace rivulet::json {

namespace ondemand = simdjson::ondemand;

namespace {

// What a reader begins with, which is enough for nearly every frame, and what it keeps after a longer one.
constexpr size_t smallest = 16 * limits::KiB;
constexpr size_t longestKept = limits::MiB;

QByteArrayView bytesOf(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

std::string_view viewOf(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// A token reaches up to the next one, with the white space between them.
std::string_view withoutSpace(std::string_view token)
{
    while (!token.empty() && static_cast<uchar>(token.back()) <= ' ')
        token.remove_suffix(1);
    return token;
}

// The UTF-16 of what simdjson makes of escapes: UTF-8, but for halves of surrogate pairs, which take the
// three bytes that UTF-8 has for no character.
QString fromWobbly(std::string_view text)
{
    constexpr char lead = '\xED';
    QString result;
    size_t begin = 0;
    for (size_t at = text.find(lead); at != text.npos; at = text.find(lead, at + 1)) {
        const auto second = static_cast<uchar>(text[at + 1]);
        if (second < 0xA0)
            continue;
        const auto third = static_cast<uchar>(text[at + 2]);
        result += QUtf8StringView(text.data() + begin, static_cast<qsizetype>(at - begin));
        result += QChar(static_cast<char16_t>(0xD000 | (second & 0x3F) << 6 | (third & 0x3F)));
        begin = at + 3;
    }
    const QUtf8StringView rest(text.data() + begin, static_cast<qsizetype>(text.size() - begin));
    return begin == 0 ? rest.toString() : result.append(rest);
}

// The text with valid UTF-8, and with escapes for control characters inside strings.
QByteArray repaired(QByteArrayView text)
{
    const QByteArray valid = QString::fromUtf8(text).toUtf8();
    QByteArray result;
    result.reserve(valid.size());
    bool inString = false;
    bool escaped = false;
    for (const char c : valid) {
        if (inString && static_cast<uchar>(c) < 0x20) {
            result += "\\u00" + QByteArray(1, c).toHex();
            continue;
        }
        if (c == '"' && !escaped)
            inString = !inString;
        escaped = c == '\\' && !escaped;
        result += c;
    }
    return result;
}

std::optional<double> toNumber(QByteArrayView text)
{
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

} // namespace

struct Reader::Memory
{
    explicit Memory(size_t capacity) : room(capacity + simdjson::SIMDJSON_PADDING) {}

    [[nodiscard]] size_t capacity() const { return room.size() - simdjson::SIMDJSON_PADDING; }

    [[nodiscard]] bool add(ondemand::value &value, std::string_view key, int depth);
    [[nodiscard]] bool addMembers(ondemand::value &value, int depth);
    [[nodiscard]] bool addItems(ondemand::value &value, int depth);
    [[nodiscard]] quint32 sizeUpToNext(const char *begin);
    [[nodiscard]] std::string_view unescapedKey(std::string_view key);
    [[nodiscard]] std::optional<std::string_view> unescape(QByteArrayView bareText);

    ondemand::parser parser;
    ondemand::document document;
    const char *documentEnd = nullptr;
    std::vector<char> room; // the document, and the padding behind it that simdjson reads into
    std::vector<Node> nodes;
    std::vector<QByteArray> keys; // those that had escapes
    std::vector<uint8_t> scratch;
    bool hasEscapes = false;
};

// Appends the value and all inside it. The parser checks as it goes: what it was not asked for it has not
// seen, so that only a document which was walked to its end is known to be whole.
bool Reader::Memory::add(ondemand::value &value, std::string_view key, int depth)
{
    if (nodes.size() == limits::jsonValues)
        return false;
    const std::string_view token = withoutSpace(value.raw_json_token());
    // A control character stands where a value should.
    if (token.empty())
        return false;
    if (hasEscapes && key.find('\\') != key.npos)
        key = unescapedKey(key);
    const size_t place = nodes.size();
    Node &node = nodes.emplace_back(Node{.key = key.data(),
                                         .text = token.data(),
                                         .keySize = static_cast<quint32>(key.size()),
                                         .size = static_cast<quint32>(token.size())});
    switch (token.front()) {
    case '"':
        node.type = Node::Type::String;
        return true;
    case '{':
    case '[': {
        if (depth == deepest)
            return false;
        const bool isObject = token.front() == '{';
        node.type = isObject ? Node::Type::Object : Node::Type::Array;
        if (isObject ? !addMembers(value, depth + 1) : !addItems(value, depth + 1))
            return false;
        nodes[place].span = static_cast<quint32>(nodes.size() - place);
        nodes[place].size = sizeUpToNext(token.data());
        return true;
    }
    case 't':
        node.type = Node::Type::True;
        return token == "true";
    case 'f':
        node.type = Node::Type::False;
        return token == "false";
    case 'n':
    case 'N':
    case 'I':
        node.type = Node::Type::Null;
        return token == "null" || token == "NaN" || token == "Infinity";
    default:
        node.type = token == "-Infinity" ? Node::Type::Null : Node::Type::Number;
        return token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
    }
}

// The size of a container that was walked: it ends before the token that comes next.
quint32 Reader::Memory::sizeUpToNext(const char *begin)
{
    const char *end = nullptr;
    if (document.current_location().get(end))
        end = documentEnd;
    return static_cast<quint32>(withoutSpace({begin, end}).size());
}

bool Reader::Memory::addMembers(ondemand::value &value, int depth)
{
    ondemand::object object;
    if (value.get_object().get(object))
        return false;
    for (auto next : object) {
        if (next.error())
            return false;
        // Not copied out: these are small, but the copies took a third of the time.
        ondemand::field &field = next.value_unsafe();
        if (!add(field.value(), field.escaped_key(), depth))
            return false;
    }
    return true;
}

bool Reader::Memory::addItems(ondemand::value &value, int depth)
{
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    for (auto next : array) {
        if (next.error() || !add(next.value_unsafe(), {}, depth))
            return false;
    }
    return true;
}

std::string_view Reader::Memory::unescapedKey(std::string_view key)
{
    const auto text = unescape(bytesOf(key));
    return text ? viewOf(keys.emplace_back(bytesOf(*text).toByteArray())) : key;
}

// The string whose text without quotes that is. The result lives until the next call.
std::optional<std::string_view> Reader::Memory::unescape(QByteArrayView bareText)
{
    const size_t needed = static_cast<size_t>(bareText.size()) + simdjson::SIMDJSON_PADDING;
    if (scratch.size() < needed)
        scratch.resize(needed);
    const ondemand::raw_json_string raw(reinterpret_cast<const uint8_t *>(bareText.data()));
    uint8_t *end = scratch.data();
    std::string_view text;
    if (parser.unescape_wobbly(raw, end).get(text))
        return std::nullopt;
    return text;
}

Reader::Reader() = default;
Reader::~Reader() = default;

std::optional<Value> Reader::read(QByteArrayView text)
{
    Outcome outcome = index(text);
    if (outcome == Outcome::Repairable)
        outcome = index(repaired(text));
    if (outcome != Outcome::Read)
        return std::nullopt;
    return Value(this, m_memory->nodes.data());
}

Reader::Outcome Reader::index(QByteArrayView text)
{
    const auto size = static_cast<size_t>(text.size());
    if (size > std::numeric_limits<quint32>::max() / 2)
        return Outcome::Refused;
    const bool spacious = m_memory && m_memory->capacity() > longestKept && size <= longestKept;
    if (!m_memory || spacious || m_memory->capacity() < size)
        m_memory = std::make_unique<Memory>(std::bit_ceil(std::max(size, smallest)));
    Memory &memory = *m_memory;
    memory.nodes.clear();
    memory.keys.clear();
    if (memory.parser.capacity() < memory.capacity()
        && memory.parser.allocate(memory.capacity(), deepest + 8) != simdjson::SUCCESS)
        return Outcome::Refused;

    std::copy(text.begin(), text.end(), memory.room.begin());
    std::fill_n(memory.room.begin() + text.size(), simdjson::SIMDJSON_PADDING, '\0');
    memory.hasEscapes = text.contains('\\');

    memory.documentEnd = memory.room.data() + size;
    const simdjson::padded_string_view padded(memory.room.data(), size, memory.room.size());
    const simdjson::error_code error = memory.parser.iterate(padded).get(memory.document);
    if (error == simdjson::UTF8_ERROR || error == simdjson::UNESCAPED_CHARS)
        return Outcome::Repairable;
    ondemand::value root;
    if (error || memory.document.get_value().get(root) || !memory.add(root, {}, 0)
        || !memory.document.at_end())
        return Outcome::Refused;
    return Outcome::Read;
}

bool Value::isTruthy() const
{
    if (!m_node)
        return false;
    switch (m_node->type) {
    case Node::Type::Null:
    case Node::Type::False:
        return false;
    case Node::Type::True:
        return true;
    case Node::Type::Number:
        return number().value_or(0) != 0;
    case Node::Type::String:
        return m_node->size > 2;
    case Node::Type::Array:
    case Node::Type::Object:
        return m_node->span > 1;
    }
    Q_UNREACHABLE_RETURN(false);
}

QByteArrayView Value::bareText() const
{
    const QByteArrayView text(m_node->text, static_cast<qsizetype>(m_node->size));
    return isString() ? text.sliced(1, text.size() - 2) : text;
}

QString Value::string() const
{
    if (!isString())
        return {};
    const QByteArrayView text = bareText();
    Reader::Memory &memory = *m_reader->m_memory;
    if (memory.hasEscapes && text.contains('\\')) {
        if (const auto unescaped = memory.unescape(text))
            return fromWobbly(*unescaped);
    }
    return QString::fromUtf8(text);
}

bool Value::equals(QLatin1StringView text) const
{
    if (!isString())
        return false;
    const QByteArrayView bare = bareText();
    if (m_reader->m_memory->hasEscapes && bare.contains('\\'))
        return string() == text;
    return bare == QByteArrayView(text);
}

QString Value::name() const
{
    return fromWobbly({m_node->key, m_node->keySize});
}

std::optional<qint64> Value::integer() const
{
    if (!is(Node::Type::Number) && !isString())
        return std::nullopt;
    const QByteArrayView text = bareText();
    qint64 integer = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), integer);
    if (error == std::errc() && end == text.end())
        return integer;
    // Strictly below 2^63, the first double that is too much.
    const std::optional<double> number = is(Node::Type::Number) ? toNumber(text) : std::nullopt;
    constexpr double bound = 9223372036854775808.0;
    if (!number || *number < -bound || *number >= bound)
        return std::nullopt;
    return static_cast<qint64>(*number);
}

std::optional<double> Value::number() const
{
    return is(Node::Type::Number) || isString() ? toNumber(bareText()) : std::nullopt;
}

std::optional<bool> Value::boolean() const
{
    if (is(Node::Type::True))
        return true;
    return is(Node::Type::False) ? std::optional(false) : std::nullopt;
}

QString Value::text() const
{
    return isString() ? string() : QString::fromUtf8(compact());
}

QByteArray Value::compact() const
{
    if (!m_node)
        return {};
    QByteArray result(m_node->size, Qt::Uninitialized);
    size_t size = 0;
    if (simdjson::minify(m_node->text, m_node->size, result.data(), size))
        return {};
    result.truncate(static_cast<qsizetype>(size));
    return result;
}

} // namespace rivulet::json
