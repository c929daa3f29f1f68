// Mixed scenarios: how they are read, and what their clients share.
#include "scenarios/world/fleets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "scenarios/backends/s3.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/printers.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using models::Command;
using testing::ElementsAre;
using testing::HasSubstr;

std::expected<Scenario, InputError> read_clients(
    const std::string& client, const std::string& backend = "{type: s3, use_lockfile: true}") {
  return parse_scenario("backend: " + backend + "\nclient: " + client + "\n", "s.yaml", "s");
}

Scenario accepted(const std::string& client, const std::string& backend = "{type: s3, use_lockfile: true}") {
  const auto scenario = read_clients(client, backend);
  EXPECT_TRUE(scenario) << scenario.error().render();
  return scenario ? *scenario : Scenario{};
}

TEST(ReadClients, OneMappingIsOneFleet) {
  const Scenario scenario = accepted("{tool: opentofu, count: 3, command: [plan -out, apply PLANFILE]}");
  EXPECT_TRUE(scenario.fleets.empty());
  EXPECT_EQ(scenario.clients(), 3U);
  EXPECT_THAT(scenario.client.commands, ElementsAre(Command::plan_out, Command::apply_plan));
  EXPECT_FALSE(is_plain(scenario));
  EXPECT_TRUE(is_plain(accepted("{command: apply}")));
}

TEST(ReadClients, FleetsChangeTheBackendBlock) {
  const Scenario scenario = accepted(
      "[{tool: terraform, count: 2, dynamodb_table: locks, use_lockfile: false}, {tool: opentofu, command: "
      "plan, lock: false}]");
  ASSERT_EQ(scenario.fleets.size(), 2U);
  EXPECT_EQ(scenario.clients(), 3U);
  EXPECT_TRUE(scenario.fleets[0].backend.as<S3Config>()->dynamodb_table);
  EXPECT_FALSE(scenario.fleets[0].backend.as<S3Config>()->use_lockfile);
  EXPECT_TRUE(scenario.fleets[1].backend.as<S3Config>()->use_lockfile);
  EXPECT_FALSE(scenario.fleets[1].client.lock);
  EXPECT_EQ(scenario.client.count, 2U) << "the first fleet stands for the scenario";
  EXPECT_TRUE(scenario.backend.as<S3Config>()->dynamodb_table);
}

// Simulated clients share one state whatever their blocks say, so other places are refused.
TEST(ReadClients, FleetsNameOneState) {
  const auto error = [](const std::string& client, const std::string& backend) {
    const auto scenario = read_clients(client, backend);
    return scenario ? std::string("none") : scenario.error().render();
  };
  EXPECT_THAT(
      error("[{count: 1}, {workspace: green}]", "{type: s3, workspace: blue}"),
      HasSubstr("s.yaml:2:34: error: the fleets do not share one state: workspace is 'green' here and "
                "'blue' for the first fleet"));
  EXPECT_THAT(error("[{count: 1}, {workspace: green}]", "{type: s3}"),
              HasSubstr("and 'default' for the first"));
  EXPECT_THAT(error("[{key: a}, {key: b}]", "{type: s3}"), HasSubstr("s.yaml:2:26: error"));
  EXPECT_THAT(error("[{key: a}, {count: 1}]", "{type: s3}"), HasSubstr("s.yaml:2:16: error"));
  EXPECT_THAT(error("[{path: a}, {path: b}]", "{type: consul}"), HasSubstr("do not share one state"));
  EXPECT_THAT(error("[{schema_name: a}, {schema_name: b}]", "{type: pg}"),
              HasSubstr("do not share one state"));
  EXPECT_THAT(error("[{lock_address: 'http://a'}, {lock_address: 'http://b'}]", "{type: http}"),
              HasSubstr("do not share one lock"));
  EXPECT_THAT(error("[{count: 1}, {type: gcs}]", "{type: s3}"), HasSubstr("a fleet on the backend 'gcs'"));
  EXPECT_EQ(error("[{key: a}, {key: a}]", "{type: s3, bucket: b}"), "none");
  EXPECT_EQ(error("[{workspace: default}, {dynamodb_table: true}]", "{type: s3, dynamodb_table: a}"), "none");
  EXPECT_EQ(error("[{dynamodb_table: a}, {dynamodb_table: false, use_lockfile: true}]", "{type: s3}"),
            "none");
}

