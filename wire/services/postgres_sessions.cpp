// Sessions of the modelled PostgreSQL: how they begin and end, and which locks they have (4.7.1, 4.7.2).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "wire/services/postgres_server.hpp"

namespace lockstorm::wire {
namespace {

using models::Postgres;

// Lost sessions that the server may still have: the model knows of no more.
constexpr std::size_t kMostLost = 8;

}  // namespace

PostgresServer::Answer PostgresServer::locks() const {
  PgResult result{description_of({SqlCall::Kind::list_locks}).columns};
  for (const auto& [key, lock] : locks_) {
    std::uint32_t holder = 0;  // a session of the pooler
    for (const auto& [number, session] : sessions_) {
      if (sim::Who::process(session.slot) == lock.by.owner) holder = number;
    }
    result.rows.push_back({std::to_string(holder), std::to_string(key)});
  }
  result.tag = "SELECT " + std::to_string(result.rows.size());
  return result;
}

bool PostgresServer::is_over(const Session& session) const {
  const auto known =
      std::ranges::find(value_.connections, sim::Who::process(session.slot), &Postgres::Connections::client);
  return known != value_.connections.end() && known->closed_before > 1;
}

// Which sessions the server has ended by now: none of their locks is left.
void PostgresServer::forget_ended() {
  for (const Postgres::Connections& connections : value_.connections) {
    if (connections.closed_before <= 1) continue;
    std::erase_if(locks_, [&](const auto& one) { return one.second.by.owner == connections.client; });
  }
}

nlohmann::ordered_json PostgresServer::holds() const {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  for (const auto& [name, place] : places_) all[name] = held(place.contents.text_of(place.state), "");
  for (const auto& [key, lock] : locks_) {
    // A row's lock is its place's; any other is that of where its session works.
    std::string place = "database";
    std::string holder = "a session of the pooler";
    std::string pid;
    for (const auto& [number, session] : sessions_) {
      if (sim::Who::process(session.slot) != lock.by.owner) continue;
      holder = session_name(number);
      pid = std::to_string(number);
      if (!session.place.empty()) place = session.place;
    }
    for (const auto& [name, one] : places_) {
      if (one.id == key) place = name;
    }
    all[place]["lock"] = {
        {"ID", holder}, {"Operation", "advisory lock " + std::to_string(key)}, {"Who", holder}};
    if (!pid.empty()) all[place]["lock"]["unlock_with"] = pid;
  }
  return all;
}

std::expected<std::uint32_t, PgError> PostgresServer::begin() {
  std::set<sim::Slot> taken;
  for (const auto& [number, session] : sessions_) taken.insert(session.slot);
  if (taken.size() >= kMostSessions)
    return std::unexpected(PgError{"53300", "sorry, too many clients already", true});
  sim::Slot slot = 0;
  while (taken.contains(slot)) ++slot;
  sessions_[++sessions_so_far_] = {slot};
  return sessions_so_far_;
}

void PostgresServer::end(std::uint32_t session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  model_.process_ended(value_, found->second.slot);
  free_slot(found->second);
  sessions_.erase(found);
}

// Another client may have it; a pooler's sessions keep what they have.
void PostgresServer::free_slot(const Session& session) {
  const sim::Who who = sim::Who::process(session.slot);
  std::erase_if(locks_, [&](const auto& one) { return one.second.by.owner == who; });
  value_.ended.erase(who);
  for (Postgres::Connections& connections : value_.connections) {
    if (connections.client == who) connections = {};
  }
}

void PostgresServer::lose(std::uint32_t session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.is_lost) return;
  if (model_.pooled_sessions > 0) return end(session);
  found->second.is_lost = true;
  model_.connection_lost(value_, found->second.slot);
  const auto lost = [](const auto& one) { return one.second.is_lost; };
  if (static_cast<std::size_t>(std::ranges::count_if(sessions_, lost)) > kMostLost)
    end(std::ranges::find_if(sessions_, lost)->first);
}

}  // namespace lockstorm::wire
