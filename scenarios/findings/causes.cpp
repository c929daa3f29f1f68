#include "scenarios/findings/causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {
namespace {

using models::UnlockTarget;
using sim::Fault;

constexpr sim::FaultBudget with(std::initializer_list<Fault> faults) {
  sim::FaultBudget budget;
  for (const Fault fault : faults) ++budget[fault];
  return budget;
}

// A first apply has the odd number after that of the same trouble on a state that is there. New ones take new
// numbers: baselines, acceptances and links of users name the old ones.
constexpr std::array kCauses{
    Cause{.number = 0, .name = "no fault"},
    Cause{.number = 1, .name = "no fault, first apply", .first_apply = true},
    Cause{.number = 2, .name = "killed job", .faults = with({Fault::crash})},
    Cause{
        .number = 3, .name = "killed job, first apply", .first_apply = true, .faults = with({Fault::crash})},
    Cause{.number = 4, .name = "cancelled job", .faults = with({Fault::interrupt})},
    Cause{.number = 5,
          .name = "cancelled job, first apply",
          .first_apply = true,
          .faults = with({Fault::interrupt})},
    Cause{.number = 6, .name = "lost answer", .faults = with({Fault::lose_response})},
    Cause{.number = 7,
          .name = "lost answer, first apply",
          .first_apply = true,
          .faults = with({Fault::lose_response})},
    Cause{.number = 8, .name = "lost request", .faults = with({Fault::lose_request})},
    Cause{.number = 10, .name = "late request", .faults = with({Fault::late_request})},
    Cause{.number = 12, .name = "server error", .faults = with({Fault::server_error})},
    Cause{.number = 14, .name = "throttling", .faults = with({Fault::throttle})},
    Cause{.number = 16, .name = "frozen job", .faults = with({Fault::pause})},
    Cause{
        .number = 17, .name = "frozen job, first apply", .first_apply = true, .faults = with({Fault::pause})},
    Cause{.number = 20,
          .name = "killed job, then force-unlock",
          .faults = with({Fault::crash}),
          .force_unlock = UnlockTarget::dead},
    Cause{.number = 22,
          .name = "force-unlock of a frozen job",
          .faults = with({Fault::pause}),
          .force_unlock = UnlockTarget::unresponsive},
    Cause{.number = 24,
          .name = "lost answer, then force-unlock",
          .faults = with({Fault::lose_response}),
          .force_unlock = UnlockTarget::dead},
    Cause{.number = 26,
          .name = "cancelled job, then force-unlock",
          .faults = with({Fault::interrupt}),
          .force_unlock = UnlockTarget::dead},
    Cause{.number = 30, .name = "job cancelled twice", .faults = with({Fault::interrupt, Fault::interrupt})},
    Cause{.number = 32, .name = "job cancelled and killed", .faults = with({Fault::interrupt, Fault::crash})},
    Cause{.number = 34,
          .name = "cancelled job and lost answer",
          .faults = with({Fault::interrupt, Fault::lose_response})},
    Cause{.number = 36,
          .name = "cancelled job and frozen job",
          .faults = with({Fault::interrupt, Fault::pause})},
    Cause{.number = 40,
          .name = "two lost answers",
          .faults = with({Fault::lose_response, Fault::lose_response})},
    Cause{.number = 42,
          .name = "killed job and lost answer",
          .faults = with({Fault::crash, Fault::lose_response})},
    Cause{.number = 44,
          .name = "killed job and late request",
          .faults = with({Fault::crash, Fault::late_request})},
    Cause{.number = 46, .name = "killed job and frozen job", .faults = with({Fault::crash, Fault::pause})},
    Cause{.number = 48,
          .name = "frozen job and lost answer",
          .faults = with({Fault::pause, Fault::lose_response})},
    Cause{.number = 50,
          .name = "killed job and lost answer, then force-unlock",
          .faults = with({Fault::crash, Fault::lose_response}),
          .force_unlock = UnlockTarget::dead},
    Cause{.number = 52,
          .name = "killed job and late request, then force-unlock",
          .faults = with({Fault::crash, Fault::late_request}),
          .force_unlock = UnlockTarget::dead},
};
static_assert(std::ranges::is_sorted(kCauses, std::ranges::less{}, &Cause::number));

}  // namespace

unsigned Cause::adverse_events() const { return faults.total() + (force_unlock ? 1U : 0U); }

bool Cause::is_part_of(const Cause& other) const {
  if (first_apply != other.first_apply) return false;
  if (force_unlock && (!other.force_unlock || *force_unlock > *other.force_unlock)) return false;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (faults.count[kind] > other.faults.count[kind]) return false;
  }
  return true;
}

std::span<const Cause> causes() { return kCauses; }

const Cause* cause_numbered(unsigned number) {
  const auto* const found = std::ranges::find(kCauses, number, &Cause::number);
  return found == kCauses.end() ? nullptr : found;
}

const Cause& cause_of(const Scenario& configuration) {
  const bool first_apply = configuration.initial == InitialState::empty;
  std::optional<UnlockTarget> force_unlock;
  if (configuration.force_unlock.force_unlock > 0) force_unlock = configuration.force_unlock.target;
  const auto* const found = std::ranges::find_if(kCauses, [&](const Cause& cause) {
    return cause.first_apply == first_apply && cause.force_unlock == force_unlock &&
           cause.faults == configuration.faults;
  });
  if (found == kCauses.end())
    throw std::logic_error(fmt::format("no cause has a number for {}", configuration.name));
  return *found;
}

}  // namespace lockstorm::scenarios
