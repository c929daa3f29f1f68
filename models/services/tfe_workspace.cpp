// How HCP Terraform answers: a lock that belongs to a user, uploads that must fit
// (backend-protocols.md 3.13).
#include "models/services/tfe_workspace.hpp"

#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Response = TfeWorkspace::Response;
using Status = TfeWorkspace::Status;

sim::Effect<Response> answer(Status status, sim::Tags tags = 0) { return {{status, {}, {}}, tags}; }

class Transition {
 public:
  Transition(const TfeWorkspace& server, TfeWorkspace::Value& value, sim::Slot caller, unsigned alternative)
      : server_(server), value_(value), caller_(caller), alternative_(alternative) {}

  sim::Effect<Response> operator()(const TfeWorkspace::ReadWorkspace&) {
    return {{Status::ok, value_.lock, {}}, 0};
  }

  // By the same user too.
  sim::Effect<Response> operator()(const TfeWorkspace::Lock& lock) {
    if (!value_.lock.empty() && server_.promises.exclusive_lock)
      return {{Status::conflict, value_.lock, {}}, 0};
    const bool foreign = !value_.lock.empty() && value_.lock != lock.id;
    value_.lock = lock.id;
    return answer(Status::ok, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  sim::Effect<Response> operator()(const TfeWorkspace::Unlock& unlock) {
    if (!locked_by_caller()) return answer(Status::conflict);
    if (alternative_ == 1) {
      value_.pending =
          0;  // whoever asks again after a while finds it processed; asking longer changes nothing
      return answer(Status::pending);
    }
    return release(unlock.meant);
  }

  sim::Effect<Response> operator()(const TfeWorkspace::ForceUnlock& unlock) {
    if (value_.lock.empty()) return answer(Status::conflict);
    return release(unlock.meant);
  }

  sim::Effect<Response> operator()(const TfeWorkspace::ReadCurrent&) {
    if (!value_.state.exists()) return answer(Status::not_found, checkers::kReadsState);
    return {{Status::ok, {}, value_.state}, 0};
  }

  sim::Effect<Response> operator()(const TfeWorkspace::Download& download) {
    const bool is_current = download.version == value_.state;
    return {{Status::ok, {}, download.version}, is_current ? sim::Tags{checkers::kReadsState} : sim::Tags{0}};
  }

  sim::Effect<Response> operator()(const TfeWorkspace::CreateStateVersion& create) {
    const StateSnapshot& current = value_.state;
    const TfePromises& promises = server_.promises;
    const bool fits =
        !current.exists() || ((create.state.lineage == current.lineage || !promises.checks_lineage) &&
                              (create.state.serial > current.serial || !promises.checks_serial));
    if ((promises.needs_lock && !locked_by_caller()) || !fits) return answer(Status::conflict);
    const sim::Tags tags = state_write_tags(current, create.state, sim::Who::process(caller_));
    value_.state = create.state;
    value_.pending = 1;
    return {{}, tags};
  }

 private:
  [[nodiscard]] bool locked_by_caller() const {
    return !value_.lock.empty() && (server_.shared_user || value_.lock.owner == sim::Who::process(caller_));
  }

  sim::Effect<Response> release(const LockId& meant) {
    const bool foreign = value_.lock != meant;
    value_.lock = {};
    value_.pending = 0;
    return answer(Status::ok, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  const TfeWorkspace& server_;
  TfeWorkspace::Value& value_;
  sim::Slot caller_;
  unsigned alternative_;
};

}  // namespace

unsigned TfeWorkspace::alternatives(const Value& value, const Request& request) const {
  return std::holds_alternative<Unlock>(request) && value.pending != 0 && !value.lock.empty() ? 2 : 1;
}

sim::Effect<Response> TfeWorkspace::apply(Value& value, sim::Slot caller, const Request& request,
                                          unsigned alternative) const {
  return std::visit(Transition(*this, value, caller, alternative), request);
}

Response TfeWorkspace::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return answer(Status::unauthorized).response;
  return answer(kind == sim::Refusal::throttled ? Status::too_many_requests : Status::server_error).response;
}

sim::SlotSet TfeWorkspace::holders(const Value& value) const {
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.owner);
}

}  // namespace lockstorm::models
