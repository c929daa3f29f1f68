#include "scenarios/search/finish.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>

#include "scenarios/search/limits.hpp"
#include "sim/explore/take_move.hpp"
#include "sim/limits.hpp"
#include "sim/random.hpp"

namespace lockstorm::scenarios {

bool FinishSearch::all_ended(const State& state) const {
  const auto processes = static_cast<std::ptrdiff_t>(tables_.spec().process_count());
  return std::all_of(state.begin(), state.begin() + processes, [&](sim::LocalId local) {
    const sim::ProcessStatus status = tables_.info(local).status;
    return status == sim::ProcessStatus::ended || status == sim::ProcessStatus::dead;
  });
}

// Asked where nobody can go on without a fault: whether somebody would, had time not ended.
bool FinishSearch::out_of_time(const State& state) const {
  const std::uint8_t ticks = tables_.spec().time.ticks;
  if (ticks == 0 || state.back() != ticks) return false;
  const auto processes = static_cast<std::ptrdiff_t>(tables_.spec().process_count());
  return std::any_of(state.begin(), state.begin() + processes,
                     [&](sim::LocalId local) { return tables_.info(local).waits_for_time; });
}

// What one process can do without faults; slot `process_count` is time.
void FinishSearch::add_steps(const State& state, sim::Slot slot, std::vector<State>& next) {
  State taken = state;
  if (slot == tables_.spec().process_count()) {
    if (!sim::time_may_pass(tables_, view(taken))) return;
    sim::pass_time(tables_, view(taken));
    ++taken.back();
    next.push_back(std::move(taken));
    return;
  }
  const sim::LocalId local = state[slot];
  const std::uint32_t first = tables_.info(local).first_move;
  const std::uint16_t count = tables_.info(local).move_count;
  for (std::uint16_t i = 0; i < count; ++i) {
    if (tables_.quick(first + i).fault != sim::kNoFault) continue;
    unsigned alternatives = 1;
    for (unsigned alternative = 0; alternative < alternatives; ++alternative) {
      taken = state;
      // Monitors have nothing to say here: what they would find has been found by whoever asks.
      alternatives =
          sim::take_move(tables_, monitors_, view(taken), slot, local, i, alternative).alternatives;
      next.push_back(taken);
    }
  }
}

// Where one process only has steps that nobody else can notice, these are enough.
void FinishSearch::add_all_steps(const State& state, std::vector<State>& next) {
  const auto processes = static_cast<sim::Slot>(tables_.spec().process_count());
  for (sim::Slot slot = 0; slot < processes; ++slot) {
    if (!tables_.ample(state[slot], checkers::Monitors::kDeliveryTags)) continue;
    add_steps(state, slot, next);
    return;
  }
  for (sim::Slot slot = 0; slot <= processes; ++slot) add_steps(state, slot, next);
}

Finish FinishSearch::visit_all(const State& start, std::size_t max_states) {
  boost::unordered_flat_set<State, boost::hash<State>> seen{start};
  std::vector<State> todo{start};
  std::vector<State> next;
  while (!todo.empty()) {
    if (seen.size() > max_states) return Finish::unknown;
    const State state = std::move(todo.back());
    todo.pop_back();
    if (all_ended(state)) return Finish::possible;
    next.clear();
    add_all_steps(state, next);
    if (next.empty() && out_of_time(state)) return Finish::possible;
    for (State& one : next) {
      if (seen.insert(one).second) todo.push_back(std::move(one));
    }
  }
  return Finish::impossible;
}

// One random run, each process as likely to go next.
bool FinishSearch::walk(State state, std::uint64_t seed) {
  sim::Random random(seed);
  const auto slots = static_cast<std::uint32_t>(tables_.spec().process_count() + 1);
  std::vector<State> next;
  for (std::size_t step = 0; step < limits::kFinishStepsOfAWalk && !all_ended(state); ++step) {
    next.clear();
    const std::uint32_t first = random.below(slots);
    for (std::uint32_t i = 0; i < slots && next.empty(); ++i)
      add_steps(state, static_cast<sim::Slot>((first + i) % slots), next);
    if (next.empty()) return out_of_time(state);
    state = std::move(next[random.below(static_cast<std::uint32_t>(next.size()))]);
  }
  return all_ended(state);
}

// Most answers are near: a small world is visited whole, a wide one mostly finishes when it goes on at
// random.
Finish FinishSearch::search(const State& start) {
  const Finish near = visit_all(start, std::min(limits::kFinishNearStates, max_states_));
  if (near != Finish::unknown || max_states_ <= limits::kFinishNearStates) return near;
  for (std::uint64_t seed = 1; seed <= limits::kFinishWalks; ++seed) {
    if (walk(start, seed)) return Finish::possible;
  }
  return visit_all(start, max_states_);
}

Finish FinishSearch::from(const sim::TableRun& run, std::span<const sim::Decision> decisions) {
  State state(run.locals().begin(), run.locals().end());
  state.insert(state.end(), run.service_states().begin(), run.service_states().end());
  state.push_back(static_cast<std::uint32_t>(std::ranges::count_if(
      decisions, [&](const sim::Decision& decision) { return decision.slot() == run.time_slot(); })));
  const auto known = known_.find(state);
  if (known != known_.end()) return known->second;
  const Finish answer = search(state);
  known_.emplace(std::move(state), answer);
  return answer;
}

Finish can_finish(const World& world, const sim::Schedule& schedule) {
  try {
    sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
    sim::TableRun run(tables, world.monitors);
    const auto decisions = run.decisions_of(schedule);
    return decisions ? FinishSearch(tables, limits::kFinishStates).from(run, *decisions) : Finish::unknown;
  } catch (const sim::LimitExceeded&) {
    return Finish::unknown;
  }
}

}  // namespace lockstorm::scenarios
