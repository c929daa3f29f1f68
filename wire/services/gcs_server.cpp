#include "wire/services/gcs_server.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using models::Gcs;
using GcsWhat = GcsAsked::What;

constexpr sim::Slot kAnybody = 0;  // the protocol names nobody

// The sentence in an answer of the API.
std::string message_of(const HttpAnswer& answer) {
  const auto document = nlohmann::json::parse(answer.body, nullptr, false);
  return document.is_object() ? document.at("error").at("message").get<std::string>() : answer.body;
}

}  // namespace

std::expected<RequestName, std::string> GcsServer::name(const HttpRequest& request) const {
  const auto asked = parse_gcs(request);
  if (!asked) return std::unexpected(message_of(asked.error()));
  if (asked->what == GcsWhat::list) return RequestName{"objects.list", "", asked->bucket, ""};
  Contents unused;
  const Gcs::Request meant = gcs_request(*asked, {}, 0, unused);
  RequestName name{std::string(Gcs::operation(meant)), std::string(Gcs::about(meant).object), asked->place(),
                   ""};
  // Whoever inserts a lock learns its id from the answer.
  if (asked->is_lock() && asked->generation && *asked->generation != 0)
    name.lock_id = std::to_string(*asked->generation);
  if (std::holds_alternative<Gcs::InsertState>(meant)) name.state = parse_state_text(asked->text);
  return name;
}

HttpAnswer GcsServer::handle(const HttpRequest& request) {
  const auto asked = parse_gcs(request);
  if (!asked) return asked.error();
  if (asked->what == GcsWhat::list) return gcs_listing(*asked, objects_in(asked->bucket));
  Place& place = places_[asked->place()];
  place.bucket = asked->bucket;
  (asked->is_lock() ? place.lock_name : place.state_name) = asked->object;
  const Gcs::Request meant =
      gcs_request(*asked, place.value.state, object_of(place, false).generation, place.contents);
  const auto effect = model_.apply(place.value, kAnybody, meant);
  place.contents.keep_state(place.value.state);
  place.contents.keep_lock(place.value.lock);
  if (asked->what == GcsWhat::insert && effect.response.status == Gcs::Status::ok) {
    if (asked->is_lock()) place.lock_text = asked->text;
    if (!asked->is_lock()) ++place.state_generations;
  }
  return encode(*asked, effect.response, object_of(place, asked->is_lock()));
}

HttpAnswer GcsServer::refuse(const HttpRequest& request, sim::Refusal kind) const {
  const auto asked = parse_gcs(request).value_or(GcsAsked{});
  return encode(asked, Gcs::refuse({}, kind), {});
}

GcsObject GcsServer::object_of(const Place& place, bool of_lock) {
  GcsObject object{place.bucket, of_lock ? place.lock_name : place.state_name, "", 0, 1};
  if (of_lock && place.value.generation != 0) {
    object.text = place.lock_text;
    object.generation = gcs_generation(place.value.generation);
    object.metageneration = place.value.metageneration;
  }
  if (!of_lock && place.value.state.exists()) {
    object.text = place.contents.text_of(place.value.state);
    object.generation = gcs_generation(place.state_generations);
  }
  return object;
}

std::vector<GcsObject> GcsServer::objects_in(const std::string& bucket) const {
  std::vector<GcsObject> objects;
  for (const auto& [name, place] : places_) {
    if (place.bucket != bucket) continue;
    for (const bool of_lock : {true, false}) {
      GcsObject object = object_of(place, of_lock);
      if (object.generation != 0) objects.push_back(std::move(object));
    }
  }
  std::ranges::sort(objects, {}, &GcsObject::name);
  return objects;
}

nlohmann::ordered_json GcsServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [name, place] : places_) {
    const GcsObject lock = object_of(place, true);
    nlohmann::ordered_json one = held(object_of(place, false).text, lock.text);
    if (lock.generation != 0) one["lock"]["ID"] = std::to_string(lock.generation);
    if (!one.empty()) states[name] = std::move(one);
  }
  return states;
}

}  // namespace lockstorm::wire
