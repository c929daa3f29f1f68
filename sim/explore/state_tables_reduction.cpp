// The local-step reduction: which processes may be taken alone, since nobody else can tell (explorer.md 4).
#include <algorithm>

#include "sim/explore/state_tables.hpp"

namespace lockstorm::sim {

bool StateTables::compute_ample(LocalId id, Tags visible_tags) {
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

}  // namespace lockstorm::sim
