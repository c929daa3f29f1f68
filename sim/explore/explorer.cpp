#include "sim/explore/explorer.hpp"

#include "sim/explore/memory_room.hpp"
#include "sim/explore/packed_steps.hpp"
#include "sim/explore/walk_again.hpp"

namespace lockstorm::sim {

template <int W>
void Explorer<W>::check_end(std::uint32_t number) {
  ++result_.end_states;
  const auto [known, is_new] = ends_.try_emplace(world_.end_state(set_[number]), Violations{0});
  const auto& [end, violations] = *known;
  if (end.out_of_time()) ++result_.cut_off;
  if (is_new && end_check_) known->second = end_check_(tables_.values(), end);
  if (options_.survey != nullptr) {
    if ((violations & surveyed_property()) == 0) return;
    const Spent spent = world_.spent(set_[number]);
    for (const EventId event : options_.survey->events_of_end(end))
      note_event(event, spent, {number, 0, true});
    return;
  }
  if (violations != 0) note(violations, world_.adverse_events(set_[number]), {number, 0, true});
}

// What the step is by itself, whoever takes it and whatever else is going on.
template <int W>
ViolatingStep Explorer<W>::violating_step(const StateKey& key, const TakenStep& taken) const {
  const LocalId local = world_.layout().local(key, taken.slot);
  const MoveInfo& entry = tables_.move(local, taken.move);
  const LocalInfo& info = tables_.info(local);
  ViolatingStep step{.process_class = info.process_class,
                     .kind = entry.move.kind,
                     .flags = info.flags,
                     .is_over = info.status == ProcessStatus::ended || info.status == ProcessStatus::dead};
  if (step.is_over) step.flags = 0;
  if (entry.move.kind == MoveKind::choose) step.about = tables_.actions(local)[entry.move.fiber].about;
  if (entry.move.is_effect()) {
    step.service = entry.move.service;
    step.request = entry.move.argument;
    const ServiceStateId state = world_.layout().service_state(key, entry.move.service);
    step.response = tables_.effect(entry.request, taken.slot, state, taken.alternative).response;
  } else if (entry.move.kind == MoveKind::deliver) {
    const Action& call = tables_.actions(local)[entry.move.fiber];
    const FiberState& fiber = tables_.local(local).fibers[entry.move.fiber];
    step.service = call.service;
    step.request = call.argument;
    if (fiber.phase == Phase::answered) step.response = fiber.detail;
  }
  return step;
}

template <int W>
void Explorer<W>::note_event(EventId event, const Spent& spent, const ViolationPlace& by) {
  const auto& wanted = options_.survey->wanted;
  if (!wanted) {
    result_.surveyed.note(event, spent, by);
  } else if (event == wanted->event && is_within(spent, wanted->spent)) {
    note(surveyed_property(), 0, by);
  }
}

template <int W>
void Explorer<W>::note_violations(Lane& lane, Batch& batch, const ViolationPlace& by, const StateKey& next,
                                  Violations violations, const TakenStep& taken) const {
  if (options_.survey == nullptr) {
    batch.note(violations, lane.world.adverse_events(next), result_.fewest, by);
  } else if ((violations & surveyed_property()) != 0) {
    batch.surveyed.push_back({violating_step(set_[by.state], taken), lane.world.spent(next), by});
  }
}

// All steps of one state. Of violations only those are kept that may be a property's first, or the one with
// the fewest adverse events. An intervention that is one event too many is not taken, and whoever waits for
// it does not hang.
template <int W>
void Explorer<W>::take_steps(Lane& lane, Batch& batch, std::uint32_t number) const {
  const StateKey key = set_[number];
  const std::uint32_t first_edge = batch.edge_count;
  std::uint32_t step = 0;
  std::uint32_t faultless = 0;
  bool is_held_back = false;
  lane.world.for_each_step(key, options_.reduction,
                           [&](const StateKey& next, Slot slot, std::uint16_t move, unsigned alternative,
                               std::uint8_t fault, Violations violations) __attribute__((always_inline)) {
                             if (is_too_adverse(lane.world, next)) {
                               batch.held_back = true;
                               is_held_back |= fault == kNoFault;
                               ++step;
                               return;
                             }
                             if (fault != kNoFault) ++batch.fired[fault];
                             if (violations != 0)
                               note_violations(lane, batch, {number, step, false}, next, violations,
                                               {slot, move, alternative});
                             std::uint32_t edge = Batch::kNoEdge;
                             if (fault == kNoFault) edge = first_edge + faultless++;
                             batch.successors.push_back({next, 0, number, 0, edge});
                             ++step;
                           });
  batch.edge_count += faultless;
  if (step == 0) batch.ends.push_back(number);
  if (looks_for_hangs()) {
    const bool is_over = step == 0 || (faultless == 0 && world_.is_out_of_time(key));
    batch.finishes.push_back(is_over || is_held_back ? 1 : 0);
    batch.faultless.push_back(faultless);
  }
}

// Changes nothing but the lane, the batch and, where something is looked up for the first time, the tables.
template <int W>
void Explorer<W>::expand(Lane& lane, Batch& batch) const {
  batch.begin();
  for (std::uint32_t number = batch.first; number < batch.last; ++number) take_steps(lane, batch, number);
  batch.transitions = batch.successors.size();
  for (auto& successor : batch.successors) {
    successor.key = lane.world.canonical(successor.key);
    successor.hash = hash_key(successor.key);
    set_.prefetch(successor.hash);
  }
  for (auto& successor : batch.successors) successor.candidate = set_.candidate(successor.hash);
  if (looks_for_hangs()) batch.edges.resize(batch.edge_count);
  std::erase_if(batch.successors, [&](const auto& successor) {
    const bool known = set_.is(successor.candidate, successor.key);
    if (known && looks_for_hangs() && successor.edge != Batch::kNoEdge)
      batch.edges[successor.edge] = successor.candidate;
    return known;
  });
  batch.expanded = true;
}

// Divides the frontier from `head` to `end`, or the first part of it, into batches.
template <int W>
void Explorer<W>::plan(std::size_t head, std::size_t end) {
  const std::size_t batches = (end - head + kBatch - 1) / kBatch;
  const bool alone = lanes_.size() == 1 || batches < kWorthSharing;
  const std::size_t lanes = alone ? 1 : lanes_.size();
  const std::size_t share = alone ? 1 : std::min((batches + lanes - 1) / lanes, kBatchesOfALane);
  for (Lane& lane : lanes_) lane.planned = 0;
  for (std::size_t i = 0; i < lanes && head < end; ++i) {
    Lane& lane = lanes_[i];
    if (lane.batches.size() < share) lane.batches.resize(share);
    for (; lane.planned < share && head < end; ++lane.planned) {
      Batch& batch = lane.batches[lane.planned];
      batch.first = static_cast<std::uint32_t>(head);
      head = std::min(head + kBatch, end);
      batch.last = static_cast<std::uint32_t>(head);
      batch.expanded = false;
    }
  }
  if (!alone) expand_in_parallel();
}

// With tables that nobody may extend meanwhile: a batch that meets something new is left for its turn, so
// that everything is numbered in the order in which one thread alone would have met it.
template <int W>
void Explorer<W>::expand_in_parallel() {
  const StateTables::Frozen frozen(tables_);
  run_helped(options_.threads, lanes_.size(), [&](std::size_t i) {
    Lane& lane = lanes_[i];
    for (std::size_t k = 0; k < lane.planned; ++k) {
      try {
        expand(lane, lane.batches[k]);
      } catch (const std::exception&) {
        // Tables that would have to grow, or a key that is too narrow: thrown again when its turn comes.
      }
    }
  });
}

// Stores what a batch leads to, as far as there is room.
template <int W>
void Explorer<W>::merge(Batch& batch) {
  result_.transitions += batch.transitions;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) result_.fired[kind] += batch.fired[kind];
  for (const auto& violated : batch.violated) note(violated.properties, violated.adverse_events, violated.by);
  for (const auto& surveyed : batch.surveyed) {
    if (const auto event = options_.survey->event_of_step(surveyed.step))
      note_event(*event, surveyed.spent, surveyed.by);
  }
  result_.held_back |= batch.held_back;
  for (const std::uint32_t number : batch.ends) check_end(number);
  for (const auto& successor : batch.successors) set_.prefetch(successor.hash);
  for (const auto& successor : batch.successors) {
    if (set_.full()) return;
    const auto [number, is_new] = set_.insert(successor.key, successor.hash);
    if (is_new) parents_.push_back(successor.parent);
    if (looks_for_hangs() && successor.edge != Batch::kNoEdge) batch.edges[successor.edge] = number;
  }
  edges_.append(batch.edges);
  for (const std::uint32_t count : batch.faultless) first_edge_.push_back(first_edge_.back() + count);
  finishes_.insert(finishes_.end(), batch.finishes.begin(), batch.finishes.end());
}

