#include "scenarios/story/tell.hpp"

// Walks a schedule again on live processes and tells what happens, step by step.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/terraform/outcome.hpp"
#include "scenarios/story/relevance.hpp"
#include "scenarios/story/run_facts.hpp"
#include "scenarios/story/step_words.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::MoveKind;

std::vector<std::string> names_of_services(const World& world) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < world.spec.services.size(); ++i) {
    names.emplace_back(world.spec.services[i]->name());
    if (world.places.is_destination(i))
      names.back() += world.places.has_two_states() ? " (other state)" : " (new)";
    if (i < world.places.all().size() && world.places.all()[i].lock_table > 0)
      names.back() += " (other table)";
  }
  return names;
}

std::vector<sim::ValueId> service_values(const World& world, const sim::Simulator& simulator) {
  std::vector<sim::ValueId> values;
  for (std::size_t i = 0; i < world.spec.services.size(); ++i) values.push_back(simulator.service_value(i));
  return values;
}

// What each of them runs; where that tells two fleets not apart, with the tool or the backend block in which
// they differ.
std::vector<std::string> commands_of_actors(const Scenario& scenario, std::size_t actors) {
  if (is_plain(scenario)) return {};
  const std::vector<Fleet> fleets = scenario.all_fleets();
  const auto differ_in = [&](const auto& what) {
    return std::ranges::any_of(fleets,
                               [&](const Fleet& fleet) { return what(fleet) != what(fleets.front()); });
  };
  const auto summary = [](const Fleet& fleet) { return fleet.backend->summary(); };
  const bool tools = differ_in([](const Fleet& fleet) { return fleet.client.tool; });
  const bool blocks = differ_in(summary);
  std::vector<std::string> commands;
  for (const Fleet& fleet : fleets) {
    std::string text = commands_text(fleet.client);
    if (tools) text += fmt::format(" ({})", tool_name(fleet.client.tool));
    if (blocks) text += fmt::format(" ({})", summary(fleet));
    commands.insert(commands.end(), fleet.client.count, text);
  }
  commands.resize(actors);  // an operator runs none of them
  return commands;
}

// Whom a step by that slot may call a holder of the lock: those who ask for one, and processes that are no
// clients.
std::vector<bool> slots_that_lock(const Scenario& scenario, std::size_t actors) {
  std::vector<bool> lock;
  for (const Fleet& fleet : scenario.all_fleets())
    lock.insert(lock.end(), fleet.client.count, fleet.client.lock && fleet.backend->traits().has_lock);
  lock.resize(actors, true);
  return lock;
}

class Teller {
 public:
  Teller(const Scenario& scenario, const World& world, sim::ValuePool& values)
      : world_(world),
        values_(values),
        locks_(slots_that_lock(scenario, world.spec.process_count())),
        class_of_slot_(world.spec.class_of_slot()) {}

  /// Adds the adverse events of the step, as sim::PackedWorld::spent counts them.
  void spend(const sim::StepRecord& record, sim::Spent& spent) const {
    if (record.step.is_tick) return;
    const sim::SpentPlaces places(world_.spec);
    if (record.step.move.fault != sim::kNoFault) ++spent[places.fault(record.step.move.fault)];
    if (decides_to_act(record)) ++spent[places.intervention(class_of_slot_[record.step.slot])];
    if (record.step.move.is_effect()) {
      std::uint8_t& events = spent[places.counted(record.service)];
      events = static_cast<std::uint8_t>(events + events_of(record));
    }
  }

