// Base64 (RFC 4648, section 4), in which APIs carry bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::wire {

std::string encode_base64(std::string_view bytes);
/// The bytes; nothing where the text is none. Padding has to be there.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace lockstorm::wire
