// What a constant expression of HCL comes to: a value of cty's, without unknown ones.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::values {

struct Value;
using List = std::vector<Value>;
using Object = std::map<std::string, Value>;

/// A collection, and how much it holds.
template <typename Items>
struct Sized {
  Items items;
  std::size_t size = 0;
};

/// What only a run of the tool makes a value of: its name, or a text with names in it. Nothing is decided by
/// it: whatever has to look at it has no value either.
struct Symbol {
  std::string text;     ///< "${get_aws_account_id()}-state"
  std::string needs;    ///< as Unresolved has it
  std::string because;  ///< as Unresolved has it
};

/// Nothing (null), a bool, a number, a text, a list, an object or a symbol. Lists stand for sets and tuples,
/// objects for maps, too. Copies of a collection share it.
struct Value {
  std::variant<std::monostate, bool, double, std::string, std::shared_ptr<const Sized<List>>,
               std::shared_ptr<const Sized<Object>>, std::shared_ptr<const Symbol>>
      held;

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(held); }
  [[nodiscard]] bool is_single() const { return held.index() < 4; }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&held); }
  [[nodiscard]] const List* list() const;
  [[nodiscard]] const Object* object() const;
  [[nodiscard]] const Symbol* symbol() const;

  /// How many values it holds, itself included; a long text counts as several.
  [[nodiscard]] std::size_t size() const;

  /// Of one type and alike; never converted.
  friend bool operator==(const Value& a, const Value& b);
};

/// The most values that a collection may hold, the most bytes that a text may have: what is put together from
/// references can double with each of them.
inline constexpr std::size_t kMostValues = 100'000;
inline constexpr std::size_t kLongestText = std::size_t{64} << 10U;

/// Why an expression has no value: thrown in this room, caught by whoever asked for one.
struct Unknown {
  std::string needs;    ///< as Unresolved has it
  std::string because;  ///< as Unresolved has it
  bool final = true;    ///< else `try` may still choose another value
  /// The tool itself would refuse the file: no value is made up in its place.
  std::optional<InputError> refusal{};
};

[[nodiscard]] Value text_value(std::string text);
[[nodiscard]] Value list_value(List items);
[[nodiscard]] Value object_value(Object members);
[[nodiscard]] Value symbol_value(Symbol symbol);

/// The first symbol in it, however deep; or null.
[[nodiscard]] const Symbol* symbol_in(const Value& value);

/// Throws what it stands for, if it is one.
void refuse_symbol(const Value& value);

/// Appends to a text that must not become too long.
void append(std::string& text, std::string_view part);

/// Conversions as cty has them (go-cty, cty/convert); throw Unknown where there is none. Null has none.
[[nodiscard]] std::string to_text(const Value& value);
[[nodiscard]] double to_number(const Value& value);
[[nodiscard]] bool to_flag(const Value& value);

/// As an argument's value, nothing for null; a collection as Unresolved, in HCL, and so is a symbol.
[[nodiscard]] std::optional<AttributeValue> as_attribute(const Value& value);

}  // namespace lockstorm::scenarios::values
