#include "sim/explore/state_tables.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "sim/limits.hpp"

namespace lockstorm::sim {

StateTables::StateTables(const WorldSpec& spec, Automaton::Mode mode, const AutomatonLimits& limits)
    : spec_(spec),
      process_count_(spec.process_count()),
      direct_states_(process_count_ <= kMaxPermutedProcesses ? ~std::size_t{0} : std::size_t{1} << 10U),
      rules_(rules_of(spec)),
      services_(spec.services.size()) {
  require(!spec.services.empty(), "a world without services, where nothing can be seen to happen");
  require(spec.services.size() <= kMaxServices, "more than 16 services in one world");
  require(process_count_ <= kMaxProcesses, "more than 127 processes in one world");
  for (std::size_t i = 0; i < spec.classes.size(); ++i) {
    automata_.push_back(std::make_unique<Automaton>(values_, spec, i, mode, limits));
  }
  for (std::size_t i = 0; i < services_.size(); ++i) {
    services_[i].has_hooks = spec.services[i]->has_process_hooks();
    services_[i].has_connections = spec.services[i]->has_connections();
    services_[i].seen_from.resize(process_count_);
  }
  locals_seen_from_.resize(process_count_);
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
  locals_seen_from_.assign(process_count_, {});
  signatures_.clear();
}

void StateTables::minimise(std::size_t max_nodes) {
  for (const auto& automaton : automata_) automaton->minimise(max_nodes);
  clear_locals();
}

void StateTables::check_promises() {
  for (const auto& automaton : automata_) automaton->check_promises();
}

PromiseSample StateTables::promise_sample() const {
  PromiseSample all;
  for (const auto& automaton : automata_) all += automaton->promise_sample();
  return all;
}

bool StateTables::outgrown() const {
  return std::ranges::any_of(automata_, [](const auto& automaton) { return automaton->outgrown(); });
}

namespace {

// Estimates, with what the allocator and half empty tables take. They were held against the resident memory
// of whole runs of four clients, which peaked at 64.4 MB with `--memory 64M` and at 260 MB with 256M.
constexpr std::size_t kBytesOfAValue = 320;   // its bytes, twice, and its place in a table
constexpr std::size_t kBytesOfANode = 400;    // with its edges
constexpr std::size_t kBytesOfAMemory = 96;   // in a node and in its key
constexpr std::size_t kBytesOfALocal = 400;   // with its key
constexpr std::size_t kBytesOfAMove = 80;     // in all three tables
constexpr std::size_t kBytesOfAnEntry = 24;   // of a flat map of numbers
constexpr std::size_t kBytesOfAnEffect = 40;  // rows grow by doubling

template <class Rows>
std::size_t entries_of(const Rows& rows) {
  std::size_t entries = 0;
  for (const auto& row : rows) entries += row.size();
  return entries;
}

}  // namespace

std::size_t StateTables::memory_bytes() const {
  std::size_t bytes = values_.size() * kBytesOfAValue + locals_.size() * kBytesOfALocal +
                      moves_.size() * kBytesOfAMove + received_.size() * 2 * sizeof(LocalId) +
                      entries_of(effects_) * kBytesOfAnEffect + effects_.size() * kBytesOfAnEntry +
                      (sparse_effects_.size() + signatures_.size()) * 3 * kBytesOfAnEntry +
                      (entries_of(permuted_locals_) + entries_of(locals_seen_from_)) * sizeof(LocalId);
  for (const auto& automaton : automata_)
    bytes += automaton->size() * kBytesOfANode + automaton->memories() * kBytesOfAMemory;
  for (const ServiceTable& service : services_) {
    bytes += (2 * service.states.size() + service.hooks.size()) * kBytesOfAnEntry +
             (entries_of(service.permuted) + entries_of(service.seen_from)) * sizeof(ServiceStateId);
  }
  return bytes;
}

std::size_t StateTables::node_count() const {
  return std::accumulate(automata_.begin(), automata_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& automaton) { return sum + automaton->size(); });
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
  append(local.barred);
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
      entry.request = request_number(move.service, move.argument, local.is_forbidden());
    } else if (move.kind == MoveKind::read_clock) {
      entry.type = MoveInfo::Type::clock;
    } else if (move.kind == MoveKind::deliver && local.fibers[move.fiber].phase == Phase::answered) {
      entry.tags = local.fibers[move.fiber].tags;
    }
    if (move.fault == kNoFault && info.free_moves++ == 0)
      info.first_free = static_cast<std::uint16_t>(moves_.size() - info.first_move);
    moves_.push_back(entry);
    const bool cuts = cuts_connection(move.kind) && has_connections(move.service);
    const bool effect = entry.type == MoveInfo::Type::effect && !cuts && !move.is_dropped();
    quick_.push_back({effect ? QuickMove::Kind::effect : QuickMove::Kind::none, move.fault, move.service, 0,
                      0, entry.request * static_cast<std::uint32_t>(process_count_)});
  }
  const std::size_t move_count = moves_.size() - info.first_move;
  require(move_count <= std::numeric_limits<std::uint16_t>::max(), "more than 65535 moves of one process");
  info.move_count = static_cast<std::uint16_t>(move_count);
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

LocalId StateTables::compute_local(LocalId id, std::size_t move_index) {
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

LocalId StateTables::compute_received(LocalId id, std::size_t move_index, const EffectInfo& effect) {
  about_to_extend();
  const std::uint32_t position = infos_[id].first_move + static_cast<std::uint32_t>(move_index);
  const Move move = moves_[position].move;
  const bool refused = move.kind == MoveKind::effect_refused;
  const LocalId next = intern(apply_effect(locals_[id], move, refused ? refusal_of(move) : effect.response,
                                           refused || move.is_dropped() ? Tags{0} : effect.tags),
                              infos_[id].process_class);
  store_received(position, effect.response_row, next);
  return next;
}

LocalId StateTables::compute_clock(LocalId id, std::size_t move_index, std::uint32_t tick) {
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

LocalId StateTables::compute_ticked(LocalId id) {
  about_to_extend();
  LocalState local = locals_[id];
  tick_timers(local);
  const LocalId next = intern(std::move(local), infos_[id].process_class);
  infos_[id].ticked = next;
  return next;
}

}  // namespace lockstorm::sim
