// Terraform's HTTP state protocol: requests of the http backend and what a state server answers
// (backend-protocols.md 3.9; developer.hashicorp.com/terraform/language/backend/http; GitLab's
// lib/api/terraform/state.rb).
#pragma once

#include <expected>
#include <string>

#include "models/services/http_state.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"

namespace lockstorm::wire {

/// What a request asks of which state.
struct HttpStateRequest {
  std::string state;  ///< its path
  models::HttpState::Request request;
};

/// GET, POST (also PUT) of a path is of its state; LOCK and UNLOCK of it, or POST and DELETE of `path/lock`,
/// of its lock. Or why it is none of these: unknown requests are told, never guessed.
std::expected<HttpStateRequest, std::string> decode(const HttpRequest& request, Contents& contents);
/// No request of a job: it takes the state away, lock and all.
bool deletes_state(const HttpRequest& request);
/// Of which state's contents `decode` asks.
std::string state_path(const HttpRequest& request);

/// As GitLab answers: the holder's lock info where a lock is refused, the state as it was written.
HttpAnswer encode(const models::HttpState::Response& response, const Contents& contents);

}  // namespace lockstorm::wire
