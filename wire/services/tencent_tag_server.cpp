#include "wire/services/tencent_tag_server.hpp"

#include <nlohmann/json.hpp>

#include "wire/services/tencent_tag_codec.hpp"

namespace lockstorm::wire {
namespace {

using models::TencentTag;

constexpr sim::Slot kTagClient = 0;  // a tag belongs to nobody

std::string tag_of(const TagCall& call) { return call.key + "=" + call.value; }

}  // namespace

std::expected<RequestName, std::string> TencentTagServer::name(const HttpRequest& request) const {
  const auto call = decode_tag(request);
  if (!call) return std::unexpected(call.error().message);
  const bool changes = !std::holds_alternative<TencentTag::DescribeTags>(call->request);
  return RequestName{std::string(TencentTag::operation(call->request)),
                     std::string(TencentTag::about(call->request).object),
                     tag_of(*call),
                     "",
                     std::nullopt,
                     changes};
}

HttpAnswer TencentTagServer::handle(const HttpRequest& request) {
  ++requests_;
  const auto call = decode_tag(request);
  if (!call) return tag_error(call.error(), requests_);
  const auto found = tags_.find(tag_of(*call));
  TencentTag::Value value = found == tags_.end() ? model_.initial() : found->second;
  const auto effect = model_.apply(value, kTagClient, call->request);
  if (value.exists != 0) tags_[tag_of(*call)] = value;
  if (value.exists == 0 && found != tags_.end()) tags_.erase(found);
  return encode(*call, effect.response, requests_);
}

unsigned TencentTagServer::model_status(const HttpRequest& /*request*/, const HttpAnswer& answer) const {
  constexpr unsigned kRefused = 409;
  const auto document = nlohmann::json::parse(answer.body, nullptr, false);
  return document.is_object() && document.contains(nlohmann::json::json_pointer("/Response/Error"))
             ? kRefused
             : answer.status;
}

HttpAnswer TencentTagServer::refuse(const HttpRequest&, sim::Refusal kind) const {
  return encode(TagCall{}, TencentTag::refuse({}, kind), requests_);
}

nlohmann::ordered_json TencentTagServer::holds() const {
  nlohmann::ordered_json tags = nlohmann::ordered_json::object();
  for (const auto& [name, value] : tags_) tags[name] = nlohmann::ordered_json::object_t{{"tag", "exists"}};
  return tags;
}

}  // namespace lockstorm::wire
