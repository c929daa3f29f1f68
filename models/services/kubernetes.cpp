// How the API server answers: optimistic concurrency per object, as backend-protocols.md 4.6 has it.
#include "models/services/kubernetes.hpp"

#include <cassert>

#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Response = Kubernetes::Response;
using Status = Kubernetes::Status;
using Secret = Kubernetes::Secret;

sim::Effect<Response> answer(Status status) { return {{status, 0, {}, {}}, 0}; }

class Transition {
 public:
  Transition(Kubernetes::Value& value, sim::Who caller) : value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const Kubernetes::ListSecrets& list) {
    return {{Status::ok, 0, {}, value_.secrets, 1}, list.for_write != 0 ? sim::Tags{0} : read_tags()};
  }

  sim::Effect<Response> operator()(const Kubernetes::GetSecret& get) {
    const Secret& secret = value_.secrets[get.part];
    const sim::Tags tags = get.for_write != 0 ? sim::Tags{0} : read_tags();
    if (secret.exists == 0) return {{Status::not_found, 0, {}, {}}, tags};
    Response response;
    response.secrets[get.part] = secret;
    return {response, tags};
  }

  sim::Effect<Response> operator()(const Kubernetes::CreateSecret& create) {
    Secret& secret = value_.secrets[create.part];
    if (secret.exists != 0) return answer(Status::already_exists);
    secret = create.body;
    return {{}, stored(secret, create.part)};
  }

  sim::Effect<Response> operator()(const Kubernetes::UpdateSecret& update) {
    Secret& secret = value_.secrets[update.part];
    if (secret.exists == 0) return answer(Status::not_found);
    if (secret != update.version) return answer(Status::conflict);
    if (secret == update.body) return answer(Status::ok);  // unchanged: nothing is written
    secret = update.body;
    return {{}, stored(secret, update.part)};
  }

  sim::Effect<Response> operator()(const Kubernetes::DeleteSecret& remove) {
    Secret& secret = value_.secrets[remove.part];
    if (secret.exists == 0) return answer(Status::not_found);
    // The further parts of a large state are no state by themselves.
    const sim::Tags tags = remove.part == 0 ? state_deletion_tags(secret.state) : sim::Tags{0};
    secret = {};
    return {{}, tags};
  }

  sim::Effect<Response> operator()(const Kubernetes::GetLease&) {
    if (!value_.lease.exists()) return answer(Status::not_found);
    return {{Status::ok, 0, value_.lease, {}}, 0};
  }

  sim::Effect<Response> operator()(const Kubernetes::CreateLease& create) {
    if (value_.lease.exists()) return answer(Status::already_exists);
    value_.lease = {create.holder, {}};
    return {};
  }

  // The holder that goes is the one the caller has read: no update alters a lock it does not mean.
  sim::Effect<Response> operator()(const Kubernetes::UpdateLease& update) {
    if (!value_.lease.exists()) return answer(Status::not_found);
    if (value_.lease != update.version) return answer(Status::conflict);
    const LockId released = update.holder.empty() ? value_.lease.holder.id : LockId{};
    assert(!update.holder.empty() || !released.empty());
    value_.lease = {update.holder, released};
    return {};
  }

 private:
  // A state is there when its last part is; the parts before only damage the one it replaces.
  sim::Tags stored(const Secret& secret, std::uint16_t part) {
    if (!secret.state.exists() || part + 1U != secret.parts) return 0;
    const sim::Tags tags = state_write_tags(value_.latest, secret.state, caller_);
    value_.latest = secret.state;
    return tags;
  }

  // Whoever finds parts of two texts, or no data where there was a state, has not read what was acknowledged
  // last.
  [[nodiscard]] sim::Tags read_tags() const {
    const Kubernetes::Reading reading = Kubernetes::join(value_.secrets);
    const bool tells_all = reading == Kubernetes::Reading::complete
                               ? value_.secrets[0].state == value_.latest
                               : reading == Kubernetes::Reading::absent && !value_.latest.exists();
    return tells_all ? sim::Tags{checkers::kReadsState} : sim::Tags{0};
  }

  Kubernetes::Value& value_;
  sim::Who caller_;
};

}  // namespace

Kubernetes::Reading Kubernetes::join(const Secrets& secrets) {
  if (secrets[0].exists == 0) return Reading::absent;
  for (const Secret& secret : secrets) {
    if (secret.exists != 0 && !secret.state.exists()) return Reading::absent;
  }
  for (std::size_t i = 1; i < secrets[0].parts; ++i) {
    if (secrets[i] != secrets[0]) return Reading::broken;
  }
  return Reading::complete;
}

Kubernetes::Value Kubernetes::initial() const {
  assert(initial_parts <= kMaxParts);
  Value value;
  if (!initial_state.exists()) return value;
  value.lease.released = {sim::Who::predecessor(), 0};
  value.latest = initial_state;
  for (std::uint16_t i = 0; i < initial_parts; ++i) value.secrets[i] = {initial_state, initial_parts, 1};
  return value;
}

sim::Effect<Response> Kubernetes::apply(Value& value, sim::Slot caller, const Request& request) const {
  return std::visit(Transition(value, sim::Who::process(caller)), request);
}

// 4.6.3: flow control answers 429 with Retry-After; 5xx come from a control plane in trouble.
Response Kubernetes::refuse(const Request&, sim::Refusal kind) const {
  if (kind == sim::Refusal::forbidden) return {Status::forbidden, 0, {}, {}};
  if (kind == sim::Refusal::throttled) return {Status::too_many_requests, 1, {}, {}};
  return {Status::server_error, static_cast<std::uint16_t>(server_error_retry_after ? 1 : 0), {}, {}};
}

sim::SlotSet Kubernetes::holders(const Value& value) const {
  return value.lease.holder.empty() ? sim::SlotSet{0} : sim::only(value.lease.holder.id.owner);
}

}  // namespace lockstorm::models