  /// Adds the words to a step that has its number and its facts.
  void tell(const sim::StepRecord& record, CounterexampleStep& step) const {
    step.at = fmt::format(
        "{}s", record.tick * std::chrono::duration_cast<std::chrono::seconds>(world_.spec.time.tick).count());
    if (record.step.is_tick) {
      step.actor = "time";
      step.is_time = true;
      step.actor_slot = world_.spec.process_count();
      step.event = "tick";
      step.text = "time passes";
      return;
    }
    const sim::Slot slot = record.step.slot;
    const sim::SpecNames names(world_.spec, slot);
    step.actor = names.slot_name(slot);
    step.actor_slot = slot;
    step.by_operator = is_operator(slot);
    step.kind = record.step.move.kind;
    step.event = event_name(step.kind);
    if (const World::ByHand* by_hand = world_.acts_by_hand(class_of_slot_[slot])) step.by_hand = by_hand->act;
    step.decides_to_act = decides_to_act(record);
    step.adverse = adverse_of(record);
    if (step.kind == MoveKind::choose) {
      step.choice = static_cast<models::Choice>(record.about);
      step.second_way = record.step.move.argument == 1;
    }
    if (record.request != 0 && is_call(step.kind)) add_call(record, names, step);
    step.text =
        about_request(step) + text_of(record, names) + sessions_of(step.route) + fate_of_requests(step);
    if (step.at_new_backend) step.text = "new backend: " + step.text;
    step.note = note_of(record);
    // That it fails because of its own lock is what the story is about.
    step.is_relevant = relevant(record) || (step.note == kEnds && step.told.shows == sim::Who::process(slot));
    if (record.step.move.is_effect()) add_facts(record, names, step);
    for (const Expired& expired : step.expired)
      step.text += fmt::format("; {}'s {} has expired", expired.of.name, expired.what);
    // An operator has decided before; what counts to a reader is the request that takes somebody's lock away.
    const bool acts = (record.flags_before & checkers::kHasActed) != 0 && step.frees.has_value();
    if (acts && step.adverse == Adverse::no && is_operator(slot)) step.adverse = Adverse::intervention;
  }

 private:
  void add_call(const sim::StepRecord& record, const sim::SpecNames& names, CounterexampleStep& step) const {
    const sim::AnyService& service = *world_.spec.services[record.service];
    step.service = service.name();
    step.operation = service.operation(values_, record.request);
    step.about = service.about(values_, record.step.slot, record.request);
    step.asked = values_.describe(record.request, names);
    if (record.step.move.is_effect()) step.alternative = record.step.alternative;
    if (record.step.move.is_effect())
      step.route = service.route(values_, record.request, record.step.alternative);
    if (record.response != 0)
      step.told = service.told(values_, record.step.slot, record.request, record.response);
    step.at_new_backend = world_.places.is_destination(record.service) && !world_.places.has_two_states();
  }

  void add_facts(const sim::StepRecord& record, const sim::SpecNames& names, CounterexampleStep& step) const {
    step.reads_state = (record.tags & checkers::kReadsState) != 0;
    step.writes_state = (record.tags & checkers::kWritesState) != 0;
    const sim::AnyService& service = *world_.spec.services[record.service];
    const sim::SlotSet before = service.recorded_holders(values_, record.service_before);
    const sim::SlotSet after = service.recorded_holders(values_, record.service_after);
    const sim::RanOut expired =
        service.ran_out(values_, record.service_before, record.step.slot, record.request,
                        record.step.alternative, record.service_after);
    const auto holds = [](sim::SlotSet holders, sim::Slot slot) { return (holders >> slot & 1U) != 0; };
    step.takes_lock = holds(after, record.step.slot) && !holds(before, record.step.slot);
    for (sim::Slot slot = 0; slot < world_.spec.process_count(); ++slot) {
      if (holds(before, slot) && !holds(after, slot)) step.frees = Actor{slot, names.slot_name(slot)};
      if (holds(expired.owners, slot))
        step.expired.push_back({std::string(expired.what), {slot, names.slot_name(slot)}});
    }
  }

  [[nodiscard]] Adverse adverse_of(const sim::StepRecord& record) const {
    if (record.step.move.fault != sim::kNoFault) return Adverse::fault;
    if (record.step.move.kind == MoveKind::choose)
      return decides_to_act(record) ? Adverse::intervention : Adverse::no;
    if (!record.step.move.is_effect()) return Adverse::no;
    return events_of(record) > 0 ? Adverse::store_event : Adverse::no;
  }

  [[nodiscard]] bool is_operator(sim::Slot slot) const {
    return world_.spec.classes[class_of_slot_[slot]].name == "operator";
  }
  static bool decides_to_act(const sim::StepRecord& record) {
    return (record.flags_after & ~record.flags_before & checkers::kHasActed) != 0;
  }
  // How many of its counted events the service has spent by this effect.
  [[nodiscard]] unsigned events_of(const sim::StepRecord& record) const {
    const sim::AnyService& service = *world_.spec.services[record.service];
    return service.events_spent(values_, record.service_after) -
           service.events_spent(values_, record.service_before);
  }

