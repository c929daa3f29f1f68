#include "wire/services/consul_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using models::Consul;
using ConsulWhat = ConsulAsked::What;
using ConsulKind = ConsulKey::Kind;
using std::chrono::milliseconds;

constexpr std::string_view kSessions = "/v1/session/";
constexpr std::string_view kKeys = "/v1/kv/";
constexpr std::string_view kTransactions = "/v1/txn";
// .../features/blocking: five minutes unless asked for otherwise, ten at most.
constexpr milliseconds kWait{300'000}, kLongestWait{600'000};

HttpAnswer consul_text(unsigned status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}
std::unexpected<HttpAnswer> unknown_to_consul(const std::string& why) {
  return std::unexpected(consul_text(501, why));
}
std::unexpected<HttpAnswer> bad_consul_request(const std::string& why) {
  return std::unexpected(consul_text(400, why));
}

HttpAnswer too_large(std::size_t size, std::string_view setting) {
  return consul_text(413, fmt::format("Request body({} bytes) too large, max size: {} bytes. See "
                                      "https://developer.hashicorp.com/docs/agent/config/config-files#{}.",
                                      size, kConsulLargestValue, setting));
}

// As Go writes durations: "15s", "1000ms", "1m30s". Nothing: it is none.
std::optional<milliseconds> parse_go_duration(std::string_view text) {
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !(number >= 0) || number > 1e9) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view unit = text.substr(0, std::min(text.find_first_of("0123456789."), text.size()));
    const double scale = unit == "ns"   ? 1e-6
                         : unit == "us" ? 1e-3
                         : unit == "ms" ? 1
                         : unit == "s"  ? 1e3
                         : unit == "m"  ? 6e4
                         : unit == "h"  ? 3.6e6
                                        : 0;
    if (scale == 0) return std::nullopt;
    total += number * scale;
    text.remove_prefix(unit.size());
  }
  return milliseconds(static_cast<std::int64_t>(std::min(total, 1e12)));
}

std::optional<std::uint64_t> consul_number(const HttpRequest& request, const char* name) {
  const auto found = request.query.find(name);
  std::uint64_t value = 0;
  if (found == request.query.end()) return std::nullopt;
  const char* const end = found->second.data() + found->second.size();
  return std::from_chars(found->second.data(), end, value).ptr == end ? std::optional(value) : std::nullopt;
}

// A member of that name; Consul's decoder does not care for case.
nlohmann::json consul_member(const nlohmann::json& object, std::string_view name) {
  if (!object.is_object()) return {};
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::equal(
            key, name, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }))
      return value;
  }
  return {};
}

std::expected<ConsulAsked, HttpAnswer> parse_session(const HttpRequest& request, std::string_view rest) {
  ConsulAsked asked;
  const std::size_t slash = rest.find('/');
  const std::string_view verb = rest.substr(0, slash);
  if (slash != std::string_view::npos) asked.session = decoded(rest.substr(slash + 1), false);
  if (verb == "info" && request.method == "GET") {
    asked.what = ConsulWhat::session_info;
    return asked;
  }
  if (request.method != "PUT") return unknown_to_consul("method not known here: " + request.method);
  if (verb == "renew" || verb == "destroy") {
    asked.what = verb == "renew" ? ConsulWhat::renew_session : ConsulWhat::destroy_session;
    if (asked.session.empty()) return bad_consul_request("Missing session");
    return asked;
  }
  if (verb != "create" || !asked.session.empty())
    return unknown_to_consul(
        fmt::format("this server knows session/create, destroy, renew and info, not '{}'", rest));
  asked.what = ConsulWhat::create_session;
  if (request.body.empty()) return asked;
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return bad_consul_request("Request decode failed: the body is no JSON object");
  if (const auto name = consul_member(body, "Name"); name.is_string()) asked.name = name.get<std::string>();
  if (const auto behaviour = consul_member(body, "Behavior");
      behaviour.is_string() && behaviour != "" && behaviour != "release")
    return unknown_to_consul("this server knows sessions that release their locks, and no other Behavior");
  for (const auto& [name, value] : {std::pair{"TTL", &asked.ttl}, {"LockDelay", &asked.lock_delay}}) {
    const auto text = consul_member(body, name);
    if (!text.is_string() || text == "") continue;
    const auto duration = parse_go_duration(text.get<std::string>());
    if (!duration) return bad_consul_request(fmt::format("Request decode failed: {} is no duration", name));
    *value = *duration;
  }
  return asked;
}

