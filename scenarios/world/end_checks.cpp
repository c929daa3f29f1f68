#include "scenarios/world/end_checks.hpp"

#include <array>
#include <map>

#include "models/terraform/outcome.hpp"
#include "models/terraform/state_manager.hpp"
#include "scenarios/world/aftermath.hpp"
#include "scenarios/world/left_locks.hpp"
#include "scenarios/world/serial_order.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using models::Ending;
using How = EndFault::How;

// What is found in every fleet's way of looking, the worst of it.
struct FoundAtEnd {
  models::GetStatus readable = models::GetStatus::failed;
  bool lock_left = false;
  bool lock_cleared = false;
};

class EndChecker {
 public:
  EndChecker(const Scenario& scenario, const World& world, const WorldParts& parts)
      : world_(world), parts_(parts), left_locks_(scenario, world) {
    for (const Fleet& fleet : scenario.all_fleets()) {
      waits_.insert(waits_.end(), fleet.client.count, fleet.client.lock_timeout.count() > 0);
      ephemeral_.insert(ephemeral_.end(), fleet.client.count, fleet.client.runner == Runner::ephemeral);
      other_.insert(other_.end(), fleet.client.count, fleet.client.is_other_state);
    }
    for (const Fleet& fleet : scenario.all_fleets()) {  // successors come after all clients
      waits_.insert(waits_.end(), fleet.client.restarts, fleet.client.lock_timeout.count() > 0);
      ephemeral_.insert(ephemeral_.end(), fleet.client.restarts, fleet.client.runner == Runner::ephemeral);
      other_.insert(other_.end(), fleet.client.restarts, fleet.client.is_other_state);
    }
  }

  std::vector<EndFault> operator()(sim::ValuePool& values, const sim::EndState& end) {
    const std::vector<models::Outcome> outcomes = outcomes_of(values, end);
    std::vector<EndFault> faults;
    const auto add = [&](Property property, How how, std::optional<sim::Slot> whose = {}) {
      if (world_.checked.contains(property)) faults.push_back({property, how, whose});
    };
    for (sim::Slot slot = 0; slot < outcomes.size(); ++slot) {
      if (outcomes[slot].still_named != 0) add(Property::lock_released, How::still_named, slot);
      if (outcomes[slot].vanished != 0) add(Property::no_lost_update, How::vanished, slot);
      if (outcomes[slot].mixed != 0) add(Property::state_integrity, How::mixed, slot);
    }
    // Where somebody would have gone on, only what no later step can mend is judged.
    const bool is_cut_off = end.out_of_time();
    const FoundAtEnd* found = is_cut_off ? nullptr : &visit(values, end.services);
    for (sim::Slot slot = 0; slot < outcomes.size(); ++slot) {
      if (const auto how = hangs_or_gives_up(end, outcomes, slot, found == nullptr || found->lock_left))
        add(Property::progress, *how, slot);
    }
    if (found == nullptr) return faults;
    if (found->readable == models::GetStatus::failed) add(Property::state_integrity, How::unreadable);
    if (parts_.has_lock && found->lock_left && !found->lock_cleared)
      add(Property::stale_lock_recovery, How::not_cleared);
    if (parts_.other_state &&
        fits_no_order(outcomes, other_, {parts_.stored_state(values, end), parts_.other_state(values, end)}))
      add(Property::state_integrity, How::write_skew);
    if (drifted(values, end, outcomes)) add(Property::no_drift, How::unrecorded);
    if (wrote_to_a_copied_state(values, end, outcomes)) add(Property::no_lost_update, How::saved_behind);
    if (parts_.has_lock && found->lock_left) {
      for (const LeftLock& left : left_locks_.find(values, end, outcomes))
        add(Property::lock_released, how_left(left.how),
            left.how == LeftLock::How::nobodys ? std::nullopt : std::optional(left.slot));
    }
    if (parts_.has_lock) world_.end_facts->note(left_locks_.recovery(values, end));
    return faults;
  }

