// The settings, and the world that follows from them: what a scenario needs to know.
#pragma once

#include "redis_backend.hpp"
#include "scenarios/data/backend_config.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace mine {

struct RedisConfig final : lockstorm::scenarios::BackendConfig {
  RedisProtocol protocol;
  bool locks_expire = true;

  [[nodiscard]] const lockstorm::scenarios::BackendType& type() const override {
    static constexpr lockstorm::scenarios::BackendType kType{.name = "redis",
                                                             .summary = "a state and a lock in Redis"};
    return kType;
  }
  void read_yaml(lockstorm::scenarios::YamlReader& reader, const YAML::Node& section) override {
    reader.keys(section, {"type", "compares_on_delete", "fenced_put", "locks_expire"});
    reader.flag(section, "compares_on_delete", protocol.compares_on_delete);
    reader.flag(section, "fenced_put", protocol.fenced_put);
    reader.flag(section, "locks_expire", locks_expire);
  }
  [[nodiscard]] std::string summary() const override { return "redis"; }
  // Every setting that changes what is simulated: replay strings depend on it.
  [[nodiscard]] std::string canonical_text() const override {
    return std::string("redis|") + (protocol.compares_on_delete ? "compares|" : "|") +
           (protocol.fenced_put ? "fenced|" : "|") + (locks_expire ? "expires|" : "|");
  }

  void build(const lockstorm::scenarios::Scenario& scenario, lockstorm::scenarios::World& world,
             lockstorm::scenarios::WorldParts& parts) const override {
    Redis server;
    server.locks_expire = locks_expire;
    server.initial_state = lockstorm::scenarios::initial_snapshot(scenario);
    const auto redis = lockstorm::scenarios::add_service(world, server);
    add_applies(scenario, server.initial_state, std::make_shared<const RedisBackend>(protocol, redis), {},
                world, parts);
    parts.stored_state = [redis](const sim::ValuePool& values, const sim::EndState& end) {
      return values.get<Redis::Value>(end.services[redis.index]).state;
    };
  }
};

}  // namespace mine
