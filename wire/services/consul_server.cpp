#include "wire/services/consul_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>

#include "wire/services/base64.hpp"
#include "wire/services/gunzip.hpp"

namespace lockstorm::wire {
namespace {

using models::Consul;
using ConsulResponse = models::Consul::Response;
using ConsulStatus = models::Consul::Status;
using ConsulWhat = ConsulAsked::What;
using ConsulKind = ConsulKey::Kind;
using std::chrono::milliseconds;

constexpr sim::Slot kWhoever = 0;  // the protocol names nobody

models::LockId session_number(std::uint64_t number) {
  return {sim::Who::process(0), static_cast<std::uint16_t>(number)};
}

ConsulResponse consul_answer(ConsulStatus status) {
  ConsulResponse response;
  response.status = status;
  return response;
}

// An index that is no longer the stored one is that of some other text.
models::StateSnapshot some_other(models::StateSnapshot stored) {
  stored.torn = 1;
  ++stored.write;
  return stored;
}

bool knows(const Consul::Value& value, const models::LockId& id) {
  return std::ranges::any_of(value.sessions,
                             [&](const Consul::Session& s) { return s.exists() && s.id == id; });
}

// Keys may be any bytes, JSON may not.
std::string consul_json(const nlohmann::ordered_json& document) {
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// To the chunks of a large state. [consul/client.go: Put]
bool is_pointer(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  return document.is_object() && document.contains("current-hash");
}

}  // namespace

ConsulServer::ConsulServer(std::function<Time()> clock) : clock_(std::move(clock)) {}

// Carries one request to the model and takes over what it has decided.
struct ConsulServer::Step {
  ConsulServer& server;
  const ConsulAsked& asked;
  Place& place;
  std::optional<unsigned> said = server.said();  ///< how an acquire ends

  ConsulResponse apply(const Consul::Request& request, std::optional<unsigned> said_way = std::nullopt) {
    // Whether the lock-delay is over: the model's first way for a request to end, and its last.
    const bool waits_for_delay = place.value.delayed != 0 && server.clock_() < place.delayed_until;
    const unsigned ways = server.model_.alternatives(place.value, request);
    const unsigned by_clock = waits_for_delay ? ways - 1 : 0;
    const unsigned way = std::min(said_way.value_or(by_clock), ways - 1);
    return server.model_.apply(place.value, kWhoever, request, way).response;
  }

  ConsulResponse operator()(const Consul::CreateSession&) { return consul_answer(ConsulStatus::ok); }
  ConsulResponse operator()(const Consul::DestroySession&) { return consul_answer(ConsulStatus::ok); }
  ConsulResponse operator()(const Consul::ListWorkspaces&) { return consul_answer(ConsulStatus::ok); }
  ConsulResponse operator()(const Consul::FailHealthCheck&) { return consul_answer(ConsulStatus::no); }

  // What is free has a key all the same, once somebody has held it.
  ConsulResponse stored() const {
    return consul_answer(server.pairs_.find(asked.key) != nullptr ? ConsulStatus::ok
                                                                  : ConsulStatus::not_found);
  }
  ConsulResponse operator()(const Consul::GetLock&) const { return stored(); }
  ConsulResponse operator()(const Consul::WatchLock&) const { return stored(); }
  ConsulResponse operator()(const Consul::GetInfo&) { return apply(Consul::GetInfo{}); }
  ConsulResponse operator()(const Consul::GetState&) { return apply(Consul::GetState{}); }
  // A chunk is a plain key; the model has two of them for as many as there are.
  ConsulResponse operator()(const Consul::GetChunk&) const { return stored(); }
  ConsulResponse operator()(const Consul::PutChunk&) {
    server.pairs_.write(asked, true);
    return consul_answer(ConsulStatus::ok);
  }
  ConsulResponse operator()(const Consul::DeleteChunks&) {
    server.pairs_.remove(asked.key);
    return consul_answer(ConsulStatus::ok);
  }

