// The value of one input variable, as the root module sees it.
#pragma once

#include <string>

#include "scenarios/config/values/module_scope.hpp"

namespace lockstorm::scenarios::values {

struct VariableValue {
  Value value;
  ValueSource source;  ///< "variable table's default"
};

/// What is given, else the default, converted to the variable's type where that is a primitive one (OpenTofu:
/// internal/configs/static_scope.go, GetInputVariable; named_values.go, VariableParsingMode). Throws Unknown
/// where there is neither, and where a backend block may not have it: sensitive and ephemeral values
/// (internal/configs/backend.go, Hash), `const = false`.
[[nodiscard]] VariableValue value_of_variable(const std::string& name, const VariableDeclaration& declared,
                                              const GivenValue* given);

}  // namespace lockstorm::scenarios::values
