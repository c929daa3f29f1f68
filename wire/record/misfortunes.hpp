// Misfortunes of a server that is meant to have some: which request meets which, by a seed.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::wire {

enum class Misfortune : std::uint8_t {
  lose_request,         ///< it never arrives; its connection is closed
  lose_response,        ///< it takes effect; its connection is closed
  lose_response_reset,  ///< ... is reset
  late_request,         ///< its connection is closed; it takes effect a while later
  server_error,         ///< answered with a 500, and not done
  error_after_effect,   ///< done, and answered with a 500
  throttle,             ///< asked to slow down
  delay,                ///< done and answered a while later
};
inline constexpr std::size_t kMisfortunes = 8;

/// "lose_response".
std::string_view misfortune_name(Misfortune misfortune);

class Misfortunes {
 public:
  explicit Misfortunes(std::uint64_t seed) : state_(seed) {}

  /// "lose_response=5%". Or what is wrong with it, a clause.
  std::expected<void, std::string> add(std::string_view text);
  /// What the next request meets; nothing: it is fine. The same requests in the same order meet the same.
  std::optional<Misfortune> next();

 private:
  std::uint64_t state_;
  std::array<double, kMisfortunes> chances_{};
};

}  // namespace lockstorm::wire
