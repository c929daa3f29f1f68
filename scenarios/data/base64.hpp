// Base64 (RFC 4648, section 4), as stores write what they keep for others.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

/// The bytes, or nothing where the text is none, or empty.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace lockstorm::scenarios
