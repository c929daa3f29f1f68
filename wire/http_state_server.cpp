#include "wire/http_state_server.hpp"

#include <nlohmann/json.hpp>

#include "wire/http_state_codec.hpp"

namespace lockstorm::wire {
namespace {

constexpr sim::Slot kAnyClient = 0;  // the protocol names nobody

}  // namespace

HttpAnswer HttpStateServer::handle(const HttpRequest& request) {
  if (request.path == "/") return told();
  Place& place = places_[state_path(request)];
  const auto asked = decode(request, place.contents);
  if (!asked) return {501, {{"Content-Type", "text/plain"}}, asked.error() + "\n"};
  // The first alternative of a server that drops locks by itself: it has not yet.
  const auto effect = model_.apply(place.value, kAnyClient, asked->request, 0);
  place.contents.keep_state(place.value.state);
  place.contents.keep_lock(place.value.lock);
  return encode(effect.response, place.contents);
}

HttpAnswer HttpStateServer::told() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [path, place] : places_) {
    nlohmann::ordered_json& one = states[path] = nlohmann::ordered_json::object();
    if (const auto state = parse_state_text(place.contents.text_of(place.value.state)))
      one["state"] = {{"lineage", state->lineage}, {"serial", state->serial}};
    if (const auto lock = parse_lock_text(place.contents.text_of(place.value.lock)))
      one["lock"] = {{"ID", lock->id}, {"Operation", lock->operation}, {"Who", lock->who}};
  }
  const nlohmann::ordered_json document{{"service", "http"}, {"states", std::move(states)}};
  using Handler = nlohmann::ordered_json::error_handler_t;
  return {200, {{"Content-Type", "application/json"}}, document.dump(2, ' ', false, Handler::replace) + "\n"};
}

}  // namespace lockstorm::wire