TEST(ReadClients, FleetsMayNameSeveralTablesOfLocks) {
  const auto tables = [](const std::string& clients) {
    std::vector<int> numbers;
    for (const Fleet& fleet : accepted(clients).fleets) numbers.push_back(fleet.client.lock_table);
    return numbers;
  };
  EXPECT_THAT(tables("[{dynamodb_table: a}, {dynamodb_table: b}, {dynamodb_table: a}]"),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(tables("[{dynamodb_table: true}, {dynamodb_table: b}]"), ElementsAre(0, 0))
      << "only one is named";
  EXPECT_THAT(tables("[{dynamodb_table: false}, {dynamodb_table: b}]"), ElementsAre(0, 0));
  // Tables of separate states are no concern of each other's.
  EXPECT_THAT(tables("[{key: x, dynamodb_table: a}, {key: z, dynamodb_table: b, reads: x}]"),
              ElementsAre(0, 0));
  const Scenario two = accepted("[{dynamodb_table: a}, {dynamodb_table: b}]");
  EXPECT_NE(fingerprint(two), fingerprint(accepted("[{dynamodb_table: a}, {dynamodb_table: a}]")));
  EXPECT_EQ(build_world(two)->backends.size(), 2U) << "whoever looks afterwards looks in both";
}

TEST(ReadClients, AFleetKeepsThePromisesOfTheStore) {
  const auto scenario = parse_scenario(
      "backend: {type: s3}\nclient: [{use_lockfile: true}]\nstore: {strong_reads: false}\n", "s.yaml", "s");
  ASSERT_TRUE(scenario);
  EXPECT_FALSE(scenario->fleets[0].backend.as<S3Config>()->store.strong_reads);
}

struct Refused {
  std::string client;
  std::string problem;
  unsigned column = 0;
  std::string backend = "{type: s3, use_lockfile: true}";
};

TEST(ReadClients, WhatMakesNoSenseIsRefused) {
  const std::vector<Refused> cases{
      {"{command: aply}", "unknown command 'aply'", 19},
      {"[{command: apply}, {comand: plan}]", "unknown key 'comand'", 29},
      {"[{use_lockfile: maybe}]", "use_lockfile is 'maybe'", 25},
      {"{use_lockfile: true}", "unknown key 'use_lockfile'", 10},
      {"[]", "1 to 4 fleets", 9},
      {"[{count: 80}, {count: 41}]", "too many clients", 9},
      {"{command: state push}", "'state push' has nothing to push"},
      {"{command: workspace delete}", "'workspace delete' needs a named workspace"},
      {"{command: workspace new}", "'workspace new' needs a named workspace", 0, "{type: local}"},
      {"{command: init -migrate-state}", "nowhere to go"},
      {"{migrate_to: {type: local}}", "migrate_to without a migration"},
      {"{command: [plan, init -migrate-state], migrate_to: {type: local}}", "comes first"},
      {"{command: init -migrate-state, migrate_to: {type: lock-table}}", "nothing migrates to lock-table"},
      {"{command: init -migrate-state, migrate_to: {type: cloud}}", "refuse to migrate from remote to cloud",
       0, "{type: remote}"},
      {"{command: init -migrate-state, migrate_to: {type: local}}", "refuse to migrate from cloud to local",
       0, "{type: cloud}"},
      {"{command: apply, migrated: true}", "nobody migrates"},
      {"{command: plan}", "lock-table clients only apply", 0, "{type: lock-table}"},
      {"[{count: 1}, {count: 1}]", "lock-table clients are all alike", 0, "{type: lock-table}"},
      {"{command: [plan, plan, plan, plan, plan]}", "1 to 4 commands", 19},
      {"{count: 17}", "too many processes with a memory", 0, "{type: inmem}"},
      {"{count: 49}", "too many sessions", 0, "{type: consul}"},
      {"{count: 25, command: [plan, apply]}", "too many sessions", 0, "{type: consul}"},
      {"{count: 6}", "too many clients for large states", 0, "{type: consul, large_states: true}"},
      {"{count: 17}\ninitial_state: empty", "too many clients for a directory", 0, "{type: local}"},
      {"{count: 20}\nfaults: {lose_response: 7, lose_request: 7, crash: 1}", "may lose their connections", 0,
       "{type: pg}"},
  };
  for (const Refused& refused : cases) {
    SCOPED_TRACE(refused.client);
    const auto scenario = read_clients(refused.client, refused.backend);
    ASSERT_FALSE(scenario);
    EXPECT_THAT(scenario.error().problem, HasSubstr(refused.problem));
    EXPECT_EQ(scenario.error().where.line, refused.problem == "may lose their connections" ? 3U : 2U);
    EXPECT_TRUE(refused.column == 0 || scenario.error().where.column == refused.column)
        << scenario.error().where.column;
  }
}

TEST(Fleets, ShareTheServersTheyBothUse) {
  const Scenario scenario =
      accepted("[{dynamodb_table: locks, use_lockfile: false}, {command: plan, count: 2}]");
  const auto world = build_world(scenario);
  std::vector<std::string_view> services;
  for (const auto& service : world->spec.services) services.push_back(service->name());
  EXPECT_THAT(services, ElementsAre("s3", "dynamodb", "cloud"));
  const sim::SpecNames names(world->spec);
  EXPECT_EQ(names.slot_name(0), "client-1");
  EXPECT_EQ(names.slot_name(2), "client-3");
  EXPECT_EQ(world->backends.size(), 2U);
}

TEST(Fleets, OfOneKindLookAtTheStateOnce) {
  EXPECT_EQ(build_world(accepted("[{count: 2}, {command: plan}]"))->backends.size(), 1U);
}

TEST(Fleets, AMigrationGoesToServersOfItsOwn) {
  const auto services_of = [](const std::string& target) {
    const auto world =
        build_world(accepted("{count: 1, command: init -migrate-state, migrate_to: " + target + "}"));
    return std::ranges::count_if(world->spec.services,
                                 [](const auto& service) { return service->name() == "s3"; });
  };
  EXPECT_EQ(services_of("{type: s3, bucket: new}"), 2);
  EXPECT_EQ(services_of("{dynamodb_table: locks, use_lockfile: false}"), 1) << "the same state";
}

// What one of the two clients remembers is nothing to the other.
TEST(Fleets, AMigrationKeepsBothClientsMemoriesApart) {
  const std::string target = "{command: init -migrate-state, migrate_to: ";
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"{type: consul}", "{type: remote}"},
           {"{type: remote}", "{type: consul}"},
           {"{type: local}",
            "{type: http, lock_address: https://s.example/l, unlock_address: https://s.example/l}"},
           {"{type: consul}", "{type: local}"}}) {
    SCOPED_TRACE(from + " to " + to);
    const auto result = verify(accepted(target + to + ", count: 1}", from), {.explain = false});
    for (const auto& [property, verdict] : result.properties)
      EXPECT_EQ(verdict, Verdict::held) << checkers::property_name(property);
  }
}

