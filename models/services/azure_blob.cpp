// Transitions of the blob; the lease's own are in azure_lease.cpp, texts in azure_blob_text.cpp.
#include "models/services/azure_blob.hpp"

#include <array>
#include <cassert>

#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Condition = AzureBlob::Condition;
using Response = AzureBlob::Response;
using Status = AzureBlob::Status;

Status status_of(AzureError error) {
  switch (error) {
    case AzureError::none:
      return Status::ok;
    case AzureError::blob_not_found:
      return Status::not_found;
    case AzureError::invalid_header_value:
      return Status::bad_request;
    case AzureError::condition_not_met:
    case AzureError::lease_id_missing:
    case AzureError::lease_id_mismatch_with_blob_operation:
    case AzureError::lease_not_present_with_blob_operation:
    case AzureError::lease_lost:
      return Status::precondition_failed;
    case AzureError::authorization_failure:
      return Status::forbidden;
    case AzureError::internal_error:
      return Status::server_error;
    case AzureError::server_busy:
      return Status::server_busy;
    case AzureError::blob_already_exists:
    case AzureError::lease_already_present:
    case AzureError::lease_id_mismatch_with_lease_operation:
    case AzureError::lease_not_present_with_lease_operation:
    case AzureError::lease_is_breaking_and_cannot_be_acquired:
    case AzureError::lease_is_breaking_and_cannot_be_changed:
    case AzureError::lease_is_broken_and_cannot_be_renewed:
      return Status::conflict;
  }
  return Status::server_error;
}

Response failure(AzureError error) {
  Response response;
  response.status = status_of(error);
  response.error = error;
  return response;
}

Response success(Status status) {
  Response response;
  response.status = status;
  return response;
}

class Transition {
 public:
  Transition(const AzureBlob& blob, AzureBlob::Value& value, sim::Who caller)
      : blob_(blob), value_(value), caller_(caller) {}

  // Conditional headers first, then the lease; which of two failures a request is told is not documented.
  sim::Effect<Response> operator()(const AzureBlob::PutBlob& put) {
    if (put.condition == Condition::if_none_match_any && value_.exists != 0)
      return {failure(AzureError::blob_already_exists), 0};
    if (put.condition == Condition::if_match) {
      assert(blob_.keeps_etags);
      if (value_.exists == 0 || value_.etag != put.etag) return {failure(AzureError::condition_not_met), 0};
    }
    if (const AzureError error = lease_error(value_.lease.check_write(put.lease)); error != AzureError::none)
      return {failure(error), 0};
    const sim::Tags tags = tags_of(put);
    value_.exists = 1;
    value_.state = put.body;
    value_.metadata = put.metadata;
    note_write();
    return {with_etag(Status::created), tags};
  }

  sim::Effect<Response> operator()(const AzureBlob::GetBlob& get) {
    if (value_.exists == 0) return {failure(AzureError::blob_not_found), checkers::kReadsState};
    if (const AzureError error = lease_error(value_.lease.check_read(get.lease)); error != AzureError::none)
      return {failure(error), 0};
    Response response = properties();
    response.state = value_.state;
    return {response, checkers::kReadsState};
  }

  sim::Effect<Response> operator()(const AzureBlob::GetProperties& get) {
    if (const AzureError error = readable(get.lease); error != AzureError::none) return {failure(error), 0};
    return {properties(), 0};
  }

  sim::Effect<Response> operator()(const AzureBlob::SetMetadata& set) {
    if (value_.exists == 0) return {failure(AzureError::blob_not_found), 0};
    if (const AzureError error = lease_error(value_.lease.check_write(set.lease)); error != AzureError::none)
      return {failure(error), 0};
    value_.metadata = set.metadata;
    note_write();
    return {with_etag(Status::ok), 0};
  }

  sim::Effect<Response> operator()(const AzureBlob::SnapshotBlob& snapshot) {
    const AzureError error = readable(snapshot.lease);
    return {error == AzureError::none ? success(Status::created) : failure(error), 0};
  }

