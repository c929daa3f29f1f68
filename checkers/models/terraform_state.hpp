// Terraform's state object: a write keeps the lineage and raises the serial (statemgr.CheckValidImport's
// rule).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::models {

struct TerraformStateOperation {
  bool is_write = false;
  std::uint32_t lineage = 0;  ///< 0: there is no state
  std::int64_t serial = 0;
  friend auto operator<=>(const TerraformStateOperation&, const TerraformStateOperation&) = default;
};

class TerraformState {
 public:
  struct State {
    std::uint32_t lineage = 0;
    std::int64_t serial = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  using Operation = TerraformStateOperation;

  TerraformState() = default;
  explicit TerraformState(State initial) : initial_(initial) {}

  [[nodiscard]] State initial() const { return initial_; }
  [[nodiscard]] static std::uint64_t hash(State state) {
    return (std::uint64_t{state.lineage} << 44U) ^ static_cast<std::uint64_t>(state.serial);
  }
  [[nodiscard]] static std::optional<State> step(State state, const Operation& operation) {
    const State said{operation.lineage, operation.serial};
    const bool follows = state.lineage == 0 || (said.lineage == state.lineage && said.serial > state.serial);
    return (operation.is_write ? follows : said == state) ? std::optional(said) : std::nullopt;
  }
  static bool changes_nothing(const Operation& operation) { return !operation.is_write; }
  [[nodiscard]] static std::string why_not(State state, const Operation& operation) {
    if (!operation.is_write)
      return "it read serial " + std::to_string(operation.serial) + " but the state has " + text(state);
    if (operation.lineage != state.lineage) return "its lineage is not the state's";
    return "its serial " + std::to_string(operation.serial) + " is not higher than " + text(state);
  }

 private:
  static std::string text(State state) {
    return state.lineage == 0 ? "no serial, for there is none" : "serial " + std::to_string(state.serial);
  }

  State initial_{};
};

}  // namespace lockstorm::checkers::models
