// Locks that commands which ended by themselves have left behind, and force-unlocks that only said they had
// worked: what `lock-released` is about.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/terraform/outcome.hpp"
#include "scenarios/world/aftermath.hpp"

namespace lockstorm::scenarios {

/// One of them, in a world that has come to its end.
struct LeftLock {
  enum class How : std::uint8_t {
    unlock_failed,    ///< the command was told that it could not unlock
    kept_on_purpose,  ///< it means to keep it, after an upload that failed
    no_way,           ///< its configuration names nobody to unlock with
    unaware,          ///< it does not know that it has a lock
    nobodys,          ///< what stands in the way bears nobody's id
    still_named,      ///< an operator's force-unlock reported success, and the record still names the id
  };
  How how = How::unaware;
  /// Whose lock it is; `still_named`: the operator; `nobodys`: means nothing.
  sim::Slot slot = 0;
  models::Outcome outcome;  ///< of that process
  bool has_id = false;      ///< a refused job is shown an id to give to force-unlock
  bool cleared = false;     ///< ... which removes it
};

/// Remembers what it has found out about combinations of service states, so that it belongs to one value
/// pool.
class LeftLocks {
 public:
  LeftLocks(const Scenario& scenario, const World& world);

  /// `outcomes`: of the end's processes, in their order.
  std::vector<LeftLock> find(sim::ValuePool& values, const sim::EndState& end,
                             const std::vector<models::Outcome>& outcomes);
  /// Who frees what killed clients have left there.
  Recovery recovery(sim::ValuePool& values, const sim::EndState& end);

 private:
  // What a newcomer meets who comes after all leases have run out.
  struct Refusal {
    bool refused = false;
    bool outwaited = false;  ///< some lock was in the way until its time was over
    bool by_nobody = false;  ///< something without an id is in everybody's way
    bool has_id = false;
    bool cleared = false;
    sim::SlotSet recorded = 0;        ///< whose locks the servers' own records name
    std::vector<models::LockId> ids;  ///< that newcomers are shown
  };

  const Refusal& refusal(sim::ValuePool& values, const std::vector<sim::ValueId>& services);
  [[nodiscard]] sim::SlotSet recorded(const sim::ValuePool& values,
                                      const std::vector<sim::ValueId>& services) const;

  const World& world_;
  std::vector<bool> locks_;  ///< per client: it asks for a lock
  bool was_locked_;          ///< a lock that bears nobody's id stood there at the beginning
  std::map<std::vector<sim::ValueId>, Refusal> known_;
};

/// The outcome of every process of an ended world.
std::vector<models::Outcome> outcomes_of(const sim::ValuePool& values, const sim::EndState& end);

}  // namespace lockstorm::scenarios
