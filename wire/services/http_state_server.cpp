#include "wire/services/http_state_server.hpp"

#include <nlohmann/json.hpp>

#include "wire/services/http_state_codec.hpp"

namespace lockstorm::wire {
namespace {

using models::HttpState;

constexpr sim::Slot kAnyClient = 0;  // the protocol names nobody

// The id that a request brings along, wherever it has it.
std::string lock_id_of(const HttpRequest& request) {
  if (const auto said = parse_lock_text(request.body)) return said->id;
  const auto id = request.query.find("ID");
  return id == request.query.end() ? "" : id->second;
}

}  // namespace

std::expected<RequestName, std::string> HttpStateServer::name(const HttpRequest& request) const {
  if (deletes_state(request)) return RequestName{"DELETE", "state", state_path(request), ""};
  Contents unused;
  const auto asked = decode(request, unused);
  if (!asked) return std::unexpected(asked.error());
  RequestName name{std::string(HttpState::operation(asked->request)),
                   std::string(HttpState::about(asked->request).object), asked->state, lock_id_of(request)};
  if (std::holds_alternative<HttpState::PostState>(asked->request))
    name.state = parse_state_text(request.body);
  return name;
}

HttpAnswer HttpStateServer::handle(const HttpRequest& request) {
  if (deletes_state(request)) return {places_.erase(state_path(request)) > 0 ? 200U : 404U};
  Place& place = places_[state_path(request)];
  const auto asked = decode(request, place.contents);
  if (!asked) return {501, {{"Content-Type", "text/plain"}}, asked.error() + "\n"};
  const auto effect = model_.apply(place.value, kAnyClient, asked->request, chosen());
  place.contents.keep_state(place.value.state);
  place.contents.keep_lock(place.value.lock);
  return encode(effect.response, place.contents);
}

HttpAnswer HttpStateServer::refuse(const HttpRequest& request, sim::Refusal kind) const {
  Contents unused;
  const auto asked = decode(request, unused);
  return encode(HttpState::refuse(asked ? asked->request : HttpState::Request{}, kind), unused);
}

nlohmann::ordered_json HttpStateServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [path, place] : places_)
    states[path] = held(place.contents.text_of(place.value.state), place.contents.text_of(place.value.lock));
  return states;
}

}  // namespace lockstorm::wire
