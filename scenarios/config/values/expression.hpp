// The syntax tree of an HCL expression that is to be evaluated, and an expression as a file has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/values/value.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::values {

/// An expression in a file: its source text, or a value of a JSON document.
struct SourceExpression {
  std::variant<std::string, json::Value> written;
  SourceLocation where;

  [[nodiscard]] bool is_json() const { return std::holds_alternative<json::Value>(written); }
};

enum class Kind : std::uint8_t {
  literal,
  name,         ///< of something in scope
  attribute,    ///< `operands[0].name`
  index,        ///< `operands[0][operands[1]]`
  call,         ///< `name(operands...)`
  tuple,        ///< `[operands...]`
  object,       ///< operands: key, value, key, value, ...
  operation,    ///< `name` of one or two operands
  conditional,  ///< `operands[0] ? operands[1] : operands[2]`
  text,         ///< a template: the operands' texts one after the other
  unsupported,  ///< `name` says what; its operands are there for the references in them
};

/// A node. A field has a meaning where the kind says so.
struct Expression {
  Kind kind = Kind::literal;
  std::size_t offset = 0;  ///< of its first byte in the source text; 0 in JSON
  std::string name;
  Value literal;
  std::vector<Expression> operands;
  std::vector<std::string> bound;  ///< names that a `for` gives to what it iterates over
  bool expands_last = false;       ///< of a call: `f(list...)`
  std::size_t height = 1;          ///< of the tree
};

/// What a string of a JSON document is.
enum class JsonStrings : std::uint8_t { templates, literals };

/// The deepest nesting that is evaluated, of expressions and of references to references.
inline constexpr std::size_t kDeepestValue = 200;

/// Parses what the readers of files have accepted. Throws Unknown where it is too long or too deep, or a JSON
/// string is no template.
[[nodiscard]] Expression parse(const SourceExpression& source, JsonStrings strings);

}  // namespace lockstorm::scenarios::values
