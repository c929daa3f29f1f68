#include "scenarios/campaigns/troubles.hpp"

#include <algorithm>

#include "scenarios/data/scenario.hpp"
#include "scenarios/files/audit_name.hpp"

namespace lockstorm::scenarios {
namespace {

using models::UnlockTarget;
using sim::Fault;

// An operator asks for jobs that are dead - also those that have ended by themselves by then -, except beside
// a pause: only there can a live one be taken for dead. With each row stands every row that has one adverse
// event less, so that a counterexample with few of them is told as one of few.
std::vector<Trouble> table() {
  std::vector<Trouble> all{
      // Nothing at all.
      {.faults = {}, .force_unlock = {}, .three_jobs = true},
      {.faults = {}, .force_unlock = {}, .first_apply = true, .three_jobs = true},
      // One adverse event.
      {.faults = {Fault::crash}, .force_unlock = {}},
      {.faults = {Fault::crash}, .force_unlock = {}, .first_apply = true},
      {.faults = {Fault::interrupt}, .force_unlock = {}},
      {.faults = {Fault::interrupt}, .force_unlock = {}, .first_apply = true},
      {.faults = {Fault::lose_response}, .force_unlock = {}},
      {.faults = {Fault::lose_response}, .force_unlock = {}, .first_apply = true},
      {.faults = {Fault::lose_request}, .force_unlock = {}},
      {.faults = {Fault::late_request}, .force_unlock = {}},
      {.faults = {Fault::server_error}, .force_unlock = {}},
      {.faults = {Fault::throttle}, .force_unlock = {}},
      {.faults = {Fault::pause}, .force_unlock = {}},
      {.faults = {Fault::pause}, .force_unlock = {}, .first_apply = true},
      {.faults = {}, .force_unlock = UnlockTarget::dead},
      // Two.
      {.faults = {Fault::crash}, .force_unlock = UnlockTarget::dead},
      {.faults = {Fault::pause}, .force_unlock = UnlockTarget::unresponsive},
      {.faults = {Fault::lose_response}, .force_unlock = UnlockTarget::dead},
      {.faults = {Fault::late_request}, .force_unlock = UnlockTarget::dead},
      {.faults = {Fault::interrupt}, .force_unlock = UnlockTarget::dead},
      {.faults = {Fault::interrupt, Fault::interrupt}, .force_unlock = {}},
      {.faults = {Fault::interrupt, Fault::crash}, .force_unlock = {}},
      {.faults = {Fault::interrupt, Fault::lose_response}, .force_unlock = {}},
      {.faults = {Fault::interrupt, Fault::pause}, .force_unlock = {}},
      {.faults = {Fault::lose_response, Fault::lose_response}, .force_unlock = {}},
      {.faults = {Fault::crash, Fault::lose_response}, .force_unlock = {}},
      {.faults = {Fault::crash, Fault::late_request}, .force_unlock = {}},
      {.faults = {Fault::crash, Fault::pause}, .force_unlock = {}},
      {.faults = {Fault::pause, Fault::lose_response}, .force_unlock = {}},
      // Three.
      {.faults = {Fault::crash, Fault::lose_response}, .force_unlock = UnlockTarget::dead},
      {.faults = {Fault::crash, Fault::late_request}, .force_unlock = UnlockTarget::dead},
  };
  std::ranges::stable_sort(all, {}, &Trouble::adverse_events);
  return all;
}

}  // namespace

unsigned Trouble::adverse_events() const {
  return static_cast<unsigned>(faults.size()) + (force_unlock ? 1U : 0U);
}

Adversities Trouble::needs() const {
  Scenario scenario;
  add_trouble(scenario, *this);
  return adversities_of(scenario);
}

std::span<const Trouble> troubles() {
  static const std::vector<Trouble> kTroubles = table();
  return kTroubles;
}

void add_trouble(Scenario& scenario, const Trouble& trouble) {
  for (const Fault fault : trouble.faults) ++scenario.faults[fault];
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