 private:
  static bool any_of(const std::vector<models::Outcome>& outcomes, std::uint16_t models::Outcome::* fact) {
    return std::ranges::any_of(outcomes, [&](const models::Outcome& outcome) { return outcome.*fact != 0; });
  }

  // Reads the state, looks for a lock and removes it as the documentation says, in every fleet's way; once
  // per combination of service states.
  const FoundAtEnd& visit(sim::ValuePool& values, const std::vector<sim::ValueId>& services) {
    const auto [position, is_new] = found_.try_emplace(services);
    FoundAtEnd& found = position->second;
    if (!is_new) return found;
    for (const auto& backend : world_.backends) {
      const Aftermath by_this = find_aftermath(world_, *backend, values, services);
      if (by_this.readable == models::GetStatus::failed || backend == world_.backends.front())
        found.readable = by_this.readable;
      const bool cleared = by_this.lock_cleared && !by_this.blocked;
      if ((by_this.lock_shown || by_this.blocked) && (!found.lock_left || !cleared)) {
        found.lock_left = true;
        found.lock_cleared = cleared;
      }
    }
    // Nobody is named; there may be a lock all the same, and no id to remove it with.
    if (!found.lock_left && parts_.has_lock) found.lock_left = locked_by_record(world_, values, services);
    return found;
  }

  static How how_left(LeftLock::How how) {
    switch (how) {
      case LeftLock::How::unlock_failed:
        return How::unlock_failed;
      case LeftLock::How::kept_on_purpose:
        return How::kept_on_purpose;
      case LeftLock::How::no_way:
        return How::no_way;
      case LeftLock::How::unaware:
        return How::unaware;
      case LeftLock::How::nobodys:
        return How::nobodys;
      case LeftLock::How::still_named:
        return How::still_named;
    }
    return How::unaware;
  }

  // A client that waits for what never comes, or for itself; one that was refused for a state that is not its
  // own; or one that was told to wait and had no deadline problem, yet stopped, though the lock is free.
  [[nodiscard]] std::optional<How> hangs_or_gives_up(const sim::EndState& end,
                                                     const std::vector<models::Outcome>& outcomes,
                                                     sim::Slot slot, bool lock_left) const {
    const sim::EndState::Process& process = end.processes[slot];
    const models::Outcome& outcome = outcomes[slot];
    const bool unfinished =
        process.status == sim::ProcessStatus::alive || process.status == sim::ProcessStatus::paused;
    if (unfinished && !process.waits_for_time) return How::waits;
    if (outcome.ending == Ending::directory_locked) return How::directory_refused;
    if (outcome.own_lock_shown != 0)
      return outcome.ending == Ending::not_admitted ? How::sibling_refused : How::shown_itself;
    if (outcome.refused_elsewhere != 0)
      return outcome.ending == Ending::no_remote_state ? How::read_refused : How::refused_elsewhere;
    const bool waits = slot < waits_.size() && waits_[slot] && !lock_left;
    const bool gave_up =
        outcome.ending == Ending::lock_wait_aborted || outcome.ending == Ending::lock_refused;
    if (!waits || !gave_up) return std::nullopt;
    return outcome.by_conflict != 0 ? How::gave_up_on_conflict : How::gave_up;
  }

  // The state that a migration has made the one that counts, else the one it comes from.
  [[nodiscard]] models::StateSnapshot state_that_counts(const sim::ValuePool& values,
                                                        const sim::EndState& end,
                                                        const std::vector<models::Outcome>& outcomes) const {
    const bool moved = parts_.moved_state && copied_state(outcomes).exists();
    return moved ? parts_.moved_state(values, end) : parts_.stored_state(values, end);
  }

  static models::StateSnapshot copied_state(const std::vector<models::Outcome>& outcomes) {
    const auto copied = std::ranges::find_if(
        outcomes, [](const models::Outcome& outcome) { return outcome.copied.exists(); });
    return copied == outcomes.end() ? models::StateSnapshot{} : copied->copied;
  }