  sim::Effect<Response> operator()(const AzureBlob::DeleteBlob& remove) {
    if (value_.exists == 0) return {failure(AzureError::blob_not_found), 0};
    if (const AzureError error = lease_error(value_.lease.check_write(remove.lease));
        error != AzureError::none)
      return {failure(error), 0};
    const sim::Tags tags = state_deletion_tags(value_.state);
    const std::uint16_t etag = value_.etag;
    value_ = {};
    value_.etag = etag;  // a blob of that name never gets an old ETag again
    return {success(Status::accepted), tags};
  }

  sim::Effect<Response> operator()(const AzureBlob::AcquireLease& acquire) {
    return on_lease(Status::created,
                    [&] { return value_.lease.acquire(acquire.proposed, acquire.duration_s); });
  }
  sim::Effect<Response> operator()(const AzureBlob::RenewLease& renew) {
    return on_lease(Status::ok, [&] { return value_.lease.renew(renew.lease); });
  }
  sim::Effect<Response> operator()(const AzureBlob::ChangeLease& change) {
    return on_lease(Status::ok, [&] { return value_.lease.change(change.lease, change.proposed); });
  }
  sim::Effect<Response> operator()(const AzureBlob::ReleaseLease& release) {
    return on_lease(Status::ok, [&] { return value_.lease.release(release.lease); });
  }
  sim::Effect<Response> operator()(const AzureBlob::BreakLease& request) {
    auto effect = on_lease(Status::accepted, [&] { return value_.lease.break_lease(request.period_s); });
    if (effect.response.error == AzureError::none) effect.response.lease_time_s = value_.lease.left_s;
    return effect;
  }

 private:
  // An empty body is no state file: it removes one, or changes none.
  [[nodiscard]] sim::Tags tags_of(const AzureBlob::PutBlob& put) const {
    if (put.body.exists()) return state_write_tags(value_.state, put.body, caller_);
    return state_deletion_tags(value_.state);
  }

  [[nodiscard]] AzureError lease_error(AzureError error) const {
    const bool vague = error == AzureError::lease_lost && !blob_.promises.names_lost_leases;
    return vague ? AzureError::lease_not_present_with_blob_operation : error;
  }

  [[nodiscard]] AzureError readable(const LockId& lease) const {
    if (value_.exists == 0) return AzureError::blob_not_found;
    return lease_error(value_.lease.check_read(lease));
  }

  template <class Operation>
  sim::Effect<Response> on_lease(Status done, Operation&& operation) {
    if (value_.exists == 0) return {failure(AzureError::blob_not_found), 0};
    const AzureError error = operation();
    return {error == AzureError::none ? with_etag(done) : failure(error), 0};
  }

  [[nodiscard]] Response properties() const {
    Response response = with_etag(Status::ok);
    response.metadata = value_.metadata;
    response.lease_state = value_.lease.state;
    return response;
  }

  [[nodiscard]] Response with_etag(Status status) const {
    Response response = success(status);
    response.etag = value_.etag;
    return response;
  }

  void note_write() {
    value_.lease.note_write();
    if (blob_.keeps_etags) ++value_.etag;
  }

  const AzureBlob& blob_;
  AzureBlob::Value& value_;
  sim::Who caller_;
};

}  // namespace

AzureBlob::Value AzureBlob::initial() const {
  Value value;
  value.state = initial_state;
  value.exists = initial_state.exists() ? 1 : 0;
  return value;
}

sim::Effect<Response> AzureBlob::apply(Value& value, sim::Slot caller, const Request& request) const {
  return std::visit(Transition(*this, value, sim::Who::process(caller)), request);
}

Response AzureBlob::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return failure(AzureError::authorization_failure);
  return failure(kind == sim::Refusal::throttled ? AzureError::server_busy : AzureError::internal_error);
}

sim::SlotSet AzureBlob::holders(const Value& value) const {
  return value.lease.is_locked() ? sim::only(value.lease.id.owner) : sim::SlotSet{0};
}

std::string_view AzureBlob::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>(
      {"Put Blob", "Get Blob", "Get Blob Properties", "Set Blob Metadata", "Snapshot Blob", "Delete Blob",
       "Acquire Lease", "Renew Lease", "Change Lease", "Release Lease", "Break Lease"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
