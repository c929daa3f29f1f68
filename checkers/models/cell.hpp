// A register, with or without compare-and-set; its values are numbers that stand for what the history has.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::models {

struct CellOperation {
  enum class Kind : std::uint8_t { read, write, cas, failed_cas } kind{};
  std::uint32_t expected = 0;  ///< of a compare-and-set
  std::uint32_t value = 0;     ///< read, or written
  friend auto operator<=>(const CellOperation&, const CellOperation&) = default;
};

class Cell {
 public:
  using State = std::uint32_t;
  using Operation = CellOperation;

  /// names[value] is what the history has; `initial` is the cell's first value.
  explicit Cell(std::vector<std::string> names, State initial = 0)
      : names_(std::move(names)), initial_(initial) {}

  [[nodiscard]] State initial() const { return initial_; }
  [[nodiscard]] static std::uint64_t hash(State state) { return state; }

  [[nodiscard]] static std::optional<State> step(State state, const Operation& operation) {
    switch (operation.kind) {
      case Operation::Kind::read:
        return state == operation.value ? std::optional(state) : std::nullopt;
      case Operation::Kind::write:
        return operation.value;
      case Operation::Kind::cas:
        return state == operation.expected ? std::optional(operation.value) : std::nullopt;
      case Operation::Kind::failed_cas:
        return state != operation.expected ? std::optional(state) : std::nullopt;
    }
    return std::nullopt;
  }

  static bool changes_nothing(const Operation& operation) {
    return operation.kind == Operation::Kind::read || operation.kind == Operation::Kind::failed_cas;
  }
  static bool overwrites(const Operation& later, const Operation& earlier) {
    return later.kind == Operation::Kind::write && earlier.kind == Operation::Kind::write;
  }

  [[nodiscard]] std::string why_not(State state, const Operation& operation) const {
    const std::string& now = names_[state];
    switch (operation.kind) {
      case Operation::Kind::read:
        return "it read " + names_[operation.value] + " but the register holds " + now;
      case Operation::Kind::cas:
        return "it replaced " + names_[operation.expected] + " but the register holds " + now;
      case Operation::Kind::failed_cas:
        return "it did not find " + now + " but the register holds it";
      case Operation::Kind::write:
        break;
    }
    return {};
  }

 private:
  std::vector<std::string> names_;
  State initial_;
};

}  // namespace lockstorm::checkers::models
