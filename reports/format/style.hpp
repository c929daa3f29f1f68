// Colours for terminals; everywhere else text stays plain.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/data/verdict.hpp"

namespace lockstorm::reports {

enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow };

/// How text is printed; `colour` is the caller's decision (a terminal, and NO_COLOR unset).
struct Style {
  bool colour = false;
  std::size_t width = 100;  ///< columns

  /// The text in that ink, or as it is without colours.
  [[nodiscard]] std::string operator()(Ink ink, std::string_view text) const;

  [[nodiscard]] static Ink ink_of(scenarios::Verdict verdict);
};

}  // namespace lockstorm::reports
