// What each level of a search has come to: how large it is, how long it took, how much was sent for it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sim/levels/level_search.hpp"

namespace lockstorm::cli {

class LevelTable {
 public:
  void add(const sim::LevelProgress& level);
  /// One line for each level; times are of this run and no part of any verdict.
  [[nodiscard]] std::string text() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Row {
    sim::LevelProgress level;
    Clock::duration took{};
    std::uint64_t bytes_sent = 0;
  };

  std::vector<Row> rows_;
  Clock::time_point last_ = Clock::now();
  std::uint64_t sent_ = 0;
};

}  // namespace lockstorm::cli
