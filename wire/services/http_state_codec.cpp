#include "wire/services/http_state_codec.hpp"

#include <fmt/format.h>

namespace lockstorm::wire {
namespace {

using models::HttpState;

constexpr std::string_view kLock = "/lock";

bool is_lock_path(const HttpRequest& request) {
  return request.path.ends_with(kLock) && request.path.size() > kLock.size();
}

}  // namespace

bool deletes_state(const HttpRequest& request) {
  return request.method == "DELETE" && !is_lock_path(request);
}

std::string state_path(const HttpRequest& request) {
  return is_lock_path(request) ? request.path.substr(0, request.path.size() - kLock.size()) : request.path;
}

std::expected<HttpStateRequest, std::string> decode(const HttpRequest& request, Contents& contents) {
  const std::string& method = request.method;
  const bool of_lock = is_lock_path(request);
  const std::string state = state_path(request);
  if (method == "LOCK" || (of_lock && method == "POST")) {
    const models::LockInfo info = contents.lock(request.body);
    if (info.empty())
      return std::unexpected("a lock request whose body is no lock info: JSON with an \"ID\"");
    return HttpStateRequest{state, HttpState::Lock{info}};
  }
  if (method == "UNLOCK" || (of_lock && method == "DELETE")) {
    const auto said = parse_lock_text(request.body);
    if (!said && !request.body.empty())
      return std::unexpected("an unlock request whose body is no lock info: JSON with an \"ID\", or nothing");
    const models::LockId id = said ? contents.lock_id(said->id) : models::LockId{};
    return HttpStateRequest{state, HttpState::Unlock{id, id}};
  }
  if (method == "GET") return HttpStateRequest{state, HttpState::GetState{}};
  if (method == "POST" || method == "PUT") {
    const auto id = request.query.find("ID");
    const models::LockId lock = id == request.query.end() ? models::LockId{} : contents.lock_id(id->second);
    return HttpStateRequest{state, HttpState::PostState{contents.state(request.body), lock}};
  }
  return std::unexpected(fmt::format(
      "{} is no method of a state server: GET, POST, PUT, LOCK, UNLOCK, or POST and DELETE of .../lock",
      method));
}

HttpAnswer encode(const HttpState::Response& response, const Contents& contents) {
  HttpAnswer answer;
  answer.status = static_cast<unsigned>(response.status);
  if (response.state.exists()) {
    answer.headers["Content-Type"] = "application/json";
    answer.body = contents.text_of(response.state);
  } else if (response.readable != 0) {
    answer.headers["Content-Type"] = "application/json";
    answer.body = response.lock.empty() ? "{}" : contents.text_of(response.lock);
  }
  return answer;
}

}  // namespace lockstorm::wire
