// What a fuzz target expects: when it is not so, the process ends by abort(), and the input is the proof.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace lockstorm::fuzz {

inline void expect(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "not as expected: %s\n", what);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};  // NOLINT: bytes as libFuzzer gives them
}

}  // namespace lockstorm::fuzz

/// libFuzzer's entry point, which fuzz/smoke.cpp calls, too. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
