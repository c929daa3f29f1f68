#include "scenarios/campaigns/troubles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "scenarios/data/scenario.hpp"
#include "scenarios/files/audit_name.hpp"

namespace lockstorm::scenarios {
namespace {

using models::UnlockTarget;
using sim::Fault;

constexpr sim::FaultBudget with(std::initializer_list<Fault> faults) {
  sim::FaultBudget budget;
  for (const Fault fault : faults) ++budget[fault];
  return budget;
}

// An operator asks for jobs that are dead - also those that have ended by themselves by then -, except beside
// a pause: only there can a live one be taken for dead. With each row stands every row that has one adverse
// event less, so that a counterexample with few of them is told as one of few. A first apply has the odd
// number after that of the same trouble on a state that is there. New rows take new numbers: baselines,
// acceptances and links of users name the old ones.
constexpr std::array kTroubles{
    Trouble{.number = 0, .name = "no fault", .three_jobs = true},
    Trouble{.number = 1, .name = "no fault, first apply", .first_apply = true, .three_jobs = true},
    Trouble{.number = 2, .name = "killed job", .faults = with({Fault::crash})},
    Trouble{
        .number = 3, .name = "killed job, first apply", .faults = with({Fault::crash}), .first_apply = true},
    Trouble{.number = 4, .name = "cancelled job", .faults = with({Fault::interrupt})},
    Trouble{.number = 5,
            .name = "cancelled job, first apply",
            .faults = with({Fault::interrupt}),
            .first_apply = true},
    Trouble{.number = 6, .name = "lost answer", .faults = with({Fault::lose_response})},
    Trouble{.number = 7,
            .name = "lost answer, first apply",
            .faults = with({Fault::lose_response}),
            .first_apply = true},
    Trouble{.number = 8, .name = "lost request", .faults = with({Fault::lose_request})},
    Trouble{.number = 10, .name = "late request", .faults = with({Fault::late_request})},
    Trouble{.number = 12, .name = "server error", .faults = with({Fault::server_error})},
    Trouble{.number = 14, .name = "throttling", .faults = with({Fault::throttle})},
    Trouble{.number = 16, .name = "frozen job", .faults = with({Fault::pause})},
    Trouble{
        .number = 17, .name = "frozen job, first apply", .faults = with({Fault::pause}), .first_apply = true},
    Trouble{.number = 18, .name = "force-unlock of a job that has ended", .force_unlock = UnlockTarget::dead},
    Trouble{.number = 20,
            .name = "killed job, then force-unlock",
            .faults = with({Fault::crash}),
            .force_unlock = UnlockTarget::dead},
    Trouble{.number = 22,
            .name = "force-unlock of a frozen job",
            .faults = with({Fault::pause}),
            .force_unlock = UnlockTarget::unresponsive},
    Trouble{.number = 24,
            .name = "lost answer, then force-unlock",
            .faults = with({Fault::lose_response}),
            .force_unlock = UnlockTarget::dead},
    Trouble{.number = 26,
            .name = "cancelled job, then force-unlock",
            .faults = with({Fault::interrupt}),
            .force_unlock = UnlockTarget::dead},
    Trouble{.number = 28,
            .name = "late request, then force-unlock",
            .faults = with({Fault::late_request}),
            .force_unlock = UnlockTarget::dead},
    Trouble{
        .number = 30, .name = "job cancelled twice", .faults = with({Fault::interrupt, Fault::interrupt})},
    Trouble{
        .number = 32, .name = "job cancelled and killed", .faults = with({Fault::interrupt, Fault::crash})},
    Trouble{.number = 34,
            .name = "cancelled job and lost answer",
            .faults = with({Fault::interrupt, Fault::lose_response})},
    Trouble{.number = 36,
            .name = "cancelled job and frozen job",
            .faults = with({Fault::interrupt, Fault::pause})},
    Trouble{.number = 40,
            .name = "two lost answers",
            .faults = with({Fault::lose_response, Fault::lose_response})},
    Trouble{.number = 42,
            .name = "killed job and lost answer",
            .faults = with({Fault::crash, Fault::lose_response})},
    Trouble{.number = 44,
            .name = "killed job and late request",
            .faults = with({Fault::crash, Fault::late_request})},
    Trouble{.number = 46, .name = "killed job and frozen job", .faults = with({Fault::crash, Fault::pause})},
    Trouble{.number = 48,
            .name = "frozen job and lost answer",
            .faults = with({Fault::pause, Fault::lose_response})},
    Trouble{.number = 50,
            .name = "killed job and lost answer, then force-unlock",
            .faults = with({Fault::crash, Fault::lose_response}),
            .force_unlock = UnlockTarget::dead},
    Trouble{.number = 52,
            .name = "killed job and late request, then force-unlock",
            .faults = with({Fault::crash, Fault::late_request}),
            .force_unlock = UnlockTarget::dead},
};
// A step of a script that removes whatever lock is there.
constexpr std::array kOfPipelines{
    Trouble{.number = kUnlockOfRunning, .name = "unlock of a running job", .force_unlock = UnlockTarget::any},
};
static_assert(std::ranges::is_sorted(kTroubles, std::ranges::less{}, &Trouble::number));
static_assert(std::ranges::is_sorted(kTroubles, std::ranges::less{}, &Trouble::adverse_events));

}  // namespace

Adversities Trouble::needs() const {
  Scenario scenario;
  add_trouble(scenario, *this);
  return adversities_of(scenario);
}

bool Trouble::is_part_of(const Trouble& other) const {
  if (first_apply != other.first_apply) return false;
  if (force_unlock && (!other.force_unlock || *force_unlock > *other.force_unlock)) return false;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (faults.count[kind] > other.faults.count[kind]) return false;
  }
  return true;
}

std::span<const Trouble> troubles() { return kTroubles; }

const Trouble* trouble_numbered(unsigned number) {
  for (const std::span<const Trouble> table : {std::span<const Trouble>(kTroubles), {kOfPipelines}}) {
    const auto found = std::ranges::find(table, number, &Trouble::number);
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

const Trouble& trouble_of(const Scenario& configuration) {
  const bool first_apply = configuration.initial == InitialState::empty;
  std::optional<UnlockTarget> force_unlock;
  if (configuration.force_unlock.force_unlock > 0) force_unlock = configuration.force_unlock.target;
  const auto is_it = [&](const Trouble& trouble) {
    return trouble.first_apply == first_apply && trouble.force_unlock == force_unlock &&
           trouble.faults == configuration.faults;
  };
  for (const std::span<const Trouble> table : {std::span<const Trouble>(kTroubles), {kOfPipelines}}) {
    const auto found = std::ranges::find_if(table, is_it);
    if (found != table.end()) return *found;
  }
  throw std::logic_error(fmt::format("no row of the table of troubles is {}", configuration.name));
}

void add_trouble(Scenario& scenario, const Trouble& trouble) {
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind)
    scenario.faults.count[kind] += trouble.faults.count[kind];
  if (trouble.first_apply) scenario.initial = InitialState::empty;
  if (trouble.force_unlock) scenario.force_unlock = {1, *trouble.force_unlock};
  if (trouble.three_jobs)
    scenario.client.count = std::max<decltype(scenario.client.count)>(scenario.client.count, 3);
}

Scenario audit_configuration(Scenario scenario, const Trouble& trouble) {
  add_trouble(scenario, trouble);
  scenario.backend->prepare_audit(scenario);
  scenario.name = audit_name(scenario);
  return scenario;
}

}  // namespace lockstorm::scenarios
