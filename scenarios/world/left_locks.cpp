#include "scenarios/world/left_locks.hpp"

#include <algorithm>

#include "scenarios/world/alone.hpp"

namespace lockstorm::scenarios {
namespace {

using models::LeftUndone;
using models::Outcome;
using sim::ProcessStatus;

std::vector<sim::ValueId> settled(const World& world, sim::ValuePool& values,
                                  const std::vector<sim::ValueId>& services) {
  std::vector<sim::ValueId> later;
  for (std::size_t i = 0; i < services.size(); ++i)
    later.push_back(world.spec.services[i]->settled(values, services[i]));
  return later;
}

// Clients that ask for no lock own none, whatever their configuration.
std::vector<bool> clients_that_lock(const Scenario& scenario) {
  std::vector<bool> locks;
  const auto asks = [](const Fleet& fleet) {
    const auto& target = fleet.client.migrate_to;
    const bool has_lock = fleet.backend->traits().has_lock ||
                          (target && target->backend->traits().has_lock) || fleet.client.migrated;
    return fleet.client.lock && has_lock;
  };
  for (const Fleet& fleet : scenario.all_fleets()) locks.insert(locks.end(), fleet.client.count, asks(fleet));
  for (const Fleet& fleet : scenario.all_fleets())  // successors come after all clients
    locks.insert(locks.end(), fleet.client.restarts, asks(fleet));
  return locks;
}

// Whether the id is of a command that has ended, though its process has not or was killed later. What an
// `init` lock belongs to, its number does not say.
bool is_of_ended_command(const models::LockId& id, sim::Slot slot, const Outcome& outcome) {
  const std::uint16_t number = id.number % models::kReacquired;
  return id.owner == sim::Who::process(slot) && number < models::kInitLock && number < outcome.commands;
}

LeftLock::How how_left(const Outcome& outcome) {
  if (outcome.unlock_left == LeftUndone::on_purpose) return LeftLock::How::kept_on_purpose;
  if (outcome.unlock_left == LeftUndone::no_way) return LeftLock::How::no_way;
  return outcome.unlock_failed != 0 ? LeftLock::How::unlock_failed : LeftLock::How::unaware;
}

bool is_over(const sim::EndState::Process& process) { return process.status == ProcessStatus::ended; }

}  // namespace

LeftLocks::LeftLocks(const Scenario& scenario, const World& world)
    : world_(world),
      locks_(clients_that_lock(scenario)),
      was_locked_(scenario.initial_lock == InitialLock::nameless) {}

sim::SlotSet LeftLocks::recorded(const sim::ValuePool& values,
                                 const std::vector<sim::ValueId>& services) const {
  sim::SlotSet recorded = 0;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const sim::SlotSet holders = world_.spec.services[i]->recorded_holders(values, services[i]);
    if (holders != sim::kEverybody) recorded |= holders;
  }
  return recorded;
}

const LeftLocks::Refusal& LeftLocks::refusal(sim::ValuePool& values,
                                             const std::vector<sim::ValueId>& services) {
  const auto [position, is_new] = known_.try_emplace(services);
  Refusal& found = position->second;
  if (!is_new) return found;
  const std::vector<sim::ValueId> later = settled(world_, values, services);
  found.recorded = recorded(values, later);
  found.outwaited = later != services;
  for (const auto& backend : world_.backends) {
    models::LockInfo shown;
    bool refused = false;
    bool blocked = false;
    run_alone(world_, values, later, {"newcomer", 1}, [&](sim::Process& self) {
      blocked = backend->is_blocked(self);
      shown = backend->shown_lock(self);
      refused = is_refusal(backend->lock(self, {{sim::Who::me(), 0}, models::LockOperation::apply}).status);
      if (!refused || backend->outwait(self).status != models::Done::ok) return;
      refused = false;
      found.outwaited = true;
    });
    if (!refused && !blocked) continue;
    const Aftermath after = find_aftermath(world_, *backend, values, later);
    const bool is_first = !found.refused && !found.by_nobody;
    found.refused |= refused;
    found.by_nobody |= blocked;
    found.has_id = after.lock_shown && (is_first || found.has_id);
    found.cleared = after.lock_cleared && !after.blocked && (is_first || found.cleared);
    if (!shown.empty()) found.ids.push_back(shown.id);
  }
  return found;
}

std::vector<LeftLock> LeftLocks::find(sim::ValuePool& values, const sim::EndState& end,
                                      const std::vector<Outcome>& outcomes) {
  std::vector<LeftLock> left;
  for (sim::Slot slot = 0; slot < end.processes.size(); ++slot) {
    if (outcomes[slot].still_named != 0)
      left.push_back({LeftLock::How::still_named, slot, outcomes[slot], true, false});
  }
  const Refusal& found = refusal(values, end.services);
  if (!found.refused && !found.by_nobody) return left;
  bool all_over = true;
  bool anybody_locks = false;
  for (sim::Slot slot = 0; slot < locks_.size(); ++slot) {
    const bool over = is_over(end.processes[slot]);
    all_over &= over;
    if (!locks_[slot]) continue;
    anybody_locks = true;
    const bool named = (found.recorded >> slot & 1U) != 0;
    const bool earlier = std::ranges::any_of(
        found.ids, [&](const models::LockId& id) { return is_of_ended_command(id, slot, outcomes[slot]); });
    if (named && (over || earlier))
      left.push_back({how_left(outcomes[slot]), slot, outcomes[slot], found.has_id, found.cleared});
  }
  // Nobody's id is on it; where nobody was killed or stopped, whoever made it has ended by himself.
  if (left.empty() && found.by_nobody && all_over && anybody_locks && !was_locked_)
    left.push_back({LeftLock::How::nobodys, 0, {}, found.has_id, found.cleared});
  return left;
}

Recovery LeftLocks::recovery(sim::ValuePool& values, const sim::EndState& end) {
  const bool somebody_died = std::ranges::any_of(end.processes, [](const sim::EndState::Process& process) {
    return process.status == ProcessStatus::dead;
  });
  if (!somebody_died) return Recovery::nobody;
  const Refusal& found = refusal(values, end.services);
  bool named = found.by_nobody;
  for (sim::Slot slot = 0; slot < locks_.size(); ++slot)
    named |= end.processes[slot].status == ProcessStatus::dead && (found.recorded >> slot & 1U) != 0;
  if (named && (found.refused || found.by_nobody)) return found.cleared ? Recovery::person : Recovery::no_way;
  return found.outwaited ? Recovery::time : Recovery::nobody;
}

std::vector<Outcome> outcomes_of(const sim::ValuePool& values, const sim::EndState& end) {
  std::vector<Outcome> outcomes;
  for (const sim::EndState::Process& process : end.processes)
    outcomes.push_back(process.outcome == 0 ? Outcome{} : values.get<Outcome>(process.outcome));
  return outcomes;
}

}  // namespace lockstorm::scenarios
