// Who makes a shard, and whether it is still there.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "scenarios/shards/shard_state.hpp"

namespace lockstorm::cli {

/// What a process goes by that looks on while others make shards: how many signs of life it has seen of each,
/// and since when there was no other, by its own clock. Nobody's clock is compared with anybody else's.
class LifeWatch {
 public:
  using Clock = std::chrono::steady_clock;
  /// Nothing new was heard of this claim for so long.
  [[nodiscard]] std::chrono::milliseconds silent_for(const scenarios::ShardRow& shard, Clock::time_point now);

 private:
  struct Seen {
    std::int64_t claim = 0;
    std::int64_t beats = 0;
    Clock::time_point when;
  };
  std::map<std::int64_t, Seen> seen_;
};

/// This process, as owner of shards.
scenarios::ShardOwner this_process();
/// Known for sure to be gone: its machine is this one, where no such process is.
bool is_gone(const scenarios::ShardOwner& owner, const scenarios::ShardOwner& me);

/// Tells one build of the command from another: its version, and a digest of the program.
std::string this_build();

}  // namespace lockstorm::cli
