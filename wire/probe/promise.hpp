// What a probe has found out about a real store.
#pragma once

#include <string>
#include <vector>

namespace lockstorm::wire::probe {

/// One promise, and how far it was tried.
struct Promise {
  std::string what;  ///< a clause: "a lock request is refused while somebody holds the lock"
  bool is_kept = false;
  std::string seen;    ///< what was seen, a clause: "in each of 5 races"
  unsigned tries = 1;  ///< how often; 1: where a store answers alike each time, one answer decides
};

/// A key of a scenario's `store` section, and its value.
struct StoreSetting {
  std::string key;
  std::string value;
};

struct Findings {
  std::vector<Promise> promises{};
  std::vector<StoreSetting> store{};       ///< everything that was found out
  std::vector<std::string> not_tried{};    ///< what a probe cannot tell, clauses
  std::vector<std::string> left_behind{};  ///< what could not be cleaned up
};

}  // namespace lockstorm::wire::probe
