#include "wire/confirm/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "wire/confirm/last_words.hpp"
#include "wire/confirm/tool_commands.hpp"
#include "wire/net/pg_exchange.hpp"

namespace lockstorm::wire::confirm {
namespace {

using Clock = std::chrono::steady_clock;
using Failure = std::unexpected<std::string>;

constexpr std::chrono::seconds kLongestSetUp{30};
constexpr std::chrono::seconds kLongestEnd{60};

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

// As an administrator does from psql, on a session of its own.
void terminate_backend(const Upstream& upstream, const std::string& session) {
  const auto own = upstream.sessions->begin();
  if (!own) return;
  if (const auto request = request_of({*own, "SELECT pg_terminate_backend(" + session + ")"}))
    (void)upstream.handle(*request, 0);
  upstream.sessions->end(*own);
}

class Stage {
 public:
  Stage(const Performance& performance, std::vector<std::unique_ptr<ModelServer>>& servers)
      : performance_(performance), servers_(servers), gate_(loop_) {
    for (const auto& server : servers_) {
      Upstream upstream = upstream_of(*server);
      if (const auto secured = performance_.secured.find(upstream.service);
          secured != performance_.secured.end()) {
        if (!tls_) tls_.emplace();
        upstream.tls = &*tls_;
        upstream.hosts = secured->second;
      }
      upstreams_.push_back(std::move(upstream));
    }
  }

  std::expected<Performed, std::string> perform() {
    const auto start = Clock::now();
    if (auto set = set_up(); !set) return Failure(set.error());
    Performed performed;
    performed.set_up = since(start);
    performed.before = holdings();
    std::vector<Player*> players;
    for (std::size_t i = 0; i < performance_.script.actors.size(); ++i) players.push_back(players_[i].get());
    std::set<std::string> services;
    for (const auto& server : servers_) {
      services.emplace(server->service());
      if (!server->second_service().empty()) services.emplace(server->second_service());
    }
    const auto schedule_start = Clock::now();
    Director director(
        loop_, gate_, performance_.script, players, services, [this] { return lock_id(); },
        performance_.options);
    for (const Upstream& upstream : upstreams_) {
      if (upstream.sessions != nullptr)
        director.evict_by([&upstream](const std::string& session) { terminate_backend(upstream, session); });
    }
    performed.direction = director.run();
    performed.schedule = since(schedule_start);
    performed.at_last_step = holdings();
    performed.all_ended = director.let_go(kLongestEnd);
    performed.after = holdings();
    for (Player* const player : players) performed.runs.push_back(player->runs());
    performed.next_job = next_job();
    performed.exchanges = exchanges();
    performed.whole = since(start);
    return performed;
  }

 private:
  // One player more than actors: who comes after all of them.
  std::expected<void, std::string> set_up() {
    if (tls_) std::ofstream(authority_file()) << tls_->authority();
    for (std::size_t i = 0; i <= performance_.roles.size(); ++i) {
      Role role = performance_.roles[std::min(i, performance_.roles.size() - 1)];
      if (i == performance_.roles.size()) role.name = "next job";
      if (auto added = add_player(i, std::move(role)); !added) return added;
      if (auto ran = run(*players_.back(), {"init", "-no-color", "-input=false"}); !ran) return ran;
      if (i > 0 || !performance_.has_state) continue;
      if (apply_first(*players_.back())) continue;
      if (auto ran =
              run(*players_.back(), {"apply", "-no-color", "-input=false", "-auto-approve", "-lock=false"});
          !ran)
        return ran;
    }
    // Some backends create a state by `init`; the run begins without one.
    if (!performance_.has_state) {
      for (const auto& server : servers_) server->clear();
    }
    gate_.forget();
    for (const auto& player : players_) player->forget_runs();
    return {};
  }

  [[nodiscard]] std::filesystem::path authority_file() const { return performance_.directory / "ca.pem"; }

  // On a store whose lock nobody gets, the state comes into being without one.
  bool apply_first(Player& player) {
    return run(player, {"apply", "-no-color", "-input=false", "-auto-approve"}).has_value();
  }

  std::expected<void, std::string> add_player(std::size_t actor, Role role) {
    Player::Places places{
        performance_.tool, performance_.directory / fmt::format("{}", actor + 1), {}, 0, {}};
    std::error_code error;
    std::filesystem::create_directory(places.directory, error);
    if (error) return Failure(places.directory.string() + ": " + error.message());
    for (const Upstream& upstream : upstreams_) {
      const auto port = gate_.open(actor, upstream);
      if (!port) return Failure(port.error());
      places.ports[upstream.service] = *port;
    }
    const auto port = gate_.open(actor, provider());
    if (!port) return Failure(port.error());
    places.provider_port = *port;
    if (tls_) places.authority = authority_file();
    players_.push_back(std::make_unique<Player>(std::move(role), std::move(places)));
    return {};
  }

