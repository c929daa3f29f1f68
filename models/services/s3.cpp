#include "models/services/s3.hpp"

#include <fmt/format.h>

#include <array>

#include "checkers/tags.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Status = S3::Status;
using Condition = S3::Condition;

/// 4.2.3: may a conditional put go ahead?
Status check_put(const S3Promises& promises, Condition condition, bool exists, bool etag_matches,
                 bool deleted_before) {
  if (condition != Condition::none && !promises.conditional_puts) return Status::not_implemented;
  switch (condition) {
    case Condition::none:
      return Status::ok;
    case Condition::if_none_match_any:
      if (!promises.honours_if_none_match) return Status::ok;
      if (promises.versioning == Versioning::enabled && !promises.versioned_conditional_puts)
        return Status::ok;
      if (promises.versioning == Versioning::suspended && !promises.suspended_conditional_puts &&
          deleted_before) {
        return Status::precondition_failed;
      }
      return exists ? Status::precondition_failed : Status::ok;
    case Condition::if_match:
      if (!promises.honours_if_match) return Status::ok;
      if (!exists)
        return promises.missing_key_if_match_is_412 ? Status::precondition_failed : Status::not_found;
      return etag_matches && promises.if_match_recognises_etags ? Status::ok : Status::precondition_failed;
  }
  return Status::ok;
}

S3::Response status_only(Status status) { return {status, {}, {}, 0}; }

class Transition {
 public:
  Transition(const S3& s3, S3::Value& value, sim::Who caller, unsigned alternative)
      : s3_(s3), value_(value), caller_(caller), second_(alternative == 1) {}

  sim::Effect<S3::Response> operator()(const S3::PutState& put) {
    const Status status =
        check_put(s3_.promises, put.condition, value_.state.exists(), value_.state == put.etag, false);
    if (status != Status::ok) return {status_only(status), 0};
    const sim::Tags tags = state_write_tags(value_.state, put.body, caller_);
    if (!s3_.promises.strong_reads) value_.older_state = value_.state;
    value_.state = put.body;
    return {status_only(Status::ok), tags};
  }

