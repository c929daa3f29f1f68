// Lock, Get, Put and Unlock of backend-protocols.md 3.7 in the order of the real calls.
#include "models/backends/kubernetes.hpp"

#include <cassert>

#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {
namespace {

using Status = Kubernetes::Status;

// 2.12: GETs (and LISTs) are repeated on a lost connection, writes are not.
bool is_read(const Kubernetes::Request& request) {
  return std::holds_alternative<Kubernetes::ListSecrets>(request) ||
         std::holds_alternative<Kubernetes::GetSecret>(request) ||
         std::holds_alternative<Kubernetes::GetLease>(request);
}

DoneResult done_if(bool ok) { return {ok ? Done::ok : Done::failed}; }

}  // namespace

KubernetesBackend::KubernetesBackend(KubernetesBackendOptions options, sim::ServiceRef<Kubernetes> cluster)
    : options_(options), cluster_(cluster) {
  assert(options.parts >= 1 && options.parts <= Kubernetes::kMaxParts);
  assert(options.parts == 1 || (options.dialect == Dialect::terraform && !options.fenced_put));
}

// 2.12, [K8SC]: any request is repeated when the answer carries Retry-After.
KubernetesBackend::Answer KubernetesBackend::call(sim::Process& self,
                                                  const Kubernetes::Request& request) const {
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    constexpr std::chrono::seconds kRetryAfter{1};
    for (unsigned retries = 0;; ++retries) {
      const auto reply = self.call(cluster_, request);
      const bool retry = reply.answered() ? reply->retry_after != 0 : is_read(request);
      if (!retry || retries == options_.max_retries) return reply.answered() ? Answer{*reply, 1} : Answer{};
      self.sleep(kRetryAfter);
    }
  });
}

// 2.7: a state that is absent, in whatever workspace, is created empty under an `init` lock; what is there by
// then is only looked at by PersistState (2.4.3b). [backend_state.go: StateMgr]
DoneResult KubernetesBackend::open(sim::Process& self) const {
  const GetStatus status = self.scope<GetResult>(scope_tag::get, [&] { return get(self); }).status;
  if (status == GetStatus::absent) return create_state(self);
  return done_if(status == GetStatus::found);
}

DoneResult KubernetesBackend::create_state(sim::Process& self) const {
  const LockInfo info{{sim::Who::me(), 100}, LockOperation::init};
  if (lock(self, info).status != LockStatus::granted) return {Done::failed};
  ManagerState empty;
  empty.current.writer = sim::Who::me();
  const Done persisted = persist_state(self, *this, empty).last;
  const Done unlocked = unlock(self, info.id).status;
  return done_if(persisted == Done::ok && unlocked == Done::ok);
}

LockResult KubernetesBackend::taken_if(const Answer& answer, const LockInfo& info) {
  if (answer.ok()) return {LockStatus::granted, info};
  const bool lost_race = answer.is(Status::already_exists) || answer.is(Status::conflict);
  return {.status = LockStatus::failed, .info = info, .by_conflict = static_cast<std::uint16_t>(lost_race)};
}

// Lock 1-4. [kubernetes/client.go: Lock]
LockResult KubernetesBackend::lock(sim::Process& self, const LockInfo& info) const {
  const Answer lease = call(self, Kubernetes::GetLease{});
  if (lease.is(Status::not_found)) {
    return taken_if(call(self, Kubernetes::CreateLease{info}), info);
  }
  if (!lease.ok()) return {LockStatus::failed, {}};
  const LockInfo& holder = lease.response.lease.holder;
  if (!holder.empty()) {
    if (holder.id == info.id) return {LockStatus::granted, info};
    return {LockStatus::refused, holder};
  }
  // 4: whoever loses this race fails for good, -lock-timeout or not.
  return taken_if(call(self, Kubernetes::UpdateLease{info, lease.response.lease}), info);
}