std::expected<ConsulAsked, HttpAnswer> parse_key(const HttpRequest& request, std::string_view rest) {
  const auto has = [&](const char* name) { return request.query.contains(name); };
  ConsulAsked asked;
  asked.key = decoded(rest, false);
  asked.recurse = has("recurse");
  asked.keys = has("keys");
  asked.raw = has("raw");
  asked.consistent = has("consistent");
  for (const char* name : {"cas", "flags", "index"}) {
    if (has(name) && !consul_number(request, name))
      return bad_consul_request(fmt::format("Invalid value for {}: a number was expected", name));
  }
  asked.cas = consul_number(request, "cas");
  asked.flags = consul_number(request, "flags").value_or(0);
  asked.index = consul_number(request, "index").value_or(0);
  if (const auto found = request.query.find("separator"); found != request.query.end())
    asked.separator = found->second;
  asked.wait = kWait;
  if (const auto found = request.query.find("wait"); found != request.query.end()) {
    const auto wait = parse_go_duration(found->second);
    if (!wait) return bad_consul_request("Invalid wait time");
    asked.wait = std::min(*wait == milliseconds::zero() ? kWait : *wait, kLongestWait);
  }
  if (request.method == "GET") {
    asked.what = asked.keys || asked.recurse ? ConsulWhat::list : ConsulWhat::get;
    return asked;
  }
  if (asked.key.empty()) return bad_consul_request("Missing key name");
  if (request.method == "DELETE") {
    asked.what = ConsulWhat::remove;
    if (asked.recurse != (consul_key(asked.key).kind == ConsulKind::chunk))
      return unknown_to_consul("this server deletes single keys, and the chunks of a state with ?recurse");
    if (asked.cas && consul_key(asked.key).kind != ConsulKind::lock)
      return unknown_to_consul(
          "this server compares the index of a lock that is deleted, and of no other key");
    return asked;
  }
  if (request.method != "PUT") return unknown_to_consul("method not known here: " + request.method);
  asked.what = ConsulWhat::put;
  asked.text = request.body;
  for (const auto& [name, lock] :
       {std::pair{"acquire", ConsulAsked::Lock::acquire}, {"release", ConsulAsked::Lock::release}}) {
    if (!has(name)) continue;
    if (asked.lock != ConsulAsked::Lock::none || asked.cas)
      return bad_consul_request("Conflicting flags: acquire, release and cas exclude each other");
    asked.lock = lock;
    asked.session = request.query.at(name);
  }
  const bool is_lock = consul_key(asked.key).kind == ConsulKind::lock;
  if (is_lock != (asked.lock != ConsulAsked::Lock::none))
    return unknown_to_consul(
        "this server knows locks at keys that end in '/.lock', which are acquired and released");
  if (asked.cas && consul_key(asked.key).kind != ConsulKind::state)
    return unknown_to_consul("this server compares the index of states that are written");
  if (asked.text.size() > kConsulLargestValue)
    return std::unexpected(too_large(asked.text.size(), "kv_max_value_size"));
  return asked;
}

// Terraform's have one operation, on the state. [consul/client.go: Put]
std::expected<ConsulAsked, HttpAnswer> parse_transaction(const HttpRequest& request) {
  if (request.method != "PUT") return unknown_to_consul("method not known here: " + request.method);
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_array())
    return bad_consul_request("Failed to parse body: an array of operations was expected");
  const auto operation = body.size() == 1 ? consul_member(body[0], "KV") : nlohmann::json();
  const auto key = consul_member(operation, "Key");
  const auto verb = consul_member(operation, "Verb");
  const auto value = consul_member(operation, "Value");
  const auto index = consul_member(operation, "Index");
  ConsulAsked asked;
  asked.what = ConsulWhat::transaction;
  if (key.is_string()) asked.key = key.get<std::string>();
  if ((verb != "set" && verb != "cas") || asked.key.empty() ||
      consul_key(asked.key).kind != ConsulKind::state)
    return unknown_to_consul("this server knows transactions with one operation, a set or cas of a state");
  const auto text =
      value.is_string() ? decode_base64(value.get<std::string>()) : std::optional<std::string>("");
  if (!text) return bad_consul_request("Failed to parse body: the value is no base64");
  asked.text = *text;
  if (verb == "cas") asked.cas = index.is_number_unsigned() ? index.get<std::uint64_t>() : 0;
  if (const auto flags = consul_member(operation, "Flags"); flags.is_number_unsigned())
    asked.flags = flags.get<std::uint64_t>();
  return asked;
}

}  // namespace

