// Transitions of the tag; texts are in tencent_tag_text.cpp.
#include "models/services/tencent_tag.hpp"

#include "sim/one_for_each.hpp"

#include <array>

namespace lockstorm::models {

sim::Effect<TencentTag::Response> TencentTag::apply(Value& value, sim::Slot, const Request& request) const {
  const bool exists = value.exists != 0;
  if (std::holds_alternative<CreateTag>(request)) {
    value.exists = 1;
    return {{exists ? Status::duplicate : Status::ok, 0}, 0};
  }
  if (std::holds_alternative<DeleteTag>(request)) {
    value.exists = 0;
    return {{exists ? Status::ok : Status::not_found, 0}, 0};
  }
  return {{Status::ok, value.exists, 1}, 0};
}

TencentTag::Response TencentTag::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return {Status::unauthorized_operation, 0};
  return {kind == sim::Refusal::throttled ? Status::request_limit_exceeded : Status::internal_error, 0};
}

std::string_view TencentTag::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({"CreateTag", "DescribeTags", "DeleteTag"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
