// One budget for several searches, of which one that succeeds is enough: one for each beginning that the
// object may have had.
#pragma once

#include <algorithm>
#include <string>

#include "checkers/linearizability/spending.hpp"

namespace lockstorm::checkers::linearizability {

class SharedBudget {
 public:
  SharedBudget(const SearchBudget& budget, std::size_t beginnings)
      : budget_(budget), left_(budget.max_states), beginnings_(beginnings), to_come_(beginnings) {}

  /// An equal part of what is left.
  [[nodiscard]] Spending next() {
    const std::size_t part = left_ / std::max<std::size_t>(to_come_, 1);
    if (to_come_ > 0) --to_come_;
    return {budget_, part};
  }
  void spent(std::size_t states) { left_ -= std::min(left_, states); }

  /// Why a search gave up, with what its user can do about it besides.
  [[nodiscard]] std::string told(const std::string& why_unknown) const {
    if (beginnings_ < 2) return why_unknown;
    return why_unknown + ", with " + std::to_string(beginnings_) +
           " beginnings to try: say with --initial what was there";
  }

 private:
  const SearchBudget& budget_;
  std::size_t left_;
  std::size_t beginnings_;
  std::size_t to_come_;
};

}  // namespace lockstorm::checkers::linearizability
