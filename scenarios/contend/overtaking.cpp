#include "scenarios/contend/overtaking.hpp"

#include "scenarios/data/backend_type.hpp"
#include "scenarios/search/unless_too_large.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr sim::Slot kWaiter = 0;
constexpr std::size_t kOtherClass = 1;
// Beyond the scopes of the models (models/terraform/backend.hpp).
constexpr std::uint16_t kOneJob = 0xFF00;
constexpr std::uint16_t kNextJob = 0xFF01;

struct NoMemory {};

// One job after the other, of which none knows of those before. What it does in each is the scope of one.
sim::Process::Body for_ever(sim::Process::Body job) {
  return [job = std::move(job)](sim::Process& self) {
    for (NoMemory nothing;;) {
      self.forget(kNextJob, nothing);
      self.scope<NoMemory>(kOneJob, [&] {
        job(self);
        return NoMemory{};
      });
    }
  };
}

// The waiter, and somebody else on the same backend who runs his commands so many times.
Scenario pair_of(const Scenario& scenario, unsigned runs) {
  Scenario pair = scenario;
  pair.timed = nullptr;
  pair.time = {};
  pair.expect.clear();
  pair.check.reset();
  pair.faults = {};
  pair.force_unlock = {};
  Fleet waiter = scenario.all_fleets().front();
  waiter.client.count = 1;
  waiter.client.runs = 1;
  Fleet other = waiter;
  other.client.runs = static_cast<std::uint8_t>(runs);
  pair.client = waiter.client;
  pair.backend = waiter.backend;
  pair.fleets = {waiter, other};
  return pair;
}

void count_jobs(const Scenario& scenario, std::size_t max_states, OvertakingProof& proof,
                bool& somebody_waits) {
  for (unsigned jobs = 2; jobs <= kMostCountedJobs; ++jobs) {
    const auto world = build_world(pair_of(scenario, jobs));
    sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
    const sim::Overtaking found = sim::find_overtaking(tables, kWaiter, max_states);
    somebody_waits |= found.somebody_waits;
    if (found.answer != sim::Overtaking::Answer::bounded) return;
    proof.counted.push_back({jobs, found.most});
  }
}

std::vector<CircleStep> what_matters(const sim::Overtaking& found, sim::StateTables& tables) {
  using What = CircleStep::What;
  std::vector<CircleStep> steps;
  for (const sim::Overtaking::Step& step : found.circle) {
    if (!step.is_effect) continue;
    const sim::AnyService& service = *tables.spec().services[step.service];
    const bool releases =
        service.about(tables.pool(), step.slot, step.request).lock == sim::LockUse::releases;
    std::optional<What> what;
    if (step.is_granted) what = What::other_granted;
    if (step.is_in_vain) what = What::waiter_in_vain;
    if (step.slot != kWaiter && releases) what = What::other_released;
    if (what) steps.push_back({*what, service.operation(tables.pool(), step.request)});
  }
  return steps;
}

void find_circle(const Scenario& scenario, std::size_t max_states, OvertakingProof& proof) {
  Scenario pair = pair_of(scenario, 1);
  pair.fleets.back().client.commands = {models::Command::plan};
  const auto world = build_world(pair);
  world->spec.classes.at(kOtherClass).body = for_ever(world->spec.classes.at(kOtherClass).body);
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  const sim::Overtaking found = sim::find_overtaking(tables, kWaiter, max_states);
  proof.for_ever = found.answer;
  proof.states = found.states;
  proof.most = found.most;
  proof.steps_before = found.steps_before;
  proof.steps_around = found.circle.size();
  proof.circle = what_matters(found, tables);
}

bool waits_for_a_lock(const Scenario& scenario) {
  const ClientSettings client = scenario.all_fleets().front().client;
  const bool in_turn = scenario.timed && scenario.timed->group != Group::none;
  // Its client waits whatever its timeout (backend-protocols.md 5.2.1).
  const bool waits = client.lock_timeout.count() > 0 || scenario.backend->type().name == "lock-table";
  return client.lock && waits && !in_turn && !scenario.orchestrator && scenario.time.ticks == 0;
}

}  // namespace

std::optional<OvertakingProof> prove_overtaking(const Scenario& scenario, std::size_t max_states) {
  if (!waits_for_a_lock(scenario)) return std::nullopt;
  OvertakingProof proof;
  bool somebody_waits = false;
  unless_too_large([&] { count_jobs(scenario, max_states, proof, somebody_waits); });
  if (!proof.counted.empty() && !somebody_waits) return std::nullopt;
  unless_too_large([&] { find_circle(scenario, max_states, proof); });
  return proof;
}

}  // namespace lockstorm::scenarios
