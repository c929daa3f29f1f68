// What an expression refers to.
#pragma once

#include <string>
#include <vector>

#include "scenarios/config/values/expression.hpp"

namespace lockstorm::scenarios::values {

struct Reference {
  std::string name;  ///< "var.table"; of a call "format()"
  std::size_t offset = 0;
  bool is_call = false;
};

/// The names of `a.b.c`, nothing for what is more than that.
[[nodiscard]] std::vector<std::string> names_of(const Expression& expression);

/// "var.table" for `var.table` and what follows it, "data.type.name" for a data source; "" for what is no
/// name with attributes.
[[nodiscard]] std::string name_of_reference(const Expression& expression);

/// All of them, from left to right.
[[nodiscard]] std::vector<Reference> references_in(const Expression& expression);

/// The place of a byte of an expression that begins at `where`.
[[nodiscard]] SourceLocation place_in(const SourceExpression& source, std::size_t offset);

}  // namespace lockstorm::scenarios::values
