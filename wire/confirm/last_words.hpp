// What a tool has said at the end, in a line.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::wire::confirm {

/// Its error if it prints one, else its last line; without the frame that Terraform draws around errors.
std::string last_words(std::string_view printed);

}  // namespace lockstorm::wire::confirm
