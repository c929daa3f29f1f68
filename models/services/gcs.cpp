// Transitions of the two objects; texts are in gcs_text.cpp.
#include "models/services/gcs.hpp"

#include <array>

#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Response = Gcs::Response;
using Status = Gcs::Status;

sim::Effect<Response> answer(Status status, sim::Tags tags = 0) { return {{status, {}, {}, 0, 0}, tags}; }

class Transition {
 public:
  Transition(Gcs::Value& value, sim::Who caller) : value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const Gcs::InsertState& insert) {
    if (insert.condition == Gcs::Condition::if_generation_match && value_.state != insert.generation)
      return answer(Status::precondition_failed);
    const sim::Tags tags = state_write_tags(value_.state, insert.body, caller_);
    value_.state = insert.body;
    return answer(Status::ok, tags);
  }

  sim::Effect<Response> operator()(const Gcs::DeleteState&) {
    if (!value_.state.exists()) return answer(Status::not_found);
    const sim::Tags tags = state_deletion_tags(value_.state);
    value_.state = {};
    return answer(Status::no_content, tags);
  }

  sim::Effect<Response> operator()(const Gcs::InsertLock& insert) {
    if (!holds(insert.match)) return answer(Status::precondition_failed);
    const bool foreign = value_.generation != 0 && value_.lock.id != insert.body.id;
    value_.generations = static_cast<std::uint16_t>(value_.generations % Gcs::kMaxGenerations + 1);
    value_.lock = insert.body;
    value_.generation = value_.generations;
    value_.metageneration = 1;
    return {numbers(), foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }

  // The generation is the lock's id: what is removed under the precondition is what was meant. Who names none
  // means his own.
  sim::Effect<Response> operator()(const Gcs::DeleteLock& remove) {
    if (value_.generation == 0) return answer(Status::not_found);
    if (!holds(remove.match)) return answer(Status::precondition_failed);
    const bool foreign = remove.match.generation == Gcs::Match::kAny && value_.lock.id.owner != caller_;
    value_.lock = {};
    value_.generation = 0;
    value_.metageneration = 0;
    return answer(Status::no_content, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  sim::Effect<Response> operator()(const Gcs::PatchLock& patch) {
    if (value_.generation == 0) return answer(Status::not_found);
    if (!holds(patch.match)) return answer(Status::precondition_failed);
    ++value_.metageneration;
    return {numbers(), 0};
  }

  sim::Effect<Response> operator()(const Gcs::GetMedia& get) {
    if (get.object == Gcs::Object::lock) {
      if (value_.generation == 0) return answer(Status::not_found);
      return {{Status::ok, {}, value_.lock, 0, 0}, 0};
    }
    if (!value_.state.exists()) return answer(Status::not_found, checkers::kReadsState);
    return {{Status::ok, value_.state, {}, 0, 0}, checkers::kReadsState};
  }

  sim::Effect<Response> operator()(const Gcs::GetAttributes& get) {
    if (get.object == Gcs::Object::state)
      return answer(value_.state.exists() ? Status::ok : Status::not_found);
    if (value_.generation == 0) return answer(Status::not_found);
    return {numbers(), 0};
  }

 private:
  [[nodiscard]] bool holds(const Gcs::Match& match) const {
    return (match.generation == Gcs::Match::kAny || match.generation == value_.generation) &&
           (match.metageneration == Gcs::Match::kAny || match.metageneration == value_.metageneration);
  }
  [[nodiscard]] Response numbers() const {
    return {Status::ok, {}, {}, value_.generation, value_.metageneration};
  }

  Gcs::Value& value_;
  sim::Who caller_;
};

}  // namespace

sim::Effect<Response> Gcs::apply(Value& value, sim::Slot caller, const Request& request) const {
  return std::visit(Transition(value, sim::Who::process(caller)), request);
}

// 4.5.3: about one update a second per object name, else 429.
Response Gcs::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return answer(Status::forbidden).response;
  return answer(kind == sim::Refusal::throttled ? Status::too_many_requests : Status::service_unavailable)
      .response;
}

sim::SlotSet Gcs::holders(const Value& value) const {
  return value.generation == 0 ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view Gcs::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"objects.insert", "objects.delete", "objects.insert", "objects.delete",
                                   "objects.patch", "objects.get", "objects.get"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
