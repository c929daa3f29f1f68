// The renewer beside a job that holds a lease: a renewal in each tick, and what the answers mean to the job.
#include "checkers/monitors.hpp"
#include "models/backends/lease_client.hpp"

namespace lockstorm::models {
namespace {

using Status = LeaseStore::Status;

constexpr std::chrono::seconds kBetweenBeats{1};  // one tick

// A turn of the renewer leaves nothing behind but what the process keeps.
struct RenewerTurn {
  std::uint16_t nothing = 0;
};

}  // namespace

sim::Process::Body LeaseClient::with_renewer(std::shared_ptr<const LeaseClient> client,
                                             sim::Process::Body job) {
  if (!client->options_.beats() && !client->options_.waits) return job;
  return [client = std::move(client), job = std::move(job)](sim::Process& self) {
    if (client->options_.waits) self.keep(client->memory_, HeldLease{.patience = HeldLease::Patience::some});
    if (client->options_.beats()) self.spawn([&client, &self] { client->keep_renewing(self); });
    job(self);
  };
}

void LeaseClient::keep_renewing(sim::Process& self) const {
  for (RenewerTurn turn;;) {
    self.forget(scope_tag::renewal, turn);
    self.wait_until([this, &self] {
      const HeldLease lease = held(self);
      return lease.holding != 0 && lease.lost == HeldLease::Lost::no && lease.stopped == 0;
    });
    self.sleep(kBetweenBeats);
    if (held(self).holding != 0) beat(self);
  }
}

// Its own clock tells the holder that a lease may be over which nobody has confirmed; it stops a tick before.
// One who stood still has counted too little and does not know: against that there is the fence.
void LeaseClient::beat(sim::Process& self) const {
  HeldLease lease = held(self);
  if (options_.watches_clock && ++lease.age >= options_.lease_ticks)
    return lose(self, HeldLease::Lost::ran_out);
  lease.beating = 1;
  self.keep(memory_, lease);
  const auto renew = [&](std::uint16_t token) {
    return call(self, LeaseStore::Renew{lease.id, token, options_.renew_compares});
  };
  Response answer = renew(lease.token);
  // What stands in the way may be a renewal of its own whose answer was lost, or says no token.
  if (answer.status == Status::not_there && learn_own_token(self, lease.token))
    answer = renew(held(self).token);
  learn(self, lease.id, answer);
}

void LeaseClient::learn(sim::Process& self, const LockId& id, const Response& answer) const {
  HeldLease lease = held(self);
  lease.beating = 0;
  if (answer.status == Status::ok) {
    lease.age = 0;
    if (options_.takes_renewed_token && answer.token != 0) lease.token = answer.token;
  } else if (options_.stops_at_first_error) {
    lease.stopped = 1;
  }
  self.keep(memory_, lease);
  const bool is_held = lease.id == id && lease.holding != 0 && lease.lost == HeldLease::Lost::no;
  if (answer.status == Status::not_there && is_held && lease.stopped == 0) lose(self, HeldLease::Lost::gone);
}

void LeaseClient::lose(sim::Process& self, HeldLease::Lost how) const {
  HeldLease lease = held(self);
  lease.lost = how;
  lease.age = 0;
  self.keep(memory_, lease);
  self.set_flag(checkers::kInCriticalSection, false);
  if (options_.when_lost == LeaseOptions::WhenLost::stops) self.exit();
}

}  // namespace lockstorm::models