  ConsulResponse operator()(const Consul::Acquire&) {
    const auto session = server.sessions_.find(asked.session);
    if (session == server.sessions_.end()) return apply(Consul::Acquire{session_number(0)});
    const models::LockId id = session->second.id;
    const bool held_before = place.value.holder == id;
    const std::string before = server.session_named(place.value.holder);
    if (!knows(place.value, id)) apply(Consul::CreateSession{id});
    const ConsulResponse response = apply(Consul::Acquire{id}, said);
    if (response.status != ConsulStatus::ok) {
      apply(Consul::DestroySession{id});  // of no further interest to this lock
      return response;
    }
    if (!before.empty() && !held_before) server.end_session(before);  // it had expired
    server.pairs_.write(asked, !held_before);
    if (!held_before) server.pairs_.lock(asked.key);
    return response;
  }
  ConsulResponse operator()(const Consul::Release&) {
    const auto session = server.sessions_.find(asked.session);
    const models::LockId id = session == server.sessions_.end() ? session_number(0) : session->second.id;
    const ConsulResponse response = apply(Consul::Release{id});
    if (response.status == ConsulStatus::ok) server.pairs_.write(asked, true);
    return response;
  }
  ConsulResponse operator()(const Consul::DeleteLock&) {
    if (asked.cas && !index_is(*asked.cas)) return consul_answer(ConsulStatus::no);
    const ConsulResponse response = apply(Consul::DeleteLock{place.value.holder});
    server.pairs_.remove(asked.key);
    return response;
  }
  ConsulResponse operator()(const Consul::PutInfo&) {
    models::LockInfo info = place.contents.lock(asked.text);
    if (info.empty()) info.id = session_number(0);  // no lock info, but stored all the same
    const ConsulResponse response = apply(Consul::PutInfo{info});
    place.contents.keep_lock(info);
    server.pairs_.write(asked, false);
    return response;
  }
  ConsulResponse operator()(const Consul::DeleteInfo&) {
    const ConsulResponse response = apply(Consul::DeleteInfo{place.value.info.id});
    server.pairs_.remove(asked.key);
    return response;
  }
  ConsulResponse operator()(const Consul::WriteState&) {
    Consul::WriteState write{place.contents.state(asked.text), {}, Consul::Verb::set, 0};
    if (asked.cas) {
      write.verb = Consul::Verb::cas;
      if (*asked.cas != 0)
        write.index = index_is(*asked.cas) ? place.value.state : some_other(place.value.state);
    }
    write.pointer = is_pointer(asked.text) ? 1 : 0;
    server.model_.large_states = asked.text.size() > kConsulLargestValue;
    const ConsulResponse response = apply(write);
    place.contents.keep_state(place.value.state);
    if (response.status == ConsulStatus::ok) server.pairs_.write(asked, false);
    return response;
  }
  ConsulResponse operator()(const Consul::DeleteState&) {
    const ConsulResponse response = apply(Consul::DeleteState{});
    place.contents.keep_state(place.value.state);
    server.pairs_.remove(asked.key);
    return response;
  }