template <int W>
void Explorer<W>::check_room() {
  result_.memory_bytes = set_.memory_bytes() + parents_.memory_bytes() + edges_.memory_bytes() +
                         first_edge_.memory_bytes() + finishes_.size() / 8;
  if (set_.size() >= tables_looked_at_ + kLookEvery + tables_looked_at_ / 16) {
    tables_looked_at_ = set_.size();
    table_bytes_ = tables_.memory_bytes();
  }
  const std::size_t besides = options_.program_bytes + table_bytes_;
  if (!set_.full() && result_.memory_bytes <= room_for_states(options_.max_bytes, besides)) return;
  give_up(beyond_memory(options_.max_bytes, set_.size()));
}

template <int W>
void Explorer<W>::give_up(std::string why) {
  result_.out_of_memory = true;
  result_.why_incomplete = std::move(why);
}

template <int W>
ExploreResult Explorer<W>::run() {
  const StateKey start = world_.canonical(world_.initial());
  set_.insert(start, hash_key(start));
  parents_.push_back(0);
  if (looks_for_hangs()) first_edge_.push_back(0);
  std::size_t head = 0;
  std::size_t level_end = 1;
  const auto goes_on = [&] {
    return result_.why_incomplete.empty() && head < set_.size() && (result_.violated & options_.stop_at) == 0;
  };
  while (goes_on()) {
    if (head == level_end) {
      level_end = set_.size();
      ++result_.depth;
    }
    plan(head, level_end);
    for (Lane& lane : lanes_) {
      for (std::size_t k = 0; k < lane.planned && goes_on(); ++k) {
        Batch& batch = lane.batches[k];
        try {
          if (!batch.expanded) expand(lane, batch);
          merge(batch);
          head = batch.last;
          check_room();
        } catch (const std::bad_alloc&) {  // `ulimit -v`: what was found so far stands
          give_up("the system gives no more memory (" + std::to_string(set_.size()) + " states visited)");
        }
      }
    }
  }
  if (head < set_.size() && result_.why_incomplete.empty())
    result_.why_incomplete = "stopped at the first violation asked for";
  result_.complete = result_.why_incomplete.empty();
  tables_.check_promises();
  result_.states = set_.size();
  for (std::size_t i = 0; options_.fingerprint && i < set_.size(); ++i)
    result_.fingerprint += hash_key(set_[i]);  // a sum: the order in which they were found does not matter
  if (result_.complete && looks_for_hangs()) find_hangs();
  return result_;
}

