// How long the parts of a job take, and what it does where a model leaves that open.
#pragma once

#include <cstdint>

#include "scenarios/data/timed_settings.hpp"
#include "sim/time/counter_random.hpp"
#include "sim/time/distribution.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// What chance gives one job: a stream of its own, so that no other job's draws change it.
class JobChance {
 public:
  JobChance() = default;
  explicit JobChance(const sim::CounterRandom& random) : random_(random) {}

  [[nodiscard]] std::uint64_t next() { return random_.at(draws_++); }
  [[nodiscard]] std::uint64_t draw(const sim::Distribution& distribution) {
    if (distribution.shape() == sim::Distribution::Shape::constant) return distribution.at(0);
    return distribution.at(next());
  }
  /// Its next command plans and applies anew.
  void begin_command() { has_planned_ = has_changed_ = false; }

 private:
  friend class Durations;

  sim::CounterRandom random_{0};
  std::uint64_t draws_ = 0;
  std::uint64_t apply_share_us_ = 0;
  std::uint64_t saved_us_ = 0;  ///< when the state hook's clock began
  bool has_planned_ = false;
  bool has_changed_ = false;
};

/// Whether planning and applying are calls to a cloud, or a client's own work.
bool has_cloud(const sim::WorldSpec& spec);

class Durations {
 public:
  /// `has_cloud`: else planning and applying are a client's own work, as lock-table's.
  Durations(const TimedSettings& settings, unsigned resources, bool has_cloud)
      : settings_(settings), resources_(resources), has_cloud_(has_cloud) {}

  /// Of a call to the cloud. Planning lies before the first one, and the changes share what applying takes.
  std::uint64_t change_us(JobChance& job, bool is_read, std::uint64_t now_us) const;
  /// `jitter`: the client draws anything from nothing to twice as much.
  static std::uint64_t timer_us(JobChance& job, std::uint64_t duration_us, bool jitter);
  std::uint64_t work_us(JobChance& job) const;
  /// `about`: a `models::Choice`, or 0 of a model that is not Terraform's.
  static std::uint32_t choose(JobChance& job, std::uint16_t about, std::uint64_t now_us);

 private:
  const TimedSettings& settings_;
  unsigned resources_;
  bool has_cloud_;
};

}  // namespace lockstorm::scenarios
