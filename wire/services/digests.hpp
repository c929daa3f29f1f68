// Digests that protocols carry: MD5, SHA-256 with and without a key, CRC-32, CRC-64, and bytes in
// hexadecimal.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lockstorm::wire {

/// The 16 bytes of a text's MD5 (RFC 1321).
std::array<unsigned char, 16> md5_of(std::string_view text);
/// The same in hexadecimal, in lower case.
std::string md5_hex(std::string_view text);
/// The 32 bytes of a text's SHA-256 (FIPS 180-4).
std::string sha256_of(std::string_view text);
/// The 32 bytes that only who has the key can make of a text (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view text);
/// As Ethernet and zip have it.
std::uint32_t crc32_of(std::string_view text);
/// As ECMA-182 has its polynomial, and xz its bits.
std::uint64_t crc64_of(std::string_view text);

std::string in_hex(std::string_view bytes);

}  // namespace lockstorm::wire
