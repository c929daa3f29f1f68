// Waiting in a queue for a lease, as clients of etcd's mutex do: everybody's entry hangs on a lease of its
// own, and whoever stands first has the lock.
#include "models/backends/lease_client.hpp"

namespace lockstorm::models {
namespace {

using Compare = LeaseStore::Compare;
using Status = LeaseStore::Status;

constexpr std::chrono::seconds kBetweenLooks{1};

// What is left of a wait from one look to the next.
struct QueueWait {
  enum class Over : std::uint16_t {
    no,
    granted,
    given_up,  ///< it did not want to wait any longer
    evicted,   ///< its own entry has gone
    failed,
  };
  LockId ahead;  ///< whose entry it waits for
  std::uint16_t token = 0;
  Over over = Over::no;
};

}  // namespace

LockResult LeaseClient::wait_in_queue(sim::Process& self, const LockInfo& info) const {
  using Over = QueueWait::Over;
  const HeldLease::Patience patience = recall(self).patience;
  if (patience == HeldLease::Patience::over) return {LockStatus::refused_showing_caller, {}};
  const bool impatient = patience == HeldLease::Patience::none;
  const bool predecessor = options_.waits_for == LeaseOptions::WaitsFor::predecessor;
  const Response placed = call(self, LeaseStore::Acquire{info, LeaseStore::Mode::enqueue});
  if (placed.status == Status::no_leader) return {LockStatus::refused_showing_caller, {}};  // not done
  if (placed.status != Status::ok) {
    call(self, LeaseStore::Release{info.id, 0, Compare::holder});
    return {LockStatus::failed, {}};
  }

  const auto look = [&](QueueWait wait) {
    if (predecessor) {
      const Response before = call(self, LeaseStore::Look{wait.ahead});
      if (before.status != Status::ok || before.is_there != 0) return wait;
    }
    const Response own = call(self, LeaseStore::Look{info.id});
    if (own.status != Status::ok) return wait;
    wait.ahead = own.ahead;
    wait.token = own.token;
    const bool is_there = own.is_there != 0;
    if (!is_there && options_.checks_itself) return wait.over = Over::evicted, wait;
    // Nobody is before it any more: with that alone etcd's client was content (etcd-io/etcd#11456).
    if (!is_there && predecessor && own.locked != 0) wait.ahead = own.holder.id;
    if (wait.ahead.empty() && (is_there || predecessor)) wait.over = Over::granted;
    return wait;
  };
  QueueWait begun{placed.ahead, placed.token, placed.ahead.empty() ? Over::granted : Over::no};
  const QueueWait ended = self.scope<QueueWait>(scope_tag::part, [&] {
    for (QueueWait wait = begun;;) {
      self.forget(scope_tag::part, wait);
      if (wait.over != Over::no) return wait;
      // Whoever has nobody ahead of him takes his turn for certain, and looks at no deadline.
      if (wait.ahead.empty()) {
        self.sleep(kBetweenLooks);
      } else if (impatient || !self.sleep_unless_deadline(kBetweenLooks)) {
        wait.over = Over::given_up;
        return wait;
      }
      wait = look(wait);
    }
  });

  if (ended.over == Over::granted) return granted(self, info, ended.token);
  const Response last = call(self, LeaseStore::Look{info.id});
  if (last.is_there != 0 && last.ahead.empty()) return granted(self, info, last.token);
  // Whose entry has gone asks for another place, as long as it may wait.
  if (ended.over == Over::given_up) {
    if (options_.leaves_queue) call(self, LeaseStore::Release{info.id, 0, Compare::holder});
    HeldLease lease = held(self);
    lease.patience = HeldLease::Patience::over;
    self.keep(memory_, lease);
  }
  if (last.holder.empty() || last.holder.id == info.id) return {LockStatus::refused_showing_caller, {}};
  return {LockStatus::refused, last.holder};
}

}  // namespace lockstorm::models
