// A hash whose value is kept in files and names: FNV-1a of 64 bits (draft-eastlake-fnv, section 2), and how
// it is written there.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

/// Sixteen digits, as hashes stand in files.
inline std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace lockstorm::scenarios
