#include "sim/state_tables.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace lockstorm::sim {
namespace {

std::uint64_t pair_key(std::uint64_t high, std::uint64_t low) { return high << 32U | low; }

}  // namespace

StateTables::StateTables(const WorldSpec& spec, Automaton::Mode mode, const AutomatonLimits& limits)
    : spec_(spec),
      process_count_(spec.process_count()),
      direct_states_(process_count_ <= kMaxPermutedProcesses ? ~std::size_t{0} : std::size_t{1} << 10U),
      rules_(rules_of(spec)),
      services_(spec.services.size()) {
  for (std::size_t i = 0; i < spec.classes.size(); ++i) {
    automata_.push_back(std::make_unique<Automaton>(values_, spec, i, mode, limits));
  }
  for (std::size_t i = 0; i < services_.size(); ++i) {
    services_[i].has_hooks = spec.services[i]->has_process_hooks();
    services_[i].has_connections = spec.services[i]->has_connections();
    services_[i].views.resize(process_count_);
  }
  local_views_.resize(process_count_);
}

TableSizes StateTables::sizes() const {
  TableSizes sizes{std::max(most_locals_, locals_.size()), {}};
  for (const ServiceTable& service : services_) sizes.service_states.push_back(service.states.size());
  return sizes;
}

void StateTables::clear_locals() {
  most_locals_ = std::max(most_locals_, locals_.size());
  locals_.clear();
  infos_.clear();
  moves_.clear();
  local_ids_.clear();
  quick_.clear();
  received_.clear();
  permuted_locals_.assign(permutations_.size(), {});
  local_views_.assign(process_count_, {});
  signatures_.clear();
}

void StateTables::minimise(std::size_t max_nodes) {
  for (const auto& automaton : automata_) automaton->minimise(max_nodes);
  clear_locals();
}

void StateTables::check_promises() {
  for (const auto& automaton : automata_) automaton->check_promises();
}

bool StateTables::outgrown() const {
  return std::ranges::any_of(automata_, [](const auto& automaton) { return automaton->outgrown(); });
}

std::size_t StateTables::node_count() const {
  return std::accumulate(automata_.begin(), automata_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& automaton) { return sum + automaton->size(); });
}

std::uint64_t StateTables::fiber_runs() const {
  return std::accumulate(
      automata_.begin(), automata_.end(), std::uint64_t{0},
      [](std::uint64_t sum, const auto& automaton) { return sum + automaton->fiber_runs(); });
}

std::span<const Action> StateTables::actions_of(const LocalState& local, std::uint8_t process_class) const {
  if (local.status == ProcessStatus::dead || local.status == ProcessStatus::ended) return {};
  return automata_[process_class]->node(local.node).actions;
}

LocalId StateTables::initial_local(std::uint8_t process_class) {
  LocalState local;
  Automaton& automaton = *automata_[process_class];
  local.node = automaton.initial();
  enter_actions(local, {}, automaton.node(local.node).actions, 0, rules_);
  if (automaton.node(local.node).ended) end_process(local, {});
  return intern(std::move(local), process_class);
}

