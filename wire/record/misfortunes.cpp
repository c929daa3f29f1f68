#include "wire/record/misfortunes.hpp"

#include <charconv>
#include <numeric>

namespace lockstorm::wire {
namespace {

constexpr std::array<std::string_view, kMisfortunes> kMisfortuneNames{
    "lose_request", "lose_response", "lose_response_reset",
    "late_request", "server_error",  "error_after_effect",
    "throttle",     "delay"};

std::string all_names() {
  std::string names;
  for (const std::string_view name : kMisfortuneNames) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

}  // namespace

std::string_view misfortune_name(Misfortune misfortune) {
  return kMisfortuneNames[static_cast<std::size_t>(misfortune)];
}

std::expected<void, std::string> Misfortunes::add(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  std::size_t which = 0;
  while (which < kMisfortunes && kMisfortuneNames[which] != name) ++which;
  if (which == kMisfortunes) return std::unexpected("is none of " + all_names());
  std::string_view chance = equals == std::string_view::npos ? "" : text.substr(equals + 1);
  if (chance.ends_with('%')) chance.remove_suffix(1);
  double percent = -1;
  const auto read = std::from_chars(chance.data(), chance.data() + chance.size(), percent);
  const bool is_number = read.ec == std::errc() && read.ptr == chance.data() + chance.size();
  if (!is_number || !(percent >= 0 && percent <= 100))
    return std::unexpected("has no chance from 0% to 100% after its name");
  chances_[which] = percent / 100;
  if (std::accumulate(chances_.begin(), chances_.end(), 0.0) > 1.0 + 1e-9)
    return std::unexpected("makes the chances more than 100% together");
  return {};
}

// SplitMix64 (Steele, Lea, Flood 2014): the same on every machine.
std::optional<Misfortune> Misfortunes::next() {
  state_ += 0x9E37'79B9'7F4A'7C15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBULL;
  z ^= z >> 31U;
  double drawn = static_cast<double>(z >> 11U) * 0x1.0p-53;
  for (std::size_t i = 0; i < kMisfortunes; ++i) {
    if (drawn < chances_[i]) return static_cast<Misfortune>(i);
    drawn -= chances_[i];
  }
  return std::nullopt;
}

}  // namespace lockstorm::wire
