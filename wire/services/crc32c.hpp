// CRC-32C (RFC 3720, B.4), by which Cloud Storage has its clients check what they read.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::wire {

/// Its four bytes, the highest first.
std::string crc32c_bytes(std::string_view text);

}  // namespace lockstorm::wire
