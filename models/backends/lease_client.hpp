// The client of a lock that is a lease: it acquires, renews and releases by requests, and writes the state
// under it. What clients of that kind do differently are its options; docs/your-own-backend.md builds one on
// it.
#pragma once

#include "models/services/lease_store.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct LeaseOptions {
  using Compare = LeaseStore::Compare;
  enum class Acquire : std::uint8_t {
    at_once,           ///< one conditional request
    two_steps,         ///< the lock first, then the metadata that says whose it is
    queue,             ///< behind those who came before, as etcd's mutex
    write_sleep_read,  ///< looks, writes without a condition, waits, and reads who it was
  };
  /// What one who waits in a queue looks at.
  enum class WaitsFor : std::uint8_t {
    predecessor,  ///< the entry before its own has gone
    being_first,  ///< its own entry is the first
  };
  enum class WhenLost : std::uint8_t {
    fails_writes,  ///< the job goes on, and no state is written any more
    stops,         ///< the process ends at once
  };

  Acquire acquire = Acquire::at_once;
  bool leases = true;  ///< false: a lock hangs on no lease, and nobody renews it
  /// How long a lease runs. 0: there are no clocks, and no renewals: whoever runs renews in time.
  std::uint8_t lease_ticks = 0;
  Compare renew_compares = Compare::token;
  Compare release_compares = Compare::token;
  Compare write_compares = Compare::token;
  bool reads_register = false;        ///< a read shows the state the reader's token
  bool renews = true;                 ///< false: nobody renews
  bool stops_at_first_error = false;  ///< the renewer ends with the first error, and tells nobody
  bool watches_clock = true;          ///< takes the lock for lost before an unconfirmed lease can be over
  WhenLost when_lost = WhenLost::fails_writes;
  bool takes_renewed_token = true;   ///< from the answer to a renewal
  bool waits_for_beat = true;        ///< the release waits for the answer to a renewal on its way
  bool looks_after_conflict = true;  ///< whether what stands in the way is its own
  bool breaks_nameless = false;      ///< removes a lock that has no metadata
  bool refused_cleans_up = false;    ///< releases after an acquire that was refused
  bool waits = false;                ///< there is a -lock-timeout: it waits in the queue
  WaitsFor waits_for = WaitsFor::predecessor;
  bool checks_itself = true;  ///< that its own entry is still there, before it takes the lock for its own
  bool leaves_queue = true;   ///< when it gives up

  /// Renewals are requests.
  [[nodiscard]] bool beats() const { return renews && lease_ticks > 0; }
};

/// What a client remembers between its calls, and shares with its renewer.
struct HeldLease {
  enum class Lost : std::uint16_t {
    no,
    ran_out,  ///< nobody confirmed it in time
    gone,     ///< a renewal found it gone, or in other hands
  };
  LockId id{};
  std::uint16_t token = 0;
  std::uint16_t holding = 0;
  Lost lost = Lost::no;
  std::uint16_t beating = 0;  ///< a renewal is on its way
  std::uint16_t stopped = 0;  ///< the renewer has ended
  std::uint16_t age = 0;      ///< ticks since the start of the last renewal that was confirmed
  enum class Patience : std::uint16_t {
    none,  ///< it only looks
    some,  ///< a job that may wait in the queue
    over,  ///< its deadline has passed
  };
  Patience patience = Patience::none;
};

class LeaseClient final : public Backend {
 public:
  LeaseClient(LeaseOptions options, sim::ServiceRef<LeaseStore> store, sim::Cell memory = {})
      : options_(options), store_(store), memory_(memory) {}

  /// What a process runs: `job`, which may wait for the lock, and beside it whoever renews the lease.
  [[nodiscard]] static sim::Process::Body with_renewer(std::shared_ptr<const LeaseClient> client,
                                                       sim::Process::Body job);

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  bool is_blocked(sim::Process& self) const override;

 private:
  using Response = LeaseStore::Response;

  /// The answer, or one that stands for none.
  Response call(sim::Process& self, const LeaseStore::Request& request) const;
  [[nodiscard]] HeldLease held(const sim::Process& self) const { return self.kept<HeldLease>(memory_); }
  /// The same for the job, which must remember what it has seen of what its renewer changes.
  HeldLease recall(sim::Process& self) const {
    return self.scope<HeldLease>(scope_tag::renewal, [&] { return held(self); });
  }

  LockResult acquire_now(sim::Process& self, const LockInfo& info) const;
  LockResult not_acquired(sim::Process& self, const LockInfo& info, const Response& answer) const;
  LockResult write_sleep_read(sim::Process& self, const LockInfo& info) const;
  LockResult wait_in_queue(sim::Process& self, const LockInfo& info) const;
  LockResult granted(sim::Process& self, const LockInfo& info, std::uint16_t token) const;
  DoneResult unlock_by_force(sim::Process& self, const LockId& id) const;
  bool learn_own_token(sim::Process& self, std::uint16_t refused) const;

  void keep_renewing(sim::Process& self) const;
  void beat(sim::Process& self) const;
  void learn(sim::Process& self, const LockId& id, const Response& answer) const;
  void lose(sim::Process& self, HeldLease::Lost how) const;

  LeaseOptions options_;
  sim::ServiceRef<LeaseStore> store_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
