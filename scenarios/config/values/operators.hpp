// HCL's operators.
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/config/values/value.hpp"

namespace lockstorm::scenarios::values {

/// The sign's operation on one or two operands (hashicorp/hcl, hclsyntax/expression_ops.go). Throws Unknown
/// where it has none, or where doubles may differ from what the tools compute: for all but whole numbers.
[[nodiscard]] Value operate(std::string_view sign, const std::vector<Value>& operands);

}  // namespace lockstorm::scenarios::values
