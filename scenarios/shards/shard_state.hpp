// How far each shard of a campaign is, and who is at it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {

enum class ShardState : std::uint8_t { todo, running, done, failed };
inline constexpr auto kShardStates = sim::text_for_each<ShardState>({"todo", "running", "done", "failed"});

/// Who makes a shard, so that others can find out whether it is still there.
struct ShardOwner {
  std::string host;     ///< its name, for people
  std::string machine;  ///< the same for two processes only where each sees the other's number
  std::int64_t process = 0;
  std::uint64_t started = 0;  ///< when, in ticks since that machine was: numbers of processes come again
  std::string task;           ///< of Slurm, where it is one, and which start of it
};

struct ShardRow {
  std::int64_t id = 0;  ///< from 1, in the order of scenarios, then of parts
  std::size_t scenario = 0;
  unsigned number = 0;  ///< part, from 0 ...
  unsigned count = 1;   ///< ... of so many
  ShardState state = ShardState::todo;
  std::int64_t claim = 0;          ///< how often somebody has taken it: a later claim outranks an earlier one
  ShardOwner owner;                ///< of the last claim
  std::chrono::sys_seconds since;  ///< it runs, by the owner's clock
  std::int64_t beats = 0;          ///< signs of life of the owner
  unsigned failures = 0;           ///< attempts that came to nothing
  double seconds = 0;              ///< that it took, where it is done
  std::string why;                 ///< the last attempt came to nothing
};

/// A job of a batch system that was submitted for the campaign.
struct SubmittedJob {
  std::string system;  ///< "slurm"
  std::string job;     ///< its number there
  std::string does;    ///< "shards" or "report"
};

struct CampaignProgress {
  std::string folder;
  std::vector<std::string> scenarios;  ///< names
  std::vector<ShardRow> shards;
  std::vector<SubmittedJob> jobs;
  std::chrono::sys_seconds now;  ///< by the clock of whoever asks

  [[nodiscard]] std::size_t count(ShardState state) const {
    std::size_t n = 0;
    for (const ShardRow& shard : shards) n += shard.state == state ? 1 : 0;
    return n;
  }
};

}  // namespace lockstorm::scenarios
