// What a search may still spend, and what it says when that is nothing.
#pragma once

#include <string>

#include "checkers/linearizability/linearizability.hpp"

namespace lockstorm::checkers::linearizability {

/// One search's part of a budget; what is said is about the whole.
struct Spending {
  const SearchBudget& budget;
  std::size_t max_states = 0;

  /// Why the search has to end, or nothing.
  [[nodiscard]] std::string why_not_on(std::size_t states, std::size_t bytes) const {
    if (states > max_states)
      return "the budget of " + std::to_string(budget.max_states) + " configurations is used up";
    if (bytes > budget.max_bytes)
      return "the memory of " + std::to_string(budget.max_bytes) + " bytes is used up";
    return budget.stop.stop_requested() ? "the search was stopped" : "";
  }
};

}  // namespace lockstorm::checkers::linearizability
