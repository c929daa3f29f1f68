// Transitions of the two objects; texts are in oracle_objects_text.cpp.
#include "models/services/oracle_objects.hpp"

#include <algorithm>
#include <array>

#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Condition = OracleObjects::Condition;
using Response = OracleObjects::Response;
using Status = OracleObjects::Status;

sim::Effect<Response> answer(Status status, sim::Tags tags = 0) {
  Response response;
  response.status = status;
  return {response, tags};
}

Status check_put(Condition condition, bool exists, bool matches) {
  const bool refused = (condition == Condition::if_none_match_any && exists) ||
                       (condition == Condition::if_match && (!exists || !matches));
  return refused ? Status::precondition_failed : Status::ok;
}

class Transition {
 public:
  Transition(OracleObjects::Value& value, sim::Who caller) : value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const OracleObjects::PutState& put) {
    const Status status = check_put(put.condition, value_.state.exists(), value_.state == put.match);
    if (status != Status::ok) return answer(status);
    return store(put.body);
  }

  sim::Effect<Response> operator()(const OracleObjects::CreateUpload& create) {
    auto place = std::ranges::find(value_.uploads, caller_, &OracleObjects::Upload::by);
    if (place == value_.uploads.end())
      place = std::ranges::find(value_.uploads, sim::Who::nobody(), &OracleObjects::Upload::by);
    if (place == value_.uploads.end()) no_room("uploads");
    *place = {caller_, create.body};
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const OracleObjects::UploadPart&) { return answer(Status::ok); }

  sim::Effect<Response> operator()(const OracleObjects::CommitUpload& commit) {
    const auto place = std::ranges::find(value_.uploads, OracleObjects::Upload{caller_, commit.body});
    if (place == value_.uploads.end()) return answer(Status::not_found);
    *place = {};
    return store(commit.body);
  }

  sim::Effect<Response> operator()(const OracleObjects::PutLock& put) {
    const bool exists = !value_.lock.empty();
    const Status status = check_put(put.condition, exists, false);
    if (status != Status::ok) return answer(status);
    const bool foreign = exists && value_.lock.id != put.body.id;
    value_.lock = put.body;
    count(value_.lock_writes);
    return answer(Status::ok, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  // "It is not there" tells a client all there is to know of the state.
  sim::Effect<Response> operator()(const OracleObjects::HeadState&) {
    if (!value_.state.exists()) return answer(Status::not_found, checkers::kReadsState);
    sim::Effect<Response> effect = answer(Status::ok);
    effect.response.etag = state_etag();
    return effect;
  }

  sim::Effect<Response> operator()(const OracleObjects::GetState& get) {
    if (!value_.state.exists()) return answer(Status::not_found, checkers::kReadsState);
    if (get.if_match != 0 && get.if_match != state_etag()) return answer(Status::precondition_failed);
    sim::Effect<Response> effect = answer(Status::ok, checkers::kReadsState);
    effect.response.state = value_.state;
    return effect;
  }

  sim::Effect<Response> operator()(const OracleObjects::GetLock&) {
    if (value_.lock.empty()) return answer(Status::not_found);
    sim::Effect<Response> effect = answer(Status::ok);
    effect.response.lock = value_.lock;
    effect.response.etag = value_.lock_writes;
    return effect;
  }

  sim::Effect<Response> operator()(const OracleObjects::DeleteObject& remove) {
    const bool is_lock = remove.object == OracleObjects::Object::lock;
    const bool exists = is_lock ? !value_.lock.empty() : value_.state.exists();
    if (!exists) return answer(Status::not_found);
    const std::uint16_t etag = is_lock ? value_.lock_writes : state_etag();
    if (remove.if_match != 0 && remove.if_match != etag) return answer(Status::precondition_failed);
    if (!is_lock) {
      const sim::Tags tags = state_deletion_tags(value_.state);
      value_.state = {};
      return answer(Status::no_content, tags);
    }
    const bool foreign = value_.lock.id != remove.intended;
    value_.lock = {};
    return answer(Status::no_content, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  sim::Effect<Response> operator()(const OracleObjects::ListWorkspaces&) {
    sim::Effect<Response> effect = answer(Status::ok);
    effect.response.state_listed = value_.state.exists() ? 1 : 0;
    return effect;
  }

  sim::Effect<Response> operator()(const OracleObjects::ListVersions&) {
    sim::Effect<Response> effect = answer(Status::ok);
    effect.response.state_listed = value_.state.exists() ? 1 : 0;
    effect.response.lock_listed = value_.lock.empty() ? 0 : 1;
    return effect;
  }

 private:
  sim::Effect<Response> store(const StateSnapshot& body) {
    const sim::Tags tags = state_write_tags(value_.state, body, caller_);
    value_.state = body;
    count(value_.state_writes);
    return answer(Status::ok, tags);
  }
  static void count(std::uint16_t& writes) {
    writes = static_cast<std::uint16_t>(writes % OracleObjects::kMaxEtag + 1);
  }
  // What stood there before the first step has a tag as well, which no write of a run has.
  [[nodiscard]] std::uint16_t state_etag() const {
    return value_.state_writes == 0 ? OracleObjects::kMaxEtag + 1 : value_.state_writes;
  }

  OracleObjects::Value& value_;
  sim::Who caller_;
};

}  // namespace

void OracleObjects::Value::normalise() { std::ranges::sort(uploads, std::ranges::greater{}); }

sim::Effect<Response> OracleObjects::apply(Value& value, sim::Slot caller, const Request& request) const {
  return std::visit(Transition(value, sim::Who::process(caller)), request);
}

Response OracleObjects::refuse(const Request&, sim::Refusal kind) {
  // NotAuthorizedOrNotFound: who may not is told what everybody is told of what is not there.
  if (kind == sim::Refusal::forbidden) return answer(Status::not_found).response;
  return answer(kind == sim::Refusal::throttled ? Status::too_many_requests : Status::internal_server_error)
      .response;
}

sim::SlotSet OracleObjects::holders(const Value& value) const {
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view OracleObjects::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({
      "PutObject",
      "PutObject",
      "HeadObject",
      "GetObject",
      "GetObject",
      "DeleteObject",
      "ListObjects",
      "ListObjectVersions",
      "CreateMultipartUpload",
      "UploadPart",
      "CommitMultipartUpload",
  });
  return kNames[request.index()];
}

}  // namespace lockstorm::models
