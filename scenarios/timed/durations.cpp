#include "scenarios/timed/durations.hpp"

#include <algorithm>

#include "models/cloud/cloud.hpp"
#include "models/terraform/choice.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::uint64_t kMoment_us = 1000;                        // what a client does by itself
constexpr std::uint64_t kPersistInterval_us = 20ULL * 1'000'000;  // 2.6.9

}  // namespace

bool has_cloud(const sim::WorldSpec& spec) {
  return std::ranges::any_of(spec.services,
                             [](const auto& service) { return service->name() == models::Cloud::kName; });
}

std::uint64_t Durations::change_us(JobChance& job, bool is_read, std::uint64_t now_us) const {
  std::uint64_t time_us = 0;
  if (!job.has_planned_) time_us += job.draw(settings_.plan);
  job.has_planned_ = true;
  if (is_read) return time_us;
  if (!job.has_changed_) {
    job.apply_share_us_ = job.draw(settings_.apply) / std::max<std::uint64_t>(resources_, 1);
    job.saved_us_ = now_us + time_us + job.apply_share_us_;
  }
  job.has_changed_ = true;
  return time_us + job.apply_share_us_ + job.draw(settings_.provider_call);
}

std::uint64_t Durations::timer_us(JobChance& job, std::uint64_t duration_us, bool jitter) {
  return jitter ? job.draw(sim::Distribution::uniform(0, 2 * duration_us)) : duration_us;
}

std::uint64_t Durations::work_us(JobChance& job) const {
  if (has_cloud_) return kMoment_us;
  const std::uint64_t plan_us = job.draw(settings_.plan);
  return std::max(plan_us + job.draw(settings_.apply), kMoment_us);
}

// 2.6.9: the state hook saves when 20 s have passed since it last did, or since the first update. Of all
// else that a model leaves open the calmer way is taken.
std::uint32_t Durations::choose(JobChance& job, std::uint16_t about, std::uint64_t now_us) {
  if (about != static_cast<std::uint16_t>(models::Choice::persist_interval)) return 0;
  if (now_us - job.saved_us_ < kPersistInterval_us) return 0;
  job.saved_us_ = now_us;
  return 1;
}

}  // namespace lockstorm::scenarios
