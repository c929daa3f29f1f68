// How the files with functions tell which they have.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/config/values/value.hpp"

namespace lockstorm::scenarios::values {

using Arguments = std::span<const Value>;

/// A function, and how many arguments it takes.
struct Function {
  std::size_t least = 0;
  std::size_t most = 0;
  Value (*compute)(Arguments arguments) = nullptr;
};

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

using FunctionTable = std::map<std::string_view, Function>;

[[nodiscard]] const FunctionTable& text_functions();
[[nodiscard]] const FunctionTable& collection_functions();

/// format().
[[nodiscard]] Value format_function(Arguments arguments);

/// Refuses text in which bytes are not letters.
[[nodiscard]] const std::string& ascii(const std::string& text);

}  // namespace lockstorm::scenarios::values
