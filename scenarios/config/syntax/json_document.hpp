// A JSON document that remembers where everything stands and keeps repeated keys, which HCL's JSON syntax
// allows.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::json {

struct Member;

enum class Kind { null, boolean, number, string, array, object };

/// A JSON value; only the field of its kind has a meaning.
struct Value {
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string string;
  std::vector<Value> items;
  std::vector<Member> members;  ///< in the order of the file
  std::size_t begin =
      0;                ///< byte offset of an array's, object's or string's first character, else of its end
  std::size_t end = 0;  ///< byte offset past the last character; for a number it may be one further
};

/// `"key": value` of an object.
struct Member {
  std::string key;
  std::size_t key_begin = 0;  ///< byte offset of the key's opening quote
  Value value;
};

/// Parses a whole file; refuses nesting beyond max_nesting_depth.
[[nodiscard]] std::expected<Value, InputError> parse(const SourceText& source);

}  // namespace lockstorm::scenarios::json
