// With how few adverse events each property is violated, as far as a search has come.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/monitor.hpp"

namespace lockstorm::sim {

/// With how few adverse events each property is violated; none: not at all.
class FewestEvents {
 public:
  static constexpr std::uint8_t kNone = 0xFF;

  [[nodiscard]] std::uint8_t of(unsigned property) const { return events_[property]; }
  /// Those of `properties` for which so few are news.
  [[nodiscard]] Violations improved(Violations properties, unsigned events) const {
    Violations fewer = 0;
    for (unsigned property = 0; property < events_.size(); ++property) {
      if ((properties >> property & 1U) != 0 && events < events_[property])
        fewer = static_cast<Violations>(fewer | 1U << property);
    }
    return fewer;
  }
  void note(Violations properties, unsigned events) {
    for (unsigned property = 0; property < events_.size(); ++property) {
      if ((properties >> property & 1U) != 0)
        events_[property] = static_cast<std::uint8_t>(std::min<unsigned>(events_[property], events));
    }
  }

 private:
  std::array<std::uint8_t, 16> events_ = [] {
    std::array<std::uint8_t, 16> none{};
    none.fill(kNone);
    return none;
  }();
};

}  // namespace lockstorm::sim