  std::expected<void, std::string> run(Player& player, const std::vector<std::string>& arguments) {
    if (auto started = player.start(arguments); !started) return started;
    const bool ended = loop_.run_until(
        [&] {
          gate_.answer_patient();
          return player.is_idle();
        },
        kLongestSetUp);
    const ToolRun& last = player.runs().back();
    if (ended && last.status == 0) return {};
    if (!ended)
      return Failure(fmt::format("`{}` has not ended within {} s", last.command, kLongestSetUp.count()));
    return Failure(fmt::format("`{}` has failed: {}", last.command, last_words(last.printed)));
  }

  ToolRun next_job() {
    Player& player = *players_.back();
    (void)run(player, {"plan", "-no-color", "-input=false"});
    if (!player.is_idle()) player.process()->signal_group(9);
    return player.runs().back();
  }

  std::vector<Recorded> exchanges() {
    std::vector<Recorded> all;
    for (const Held& held : gate_.all()) {
      if (held.upstream->service == kProvider) continue;
      Recorded one;
      one.number = all.size() + 1;
      one.actor = players_[held.actor]->role().name;
      one.service = held.service();
      one.request = held.request;
      if (held.name) {
        one.operation = held.name->operation;
        one.object = held.name->object;
        one.changes = held.name->changes;
      }
      one.has_effect = held.has_effect;
      one.answer = held.answer;
      if (held.answer) one.model_status = held.upstream->model_status(held.request, *held.answer);
      one.fate = held.fate;
      all.push_back(std::move(one));
    }
    return all;
  }

  Holdings holdings() {
    Holdings holdings;
    for (const auto& server : servers_) {
      const nlohmann::ordered_json holds = server->holds();
      for (const auto& [place, held] : holds.items())
        holdings.push_back({std::string(server->service()), place, state_text(held), lock_text(held)});
    }
    return holdings;
  }

  std::string state_text(const nlohmann::ordered_json& held) {
    if (!held.contains("state")) return "";
    const auto serial = held["state"].value("serial", std::uint64_t{0});
    const std::string lineage = held["state"].value("lineage", "");
    return fmt::format("serial {} by {}", serial, writer_of(serial, lineage));
  }

  // Who has sent it: the last write of that serial that took effect.
  std::string writer_of(std::uint64_t serial, const std::string& lineage) {
    std::string writer = "an earlier run";
    std::chrono::steady_clock::time_point last{};
    for (const Held& held : gate_.all()) {
      const bool is_it = held.has_effect && held.name && held.name->state &&
                         held.name->state->serial == serial && held.name->state->lineage == lineage;
      if (!is_it || held.took_effect < last) continue;
      last = held.took_effect;
      writer = players_[held.actor]->role().name;
    }
    return writer;
  }

  std::string lock_text(const nlohmann::ordered_json& held) {
    if (!held.contains("lock")) return "";
    const std::string id = held["lock"].value("ID", "");
    std::string owner = "somebody";
    for (const Held& one : gate_.all()) {
      const bool is_its = one.name && one.name->lock_id == id && one.has_effect;
      if (is_its && owner == "somebody") owner = players_[one.actor]->role().name;
    }
    return fmt::format("{}'s, {}", owner, held["lock"].value("Operation", ""));
  }

  std::string lock_id() const {
    for (const auto& server : servers_) {
      const nlohmann::ordered_json holds = server->holds();
      for (const auto& [place, held] : holds.items()) {
        if (!held.contains("lock")) continue;
        return held["lock"].value("unlock_with", held["lock"].value("ID", ""));
      }
    }
    return "";
  }

  const Performance& performance_;
  std::vector<std::unique_ptr<ModelServer>>& servers_;
  Loop loop_;
  std::optional<Tls> tls_;
  Gate gate_;
  std::vector<Upstream> upstreams_;
  std::vector<std::unique_ptr<Player>> players_;
};

}  // namespace

std::expected<Performed, std::string> perform(const Performance& performance,
                                              std::vector<std::unique_ptr<ModelServer>>& servers) {
  return Stage(performance, servers).perform();
}

}  // namespace lockstorm::wire::confirm