// A state hangs when no run without further faults finishes from it. Exact, on the stored graph: swept
// backwards until nothing changes (explorer.md 5c). States are numbered in the order of their distance, so
// that of a hang and a violating end the one of the lower number is reached in fewer steps.
template <int W>
void Explorer<W>::find_hangs() {
  const std::size_t count = set_.size();
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t number = count; number-- > 0;) {
      if (finishes_[number]) continue;
      const auto begin = edges_.begin() + static_cast<std::ptrdiff_t>(first_edge_[number]);
      const auto end = edges_.begin() + static_cast<std::ptrdiff_t>(first_edge_[number + 1]);
      if (std::any_of(begin, end, [&](std::uint32_t next) { return finishes_[next]; }))
        finishes_[number] = changed = true;
    }
  }
  const auto property = static_cast<Violations>(1U << options_.hang_property);
  for (std::size_t number = 0; number < count; ++number) {
    if (finishes_[number]) continue;
    if (options_.survey != nullptr) {
      note_event(options_.survey->hang, world_.spent(set_[number]),
                 {static_cast<std::uint32_t>(number), 0, true});
      continue;
    }
    const unsigned events = world_.adverse_events(set_[number]);
    note(property, events, {static_cast<std::uint32_t>(number), 0, true});
    result_.fewest_to_hang = std::min(result_.fewest_to_hang, events);
  }
}

template <int W>
Schedule Explorer<W>::schedule_to(const ViolationPlace& finding) {
  std::vector<StateKey> path;
  for (std::uint32_t number = finding.state; number != 0; number = parents_[number])
    path.push_back(set_[number]);
  path.push_back(set_[0]);
  std::ranges::reverse(path);
  std::optional<std::uint32_t> last_step;
  if (!finding.at_end) last_step = finding.step;
  return walk_again(world_, path, options_.reduction, last_step);
}

template class Explorer<1>;
template class Explorer<2>;
template class Explorer<4>;

}  // namespace lockstorm::sim