  std::string text_of(const sim::StepRecord& record, const sim::SpecNames& names) const {
    const std::string request = values_.describe(is_call(record.step.move.kind) ? record.request : 0, names);
    const std::string response = values_.describe(record.response, names);
    switch (record.step.move.kind) {
      case MoveKind::send:
        return fmt::format("sends: {}", request);
      case MoveKind::effect:
        return fmt::format("{} -> {}", request, response);
      case MoveKind::effect_lost_response:
        return fmt::format("{} -> {}, but the response is lost", request, response);
      case MoveKind::effect_duplicated:
        return fmt::format("{} -> {}, and a copy is still on its way", request, response);
      case MoveKind::effect_refused:
        return fmt::format("{} takes effect, but the server answers 500", request);
      case MoveKind::effect_dropped:
        return fmt::format("{} -> {}, but nothing is done", request, response);
      case MoveKind::stray_effect:
        return fmt::format("{} -> {}", request, response);
      case MoveKind::lose_request:
        return fmt::format("request lost: {}", request);
      case MoveKind::give_up:
        return fmt::format("times out; the request is still on its way: {}", request);
      case MoveKind::refuse:
        return fmt::format("{} -> server error, nothing done", request);
      case MoveKind::throttle:
        return fmt::format("{} -> throttled, nothing done", request);
      case MoveKind::deliver:
        return record.response != 0 ? fmt::format("gets: {}", response) : std::string("gets no answer");
      case MoveKind::wake:
        return "timer fires";
      case MoveKind::deadline:
        return "its deadline is over";
      case MoveKind::choose:
        return std::string(
            choice_text(static_cast<models::Choice>(record.about), record.step.move.argument == 1));
      case MoveKind::work:
        return "works";
      case MoveKind::signal:
        return "is interrupted (Ctrl-C)";
      case MoveKind::read_clock:
        return fmt::format("reads its clock: {}", record.tick);
      case MoveKind::crash:
      case MoveKind::crash_lost:
        return "is killed";
      case MoveKind::pause:
        return "freezes (paused)";
      case MoveKind::resume:
        return "wakes up where it was";
      case MoveKind::end_credentials:
        return "its credentials end: what it asks for from now on is refused";
      case MoveKind::lose_servers:
        return "an outage begins: servers answer it with errors";
      case MoveKind::find_servers:
        return "the outage is over";
    }
    return {};
  }

  std::string note_of(const sim::StepRecord& record) const {
    const std::uint16_t entered = static_cast<std::uint16_t>(record.flags_after & ~record.flags_before);
    const std::uint16_t left = static_cast<std::uint16_t>(record.flags_before & ~record.flags_after);
    if ((entered & checkers::kInAnyCriticalSection) != 0)
      return std::string(locks_[record.step.slot] ? kHoldsLock : kWithoutLock);
    const bool compares = (record.flags_before & checkers::kReadsToCompare) != 0;
    if (compares && (record.tags & checkers::kReadsState) != 0) return std::string(kOnlyCompares);
    if ((record.tags & checkers::kReadsStaleState) != 0) return "out of date";
    if (record.status_after == sim::ProcessStatus::ended && record.status_before != sim::ProcessStatus::ended)
      return std::string(kEnds);
    if ((left & checkers::kInAnyCriticalSection) != 0 && record.status_after == sim::ProcessStatus::alive &&
        locks_[record.step.slot])
      return "starts to unlock";
    return {};
  }

  static bool relevant(const sim::StepRecord& record) {
    if (record.step.move.is_effect() || record.step.move.fault != sim::kNoFault || record.violations != 0)
      return true;
    if (record.step.move.kind == MoveKind::resume) return true;
    if (record.step.move.kind == MoveKind::choose && decides_to_act(record)) return true;
    return ((record.flags_before ^ record.flags_after) & checkers::kInAnyCriticalSection) != 0 &&
           (record.flags_after & checkers::kInAnyCriticalSection) != 0;
  }

  const World& world_;
  sim::ValuePool& values_;
  std::vector<bool> locks_;  ///< by slot
  std::vector<std::uint8_t> class_of_slot_;
};

// The step that violates the property, though it may come to light only with the last one.
const sim::StepRecord& culprit(const std::vector<sim::StepRecord>& records, checkers::Property property) {
  const sim::StepRecord& last = records.back();
  if (!brings_to_light(property, last.step.move.kind)) return last;
  const auto replaces = [&](const sim::StepRecord& record) {
    return (record.tags & checkers::kWritesState) != 0 && record.step.move.is_effect() &&
           record.step.slot != last.step.slot;
  };
  const auto found = std::ranges::find_if(records.rbegin(), records.rend(), replaces);
  return found == records.rend() ? last : *found;
}

