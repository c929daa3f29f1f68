// What the engine can do and no more: asked for more it says so, in release builds too.
#pragma once

#include <cstdint>
#include <stdexcept>

namespace lockstorm::sim {

/// The number of nothing: an id that is not known yet, a property that nobody asks for.
inline constexpr std::uint32_t kUnknown = ~0U;

/// More was asked of the engine than it can do, a kind of its own where somebody can do something about it
/// (KeyTooNarrow, AutomatonTooLarge). The message names what is exceeded.
struct LimitExceeded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The engine contradicts itself: a bug in it. The message says in what.
struct EngineError : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void throw_limit_exceeded(const char* what);  // out of line: some callers are in inner loops
[[noreturn]] void throw_engine_error(const char* what);

/// Throws LimitExceeded unless `holds`. `what`: the limit, "more than 16 ways in which one request takes
/// effect".
inline void require(bool holds, const char* what) {
  if (!holds) [[unlikely]]
    throw_limit_exceeded(what);
}

}  // namespace lockstorm::sim
