#include "models/services/orchestrator.hpp"

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using Rules = OrchestratorRules;
using Response = Orchestrator::Response;
using Status = Orchestrator::Status;
using Value = Orchestrator::Value;

constexpr sim::Tags kNothing = 0;

bool takes_lock(const Rules& rules, const Orchestrator::Begin& begin) {
  if (rules.locks_at == Rules::LocksAt::never) return false;
  return begin.applies != 0 || rules.locks_at == Rules::LocksAt::plan;
}

class OrchestratorTransition {
 public:
  OrchestratorTransition(const Rules& rules, Value& value, sim::Who caller, bool database_fails)
      : rules_(rules), value_(value), caller_(caller), database_fails_(database_fails) {}

  sim::Effect<Response> operator()(const Orchestrator::Push& push) {
    Orchestrator::Pull& pull = pull_of(push.pull);
    if (pull.merged != 0) return answer(Status::merged);
    ++pull.head;
    pull.touches = push.touches;
    // The planning round of the new commit does not come by a project that it does not touch.
    if (push.touches == 0 && !rules_.keeps_dropped_plans) plan_of(push.pull) = {};
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const Orchestrator::Approve& approve) {
    Orchestrator::Pull& pull = pull_of(approve.pull);
    if (pull.merged != 0) return answer(Status::merged);
    // Who sees a plan of an older commit waits for the new one.
    const std::uint16_t shown = plan_of(approve.pull).commit;
    if (pull.touches != 0 && shown != 0 && shown != pull.head) return answer(Status::no_plan);
    pull.approved = pull.head;
    pull.wanted = pull.touches;
    return answer(Status::ok);
  }

  // Its own directory first, as in one process after the other; nothing is kept of what is refused.
  sim::Effect<Response> operator()(const Orchestrator::Begin& begin) {
    const Orchestrator::Pull& pull = pull_of(begin.pull);
    if (pull.merged != 0) return answer(Status::merged);
    if (begin.applies != 0 && !is_approved(pull)) return answer(Status::not_approved);
    if (database_fails_) {
      --value_.failures_left;
      if (rules_.without_database == Rules::WithoutDatabase::refuses) return answer(Status::no_locks);
      value_.without_database.at(begin.replica).happened = 1;
    }
    if (const Status status = lock_status(begin); status != Status::ok) return answer(status);
    if (rules_.directory_lock != Rules::Place::none && !directory_of(begin).is_nobody())
      return answer(Status::busy);
    if (rules_.directory_lock != Rules::Place::none) directory_of(begin) = caller_;
    if (takes_lock(rules_, begin)) {
      Orchestrator::Lock& lock = lock_of(begin.replica);
      if (lock.pull == 0) lock = {begin.pull, caller_};
    }
    return {{Status::ok, pull.head, 0, {}}, kNothing};
  }

  sim::Effect<Response> operator()(const Orchestrator::StorePlan& store) {
    plan_of(static_cast<std::uint8_t>(store.pull)) = store.plan;
    return answer(Status::ok);
  }

  // What is read here is what will be applied, whatever was looked at before.
  sim::Effect<Response> operator()(const Orchestrator::ReadPlan& read) {
    const Orchestrator::Plan& plan = plan_of(read.pull);
    if (plan.commit == 0) return answer(Status::no_plan);
    const bool is_as_approved = plan.commit == pull_of(read.pull).approved;
    return {{Status::ok, 0, 0, plan}, is_as_approved ? kNothing : sim::Tags{checkers::kNotAsApproved}};
  }

  sim::Effect<Response> operator()(const Orchestrator::End& end) {
    Orchestrator::Pull& pull = pull_of(end.pull);
    if (sim::Who& job = directory_of(end); job == caller_) job = {};
    if (end.result == Orchestrator::Result::applied) {
      pull.applied = end.commit;
      plan_of(end.pull) = {};
      if (rules_.released_by == Rules::Release::apply) release(end.pull);
    }
    const bool says_applied = end.result == Orchestrator::Result::nothing_applied;
    const bool is_due = pull.approved != 0 && pull.wanted != 0 && pull.applied != pull.approved;
    return {{}, says_applied && is_due ? sim::Tags{checkers::kNotAsApproved} : kNothing};
  }

