// A store with get, put and append, one key or all of them; nothing stored reads as an empty text.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::models {

struct KeyValueOperation {
  enum class Kind : std::uint8_t { get, put, append } kind{};
  std::string value;
  friend auto operator<=>(const KeyValueOperation&, const KeyValueOperation&) = default;
};

class KeyValue {
 public:
  using State = std::string;
  using Operation = KeyValueOperation;

  KeyValue() = default;
  explicit KeyValue(State initial) : initial_(std::move(initial)) {}

  [[nodiscard]] const State& initial() const { return initial_; }
  [[nodiscard]] static std::uint64_t hash(const State& state);
  [[nodiscard]] static std::optional<State> step(const State& state, const Operation& operation);
  static bool changes_nothing(const Operation& operation) { return operation.kind == Operation::Kind::get; }
  static bool overwrites(const Operation& later, const Operation& earlier) {
    return later.kind == Operation::Kind::put && earlier.kind != Operation::Kind::get;
  }
  static bool leaves(const State& state, const Operation& operation) {
    return operation.kind == Operation::Kind::append ? operation.value.empty() : operation.value == state;
  }
  [[nodiscard]] static std::string why_not(const State& state, const Operation& operation);

 private:
  State initial_;
};

struct StoreOperation {
  std::uint32_t key = 0;
  KeyValueOperation::Kind kind{};
  std::string value;
  friend auto operator<=>(const StoreOperation&, const StoreOperation&) = default;
};

/// All keys of a store as one object: what they hold, as numbers of texts that the model keeps. Checking key
/// by key comes to the same verdict and is faster.
class KeyValueStore {
 public:
  using State = std::vector<std::uint32_t>;  ///< [key]
  using Operation = StoreOperation;

  explicit KeyValueStore(std::size_t keys) : keys_(keys) {}

  [[nodiscard]] State initial() const { return State(keys_); }
  [[nodiscard]] static std::uint64_t hash(const State& state);
  [[nodiscard]] std::optional<State> step(const State& state, const Operation& operation) const;
  [[nodiscard]] std::string why_not(const State& state, const Operation& operation) const;
  static bool changes_nothing(const Operation& operation) {
    return operation.kind == KeyValueOperation::Kind::get;
  }
  [[nodiscard]] bool leaves(const State& state, const Operation& operation) const {
    return KeyValue::leaves(texts_.all[state[operation.key]], {operation.kind, operation.value});
  }
  static bool overwrites(const Operation& later, const Operation& earlier) {
    return later.key == earlier.key && later.kind == KeyValueOperation::Kind::put &&
           earlier.kind != KeyValueOperation::Kind::get;
  }
  static bool independent(const Operation& a, const Operation& b) { return a.key != b.key; }

 private:
  /// The number of a text, and the text of a number.
  struct Texts {
    std::vector<std::string> all{""};
    boost::unordered_flat_map<std::string, std::uint32_t> numbers{{"", 0}};
    std::uint32_t number(const std::string& text);
  };

  std::size_t keys_;
  mutable Texts texts_;
};

}  // namespace lockstorm::checkers::models
