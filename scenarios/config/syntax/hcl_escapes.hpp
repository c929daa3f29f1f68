// Backslash escapes in quoted strings of HCL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lockstorm::scenarios::hcl {

/// Appends what the escape at the start of `rest` stands for, a backslash and what follows, as parse()
/// accepted them; returns its length.
std::size_t append_escape(std::string& out, std::string_view rest);

}  // namespace lockstorm::scenarios::hcl