  sim::Effect<Response> operator()(const Orchestrator::Merge& merge) {
    pull_of(merge.pull).merged = 1;
    plan_of(merge.pull) = {};
    release(merge.pull);
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const Orchestrator::ListLocks&) {
    return {{Status::ok, 0, static_cast<std::uint8_t>(value_.locks.front().pull), {}}, kNothing};
  }

  sim::Effect<Response> operator()(const Orchestrator::Unlock& unlock) {
    if (unlock.neighbour != 0) {
      if (rules_.unlock_deletes == Rules::UnlockDeletes::workspace) plan_of(unlock.pull) = {};
      return answer(Status::ok);
    }
    plan_of(unlock.pull) = {};
    if (unlock.only_own != 0) {
      release(unlock.pull);
      return answer(Status::ok);
    }
    Orchestrator::Lock& lock = value_.locks.front();
    const bool is_foreign = lock.pull != 0 && lock.pull != unlock.pull;
    lock = {};
    return {{}, is_foreign ? sim::Tags{checkers::kTouchesForeignLock} : kNothing};
  }

 private:
  static sim::Effect<Response> answer(Status status) { return {{status, 0, 0, {}}, kNothing}; }

  Orchestrator::Pull& pull_of(std::uint8_t number) { return value_.pulls.at(number - 1U); }
  Orchestrator::Plan& plan_of(std::uint8_t number) { return value_.plans.at(number - 1U); }

  // By the replica that has the lock in its memory; what is in the database is as good as the first one's.
  static std::size_t place(Rules::Place where, std::uint8_t replica) {
    return where == Rules::Place::memory ? replica : 0U;
  }
  Orchestrator::Lock& lock_of(std::uint8_t replica) {
    Orchestrator::FallBack& instead = value_.without_database.at(replica);
    if (instead.happened != 0) return instead.lock;
    return value_.locks.at(place(rules_.locks_in, replica));
  }
  template <class Request>
  sim::Who& directory_of(const Request& request) {
    return value_.directories.at(place(rules_.directory_lock, request.replica)).at(request.pull - 1U);
  }

  [[nodiscard]] bool is_approved(const Orchestrator::Pull& pull) const {
    if (rules_.approval == Rules::Approval::none) return true;
    return rules_.approval == Rules::Approval::any ? pull.approved != 0 : pull.approved == pull.head;
  }

  Status lock_status(const Orchestrator::Begin& begin) {
    if (!takes_lock(rules_, begin)) return Status::ok;
    const Orchestrator::Lock& lock = lock_of(begin.replica);
    if (lock.pull == 0) return Status::ok;
    if (lock.pull != begin.pull) return Status::locked;
    const bool is_own = rules_.owner == Rules::Owner::pull_request || lock.job == caller_;
    return is_own ? Status::ok : Status::locked_by_self;
  }

  void release(std::uint8_t pull) {
    for (Orchestrator::Lock& lock : value_.locks) {
      if (lock.pull == pull) lock = {};
    }
    for (Orchestrator::FallBack& instead : value_.without_database) {
      if (instead.lock.pull == pull) instead.lock = {};
    }
  }

  const Rules& rules_;
  Value& value_;
  sim::Who caller_;
  bool database_fails_;
};

}  // namespace

Value Orchestrator::initial() const {
  Value value;
  value.failures_left = rules.database_failures;
  return value;
}

// A replica that has its locks in its memory asks no database any more.
unsigned Orchestrator::alternatives(const Value& value, const Request& request) const {
  const auto* const begin = std::get_if<Begin>(&request);
  if (begin == nullptr || value.failures_left == 0 || !takes_lock(rules, *begin)) return 1;
  return value.without_database.at(begin->replica).happened != 0 ? 1 : 2;
}

sim::Effect<Response> Orchestrator::apply(Value& value, sim::Slot caller, const Request& request,
                                          unsigned alternative) const {
  return std::visit(OrchestratorTransition(rules, value, sim::Who::process(caller), alternative == 1),
                    request);
}

// What is in the memory of a server that is no more is gone; whoever works in another's name leaves it
// behind.
void Orchestrator::process_ended(Value& value, sim::Slot slot) const {
  if (rules.directory_lock != OrchestratorRules::Place::memory) return;
  for (auto& replica : value.directories) {
    for (sim::Who& who : replica) {
      if (who == sim::Who::process(slot)) who = {};
    }
  }
}

}  // namespace lockstorm::models
