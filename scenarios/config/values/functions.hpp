// The functions of OpenTofu's language that constants are put together with.
#pragma once

#include <string>
#include <vector>

#include "scenarios/config/values/value.hpp"

namespace lockstorm::scenarios::values {

/// The result of a function (OpenTofu: internal/lang/functions.go; go-cty: cty/function/stdlib). Throws
/// Unknown for those that are not computed here: what reads files, the clock or chance, hashes, regular
/// expressions; and for text that is not ASCII where letters or their number count. `directory` is what
/// abspath() makes paths absolute with.
[[nodiscard]] Value call_function(const std::string& name, const std::vector<Value>& arguments,
                                  const std::string& directory);

}  // namespace lockstorm::scenarios::values
