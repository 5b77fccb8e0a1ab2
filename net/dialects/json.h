// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: how dialects read JSON. Nothing outside json.cpp knows which parser does it, so
// that it can be replaced by a faster one.

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qstring.h>

#include <array>
#include <concepts>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace rivulet::json {

class Reader;

/// One value of a document in the order of its text: what a container holds follows it.
struct Node
{
    enum class Type : quint8 { Null, False, True, Number, String, Array, Object };

    const char *key = nullptr; ///< the member's name; nothing in an array
    const char *text = nullptr;
    quint32 keySize = 0;
    quint32 size = 0; ///< of the text, with its quotes or brackets
    quint32 span = 1; ///< nodes of this value, itself included
    Type type = Type::Null;

    [[nodiscard]] bool isNamed(QLatin1StringView name) const
    {
        const auto length = static_cast<size_t>(name.size());
        return keySize == length && std::memcmp(key, name.data(), length) == 0;
    }
};

/// A value inside a document: a view that lives until its Reader reads again. A member or an item that is
/// not there is an undefined value, of which every question is answered "empty", so that a path can be
/// followed without asking at each step. Of members of the same name the last counts.
class Value
{
public:
    Value() = default;

    [[nodiscard]] bool isString() const { return is(Node::Type::String); }
    [[nodiscard]] bool isObject() const { return is(Node::Type::Object); }
    [[nodiscard]] bool isArray() const { return is(Node::Type::Array); }
    /// Neither missing, null, false, zero, nor an empty string, array or object.
    [[nodiscard]] bool isTruthy() const;

    [[nodiscard]] Value operator[](QLatin1StringView member) const { return members(member)[0]; }

    /// The members of those names, all found in one pass, which is what an object with several interesting
    /// ones should be read by: `const auto [id, model] = value.members("id"_L1, "model"_L1);`
    template<std::same_as<QLatin1StringView>... Names>
    [[nodiscard]] std::array<Value, sizeof...(Names)> members(Names... names) const
    {
        std::array<Value, sizeof...(Names)> found;
        found.fill(Value(m_reader, nullptr));
        if (isObject()) {
            eachInside([&](const Value &member) {
                auto *slot = found.data();
                static_cast<void>(
                    ((member.m_node->isNamed(names) ? (*slot = member, true) : (++slot, false)) || ...));
            });
        }
        return found;
    }

    /// Calls `use(QString, Value)` for the name and the value of each member of an object, in the order of
    /// the text; not at all for everything else. For objects whose members' names are data.
    template<typename Use>
    void forEachMember(Use use) const
    {
        if (isObject())
            eachInside([&](const Value &member) { use(member.name(), member); });
    }

    /// Calls `use(Value)` for each item of an array; not at all for everything else.
    template<typename Use>
    void forEach(Use use) const
    {
        if (isArray())
            eachInside(use);
    }

    /// The first item of an array.
    [[nodiscard]] Value first() const
    {
        return isArray() && m_node->span > 1 ? Value(m_reader, m_node + 1) : Value();
    }

    /// The string; empty for everything else. It may hold half a surrogate pair where the text did. With
    /// an escape that JSON does not know it reads as it is written.
    [[nodiscard]] QString string() const;

    /// Whether the value is that ASCII string: without a QString for it, as words of a protocol are compared.
    [[nodiscard]] friend bool operator==(const Value &value, QLatin1StringView text)
    {
        return value.equals(text);
    }

    /// The whole number, exact in all 64 bits and also where it is written as a string or with a fraction,
    /// which is cut off; empty for everything else and beyond 64 bits.
    [[nodiscard]] std::optional<qint64> integer() const;

    /// The number, also where it is written as a string; empty for everything else.
    [[nodiscard]] std::optional<double> number() const;

    /// True or false; empty for everything else.
    [[nodiscard]] std::optional<bool> boolean() const;

    /// The value for people: a string's own text, of everything else the JSON; empty for what is not there.
    [[nodiscard]] QString text() const;

    /// The value as JSON text: as it was sent, without the white space. Empty for what is not there.
    [[nodiscard]] QByteArray compact() const;

private:
    friend class Reader;
    Value(const Reader *reader, const Node *node) : m_reader(reader), m_node(node) {}

    [[nodiscard]] bool is(Node::Type type) const { return m_node && m_node->type == type; }
    [[nodiscard]] bool equals(QLatin1StringView text) const;
    [[nodiscard]] QString name() const;
    // The text of a string without its quotes, or of anything else.
    [[nodiscard]] QByteArrayView bareText() const;

    template<typename Use>
    void eachInside(Use &&use) const
    {
        const Node *const end = m_node + m_node->span;
        for (const Node *node = m_node + 1; node != end; node += node->span)
            use(Value(m_reader, node));
    }

    const Reader *m_reader = nullptr;
    const Node *m_node = nullptr; ///< null for what is not there
};

/// Reads one document after the other in the same memory, so that reading costs no allocation once the
/// longest was seen. A dialect keeps one for its frames. Used from one thread.
class Reader
{
public:
    Reader();
    ~Reader();
    /// A copy starts with nothing read.
    Reader(const Reader &) : Reader() {}
    Reader &operator=(const Reader &) { return *this; }

    /// The object or array that `text` is; the text is copied, and the values live until the next read().
    ///
    /// What servers send although it is no JSON must not cost a whole frame: invalid UTF-8 reads as U+FFFD,
    /// a control character in a string as itself, a number that is none (NaN, Infinity) as null. Empty where
    /// `text` is no JSON even so, is cut, is a bare scalar, or passes deepest or limits::jsonValues.
    [[nodiscard]] std::optional<Value> read(QByteArrayView text);

    /// How many objects and arrays may lie within each other.
    static constexpr int deepest = 512;

private:
    friend class Value;
    struct Memory;
    enum class Outcome { Read, Repairable, Refused };

    [[nodiscard]] Outcome index(QByteArrayView text);

    std::unique_ptr<Memory> m_memory;
};

} // namespace rivulet::json
