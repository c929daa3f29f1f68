// Arrays with one entry for each value of an enumeration, or each alternative of a variant: whoever adds one
// is told by the compiler where an entry is missing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

namespace lockstorm::sim {

/// Whether the enumeration has an enumerator of that value. Compilers spell such a value as
/// `room::Fault::crash`, and any other as `(room::Fault)10`.
template <auto Value>
consteval bool is_enumerator() {
  const std::string_view spelt = __PRETTY_FUNCTION__;  // "... [with auto Value = room::Fault::crash]"
  const std::size_t last = spelt.find_last_of(":)");
  return spelt[last] == ':';
}

/// How many enumerators an enumeration has whose values are 0, 1, 2 and so on.
template <class Enum>
consteval std::size_t enumerators() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    std::size_t count = 0;
    static_cast<void>(((is_enumerator<static_cast<Enum>(I)>() && ++count != 0) && ...));
    return count;
  }(std::make_index_sequence<64>{});
}

/// How many values of the enumeration, or alternatives of the variant, there are.
template <class Type>
inline constexpr std::size_t kCountOf = enumerators<Type>();
template <class... Alternatives>
inline constexpr std::size_t kCountOf<std::variant<Alternatives...>> = sizeof...(Alternatives);

/// The entries, in their order: the compiler refuses fewer or more than there are values or alternatives.
template <class Type, class Entry, std::size_t Entries>
constexpr std::array<Entry, Entries> one_for_each(const Entry (&entries)[Entries]) {
  static_assert(Entries == kCountOf<Type>, "an entry is missing, or there is one too many");
  return std::to_array(entries);
}

/// The same of texts.
template <class Type, std::size_t Entries>
constexpr std::array<std::string_view, Entries> text_for_each(const char* const (&texts)[Entries]) {
  static_assert(Entries == kCountOf<Type>, "a text is missing, or there is one too many");
  std::array<std::string_view, Entries> all;
  std::ranges::copy(texts, all.begin());
  return all;
}

}  // namespace lockstorm::sim
