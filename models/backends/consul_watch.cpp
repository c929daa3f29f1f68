// The goroutines beside a consul client that holds the lock: one notices that it is lost, one acquires it
// anew (backend-protocols.md 3.5, Lock 8 and "Lost lock"). The third, which renews the session, is part of
// the service's model: who runs renews in time.
//
// They are no fibers here. What they do is done by whoever is about to write the state or to unlock, just
// before that, or not at all. Nothing bad is lost by it:
//
// A read of the monitor that finds the lock held has no effect on anything, and neither has a loss that
// nobody asks for: what counts is whether it has been noticed by the time that the client is used.
//
// The lock is acquired anew under the client's mutex, which every use of the client takes, so that it does
// happen between two uses. When between them, and whether before a read or after it, only decides whether the
// process goes on with or without the lock meanwhile: without is the worse case.
//
// Attempts that fail leave nothing behind but the client's own next session, so that one attempt between two
// uses stands for all.
#include "models/backends/consul.hpp"
#include "models/backends/consul_client.hpp"
#include "models/terraform/choice.hpp"

namespace lockstorm::models {

using Status = Consul::Status;

namespace {

constexpr unsigned kMonitorRetries = 5;
constexpr std::chrono::seconds kMonitorRetryTime{2};

}  // namespace

void ConsulBackend::let_monitor_run(sim::Process& self, Use use) const {
  if (!options_.monitor) return;
  ConsulClient client = client_of(self);
  if (client.lost != 0) {
    if (self.choose(2, Choice::lock_is_reacquired) == 1) acquire_anew(self);
  } else if (client.has_lock != 0 && finds_lock_lost(self)) {
    client.lost = 1;
    self.keep(memory_, client);
    // Unlock is told of a loss that has been noticed, whether the other goroutine has begun or not.
    if (use != Use::unlock || self.choose(2, Choice::lock_is_reacquired) == 1) acquire_anew(self);
  }
}

// Only errors of the network and 500 are tried again: the sixth in a row, and any other error, count as a
// loss. [CONL monitorLock]
bool ConsulBackend::finds_lock_lost(sim::Process& self) const {
  for (unsigned failed = 0;; ++failed) {
    const Status seen = call(self, Consul::WatchLock{client_of(self).session()}).status;
    const bool retried = seen == Status::no_answer || seen == Status::no_leader;
    if (!retried || failed == kMonitorRetries) return seen != Status::unchanged;
    self.sleep(kMonitorRetryTime);
  }
}

// With a new session; the old one is destroyed by its renewer if that still runs, at about the same time as
// the new one is created. [consul/client.go: the goroutine in lock]
void ConsulBackend::acquire_anew(sim::Process& self) const {
  ConsulClient client = client_of(self);
  call(self, Consul::DestroySession{client.session()});
  client.has_lock = 0;
  client.next_session();
  self.keep(memory_, client);
  acquire(self, {client.session(), LockOperation::none}, Caller::monitor);
}

}  // namespace lockstorm::models
