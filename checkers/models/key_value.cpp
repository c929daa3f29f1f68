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

std::uint32_t KeyValueStore::Texts::number(const std::string& text) {
  const auto [position, is_new] = numbers.try_emplace(text, static_cast<std::uint32_t>(all.size()));
  if (is_new) all.push_back(text);
  return position->second;
}

std::uint64_t KeyValueStore::hash(const State& state) {
  return XXH3_64bits(state.data(), state.size() * sizeof(state[0]));
}

std::optional<KeyValueStore::State> KeyValueStore::step(const State& state,
                                                        const Operation& operation) const {
  const auto next = KeyValue::step(texts_.all[state[operation.key]], {operation.kind, operation.value});
  if (!next) return std::nullopt;
  State changed = state;
  changed[operation.key] = texts_.number(*next);
  return changed;
}

std::string KeyValueStore::why_not(const State& state, const Operation& operation) const {
  return KeyValue::why_not(texts_.all[state[operation.key]], {operation.kind, operation.value});
}

}  // namespace lockstorm::checkers::models