// What tells local states apart. Once its only call has been answered a process does not know any more what
// it asked: where the answer will take it decides its future, so the node it waits in counts for its flags
// only. That keeps states apart for a request's operands no longer than the request is under way.
std::string StateTables::identity(const LocalState& local, std::uint8_t process_class) {
  std::string key;
  const auto append = [&key](const auto& value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  NodeId node = local.node;
  std::uint16_t flags = 0;
  const bool waits = local.status == ProcessStatus::alive || local.status == ProcessStatus::paused;
  if (waits && local.fibers.size() == 1) {
    const FiberState& fiber = local.fibers[0];
    if (fiber.phase == Phase::answered || fiber.phase == Phase::unanswered) {
      Automaton& automaton = *automata_[process_class];
      flags = automaton.node(node).flags;
      node = automaton.next(node, 0, fiber.phase == Phase::answered ? fiber.detail : observe::kNoAnswer);
    }
  }
  append(process_class);
  append(local.status);
  append(node);
  append(flags);
  append(static_cast<std::uint8_t>(local.fibers.size()));
  for (const FiberState& fiber : local.fibers) {
    append(fiber.phase);
    append(fiber.tags);
    append(fiber.detail);
  }
  for (const StrayRequest& stray : local.strays) {
    append(stray.service);
    append(stray.request);
  }
  return key;
}

LocalId StateTables::intern(LocalState local, std::uint8_t process_class) {
  const auto [position, is_new] =
      local_ids_.try_emplace(identity(local, process_class), static_cast<LocalId>(locals_.size()));
  if (!is_new) return position->second;
  const LocalId id = position->second;
  const std::span<const Action> actions = actions_of(local, process_class);
  LocalInfo info;
  info.process_class = process_class;
  info.status = local.status;
  info.first_move = static_cast<std::uint32_t>(moves_.size());
  if (local.status != ProcessStatus::dead) info.flags = automata_[process_class]->node(local.node).flags;
  info.urgent = is_urgent(local, actions);
  info.waits_for_time = waits_for_time(local);
  for (const Move& move : moves_of(local, actions, spec_.classes[process_class].faults, rules_)) {
    MoveInfo entry;
    entry.move = move;
    if (move.is_effect()) {
      entry.type = MoveInfo::Type::effect;
      entry.request = request_number(move.service, move.argument);
    } else if (move.kind == MoveKind::read_clock) {
      entry.type = MoveInfo::Type::clock;
    } else if (move.kind == MoveKind::deliver && local.fibers[move.fiber].phase == Phase::answered) {
      entry.tags = local.fibers[move.fiber].tags;
    }
    if (move.fault == kNoFault && info.free_moves++ == 0)
      info.first_free = static_cast<std::uint16_t>(moves_.size() - info.first_move);
    moves_.push_back(entry);
    const bool cuts = cuts_connection(move.kind) && has_connections(move.service);
    const bool effect = entry.type == MoveInfo::Type::effect && !cuts;
    quick_.push_back({effect ? QuickMove::Kind::effect : QuickMove::Kind::none, move.fault, move.service, 0,
                      0, entry.request * static_cast<std::uint32_t>(process_count_)});
  }
  info.move_count = static_cast<std::uint16_t>(moves_.size() - info.first_move);
  locals_.push_back(std::move(local));
  infos_.push_back(info);
  return id;
}

EndState::Process StateTables::end_of(LocalId id) const {
  const LocalInfo& info = infos_[id];
  EndState::Process process{info.status};
  if (info.status == ProcessStatus::ended) {
    process.flags = info.flags;
    process.outcome = automata_[info.process_class]->node(locals_[id].node).outcome;
  } else if (info.status != ProcessStatus::dead) {
    process.waits_for_time = info.waits_for_time;
  }
  return process;
}

// Completes a change: the automaton takes its edge, the fibers enter their new actions, the process may end.
LocalId StateTables::finish(LocalId from, const LocalChange& change) {
  const std::uint8_t process_class = infos_[from].process_class;
  if (!change.feeds) return intern(change.next, process_class);
  Automaton& automaton = *automata_[process_class];
  LocalState next = change.next;
  const std::vector<Action> before = automaton.node(next.node).actions;
  next.node = automaton.next(next.node, change.fiber, change.observation);
  const AutomatonNode& node = automaton.node(next.node);
  if (node.ended) {
    next.fibers[change.fiber] = {};
    end_process(next, before);
  } else {
    enter_actions(next, before, node.actions, change.fiber, rules_);
  }
  return intern(std::move(next), process_class);
}

ValueId StateTables::refusal_of(const Move& move) {
  const Refusal kind = move.kind == MoveKind::throttle ? Refusal::throttled : Refusal::server_error;
  return spec_.services[move.service]->refusal(values_, move.argument, kind);
}

LocalId StateTables::find_local(LocalId id, std::size_t move_index) {
  about_to_extend();
  const std::size_t position = infos_[id].first_move + move_index;
  const Move move = moves_[position].move;
  const bool refused = move.kind == MoveKind::refuse || move.kind == MoveKind::throttle;
  const LocalState local = locals_[id];
  const std::span<const Action> actions = actions_of(local, infos_[id].process_class);
  const LocalId next = finish(id, apply_local(local, actions, move, refused ? refusal_of(move) : 0));
  MoveInfo& entry = moves_[position];
  entry.next = next;
  const std::uint32_t changed = static_cast<std::uint32_t>(infos_[next].flags ^ infos_[id].flags);
  if (cuts_connection(move.kind) && has_connections(move.service)) entry.hook = MoveInfo::Hook::cut;
  if (infos_[next].status == infos_[id].status && entry.hook == MoveInfo::Hook::none &&
      (changed & watched_.flags) == 0 && (entry.tags & watched_.delivery_tags) == 0) {
    quick_[position].kind = QuickMove::Kind::local;
    quick_[position].target = next;
  }
  if (infos_[next].status != infos_[id].status) {
    switch (infos_[next].status) {
      case ProcessStatus::dead:
      case ProcessStatus::ended:
        entry.hook = MoveInfo::Hook::ended;
        break;
      case ProcessStatus::paused:
        entry.hook = MoveInfo::Hook::paused;
        break;
      case ProcessStatus::alive:
        entry.hook = MoveInfo::Hook::resumed;
        break;
    }
  }
  return next;
}

// Room for responses grows by moving to the end of the common array; what is left behind is little.
void StateTables::store_received(std::uint32_t position, std::uint32_t row, LocalId next) {
  QuickMove& quick = quick_[position];
  if (row >= quick.responses) {
    const std::uint32_t room = std::max(row + 1, quick.responses * 2);
    const auto target = static_cast<std::uint32_t>(received_.size());
    received_.resize(received_.size() + room, kUnknown);
    std::copy_n(received_.begin() + quick.target, quick.responses, received_.begin() + target);
    quick.target = target;
    quick.responses = room;
  }
  received_[quick.target + row] = next;
}

LocalId StateTables::find_received(LocalId id, std::size_t move_index, const EffectInfo& effect) {
  about_to_extend();
  const std::uint32_t position = infos_[id].first_move + static_cast<std::uint32_t>(move_index);
  const Move move = moves_[position].move;
  const bool refused = move.kind == MoveKind::effect_refused;
  const LocalId next = intern(apply_effect(locals_[id], move, refused ? refusal_of(move) : effect.response,
                                           refused ? Tags{0} : effect.tags),
                              infos_[id].process_class);
  store_received(position, effect.response_row, next);
  return next;
}

LocalId StateTables::find_clock(LocalId id, std::size_t move_index, std::uint32_t tick) {
  about_to_extend();
  const std::uint32_t position = infos_[id].first_move + static_cast<std::uint32_t>(move_index);
  const LocalId next = finish(id, apply_clock(locals_[id], moves_[position].move, tick, rules_));
  store_received(position, tick, next);
  return next;
}

void StateTables::watch(const Watched& watched) {
  if (watched == watched_) return;
  watched_ = watched;
  clear_locals();
  for (std::vector<EffectInfo>& row : effects_) row.clear();
  sparse_effects_.clear();
}

LocalId StateTables::find_ticked(LocalId id) {
  about_to_extend();
  LocalState local = locals_[id];
  tick_timers(local);
  const LocalId next = intern(std::move(local), infos_[id].process_class);
  infos_[id].ticked = next;
  return next;
}

bool StateTables::find_ample(LocalId id, Tags visible_tags) {
  about_to_extend();
  const bool ample = moves_unseen(id, visible_tags) && !may_go_round(id, visible_tags);
  infos_[id].ample = ample ? LocalInfo::Ample::yes : LocalInfo::Ample::no;
  return ample;
}

// What a process does by itself, without a fault.
bool StateTables::is_own_move(const MoveInfo& entry) const {
  return entry.move.fault == kNoFault && entry.move.kind != MoveKind::stray_effect;
}

// Whether all that the process can do by itself is invisible to everybody else.
bool StateTables::moves_unseen(LocalId id, Tags visible_tags) {
  if (infos_[id].status != ProcessStatus::alive) return false;
  const std::size_t active = static_cast<std::size_t>(std::ranges::count_if(
      locals_[id].fibers, [](const FiberState& fiber) { return fiber.phase != Phase::idle; }));
  std::size_t own_moves = 0;
  for (std::size_t i = 0; i < infos_[id].move_count; ++i) {
    const MoveInfo entry = moves_[infos_[id].first_move + i];
    if (!is_own_move(entry)) continue;
    if (entry.type != MoveInfo::Type::local) return false;
    ++own_moves;
    if (entry.move.kind == MoveKind::send) {
      // Sending runs no code of the process, so other fibers cannot notice; but two sends are two moves.
      if (active > 1) return false;
      continue;
    }
    if (active > 1 || (entry.tags & visible_tags) != 0) return false;
    // Bounded time may pass while a process works, so how long it works is a choice; and where crashes only
    // come at work, passing it by would pass them by.
    if (entry.move.kind == MoveKind::work && (rules_.bounded_time || rules_.crashes_only_at_work))
      return false;
    const LocalId next = after_local(id, i);
    if (infos_[next].flags != infos_[id].flags || infos_[next].status != ProcessStatus::alive) return false;
    if (rules_.bounded_time) {
      // A step that arms or answers a timer does not commute with the passing of time.
      const auto timed = [](const FiberState& fiber) { return fiber.phase == Phase::timer; };
      if (std::ranges::any_of(locals_[next].fibers, timed) || std::ranges::any_of(locals_[id].fibers, timed))
        return false;
    }
  }
  return own_moves > 0;
}

// Whether a process could go on like that for ever, so that nobody else would get a turn (the ignoring
// problem of partial-order reduction): on a circle of unseen moves no state is ample.
bool StateTables::may_go_round(LocalId id, Tags visible_tags) {
  constexpr std::size_t kLongestWay = 64;  // further than that is taken for a circle
  std::vector<LocalId> met{id};
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (met.size() > kLongestWay) return true;
    for (std::size_t m = 0; m < infos_[met[i]].move_count; ++m) {
      if (!is_own_move(moves_[infos_[met[i]].first_move + m])) continue;
      const LocalId next = after_local(met[i], m);
      if (next == id) return true;
      if (std::ranges::find(met, next) == met.end() && moves_unseen(next, visible_tags)) met.push_back(next);
    }
  }
  return false;
}

