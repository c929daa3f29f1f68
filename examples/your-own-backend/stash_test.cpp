// A lease of one's own in fifty lines: the server and the client are the library's, and what is said here is
// what this scheme does otherwise.
#include <gtest/gtest.h>

#include "models/backends/lease_client.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/world_parts.hpp"

namespace {

using lockstorm::checkers::Property;
using lockstorm::models::LeaseClient;
using lockstorm::models::LeaseOptions;
using lockstorm::models::LeaseStore;
using lockstorm::scenarios::Scenario;
using lockstorm::scenarios::Verdict;

struct StashConfig final : lockstorm::scenarios::BackendConfig {
  bool fenced = false;

  [[nodiscard]] const lockstorm::scenarios::BackendType& type() const override {
    static constexpr lockstorm::scenarios::BackendType kType{.name = "stash", .summary = "our lease"};
    return kType;
  }
  void read_yaml(lockstorm::scenarios::YamlReader& reader, const YAML::Node& section) override {
    reader.keys(section, {"type", "fenced"});
    reader.flag(section, "fenced", fenced);
  }
  [[nodiscard]] std::string summary() const override { return "stash"; }
  [[nodiscard]] std::string canonical_text() const override { return fenced ? "stash|fenced|" : "stash|"; }

  void build(const Scenario& scenario, lockstorm::scenarios::World& world,
             lockstorm::scenarios::WorldParts& parts) const override {
    const LeaseStore server{.lease_ticks = 2, .initial_state = initial_snapshot(scenario)};
    const auto store = lockstorm::scenarios::add_service(world, server);
    LeaseOptions protocol{.lease_ticks = 2};
    if (!fenced) protocol.write_compares = LeaseOptions::Compare::nothing;
    const auto client = std::make_shared<const LeaseClient>(protocol, store, parts.memory);
    add_applies(scenario, server.initial_state, client, {}, world, parts);
    parts.client_body = LeaseClient::with_renewer(client, std::move(parts.client_body));
    parts.stored_state = [store](const auto& values, const auto& end) {
      return values.template get<LeaseStore::Value>(end.services[store.index]).state;
    };
  }
};

Verdict no_lost_update_when_a_job_freezes(bool fenced) {
  StashConfig stash;
  stash.fenced = fenced;
  Scenario scenario;
  scenario.backend = stash;
  scenario.time = {.ticks = 4, .urgent = true};
  scenario.faults[lockstorm::sim::Fault::pause] = 1;
  return verify(scenario, {}).properties.at(Property::no_lost_update);
}

TEST(Stash, AFrozenJobWritesOverTheNextOneUnlessItsTokenIsCompared) {
  EXPECT_EQ(no_lost_update_when_a_job_freezes(false), Verdict::violated);
  EXPECT_EQ(no_lost_update_when_a_job_freezes(true), Verdict::held);
}

}  // namespace
