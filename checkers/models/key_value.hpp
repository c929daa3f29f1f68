// One key of a store with get, put and append; nothing stored reads as an empty text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/history.hpp"

namespace lockstorm::checkers::models {

struct KeyValueOperation {
  enum class Kind : std::uint8_t { get, put, append } kind{};
  std::string value;
};

class KeyValue {
 public:
  using State = std::string;
  using Operation = KeyValueOperation;

  [[nodiscard]] static State initial() { return {}; }
  [[nodiscard]] static std::uint64_t hash(const State& state);
  [[nodiscard]] static bool only_observes(const Operation& operation) {
    return operation.kind == Operation::Kind::get;
  }
  [[nodiscard]] static std::optional<State> step(const State& state, const Operation& operation);
  [[nodiscard]] static std::string why_not(const State& state, const Operation& operation);
};

}  // namespace lockstorm::checkers::models
