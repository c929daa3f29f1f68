// A search that keeps its levels on disk, and may be shared by several members.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "sim/levels/exchange.hpp"
#include "sim/levels/level_search.hpp"

namespace lockstorm::scenarios {

struct LevelsOnDisk {
  std::filesystem::path folder;
  std::string identity;  ///< what is searched, by which build
  sim::Exchange* exchange = nullptr;
  std::function<void(const sim::LevelProgress&)> on_level;

  [[nodiscard]] bool is_first_member() const { return exchange->rank() == 0; }
};

}  // namespace lockstorm::scenarios
