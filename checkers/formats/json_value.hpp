// A JSON text as a value: whole numbers of 64 bits, no name twice in one object, a limit on depth.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "checkers/history/value.hpp"

namespace lockstorm::checkers::formats {

/// Deeper than any history; a file of brackets must not use up the stack.
inline constexpr std::size_t kDeepest = 64;

struct JsonError {
  enum class Kind { syntax, cut_short, value } kind{};
  /// Bytes read up to the error, from 1; 1 where it is the value that is wrong.
  std::size_t column = 1;
  std::string message;
};

/// Within the outermost fields of these names numbers may be any: they become text.
[[nodiscard]] std::expected<Value, JsonError> read_json_value(std::string_view text,
                                                              std::span<const std::string_view> lenient = {});

/// The same where numbers may be any everywhere.
[[nodiscard]] std::expected<Value, JsonError> read_lenient_json_value(std::string_view text);

/// The first name that the fields have twice, or null.
[[nodiscard]] const std::string* repeated_name(const Value::Fields& fields);

}  // namespace lockstorm::checkers::formats
