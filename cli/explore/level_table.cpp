#include "cli/explore/level_table.hpp"

#include <fmt/format.h>

namespace lockstorm::cli {
namespace {

const char* kind_of(sim::LevelProgress::Kind kind) {
  using enum sim::LevelProgress::Kind;
  switch (kind) {
    case found:
      return "found";
    case read_again:
      return "read again";
    case looked_at_again:
      return "looked at again";
  }
  return "";
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1U << 20U); }

}  // namespace

void LevelTable::add(const sim::LevelProgress& level) {
  const Clock::time_point now = Clock::now();
  rows_.push_back({level, now - last_, level.bytes_sent - sent_});
  last_ = now;
  sent_ = level.bytes_sent;
}

std::string LevelTable::text() const {
  std::string text = fmt::format("{:>5} {:>13} {:>14} {:>10} {:>10} {:>10}  \n", "level", "states", "in all",
                                 "seconds", "MiB sent", "MiB held");
  for (const Row& row : rows_) {
    text +=
        fmt::format("{:>5} {:>13} {:>14} {:>10.2f} {:>10.1f} {:>10.1f}  {}\n", row.level.level,
                    row.level.states, row.level.all_states, std::chrono::duration<double>(row.took).count(),
                    mebibytes(row.bytes_sent), mebibytes(row.level.memory_bytes), kind_of(row.level.kind));
  }
  return text;
}

}  // namespace lockstorm::cli