// What befalls the one place does not befall the other.
TEST(Fleets, AMigrationHasBystandersAtBothPlaces) {
  const auto classes_of = [](const std::string& backend, const std::string& target) {
    const auto world = build_world(
        accepted("{count: 1, command: init -migrate-state, migrate_to: " + target + "}", backend));
    std::vector<std::string> names;
    for (const sim::ProcessClass& one : world->spec.classes) names.push_back(one.name);
    return names;
  };
  EXPECT_THAT(classes_of("{type: consul, session_losses: 1}", "{type: consul, session_losses: 1}"),
              ElementsAre("client", "agent (new)", "agent"));
  EXPECT_THAT(classes_of("{type: pg}", "{type: pg, neighbours: 1}"),
              ElementsAre("client", "neighbour (new)"));
}

// Whose lock counts: each client's own, and none for one that has none.
TEST(Fleets, HoldTheLockTheyAskFor) {
  const auto verdict = [](const std::string& client, const std::string& backend) {
    return verify(accepted(client, backend), {.explain = false}).properties.at(Property::exclusive_effects);
  };
  EXPECT_EQ(verdict("[{dynamodb_table: t}, {use_lockfile: true}]", "{type: s3}"), Verdict::held);
  EXPECT_EQ(verdict("[{dynamodb_table: t}, {use_lockfile: false}]", "{type: s3}"), Verdict::violated);
}

TEST(Fingerprint, TellsCommandsAndFleetsApart) {
  const auto print = [](const std::string& client) { return fingerprint(accepted(client)); };
  EXPECT_EQ(print("{count: 2}"), print("{count: 2, command: apply, lock: true}"));
  const std::vector<std::uint64_t> prints{
      print("{count: 2}"),
      print("{count: 2, lock: false}"),
      print("{count: 2, command: plan}"),
      print("{count: 2, command: [plan, apply]}"),
      print("[{}, {command: plan}]"),
      print("[{command: plan}, {}]"),
      print("[{command: plan}, {use_lockfile: false}]"),
  };
  EXPECT_EQ(std::set(prints.begin(), prints.end()).size(), prints.size());
}

// A uniform scenario written as a list of one fleet is the same world.
TEST(Fleets, AListOfOneIsTheSameWorld) {
  const VerifyResult uniform = verify(accepted("{count: 2}"), {.explain = false});
  const VerifyResult listed = verify(accepted("[{count: 2}]"), {.explain = false});
  EXPECT_EQ(uniform.explored.states, listed.explored.states);
  EXPECT_EQ(uniform.properties, listed.properties);
}

}  // namespace
}  // namespace lockstorm::scenarios