std::uint32_t StateTables::request_number(std::uint8_t service, ValueId request) {
  const auto [position, is_new] =
      request_numbers_.try_emplace(pair_key(service, request), static_cast<std::uint32_t>(requests_.size()));
  if (is_new) {
    requests_.push_back({service, request, {}});
    effects_.resize(requests_.size() * process_count_);
  }
  return position->second;
}

ServiceStateId StateTables::initial_service(std::size_t service) {
  return intern_service(service, spec_.services[service]->initial(values_));
}

ServiceStateId StateTables::intern_service(std::size_t service, ValueId value) {
  ServiceTable& table = services_[service];
  const auto [position, is_new] =
      table.ids.try_emplace(value, static_cast<ServiceStateId>(table.states.size()));
  if (is_new) {
    table.states.push_back(value);
    table.holders.push_back(spec_.services[service]->holders(values_, value));
    table.ticked.push_back(kUnknown);
  }
  return position->second;
}

const EffectInfo& StateTables::find_effect(std::uint32_t request, Slot slot, ServiceStateId state,
                                           unsigned alternative) {
  const std::size_t row = request * process_count_ + slot;
  const std::uint8_t service = requests_[request].service;
  const auto compute = [&] {
    about_to_extend();
    const AnyService& model = *spec_.services[service];
    const ValueId asked = requests_[request].request;
    const ValueId value = services_[service].states[state];
    const AnyService::Outcome outcome = model.apply(values_, value, slot, asked, alternative);
    EffectInfo info;
    info.next = intern_service(service, outcome.value);
    info.response = outcome.response;
    info.tags = outcome.tags;
    info.alternatives = static_cast<std::uint8_t>(model.alternatives(values_, value, slot, asked));
    info.quick = info.alternatives == 1 && (info.tags & watched_.effect_tags) == 0;
    std::vector<ResponseKey>& known = requests_[request].responses;
    const auto found = std::ranges::find(known, ResponseKey{info.response, info.tags});
    info.response_row = static_cast<std::uint32_t>(found - known.begin());
    if (found == known.end()) known.emplace_back(info.response, info.tags);
    return info;
  };
  if (alternative == 0 && state < direct_states_) {
    const EffectInfo info = compute();
    std::vector<EffectInfo>& effects = effects_[row];
    if (effects.size() <= state) effects.resize(std::max<std::size_t>(state + 1, effects.size() * 2));
    effects[state] = info;
    return effects[state];
  }
  const std::uint64_t key = pair_key(row, static_cast<std::uint64_t>(state) << 4U | alternative);
  const auto known = sparse_effects_.find(key);
  if (known != sparse_effects_.end()) return known->second;
  const EffectInfo info = compute();
  return sparse_effects_.emplace(key, info).first->second;
}

