#include "reports/format/style.hpp"

#include <array>

namespace lockstorm::reports {

std::string Style::operator()(Ink ink, std::string_view text) const {
  constexpr auto kCodes =
      sim::text_for_each<Ink>({"", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[32m", "\x1b[33m"});
  if (!colour || ink == Ink::plain) return std::string(text);
  return std::string(kCodes[static_cast<std::size_t>(ink)]) + std::string(text) + "\x1b[0m";
}

Ink Style::ink_of(scenarios::Verdict verdict) {
  switch (verdict) {
    case scenarios::Verdict::held:
      return Ink::green;
    case scenarios::Verdict::violated:
    case scenarios::Verdict::nondeterministic:
      return Ink::red;
    default:
      return Ink::yellow;
  }
}

}  // namespace lockstorm::reports
