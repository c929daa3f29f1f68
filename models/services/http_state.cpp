// How a state server answers, policy by policy (backend-protocols.md 3.9).
#include "models/services/http_state.hpp"

#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Response = HttpState::Response;
using Status = HttpState::Status;
using Policy = HttpServerPolicy;

constexpr sim::Tags kForeign = checkers::kTouchesForeignLock;

sim::Effect<Response> answer(Status status, sim::Tags tags = 0) { return {{status, {}, {}, 0}, tags}; }

class Transition {
 public:
  Transition(const Policy& policy, HttpState::Value& value, sim::Who caller)
      : policy_(policy), value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const HttpState::GetState&) {
    if (!value_.state.exists()) return answer(Status::not_found, checkers::kReadsState);
    return {{Status::ok, value_.state, {}, 0}, checkers::kReadsState};
  }

  sim::Effect<Response> operator()(const HttpState::PostState& post) {
    if (!may_write(post.id)) return answer(Status::conflict);
    const sim::Tags tags = state_write_tags(value_.state, post.body, caller_);
    value_.state = post.body;
    return answer(Status::ok, tags);
  }

  sim::Effect<Response> operator()(const HttpState::Lock& lock) {
    const bool held = !value_.lock.empty();
    const bool own = held && value_.lock.id == lock.info.id;
    if (policy_.lock == Policy::Lock::overwrites) {
      take(lock.info);
      return answer(held ? Status::ok : Status::created, held && !own ? kForeign : sim::Tags{0});
    }
    if (held && !(own && policy_.same_id_locks_again)) return refused();
    take(lock.info);
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const HttpState::Unlock& unlock) {
    if (!may_unlock(unlock.id)) return answer(Status::conflict);
    const bool foreign = !value_.lock.empty() && value_.lock.id != unlock.intended;
    if (policy_.unlock_is_204 && value_.lock.empty()) return answer(Status::not_found);
    take({});
    return answer(policy_.unlock_is_204 ? Status::no_content : Status::ok, foreign ? kForeign : sim::Tags{0});
  }

  sim::Effect<Response> operator()(const HttpState::LookAtLock&) {
    return value_.lock.empty() ? answer(Status::ok) : refused();
  }

 private:
  [[nodiscard]] bool may_write(const LockId& id) const {
    switch (policy_.write) {
      case Policy::Write::holder:
        return id == value_.lock.id;
      case Policy::Write::if_unlocked:
        return value_.lock.empty() || id == value_.lock.id;
      case Policy::Write::anybody:
        return true;
    }
    return false;
  }

  [[nodiscard]] bool may_unlock(const LockId& id) const {
    switch (policy_.unlock) {
      case Policy::Unlock::id_or_none:
        return id.empty() || id == value_.lock.id;
      case Policy::Unlock::id:
        return id == value_.lock.id && !id.empty();
      case Policy::Unlock::anybody:
        return true;
    }
    return false;
  }

  [[nodiscard]] sim::Effect<Response> refused() const {
    Response response{policy_.locked_is_423 ? Status::locked : Status::conflict, {}, {}, 0};
    if (policy_.refused_body == Policy::RefusedBody::info) response.lock = value_.lock;
    if (policy_.refused_body != Policy::RefusedBody::none) response.readable = 1;
    return {response, 0};
  }

  void take(const LockInfo& info) {
    value_.lock = info;
    value_.was_silent = 0;
  }

  const Policy& policy_;
  HttpState::Value& value_;
  sim::Who caller_;
};

}  // namespace

unsigned HttpState::alternatives(const Value& value, const Request&) const {
  if (value.lock.empty()) return 1;
  switch (policy.expiry) {
    case HttpServerPolicy::Expiry::never:
      return 1;
    case HttpServerPolicy::Expiry::age:
      return 2;
    case HttpServerPolicy::Expiry::silence:
      return value.was_silent != 0 || value.silent.contains(value.lock.id.owner) ? 2 : 1;
  }
  return 1;
}

// Expiry shows at the next request, whoever sends it; until then nobody can tell.
sim::Effect<Response> HttpState::apply(Value& value, sim::Slot caller, const Request& request,
                                       unsigned alternative) const {
  if (alternative == 1) value.lock = {};
  value.was_silent = 0;
  return std::visit(Transition(policy, value, sim::Who::process(caller)), request);
}

Response HttpState::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return {Status::forbidden, {}, {}, 0};
  return {kind == sim::Refusal::throttled ? Status::too_many_requests : Status::server_error, {}, {}, 0};
}

void HttpState::process_ended(Value& value, sim::Slot slot) const {
  if (policy.expiry == HttpServerPolicy::Expiry::silence) value.silent.insert(sim::Who::process(slot));
}

void HttpState::process_started(Value& value, sim::Slot slot) const {
  value.silent.erase(sim::Who::process(slot));
}

void HttpState::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (policy.expiry != HttpServerPolicy::Expiry::silence) return;
  const sim::Who who = sim::Who::process(slot);
  if (paused) {
    value.silent.insert(who);
    return;
  }
  value.silent.erase(who);
  if (value.lock.id.owner == who) value.was_silent = 1;
}

void HttpState::settled(Value& value) const {
  if (policy.expiry != HttpServerPolicy::Expiry::never && alternatives(value, LookAtLock{}) > 1)
    value.lock = {};
}

sim::RanOut HttpState::ran_out(const Value& before, const Request&, unsigned alternative, const Value&) {
  return alternative == 1 ? sim::RanOut{sim::only(before.lock.id.owner), "lock"} : sim::RanOut{};
}

sim::SlotSet HttpState::holders(const Value& value) const {
  if (!lock_here) return sim::kEverybody;
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

}  // namespace lockstorm::models