  sim::Effect<S3::Response> operator()(const S3::PutLock& put) {
    if (second_ && value_.deleted_by != caller_) {  // nobody's own requests overtake each other
      if (--value_.conflicts_left == 0) value_.deleted_by = sim::Who::nobody();
      return {status_only(Status::conflict), 0};
    }
    const bool exists = !value_.lock.empty();
    const Status status = check_put(s3_.promises, put.condition, exists, false, value_.lock_deleted != 0);
    if (status != Status::ok) return {status_only(status), 0};
    const bool foreign = exists && value_.lock.id != put.body.id;
    if (!s3_.promises.strong_reads) value_.older_lock = value_.lock;
    value_.lock = put.body;
    value_.deleted_by = sim::Who::nobody();
    return {status_only(Status::ok), foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }

  sim::Effect<S3::Response> operator()(const S3::GetObject& get) {
    if (get.key == S3::Object::lockfile) {
      const LockInfo& lock = second_ ? value_.older_lock : value_.lock;
      if (lock.empty()) return {status_only(missing()), 0};
      if (get.lacks_key != 0) return {status_only(Status::bad_request), 0};
      return {{Status::ok, {}, lock, 0}, 0};
    }
    const StateSnapshot& state = second_ ? value_.older_state : value_.state;
    if (!state.exists()) return {status_only(missing()), read_tag()};
    // Who has the end of a state has read it if he has its beginning too, which is read only while it is
    // there.
    return {{Status::ok, state, {}, 0}, get.range == 2 ? sim::Tags{0} : read_tag()};
  }

  sim::Effect<S3::Response> operator()(const S3::HeadObject& head) {
    const bool exists = head.key == S3::Object::lockfile
                            ? !(second_ ? value_.older_lock : value_.lock).empty()
                            : (second_ ? value_.older_state : value_.state).exists();
    if (exists) return {status_only(Status::ok), 0};
    // "It is not there" tells a client all there is to know of the state.
    return {status_only(missing()), head.key == S3::Object::state ? read_tag() : sim::Tags{0}};
  }

  sim::Effect<S3::Response> operator()(const S3::DeleteLock& remove) {
    if (remove.condition == Condition::if_match && s3_.promises.honours_delete_if_match &&
        value_.lock != remove.etag) {
      return {status_only(value_.lock.empty() ? Status::not_found : Status::precondition_failed), 0};
    }
    const bool foreign = !value_.lock.empty() && value_.lock.id != remove.intended;
    if (!s3_.promises.strong_reads) value_.older_lock = value_.lock;
    if (!value_.lock.empty() && value_.conflicts_left > 0) value_.deleted_by = caller_;
    if (!value_.lock.empty() && s3_.promises.versioning == Versioning::suspended) value_.lock_deleted = 1;
    value_.lock = {};
    return {status_only(Status::no_content),
            foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }

  sim::Effect<S3::Response> operator()(const S3::DeleteState& remove) {
    if (remove.condition == Condition::if_match && s3_.promises.honours_delete_if_match &&
        value_.state != remove.etag) {
      return {status_only(value_.state.exists() ? Status::precondition_failed : Status::not_found), 0};
    }
    const sim::Tags tags = state_deletion_tags(value_.state);
    if (!s3_.promises.strong_reads) value_.older_state = value_.state;
    value_.state = {};
    return {status_only(Status::no_content), tags};
  }

  sim::Effect<S3::Response> operator()(const S3::ListWorkspaces&) {
    const bool listed = (second_ ? value_.older_state : value_.state).exists();
    return {{Status::ok, {}, {}, static_cast<std::uint16_t>(listed)}, 0};
  }

 private:
  [[nodiscard]] Status missing() const {
    return s3_.promises.missing_key_is_403 ? Status::forbidden : Status::not_found;
  }
  [[nodiscard]] sim::Tags read_tag() const {
    const bool differs = second_ && value_.older_state != value_.state;
    return differs ? sim::Tags{checkers::kReadsStaleState} : sim::Tags{checkers::kReadsState};
  }

  const S3& s3_;
  S3::Value& value_;
  sim::Who caller_;
  bool second_;  ///< alternative 1: a read is stale, a put of the lock a conflict
};

}  // namespace

unsigned S3::alternatives(const Value& value, const Request& request) const {
  if (const auto* put = std::get_if<PutLock>(&request))
    return put->condition == Condition::if_none_match_any && !value.deleted_by.is_nobody() ? 2 : 1;
  if (promises.strong_reads) return 1;
  const auto stale_possible = [&](Object key) {
    return key == Object::lockfile ? value.older_lock != value.lock : value.older_state != value.state;
  };
  if (const auto* get = std::get_if<GetObject>(&request)) return stale_possible(get->key) ? 2 : 1;
  if (const auto* head = std::get_if<HeadObject>(&request)) return stale_possible(head->key) ? 2 : 1;
  if (std::holds_alternative<ListWorkspaces>(request)) return stale_possible(Object::state) ? 2 : 1;
  return 1;
}

sim::Effect<S3::Response> S3::apply(Value& value, sim::Slot caller, const Request& request,
                                    unsigned alternative) const {
  return std::visit(Transition(*this, value, sim::Who::process(caller), alternative), request);
}

S3::Response S3::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return status_only(Status::forbidden);
  return status_only(kind == sim::Refusal::throttled ? Status::slow_down : Status::server_error);
}

sim::SlotSet S3::holders(const Value& value) const {
  if (!lock_here) return sim::kEverybody;
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view S3::operation(const Request& request) {
  if (const auto* list = std::get_if<ListWorkspaces>(&request)) return name_of(list->api);
  constexpr auto kNames = sim::text_for_each<Request>(
      {"PutObject", "PutObject", "GetObject", "HeadObject", "DeleteObject", "DeleteObject", "by its API"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
