// Interns small immutable values (requests, responses, service states) so that engines handle them as
// integers.
#pragma once

#include <boost/pfr/core.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/random.hpp"
#include "sim/who.hpp"

namespace lockstorm::sim {

/// Number of an interned value; equal numbers mean equal values of the same type. 0 is "no value".
using ValueId = std::uint32_t;

/// How to show a process in text: "client-1", "operator", ...
struct ProcessNames {
  virtual ~ProcessNames() = default;
  [[nodiscard]] virtual std::string name(Who who) const = 0;
};

namespace detail {
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};
}  // namespace detail

/// A value of fixed size without padding: equal bytes iff equal values.
template <class T>
concept FlatValue =
    std::is_trivially_copyable_v<T> && (std::is_empty_v<T> || std::has_unique_object_representations_v<T>);

/// What can be interned: a flat value, or a variant of flat values.
template <class T>
concept Internable = FlatValue<T> || detail::IsVariant<T>::value;

/// Calls `f(Who&)` on every process name inside `value`, field by field in the order of their declaration. A
/// class that is no aggregate says itself which it holds: `value.visit_who(f)`.
template <class T, class F>
void visit_who(T& value, F&& f) {
  if constexpr (std::is_same_v<T, Who>) {
    f(value);
  } else if constexpr (detail::IsVariant<T>::value) {
    std::visit([&](auto& alternative) { visit_who(alternative, f); }, value);
  } else if constexpr (requires { value.visit_who(f); }) {
    value.visit_who(f);
  } else if constexpr (detail::IsArray<T>::value) {
    for (auto& element : value) visit_who(element, f);
  } else if constexpr (std::is_class_v<T> && !std::is_empty_v<T>) {
    static_assert(std::is_aggregate_v<T>, "which process names it holds only the class itself knows");
    boost::pfr::for_each_field(value, [&](auto& field) { visit_who(field, f); });
  }
}

template <class T>
std::string encode_value(const T& value) {
  if constexpr (detail::IsVariant<T>::value) {
    std::string bytes(1, static_cast<char>(value.index()));
    std::visit([&](const auto& alternative) { bytes += encode_value(alternative); }, value);
    return bytes;
  } else {
    static_assert(FlatValue<T>, "values must be trivially copyable without padding");
    if constexpr (std::is_empty_v<T>) return {};
    std::string bytes(sizeof(T), '\0');
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
  }
}

namespace detail {
template <class V, std::size_t I = 0>
V decode_variant(std::size_t index, std::string_view bytes);
}

template <class T>
T decode_value(std::string_view bytes) {
  if constexpr (detail::IsVariant<T>::value) {
    return detail::decode_variant<T>(static_cast<unsigned char>(bytes[0]), bytes.substr(1));
  } else {
    T value{};
    if constexpr (!std::is_empty_v<T>) {
      assert(bytes.size() == sizeof(T));
      std::memcpy(&value, bytes.data(), sizeof(T));
    }
    return value;
  }
}

namespace detail {
template <class V, std::size_t I>
V decode_variant(std::size_t index, std::string_view bytes) {
  if constexpr (I < std::variant_size_v<V>) {
    if (index == I) return V(std::in_place_index<I>, decode_value<std::variant_alternative_t<I, V>>(bytes));
    return decode_variant<V, I + 1>(index, bytes);
  } else {
    assert(false && "variant index out of range");
    return V{};
  }
}
}  // namespace detail

/// Gives everybody who is named in what a world leaves behind a name from before the next one, in the order
/// in which they are met: who were two there are two afterwards.
class EarlierNames {
 public:
  Who operator()(Who who) {
    if (who.is_nobody() || who.is_me()) return who;
    const auto known = std::ranges::find(met_, who);
    const auto number = static_cast<std::uint16_t>(known - met_.begin());
    if (known == met_.end()) met_.push_back(who);
    return Who::predecessor(number);
  }

 private:
  std::vector<Who> met_;
};

/// What the pool needs to know of a type; one constant object per type.
struct ValueType {
  std::string_view tag;  ///< part of the identity: equal bytes of different types are different values
  std::string (*renamed)(std::string_view bytes, const SlotPermutation&);
  std::string (*inherited)(std::string_view bytes, EarlierNames& names);
  std::string (*describe)(std::string_view bytes, const ProcessNames&);
};

namespace detail {
template <class T>
std::string renamed_bytes(std::string_view bytes, const SlotPermutation& permutation) {
  T value = decode_value<T>(bytes);
  visit_who(value, [&](Who& who) { who = permutation(who); });
  if constexpr (requires { value.normalise(); }) value.normalise();  // sets are stored sorted
  return encode_value(value);
}
template <class T>
std::string inherited_bytes(std::string_view bytes, EarlierNames& names) {
  T value = decode_value<T>(bytes);
  visit_who(value, [&names](Who& who) { who = names(who); });
  if constexpr (requires { value.normalise(); }) value.normalise();
  return encode_value(value);
}
template <class T>
std::string describe_bytes(std::string_view bytes, [[maybe_unused]] const ProcessNames& names) {
  const auto describe = [&names](const auto& value) -> std::string {
    if constexpr (requires { value.describe(names); }) return value.describe(names);
    return {};
  };
  const T value = decode_value<T>(bytes);
  if constexpr (IsVariant<T>::value) {
    return std::visit(describe, value);
  } else {
    return describe(value);
  }
}
template <class T>
constexpr std::string_view type_tag() {
  return __PRETTY_FUNCTION__;  // never printed; only tells types apart within one process
}
}  // namespace detail