ServiceStateId StateTables::after_hook(std::size_t service, ServiceStateId state, Slot slot,
                                       MoveInfo::Hook hook) {
  const std::uint64_t key = pair_key(static_cast<std::uint64_t>(hook) << 16U | slot, state);
  const auto known = services_[service].hooks.find(key);
  if (known != services_[service].hooks.end()) return known->second;
  about_to_extend();
  const AnyService& model = *spec_.services[service];
  const ValueId value = services_[service].states[state];
  ValueId next = value;
  switch (hook) {
    case MoveInfo::Hook::none:
      break;
    case MoveInfo::Hook::ended:
      next = model.process_ended(values_, value, slot);
      break;
    case MoveInfo::Hook::paused:
      next = model.process_paused(values_, value, slot, true);
      break;
    case MoveInfo::Hook::cut:
      next = model.connection_lost(values_, value, slot);
      break;
    case MoveInfo::Hook::resumed:
      next = model.process_paused(values_, value, slot, false);
      break;
  }
  const ServiceStateId id = intern_service(service, next);
  services_[service].hooks.emplace(key, id);
  return id;
}

ServiceStateId StateTables::after_service_tick(std::size_t service, ServiceStateId state) {
  const ServiceStateId known = services_[service].ticked[state];
  if (known != kUnknown) return known;
  about_to_extend();
  const ServiceStateId next =
      intern_service(service, spec_.services[service]->tick(values_, services_[service].states[state]));
  services_[service].ticked[state] = next;
  return next;
}

}  // namespace lockstorm::sim