 private:
  [[nodiscard]] bool index_is(std::uint64_t index) const {
    return index == server.pairs_.modify_index(asked.key);
  }
};

// Its locks are free, and within the lock-delay if it has held any (4.4.4).
void ConsulServer::end_session(const std::string& session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  const Session ended = found->second;
  sessions_.erase(found);
  for (auto& [state, place] : places_) {
    const bool held_it = place.value.holder == ended.id;
    (void)model_.apply(place.value, kWhoever, Consul::DestroySession{ended.id}, 0);
    if (!held_it) continue;
    place.delayed_until = clock_() + ended.lock_delay;
    pairs_.touch(state + "/.lock");
  }
}

std::string ConsulServer::session_named(const models::LockId& id) const {
  if (id.empty()) return "";
  for (const auto& [name, session] : sessions_) {
    if (session.id == id) return name;
  }
  return "";
}

std::string ConsulServer::holder_of(const std::string& state) const {
  const auto place = places_.find(state);
  return place == places_.end() ? "" : session_named(place->second.value.holder);
}

void ConsulServer::falls_silent(const std::string& lock_id) {
  const auto found = sessions_.find(lock_id);
  if (found == sessions_.end()) return;
  for (auto& [state, place] : places_) {
    for (Consul::Session& session : place.value.sessions) {
      if (session.id == found->second.id) session.in_doubt = 1;
    }
    place.value.normalise();
  }
}

std::uint64_t ConsulServer::index_of(const ConsulAsked& asked) const {
  return pairs_.index_of(asked.key, asked.what == ConsulWhat::list);
}

HttpAnswer ConsulServer::shown(const ConsulAsked& asked, std::string body) const {
  HttpAnswer answer{200, {{"Content-Type", "application/json"}}, std::move(body)};
  if (asked.what == ConsulWhat::get || asked.what == ConsulWhat::list)
    answer.headers.insert({{"X-Consul-Index", std::to_string(index_of(asked))},
                           {"X-Consul-Knownleader", "true"},
                           {"X-Consul-Lastcontact", "0"}});
  return answer;
}

nlohmann::ordered_json ConsulServer::shown(const std::string& key, bool with_value) const {
  const ConsulPair& pair = *pairs_.find(key);
  nlohmann::ordered_json one{{"LockIndex", pair.lock_index}, {"Key", key}, {"Flags", pair.flags}};
  one["Value"] =
      with_value && !pair.text.empty() ? nlohmann::ordered_json(encode_base64(pair.text)) : nullptr;
  const ConsulKey place = consul_key(key);
  if (const std::string holder = holder_of(place.state); place.kind == ConsulKind::lock && !holder.empty())
    one["Session"] = holder;
  one["CreateIndex"] = pair.create_index;
  one["ModifyIndex"] = pair.modify_index;
  return one;
}

HttpAnswer ConsulServer::listed(const ConsulAsked& asked) const {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  if (asked.keys) all = pairs_.folders_below(asked.key, asked.separator);
  if (!asked.keys)
    for (const std::string& key : pairs_.keys_below(asked.key)) all.push_back(shown(key, true));
  HttpAnswer answer = shown(asked, all.empty() ? "" : consul_json(all));
  if (all.empty()) answer.status = 404;
  return answer;
}

// developer.hashicorp.com/consul/api-docs/session
HttpAnswer ConsulServer::about_session(const ConsulAsked& asked) {
  if (asked.what == ConsulWhat::create_session) {
    const std::uint64_t number = sessions_so_far_++ % 0xFFFE + 1;
    const std::string id = fmt::format("5e551000-0000-4000-8000-{:012x}", sessions_so_far_);
    sessions_[id] = {session_number(number), asked.name, asked.ttl,
                     asked.lock_delay,       clock_(),   pairs_.next_index()};
    return shown(asked, consul_json({{"ID", id}}));
  }
  if (asked.what == ConsulWhat::destroy_session) {
    end_session(asked.session);
    return shown(asked, "true");
  }
  const auto found = sessions_.find(asked.session);
  if (found == sessions_.end() && asked.what == ConsulWhat::renew_session)
    return {404, {{"Content-Type", "text/plain"}}, fmt::format("Session id '{}' not found", asked.session)};
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  if (found != sessions_.end()) {
    Session& session = found->second;
    if (asked.what == ConsulWhat::renew_session) session.renewed = clock_();
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(session.lock_delay).count();
    entries.push_back({{"ID", found->first},
                       {"Name", session.name},
                       {"Node", "lockstorm"},
                       {"LockDelay", nanoseconds},
                       {"Behavior", "release"},
                       {"TTL", fmt::format("{}ms", session.ttl.count())},
                       {"NodeChecks", {"serfHealth"}},
                       {"ServiceChecks", nullptr},
                       {"CreateIndex", session.index},
                       {"ModifyIndex", session.index}});
  }
  return shown(asked, consul_json(entries));
}

std::expected<RequestName, std::string> ConsulServer::name(const HttpRequest& request) const {
  const auto asked = parse_consul(request);
  if (!asked) return std::unexpected(asked.error().body);
  const auto meant = consul_request(*asked);
  if (!meant) {
    const char* const verb = asked->what == ConsulWhat::renew_session ? "session renew" : "session info";
    // What is renewed stays as it is.
    return RequestName{verb, "session", "", asked->session, std::nullopt, false};
  }
  RequestName name{std::string(Consul::operation(*meant)), std::string(Consul::about(*meant).object),
                   consul_key(asked->key).state, asked->session};
  if (std::holds_alternative<Consul::PutInfo>(*meant)) {
    if (const auto said = parse_lock_text(asked->text)) name.lock_id = said->id;
  }
  if (std::holds_alternative<Consul::WriteState>(*meant))
    name.state = parse_state_text(plain_text(asked->text));
  if (is_clean_up(*asked)) name.changes = false;
  return name;
}

unsigned ConsulServer::model_status(const HttpRequest& request, const HttpAnswer& answer) const {
  const auto asked = parse_consul(request);
  const bool is_lock =
      asked && asked->what == ConsulWhat::get && consul_key(asked->key).kind == ConsulKey::Kind::lock;
  if (!is_lock || answer.status != 200) return answer.status;
  const auto pairs = nlohmann::ordered_json::parse(answer.body, nullptr, false);
  const bool is_held =
      pairs.is_array() && !pairs.empty() && pairs[0].is_object() && pairs[0].contains("Session");
  return is_held ? 200 : 404;
}

// What a client sends after it has let go of a lock, to leave nothing lying about (consul/api's Lock.Destroy,
// and the end of its session). To the model a key that nobody holds is no key, and its clients do not send it
// (models/backends/consul.cpp: release).
bool ConsulServer::is_clean_up(const ConsulAsked& asked) const {
  if (asked.what == ConsulWhat::remove && asked.cas && consul_key(asked.key).kind == ConsulKey::Kind::lock)
    return true;
  if (asked.what != ConsulWhat::destroy_session) return false;
  const auto session = sessions_.find(asked.session);
  return session != sessions_.end() && std::ranges::none_of(places_, [&](const auto& place) {
           return place.second.value.holder == session->second.id;
         });
}

milliseconds ConsulServer::waits(const HttpRequest& request) const {
  const auto asked = parse_consul(request);
  if (!asked || asked->index == 0 || (asked->what != ConsulWhat::get && asked->what != ConsulWhat::list))
    return {};
  const bool some_session_is_over = std::ranges::any_of(
      sessions_ | std::views::values, [&](const Session& session) { return session.is_over(clock_()); });
  return some_session_is_over || index_of(*asked) > asked->index ? milliseconds::zero() : asked->wait;
}

HttpAnswer ConsulServer::handle(const HttpRequest& request) {
  std::vector<std::string> over;
  for (const auto& [id, session] : sessions_)
    if (session.is_over(clock_())) over.push_back(id);
  std::ranges::for_each(over, [&](const std::string& id) { end_session(id); });

  const auto asked = parse_consul(request);
  if (!asked) return asked.error();
  if (asked->key.empty() && asked->what != ConsulWhat::list) return about_session(*asked);
  if (asked->what == ConsulWhat::list) return listed(*asked);
  const ConsulResponse response =
      std::visit(Step{*this, *asked, places_[consul_key(asked->key).state]}, *consul_request(*asked));
  if (asked->what == ConsulWhat::transaction) {
    if (response.status == ConsulStatus::no) {
      const std::string why = fmt::format("failed to set key \"{}\", index is stale", asked->key);
      return {409,
              {{"Content-Type", "application/json"}},
              consul_json({{"Results", nullptr}, {"Errors", {{{"OpIndex", 0}, {"What", why}}}}})};
    }
    if (response.status != ConsulStatus::ok) return consul_error(response, *asked);
    const auto stored = shown(asked->key, false);
    return shown(*asked, consul_json({{"Results", {{{"KV", stored}}}}, {"Errors", nullptr}}));
  }
  if (asked->what == ConsulWhat::get && response.status != ConsulStatus::ok) {
    HttpAnswer answer = shown(*asked, "");
    answer.status = 404;
    return answer;
  }
  if (asked->what == ConsulWhat::get) {
    if (asked->raw) return shown(*asked, pairs_.find(asked->key)->text);
    return shown(*asked, consul_json(nlohmann::ordered_json::array({shown(asked->key, true)})));
  }
  if (response.status == ConsulStatus::ok || response.status == ConsulStatus::no)
    return shown(*asked, response.status == ConsulStatus::ok ? "true" : "false");
  return consul_error(response, *asked);
}

HttpAnswer ConsulServer::refuse(const HttpRequest& request, sim::Refusal kind) const {
  return consul_error(Consul::refuse({}, kind), parse_consul(request).value_or(ConsulAsked{}));
}

// Of a state in chunks, what they say together.
std::string ConsulServer::stored_state(const std::string& state) const {
  const ConsulPair* const pair = pairs_.find(state);
  if (pair == nullptr) return "";
  const auto pointer = nlohmann::json::parse(pair->text, nullptr, false);
  if (!pointer.is_object() || !pointer.contains("chunks")) return plain_text(pair->text);
  std::string text;
  for (const auto& chunk : pointer["chunks"]) {
    const ConsulPair* const found = chunk.is_string() ? pairs_.find(chunk.get<std::string>()) : nullptr;
    if (found != nullptr) text += found->text;
  }
  return plain_text(text);
}

nlohmann::ordered_json ConsulServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [state, place] : places_) {
    const std::string holder = holder_of(state);
    const ConsulPair* const info = pairs_.find(state + "/.lockinfo");
    nlohmann::ordered_json one =
        held(stored_state(state), holder.empty() || info == nullptr ? "" : info->text);
    if (!holder.empty()) one["lock"]["ID"] = holder;
    if (!one.empty()) states[state] = std::move(one);
  }
  return states;
}

}  // namespace lockstorm::wire
