#include "reports/ci/line_hash.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>

#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

constexpr std::size_t kWindow = 100;
constexpr std::uint64_t kBase = 37;
constexpr std::uint64_t kEnd = 0xFFFF;  // stands behind the last character
constexpr std::uint64_t kReplacement = 0xFFFD;

// The text as UTF-16, with one way to end a line and without blanks; and where each line begins in it.
struct Normalised {
  std::vector<std::uint64_t> units;
  std::vector<std::size_t> lines;
};

Normalised normalised(std::string_view text) {
  Normalised out;
  bool at_start = true;
  bool after_return = false;
  const auto add = [&](std::uint64_t unit) {
    if (at_start) out.lines.push_back(out.units.size());
    at_start = unit == '\n';
    out.units.push_back(unit);
  };
  while (!text.empty()) {
    const scenarios::Decoded one = scenarios::first_character(text);
    text.remove_prefix(one.bytes);
    const bool ends_return = after_return && one.character == '\n';
    after_return = one.character == '\r';
    if (one.character == ' ' || one.character == '\t' || ends_return) continue;
    if (one.character == scenarios::Decoded::kNotText) {
      add(kReplacement);
    } else if (one.character > 0xFFFF) {
      add(0xD7C0U + (one.character >> 10U));
      add(0xDC00U + (one.character & 0x3FFU));
    } else {
      add(one.character == '\r' ? '\n' : one.character);
    }
  }
  add(kEnd);
  return out;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view text) {
  const Normalised read = normalised(text);
  std::vector<std::string> hashes;
  std::map<std::uint64_t, unsigned> seen;
  for (const std::size_t begin : read.lines) {
    std::uint64_t hash = 0;
    for (std::size_t i = begin; i < begin + kWindow; ++i)
      hash = hash * kBase + (i < read.units.size() ? read.units[i] : 0);
    hashes.push_back(fmt::format("{:x}:{}", hash, ++seen[hash]));
  }
  return hashes;
}

}  // namespace lockstorm::reports
