// A hash of values, the same for equal ones.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "checkers/history/value.hpp"

namespace lockstorm::checkers {

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = (a ^ (b * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
  return x ^ (x >> 31U);
}

struct ValueHash {
  std::size_t operator()(const Value& value) const {
    if (const auto* number = value.number()) return mix(1, static_cast<std::uint64_t>(*number));
    if (const auto* text = value.text()) return mix(2, std::hash<std::string>()(*text));
    std::uint64_t hash = 3;
    if (const auto* list = value.list())
      for (const Value& item : *list) hash = mix(hash, (*this)(item));
    if (const auto* fields = value.fields())
      for (const auto& [name, item] : *fields)
        hash = mix(mix(hash, std::hash<std::string>()(name)), (*this)(item));
    return hash;
  }
};

}  // namespace lockstorm::checkers
