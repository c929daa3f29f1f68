// The value that an operation of a recorded history was given or answered: nil, a flag, a number, text, a
// list or fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lockstorm::checkers {

class Value {
 public:
  using List = std::vector<Value>;
  /// In the order of the file; no name twice.
  using Fields = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  Value(bool flag) : content_(flag) {}
  Value(std::int64_t number) : content_(number) {}
  Value(int number) : content_(std::int64_t{number}) {}
  Value(std::string text) : content_(std::move(text)) {}
  Value(const char* text) : content_(std::string(text)) {}
  Value(List list) : content_(std::move(list)) {}
  Value(Fields fields) : content_(std::move(fields)) {}

  [[nodiscard]] bool is_nil() const { return std::holds_alternative<std::monostate>(content_); }
  /// Null where the value is of another kind.
  [[nodiscard]] const bool* flag() const { return std::get_if<bool>(&content_); }
  [[nodiscard]] const std::int64_t* number() const { return std::get_if<std::int64_t>(&content_); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&content_); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&content_); }
  [[nodiscard]] const Fields* fields() const { return std::get_if<Fields>(&content_); }
  /// Null where there is no such field.
  [[nodiscard]] const Value* field(std::string_view name) const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::string, List, Fields> content_;
};

/// As people read it, and one text for one value: nil, 3, "x", [1 2], {serial 3}.
[[nodiscard]] std::string to_text(const Value& value);

}  // namespace lockstorm::checkers