// What a step is by itself.
sim::ViolatingStep violating_step(const World& world, const sim::StepRecord& record) {
  sim::ViolatingStep step;
  step.process_class = world.spec.class_of_slot()[record.step.slot];
  step.kind = record.step.move.kind;
  step.is_over =
      record.status_before == sim::ProcessStatus::ended || record.status_before == sim::ProcessStatus::dead;
  if (!step.is_over) step.flags = record.flags_before;
  if (step.kind == MoveKind::choose) step.about = record.about;
  if (record.step.move.is_effect() || step.kind == MoveKind::deliver) {
    step.service = record.service;
    step.request = record.request;
    step.response = record.response;
  }
  return step;
}

// What makes the violation, where the walk has come to its end.
Mechanism mechanism_there(const World& world, sim::ValuePool& values, const sim::Simulator& simulator,
                          const Counterexample& run, checkers::Property property, const sim::Spent& spent) {
  EventNames names(world, values);
  const sim::StepRecord& last = simulator.records().back();
  sim::EventId event = 0;
  if (!last.step.is_tick && checkers::PropertySet::from_bits(last.violations).contains(property)) {
    event = names.of_step(violating_step(world, culprit(simulator.records(), property)));
  } else if (run.ended) {
    const std::vector<sim::EventId> events = names.of_end(simulator.end_state(), property);
    event = events.empty() ? names.of_hang() : events.front();
  } else {
    event = names.of_hang();
  }
  return {names[event], names.adversity(spent), std::nullopt};
}

}  // namespace

std::expected<Counterexample, std::string> tell(const Scenario& scenario, const World& world,
                                                const sim::Schedule& schedule,
                                                std::optional<checkers::Property> property) {
  sim::ValuePool values;
  sim::Simulator simulator(world.spec, values, world.monitors);
  Counterexample counterexample;
  counterexample.schedule = schedule;
  const Teller teller(scenario, world, values);
  const sim::SpecNames names(world.spec);
  for (sim::Slot slot = 0; slot < world.spec.process_count(); ++slot)
    counterexample.actors.push_back(names.slot_name(slot));
  counterexample.commands = commands_of_actors(scenario, counterexample.actors.size());
  counterexample.services = names_of_services(world);
  RunFacts facts(world, values, service_values(world, simulator));
  counterexample.beginning = facts.initial();
  sim::Spent spent = sim::SpentPlaces(world.spec).nothing();
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    const std::size_t bound = simulator.enabled().size();
    if (bound != schedule[i].bound || schedule[i].index >= bound) {
      return std::unexpected(
          fmt::format("the schedule does not fit this scenario: at step {} it chooses {} of {} steps, but {} "
                      "are possible here",
                      i + 1, schedule[i].index + 1, schedule[i].bound, bound));
    }
    const sim::StepRecord& record = simulator.take(schedule[i].index);
    CounterexampleStep& step = counterexample.steps.emplace_back();
    step.number = i + 1;
    facts.note(record, service_values(world, simulator), step);
    teller.tell(record, step);
    teller.spend(record, spent);
    if (record.step.move.fault != sim::kNoFault) ++counterexample.faults;
    counterexample.violated |= checkers::PropertySet::from_bits(record.violations);
  }
  counterexample.adverse_events = std::accumulate(spent.begin(), spent.end(), 0U);
  counterexample.ended = simulator.finished();
  if (counterexample.ended) {
    const sim::EndState end = simulator.end_state();
    counterexample.left_locks = LeftLocks(scenario, world).find(values, end, outcomes_of(values, end));
    EndFaults end_faults = world.end_faults;  // it remembers what it has seen
    if (end_faults) counterexample.wrong = end_faults(values, end);
  }
  if (counterexample.ended && world.end_check) {
    sim::EndCheck end_check = world.end_check;
    counterexample.violated |= checkers::PropertySet::from_bits(end_check(values, simulator.end_state()));
  }
  if (property && !schedule.empty()) {
    counterexample.property = *property;
    counterexample.mechanism = mechanism_there(world, values, simulator, counterexample, *property, spent);
    choose_relevant(counterexample);
  }
  counterexample.replay = sim::encode_replay({scenario.name, fingerprint(scenario), schedule});
  return counterexample;
}

}  // namespace lockstorm::scenarios