template <class T>
inline constexpr ValueType kValueType{detail::type_tag<T>(), &detail::renamed_bytes<T>,
                                      &detail::inherited_bytes<T>, &detail::describe_bytes<T>};

/// A value outside of any pool, as one world leaves it to another.
struct InheritedValue {
  const ValueType* type = nullptr;
  std::string bytes;
  friend bool operator==(const InheritedValue&, const InheritedValue&) = default;
};

/// Some values of any types as one; 0 is none. What `ValuePool` renames and hashes are the values themselves.
struct ValueTuple {
  std::array<ValueId, 4> of{};
  [[nodiscard]] bool empty() const { return of == std::array<ValueId, 4>{}; }
};

/// Owns interned values; ids are handed out in order of first appearance, so they are the same on every
/// machine.
class ValuePool {
 public:
  ValuePool() { entries_.emplace_back(); }
  ValuePool(const ValuePool&) = delete;
  ValuePool& operator=(const ValuePool&) = delete;

  template <Internable T>
  ValueId intern(const T& value) {
    return intern_bytes(kValueType<T>, encode_value(value));
  }

  template <Internable T>
  [[nodiscard]] T get(ValueId id) const {
    assert(id != 0 && entries_[id].type->tag == kValueType<T>.tag);
    return decode_value<T>(entries_[id].bytes);
  }

  /// The value with every process name replaced.
  ValueId renamed(ValueId id, const SlotPermutation& permutation) {
    if (id == 0) return 0;
    const Entry& entry = entries_[id];
    if (entry.type == &kValueType<ValueTuple>) {
      auto tuple = get<ValueTuple>(id);
      for (ValueId& one : tuple.of) one = renamed(one, permutation);
      return intern(tuple);
    }
    return intern_bytes(*entry.type, entry.type->renamed(entry.bytes, permutation));
  }

  /// The value as a later world finds it, to which every process named in it is an earlier one. Not of a
  /// tuple, which is no value of its own.
  [[nodiscard]] InheritedValue inherited(ValueId id, EarlierNames& names) const {
    const Entry& entry = entries_[id];
    assert(id != 0 && entry.type != &kValueType<ValueTuple>);
    return {entry.type, entry.type->inherited(entry.bytes, names)};
  }
  ValueId intern_inherited(const InheritedValue& value) { return intern_bytes(*value.type, value.bytes); }

  [[nodiscard]] std::string describe(ValueId id, const ProcessNames& names) const {
    return id == 0 ? std::string{} : entries_[id].type->describe(entries_[id].bytes, names);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// Of what the value is, not of its number: the same in every pool, on every machine.
  [[nodiscard]] std::uint64_t content_hash(ValueId id) const {
    std::uint64_t hash = 0;
    if (entries_[id].type == &kValueType<ValueTuple>) {
      for (const ValueId one : get<ValueTuple>(id).of) hash = mix(hash, content_hash(one));
      return hash;
    }
    for (const char byte : entries_[id].bytes) hash = mix(hash, static_cast<unsigned char>(byte));
    return mix(hash, entries_[id].bytes.size());
  }

 private:
  struct Entry {
    const ValueType* type = nullptr;
    std::string bytes;
  };

  /// The address tells types apart within one process; it decides nothing else. `bytes` are those of an
  /// entry, or of what is looked for.
  struct Key {
    const ValueType* type = nullptr;
    std::string_view bytes;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    using is_avalanching = void;
    std::size_t operator()(const Key& key) const {
      std::uint64_t hash = mix(reinterpret_cast<std::uintptr_t>(key.type), key.bytes.size());
      const char* at = key.bytes.data();
      std::size_t left = key.bytes.size();
      for (; left >= sizeof(std::uint64_t); at += sizeof(std::uint64_t), left -= sizeof(std::uint64_t))
        hash = mix(hash, word_at(at, sizeof(std::uint64_t)));
      return left == 0 ? hash : mix(hash, word_at(at, left));
    }
    static std::uint64_t word_at(const char* at, std::size_t bytes) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, bytes);
      return word;
    }
  };

  ValueId intern_bytes(const ValueType& type, std::string bytes) {
    if (const auto known = ids_.find(Key{&type, bytes}); known != ids_.end()) return known->second;
    const auto id = static_cast<ValueId>(entries_.size());
    entries_.push_back({&type, std::move(bytes)});
    ids_.emplace(Key{&type, entries_.back().bytes}, id);
    return id;
  }

  std::deque<Entry> entries_;  ///< entries stay where they are: keys point into them
  boost::unordered_flat_map<Key, ValueId, KeyHash> ids_;
};

}  // namespace lockstorm::sim
