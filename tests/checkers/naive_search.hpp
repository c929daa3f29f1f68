// Linearizability by trying every order: slow, and too simple to be wrong.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "checkers/linearizability/linearizability.hpp"

namespace lockstorm::checkers {

template <class Model>
bool naive(const std::vector<Interval<Model>>& operations, const Model& model) {
  std::vector<bool> done(operations.size());
  const std::function<bool(const typename Model::State&)> search = [&](const typename Model::State& state) {
    bool all = true;
    std::uint32_t first_completion = kNever;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (done[i]) continue;
      all = all && operations[i].completed == kNever;
      first_completion = std::min(first_completion, operations[i].completed);
    }
    if (all) return true;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (done[i] || operations[i].invoked > first_completion) continue;
      const auto next = model.step(state, operations[i].operation);
      if (!next) continue;
      done[i] = true;
      const bool found = search(*next);
      done[i] = false;
      if (found) return true;
    }
    return false;
  };
  return search(model.initial());
}

}  // namespace lockstorm::checkers