  // Nobody will look at what was written to the old place after it had been copied; it may have been emptied.
  bool wrote_to_a_copied_state(const sim::ValuePool& values, const sim::EndState& end,
                               const std::vector<models::Outcome>& outcomes) const {
    const models::StateSnapshot copied = copied_state(outcomes);
    if (!copied.exists() || !parts_.moved_state) return false;
    const models::StateSnapshot left = parts_.stored_state(values, end);
    return left.exists() && !models::same_content(left, copied);
  }

  // An errored.tfstate goes with its runner, if that goes with its job.
  [[nodiscard]] bool can_be_read(const models::Outcome& outcome, std::size_t slot,
                                 const sim::EndState& end) const {
    const sim::ProcessStatus status = end.processes[slot].status;
    const bool is_over = status == sim::ProcessStatus::ended || status == sim::ProcessStatus::dead;
    const bool is_gone = slot < ephemeral_.size() && ephemeral_[slot] && is_over;
    return outcome.errored.is_file() && !is_gone;
  }

  // What the jobs of each state have made is recorded in that one.
  bool drifted(const sim::ValuePool& values, const sim::EndState& end,
               const std::vector<models::Outcome>& outcomes) const {
    if (!parts_.has_cloud) return false;
    if (is_drifted(values, end, outcomes, {state_that_counts(values, end, outcomes), parts_.cloud, false}))
      return true;
    return parts_.other_state &&
           is_drifted(values, end, outcomes, {parts_.other_state(values, end), parts_.other_cloud, true});
  }

  struct Recorded {
    models::StateSnapshot state;
    sim::ServiceRef<models::Cloud> cloud;
    bool is_other = false;  ///< the second state
  };

  // Every real instance must be recorded in the stored state or in an errored.tfstate that somebody can read,
  // unless somebody meant the state to forget it, or it was there before and no import of it has succeeded.
  bool is_drifted(const sim::ValuePool& values, const sim::EndState& end,
                  const std::vector<models::Outcome>& outcomes, const Recorded& recorded) const {
    const auto cloud = values.get<models::Cloud::Value>(end.services[recorded.cloud.index]);
    std::vector<models::StateSnapshot> records{recorded.state};
    const bool is_imported = any_of(outcomes, &models::Outcome::imported);
    for (std::size_t slot = 0; slot < outcomes.size(); ++slot) {
      if (slot < other_.size() && other_[slot] != recorded.is_other) continue;
      const models::Outcome& outcome = outcomes[slot];
      if (can_be_read(outcome, slot, end)) records.push_back(outcome.errored);
      models::StateSnapshot released;
      released.instance = outcome.released;
      records.push_back(released);
    }
    for (std::size_t address = 0; address < models::kMaxResources; ++address) {
      for (std::uint8_t instance = 1; instance <= models::Cloud::kMaxInstances; ++instance) {
        if ((cloud.live[address] >> (instance - 1U) & 1U) == 0) continue;
        if (instance == 1 && parts_.unmanaged == address && !is_imported) continue;
        const auto records_it = [&](const models::StateSnapshot& record) {
          return record.instance[address] == instance;
        };
        if (std::ranges::none_of(records, records_it)) return true;
      }
    }
    return false;
  }

  const World& world_;
  const WorldParts parts_;
  LeftLocks left_locks_;
  std::vector<bool> waits_;      ///< per client: it was given a -lock-timeout
  std::vector<bool> ephemeral_;  ///< per client: its runner goes with it
  std::vector<bool> other_;      ///< per client: its state is the second one
  std::map<std::vector<sim::ValueId>, FoundAtEnd> found_;
};

}  // namespace

EndFaults make_end_faults(const Scenario& scenario, const World& world, const WorldParts& parts) {
  return [checker = EndChecker(scenario, world, parts)](
             sim::ValuePool& values, const sim::EndState& end) mutable { return checker(values, end); };
}

sim::EndCheck end_check_by(EndFaults faults) {
  return [faults = std::move(faults)](sim::ValuePool& values, const sim::EndState& end) {
    checkers::PropertySet violated;
    for (const EndFault& fault : faults(values, end)) violated.insert(fault.property);
    return violated.bits();
  };
}

}  // namespace lockstorm::scenarios