ConsulKey consul_key(const std::string& key) {
  constexpr std::string_view kLock = "/.lock", kInfo = "/.lockinfo", kChunks = "/tfstate.";
  const auto before = [&](std::size_t size) { return key.substr(0, key.size() - size); };
  if (key.ends_with(kLock)) return {ConsulKind::lock, before(kLock.size())};
  if (key.ends_with(kInfo)) return {ConsulKind::lock_info, before(kInfo.size())};
  const std::size_t chunks = key.rfind(kChunks);
  if (chunks != std::string::npos) {
    const std::size_t slash = key.find('/', chunks + kChunks.size());
    const std::size_t end = slash == std::string::npos ? key.size() : slash;
    const std::string_view hash =
        std::string_view(key).substr(chunks + kChunks.size(), end - chunks - kChunks.size());
    if (hash.size() == 32 && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos)
      return {ConsulKind::chunk, key.substr(0, chunks)};
  }
  return {ConsulKind::state, key};
}

std::expected<ConsulAsked, HttpAnswer> parse_consul(const HttpRequest& request) {
  const std::string_view path = request.path;
  if (path.starts_with(kSessions)) return parse_session(request, path.substr(kSessions.size()));
  if (path.starts_with(kKeys)) return parse_key(request, path.substr(kKeys.size()));
  if (path == kTransactions) return parse_transaction(request);
  return unknown_to_consul(
      fmt::format("{} {}: this server knows /v1/kv, /v1/txn and /v1/session", request.method, request.path));
}

std::optional<Consul::Request> consul_request(const ConsulAsked& asked) {
  const ConsulKind kind = consul_key(asked.key).kind;
  switch (asked.what) {
    case ConsulWhat::create_session:
      return Consul::CreateSession{};
    case ConsulWhat::destroy_session:
      return Consul::DestroySession{};
    case ConsulWhat::renew_session:
    case ConsulWhat::session_info:
      return std::nullopt;
    case ConsulWhat::list:
      return Consul::ListWorkspaces{};
    case ConsulWhat::get:
      if (kind == ConsulKind::lock && asked.consistent) return Consul::WatchLock{};
      if (kind == ConsulKind::lock) return Consul::GetLock{};
      if (kind == ConsulKind::lock_info) return Consul::GetInfo{};
      if (kind == ConsulKind::chunk) return Consul::GetChunk{};
      return Consul::GetState{};
    case ConsulWhat::put:
      if (asked.lock == ConsulAsked::Lock::acquire) return Consul::Acquire{};
      if (asked.lock == ConsulAsked::Lock::release) return Consul::Release{};
      if (kind == ConsulKind::lock_info) return Consul::PutInfo{};
      if (kind == ConsulKind::chunk) return Consul::PutChunk{};
      return Consul::WriteState{};
    case ConsulWhat::transaction:
      return Consul::WriteState{};
    case ConsulWhat::remove:
      if (kind == ConsulKind::lock) return Consul::DeleteLock{};
      if (kind == ConsulKind::lock_info) return Consul::DeleteInfo{};
      if (kind == ConsulKind::chunk) return Consul::DeleteChunks{};
      return Consul::DeleteState{};
  }
  return std::nullopt;
}

HttpAnswer consul_error(const Consul::Response& response, const ConsulAsked& asked) {
  switch (response.status) {
    case Consul::Status::too_large:
      return asked.what == ConsulWhat::transaction
                 ? consul_text(413, fmt::format("Value for key \"{}\" is too large ({} > {} bytes)",
                                                asked.key, asked.text.size(), kConsulLargestValue))
                 : too_large(asked.text.size(), "kv_max_value_size");
    case Consul::Status::too_many_requests:
      return consul_text(429, "rate limit exceeded, try again later or against a different server");
    case Consul::Status::invalid_session:
      return consul_text(500, fmt::format("invalid session \"{}\"", asked.session));
    case Consul::Status::not_found:
      return consul_text(404, "");
    case Consul::Status::forbidden:
      return consul_text(403, "Permission denied");
    default:
      return consul_text(500, "No cluster leader");
  }
}

}  // namespace lockstorm::wire
