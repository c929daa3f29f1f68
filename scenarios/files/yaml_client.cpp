#include "scenarios/files/yaml_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/data/read_number.hpp"

namespace lockstorm::scenarios {
namespace {

// Keys that are the client's own; all others of a fleet are arguments of its backend block.
const std::vector<std::string_view> kClientKeys{"tool",
                                                "count",
                                                "command",
                                                "lock_timeout",
                                                "resources",
                                                "runs",
                                                "migrate_to",
                                                "lock",
                                                "migrated",
                                                "reads_before_lock",
                                                "runner",
                                                "removes",
                                                "spared",
                                                "lacks",
                                                "loses",
                                                "retries",
                                                "restarts",
                                                "restart_silent",
                                                "leaks_lock",
                                                "ignores_unlock_error",
                                                "refusal_is_final",
                                                "locks_twice",
                                                "saves_empty",
                                                "cleans_up_refused",
                                                "unlock_is_cancelled",
                                                "pull_request",
                                                "shared_directory",
                                                "reads",
                                                "read_lock"};

// More processes than six are for `hunt`: nobody exhausts them.
constexpr unsigned kMostClients = 120;

bool is_client_key(const std::string& key) {
  return std::ranges::find(kClientKeys, key) != kClientKeys.end();
}

void read_command(YamlReader& reader, const YAML::Node& node, std::vector<models::Command>& commands) {
  const std::string name = reader.scalar(node, "a command or a list of commands");
  if (const auto command = models::command_named(name)) {
    commands.push_back(*command);
  } else {
    reader.unknown_name(node, "command", name, models::command_names());
  }
}

void read_commands(YamlReader& reader, const YAML::Node& node, std::vector<models::Command>& commands) {
  constexpr std::size_t kMostCommands = 4;
  if (!node) return;
  commands.clear();
  if (!node.IsSequence()) return read_command(reader, node, commands);
  if (node.size() == 0 || node.size() > kMostCommands)
    reader.fail(node, "a client runs 1 to 4 commands", "command: [plan -out, apply PLANFILE]");
  for (const YAML::Node& item : node) read_command(reader, item, commands);
}

// Numbers of resources, from 1, as a set of addresses.
void read_removes(YamlReader& reader, const YAML::Node& node, std::uint8_t& removes) {
  constexpr std::string_view kExpected = "removes: [2]";
  if (!node) return;
  if (!node.IsSequence()) return reader.fail(node, "removes is not a list", std::string(kExpected));
  for (const YAML::Node& item : node) {
    const std::string text = reader.scalar(item, "the number of a resource");
    unsigned number = 0;
    if (!read_number<unsigned>(text, 1, models::kMaxResources, number))
      return reader.fail(item, fmt::format("'{}' is no number of a resource", text),
                         fmt::format("1 to {}", models::kMaxResources));
    removes = static_cast<std::uint8_t>(removes | 1U << (number - 1U));
  }
}

// Requests as the store's API calls them, or kinds of them.
void read_requests(YamlReader& reader, const YAML::Node& node, std::vector<std::string>& requests) {
  constexpr std::size_t kMost = 8;
  if (!node) return;
  if (!node.IsSequence()) {
    requests.push_back(reader.scalar(node, "a request or a list of requests"));
    return;
  }
  if (node.size() == 0 || node.size() > kMost)
    return reader.fail(node, "a list of 1 to 8 requests", "[DeleteObject]");
  for (const YAML::Node& item : node) requests.push_back(reader.scalar(item, "a request"));
}

// With a type it is another place; without, the same state with other arguments.
std::optional<MigrationTarget> read_target(YamlReader& reader, const YAML::Node& node,
                                           const BackendWith& backend_with, const BackendOf& backend_of) {
  if (!node) return std::nullopt;
  if (!node.IsMap()) {
    reader.fail(node, "migrate_to is not a mapping", "migrate_to: {type: s3, use_lockfile: true}");
    return std::nullopt;
  }
  const bool same_state = !node["type"];
  return MigrationTarget{AnyBackend(same_state ? backend_with(node) : backend_of(node)), same_state};
}

// Bugs of releases.
void read_release(YamlReader& reader, const YAML::Node& node, models::Release& release) {
  auto leaks = static_cast<std::size_t>(release.leaks_lock);
  reader.choice(node,
                {"leaks_lock",
                 "a release whose commands forget to unlock after they have succeeded, failed, or always"},
                models::kLeaksLockNames, leaks);
  release.leaks_lock = static_cast<models::LeaksLock>(leaks);
  reader.flag(
      node,
      {"ignores_unlock_error", "a release whose exit status says nothing of a failed unlock (before 0.14)"},
      release.ignores_unlock_error);
  reader.flag(node,
              {"refusal_is_final",
               "a release to which a refused lock is an error like any other, whatever its -lock-timeout"},
              release.refusal_is_final);
  reader.flag(node,
              {"unlock_is_cancelled",
               "a release whose unlock sends nothing after an interrupt (OpenTofu 1.11, http and s3)"},
              release.unlock_is_cancelled);
  reader.flag(node,
              {"locks_twice", "a release where something inside a command asks for the lock that it has"},
              release.locks_twice);
  reader.flag(node,
              {"saves_empty", "a release whose apply changes nothing and stores a state of nothing (1.1.0)"},
              release.saves_empty);
  reader.flag(node,
              {"cleans_up_refused", "a client that removes the lock after a request for it that was refused"},
              release.cleans_up_refused);
}

ClientSettings read_settings(YamlReader& reader, const YAML::Node& node, const BackendWith& backend_with,
                             const BackendOf& backend_of) {
  static constexpr auto kTools = sim::text_for_each<models::Dialect>({"terraform", "opentofu"});
  static constexpr auto kRunners = sim::text_for_each<Runner>({"persistent", "ephemeral"});
  ClientSettings client;
  auto tool = static_cast<std::size_t>(client.tool);
  reader.choice(node, {"tool", "whose client runs"}, kTools, tool);
  client.tool = static_cast<models::Dialect>(tool);
  if (!reader.declares({"command", "what each job runs (`lockstorm list commands`)"},
                       "a command, or a list of 1 to 4, one after the other", "apply",
                       "[plan -out, apply PLANFILE]"))
    read_commands(reader, node["command"], client.commands);
  reader.number(node, {"count", "equal jobs at once (1 in a list of fleets that does not say)"}, 1,
                kMostClients, client.count);
  reader.number(node, {"resources", "resources that the configuration has"}, 1, models::kMaxResources,
                client.resources);
  reader.number(node, {"runs", "how many times a job goes through its commands"}, 1, 4, client.runs);
  reader.duration(node, {"lock_timeout", "what jobs pass as -lock-timeout"}, client.lock_timeout);
  reader.flag(node, {"lock", "false: -lock=false"}, client.lock);
  auto runner = static_cast<std::size_t>(client.runner);
  reader.choice(node, {"runner", "what a job runs on: an errored.tfstate stays there, or goes with the job"},
                kRunners, runner);
  client.runner = static_cast<Runner>(runner);
  if (!reader.declares({"removes", "resources that were taken out of the configuration on purpose"},
                       "a list of numbers of resources", "", "[2]"))
    read_removes(reader, node["removes"], client.removes);
  reader.flag(node, {"migrated", "the configuration names already what the others migrate to"},
              client.migrated);
  reader.flag(node, {"reads_before_lock", "Terraform before 0.11.4, which reads before it locks"},
              client.reads_before_lock);
  reader.flag(node, {"spared", "no fault befalls these jobs"}, client.spared);
  if (!reader.declares(
          {"lacks",
           "requests that its credentials do not allow (403), as the store's API calls them, with what "
           "they are about if that matters: PutObject, 'DeleteObject .tflock'; or all that: read, "
           "write, delete, list, lock, unlock"},
          "a request, or a list of 1 to 8", "", "DeleteObject"))
    read_requests(reader, node["lacks"], client.lacks);
  if (!reader.declares({"loses", "requests that the fault credentials_end takes away"},
                       "a request, or a list of 1 to 8", "all", "[PutObject, DeleteObject]"))
    read_requests(reader, node["loses"], client.loses);
  reader.number(node, {"retries", "how many times the pipeline runs the script again when it has failed"}, 0,
                3, client.retries);
  reader.number(node, {"restarts", "how many of these jobs the CI system starts anew when they were killed"},
                0, 2, client.restarts);
  reader.flag(
      node,
      {"restart_silent", "... also when it only hears nothing of their runner (pause), which may live on"},
      client.restarts_silent);
  read_release(reader, node, client.release);
  reader.number(node,
                {"pull_request", "whose jobs they are, where an orchestrator runs them; 0: it does not"}, 0,
                static_cast<std::int64_t>(models::Orchestrator::kPulls), client.pull_request);
  reader.flag(node,
              {"shared_directory",
               "these jobs work in one directory, with those of other fleets that say so: init locks it"},
              client.shares_directory);
  if (!reader.declares(
          {"reads",
           "another state whose outputs go into what these jobs apply (terraform_remote_state), by the "
           "argument that tells it from theirs"},
          "that argument's value", "none", "network.tfstate"))
    client.reads_other_state = static_cast<bool>(node["reads"]);
  auto read_lock = static_cast<std::size_t>(client.read_lock);
  reader.choice(node,
                {"read_lock",
                 "which lock they take of that state: none (from 0.11.2 on), while they read, or until they "
                 "have applied"},
                models::kReadLockNames, read_lock);
  client.read_lock = static_cast<models::ReadLock>(read_lock);
  if (!reader.declares({"migrate_to",
                        "where `init -migrate-state` goes: another backend, or, without a type, the "
                        "same state with other arguments"},
                       "a backend section", "", "{type: s3, use_lockfile: true}"))
    client.migrate_to = read_target(reader, node["migrate_to"], backend_with, backend_of);
  return client;
}

// The keys of a fleet that are not the client's; they keep their places in the file.
YAML::Node overrides_of(const YAML::Node& fleet) {
  YAML::Node overrides(YAML::NodeType::Map);
  for (const auto& entry : fleet) {
    if (!entry.first.IsScalar() || !is_client_key(entry.first.Scalar()))
      overrides.force_insert(entry.first, entry.second);
  }
  return overrides;
}

void read_fleet(YamlReader& reader, const YAML::Node& node, Scenario& scenario,
                const BackendWith& backend_with, const BackendOf& backend_of) {
  if (!node.IsMap())
    return reader.fail(node, "a fleet is not a mapping", "client: [{count: 2}, {command: plan}]");
  Fleet fleet{read_settings(reader, node, backend_with, backend_of),
              AnyBackend(backend_with(overrides_of(node)))};
  if (!node["count"]) fleet.client.count = 1;
  scenario.fleets.push_back(std::move(fleet));
}

}  // namespace

void declare_client(YamlReader& reader) { read_settings(reader, YAML::Node(), {}, {}); }

void read_client(YamlReader& reader, const YAML::Node& section, Scenario& scenario,
                 const BackendWith& backend_with, const BackendOf& backend_of) {
  if (!section.IsSequence()) {
    reader.keys(section, kClientKeys);
    scenario.client = read_settings(reader, section, backend_with, backend_of);
    return;
  }
  constexpr std::size_t kMostFleets = 4;
  if (section.size() == 0 || section.size() > kMostFleets)
    return reader.fail(section, "a scenario has 1 to 4 fleets", "client: [{count: 2}, {command: plan}]");
  for (const YAML::Node& fleet : section) read_fleet(reader, fleet, scenario, backend_with, backend_of);
  if (scenario.fleets.empty()) return;
  scenario.client = scenario.fleets.front().client;
  scenario.backend = scenario.fleets.front().backend;
  if (scenario.clients() > kMostClients)
    reader.fail(section, "too many clients", "120 clients in all fleets together");
}

}  // namespace lockstorm::scenarios
