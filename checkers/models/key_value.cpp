#include "checkers/models/key_value.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lockstorm::checkers::models {

std::uint64_t KeyValue::hash(const State& state) { return XXH3_64bits(state.data(), state.size()); }

std::optional<KeyValue::State> KeyValue::step(const State& state, const Operation& operation) {
  switch (operation.kind) {
    case Operation::Kind::get:
      return operation.value == state ? std::optional(state) : std::nullopt;
    case Operation::Kind::put:
      return operation.value;
    case Operation::Kind::append:
      return state + operation.value;
  }
  return std::nullopt;
}

std::string KeyValue::why_not(const State& state, const Operation& operation) {
  return "it got \"" + operation.value + "\" but the key holds \"" + state + "\"";
}

}  // namespace lockstorm::checkers::models