// [kubernetes/client.go: Unlock]
DoneResult KubernetesBackend::unlock(sim::Process& self, const LockId& id) const {
  const Answer lease = call(self, Kubernetes::GetLease{});
  if (!lease.ok()) return {Done::failed};
  if (lease.response.lease.holder.empty() || lease.response.lease.holder.id != id) return {Done::failed};
  return done_if(call(self, Kubernetes::UpdateLease{{}, lease.response.lease}).ok());
}

// A refused command shows the annotation.
LockInfo KubernetesBackend::shown_lock(sim::Process& self) const {
  const Answer lease = call(self, Kubernetes::GetLease{});
  return lease.ok() ? lease.response.lease.holder : LockInfo{};
}

// [OT kubernetes/client.go: Get], [TF: Get, getSecrets]
GetResult KubernetesBackend::get(sim::Process& self) const {
  const Answer read = options_.dialect == Dialect::terraform ? call(self, Kubernetes::ListSecrets{})
                                                             : call(self, Kubernetes::GetSecret{});
  if (read.is(Status::not_found)) return {GetStatus::absent, {}};
  if (!read.ok()) return {GetStatus::failed, {}};
  switch (Kubernetes::join(read.response.secrets)) {
    case Kubernetes::Reading::absent:
      // A secret without data is no state to both tools, also where the one before it holds a part of one.
      return {GetStatus::absent, {}, static_cast<std::uint16_t>(read.response.secrets[0].state.exists())};
    case Kubernetes::Reading::broken:
      return {GetStatus::failed, {}};
    case Kubernetes::Reading::complete:
      break;
  }
  return {GetStatus::found, read.response.secrets[0].state};
}

// [OT kubernetes/client.go: Put]; Terraform repeats it for every part and then drops the parts that a longer
// state has left. The reference is silent on a surplus part that has gone by then; taken as an error like
// any other.
DoneResult KubernetesBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                                  const StateSnapshot& read) const {
  if (options_.fenced_put) return put_fenced(self, snapshot, read);
  if (options_.dialect == Dialect::opentofu) return put_secret(self, 0, snapshot);
  const Answer existing = call(self, Kubernetes::ListSecrets{1});
  if (!existing.ok()) return {Done::failed};
  for (std::uint16_t part = 0; part < options_.parts; ++part) {
    if (put_secret(self, part, snapshot).status != Done::ok) return {Done::failed};
  }
  for (std::uint16_t part = options_.parts; part < Kubernetes::kMaxParts; ++part) {
    if (existing.response.secrets[part].exists == 0) continue;
    if (!call(self, Kubernetes::DeleteSecret{part}).ok()) return {Done::failed};
  }
  return {Done::ok};
}

// GET for the resourceVersion, 404: CREATE without data, then UPDATE with the data. The version is a moment
// old: it stops nobody but a writer of the same moment.
DoneResult KubernetesBackend::put_secret(sim::Process& self, std::uint16_t part,
                                         const StateSnapshot& snapshot) const {
  return self.scope<DoneResult>(scope_tag::part, [&]() -> DoneResult {
    const Answer existing = call(self, Kubernetes::GetSecret{part, 1});
    Kubernetes::Secret version;
    version.exists = 1;
    if (existing.ok()) {
      version = existing.response.secrets[part];
    } else if (!existing.is(Status::not_found) || !call(self, Kubernetes::CreateSecret{version, part}).ok()) {
      return {Done::failed};
    }
    return done_if(call(self, Kubernetes::UpdateSecret{{snapshot, options_.parts, 1}, version, part}).ok());
  });
}

// 5.4.3 with Kubernetes' own means: the version that was read, not the one of a moment ago.
DoneResult KubernetesBackend::put_fenced(sim::Process& self, const StateSnapshot& snapshot,
                                         const StateSnapshot& read) const {
  const Kubernetes::Secret body{snapshot, 1, 1};
  if (!read.exists()) return done_if(call(self, Kubernetes::CreateSecret{body, 0}).ok());
  return done_if(call(self, Kubernetes::UpdateSecret{body, {read, 1, 1}, 0}).ok());
}

}  // namespace lockstorm::models
