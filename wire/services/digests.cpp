#include "wire/services/digests.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/crc.hpp>
#include <boost/uuid/detail/md5.hpp>
#include <stdexcept>

namespace lockstorm::wire {

std::array<unsigned char, 16> md5_of(std::string_view text) {
  boost::uuids::detail::md5 md5;
  md5.process_bytes(text.data(), text.size());
  // Four words, whose bytes Boost has in the order in which hexadecimal shows them on a big-endian machine.
  boost::uuids::detail::md5::digest_type words;
  md5.get_digest(words);
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<unsigned char>(words[i / 4] >> (8 * (3 - i % 4)));
  return bytes;
}

std::string md5_hex(std::string_view text) {
  const auto bytes = md5_of(text);
  return in_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  return {bytes.begin(), bytes.begin() + size};
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());  // NOLINT: OpenSSL's bytes
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), bytes.data(), &size) ==
      nullptr)
    throw std::runtime_error("OpenSSL has no HMAC of SHA-256");
  return {bytes.begin(), bytes.begin() + size};
}

std::uint32_t crc32_of(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

std::uint64_t crc64_of(std::string_view text) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0};
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, kOnes, kOnes, true, true> crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

std::string in_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const auto number = static_cast<unsigned char>(byte);
    text += kDigits[number >> 4U];
    text += kDigits[number & 15U];
  }
  return text;
}

}  // namespace lockstorm::wire
