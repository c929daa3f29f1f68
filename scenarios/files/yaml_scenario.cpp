#include "scenarios/files/yaml_scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <functional>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/files/yaml_client.hpp"
#include "scenarios/files/yaml_fleet_places.hpp"
#include "scenarios/files/yaml_orchestrator.hpp"
#include "scenarios/files/yaml_sections.hpp"
#include "scenarios/world/people.hpp"
#include "scenarios/world/rights.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {
namespace {

// Arguments of some backend that are texts, and change nothing that is simulated.
constexpr std::array<std::string_view, 21> kTextArguments{"address",
                                                          "bucket",
                                                          "config_path",
                                                          "conn_str",
                                                          "container_name",
                                                          "hostname",
                                                          "key",
                                                          "lock_method",
                                                          "namespace",
                                                          "organization",
                                                          "path",
                                                          "prefix",
                                                          "region",
                                                          "schema_name",
                                                          "resource_group_name",
                                                          "secret_suffix",
                                                          "storage_account_name",
                                                          "tablestore_endpoint",
                                                          "unlock_method",
                                                          "update_method",
                                                          "workspace_key_prefix"};

// The backend of the named type with the settings that the section gives it.
std::unique_ptr<BackendConfig> read_backend(YamlReader& reader, const YAML::Node& section) {
  std::vector<std::string_view> names;
  for (const BackendType* type : backend_types()) names.push_back(type->name);
  std::size_t number = 0;
  if (!section["type"])
    reader.fail(section, "backend has no type", fmt::format("type: one of {}", fmt::join(names, ", ")));
  reader.choice(section, "type", names, number);
  std::unique_ptr<BackendConfig> backend = backend_types()[number]->defaults();
  backend->read_yaml(reader, section);
  reader.texts(section, kTextArguments);
  return backend;
}

void check_objection(YamlReader& reader, const YAML::Node& root, const Scenario& scenario) {
  if (const std::optional<Objection> objection = objection_to(scenario)) {
    const YAML::Node section = root[objection->section];
    reader.fail(section ? section : root, objection->problem, objection->expected, objection->hint);
  }
}

// What only the world itself can tell.
void check_world(YamlReader& reader, const YAML::Node& root, const Scenario& scenario) {
  std::optional<Objection> objection = objection_to_people(scenario);
  if (!objection) objection = objection_to_rights(scenario);
  if (!objection) return;
  const YAML::Node section = root[objection->section];
  reader.fail(section ? section : root, objection->problem, objection->expected, objection->hint);
}

// `configuration: audit/...`: everything but what is checked is that of an audit's or the matrix's
// configuration.
void read_named_configuration(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  reader.keys(root, {"configuration", "check", "expect"});
  const std::string name = reader.scalar(root["configuration"], "the name of an audit's configuration");
  std::expected<Scenario, InputError> named = scenario_of_world_name(name);
  if (!named)
    return reader.fail(root["configuration"], named.error().problem, named.error().expected,
                       named.error().hint);
  named->name = std::move(scenario.name);
  named->file = std::move(scenario.file);
  named->description = std::move(scenario.description);
  scenario = std::move(*named);
}

struct RootKey {
  YamlKey key;
  std::string_view values;
  std::string_view standard;
  std::string_view example;
};

constexpr std::string_view kConfiguration = "configuration";

constexpr std::array<RootKey, 13> kRootKeys{{
    {{"backend", "the backend block that all jobs have"}, "a section", "", "{type: s3, use_lockfile: true}"},
    {{"client", "who runs what: equal jobs, or a list of fleets, each with arguments of its backend block"},
     "a section, or a list of 1 to 4",
     "2 jobs that apply",
     "{count: 3, lock_timeout: 5m}"},
    {{"operator", "people who interfere: force-unlock, and what they do to the store by hand"},
     "a section",
     "nobody",
     "{force_unlock: 1, target: dead}"},
    {{"orchestrator", "what runs the plans and applies of pull requests: its locks, its plans, approvals"},
     "a section",
     "nothing does",
     "{type: atlantis, replicas: 2}"},
    {{"store", "promises that the servers keep or break, and events that they bring about"},
     "a section",
     "all promises are kept",
     "{honours_if_none_match: false}"},
    {{"initial_state",
      "what stands there before the first step; {resources: 1}: a state that records so many"},
     "one of empty, existing, or {resources: 0 to 4}",
     "existing",
     "empty"},
    {{"initial_lock",
      "a lock that stands there before the first step, of a job that is gone; nameless: its record names "
      "nobody"},
     "one of none, left, nameless",
     "none",
     "left"},
    {{"lock_sharers",
      "jobs of other states that take this very lock, because its name is not the state's alone"},
     "a whole number from 0 to 2",
     "0",
     "1"},
    {{"time", "a clock, for leases and what ages; or virtual time (model: timed)"},
     "a section",
     "there is none",
     "{ticks: 4, urgent: true}"},
    {{"faults", "how many faults of each kind a run may contain"}, "a section", "none", "{crash: 1}"},
    {{"check", "the properties to check (`lockstorm list properties`)"},
     "a list of properties",
     "all that apply",
     "[mutual-exclusion, no-lost-update]"},
    {{"expect",
      "what `--expect` and ctest assert: verdicts, commands that never succeed, goals that are reached"},
     "a mapping",
     "nothing",
     "{mutual-exclusion: held, never: [apply]}"},
    {{kConfiguration, "in place of all but check and expect: a configuration of an audit or of the matrix"},
     "a name",
     "",
     "audit/terraform/s3+lockfile/jobs=2/crash"},
}};

std::vector<std::string_view> root_keys() {
  std::vector<std::string_view> names;
  for (const RootKey& root : kRootKeys) {
    if (root.key.name != kConfiguration) names.push_back(root.key.name);
  }
  return names;
}

void read_root(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  if (!root.IsMap())
    return reader.fail(root, "a scenario is a mapping", "backend: {type: s3}, client: {...}, ...");
  if (root[std::string(kConfiguration)]) {
    read_named_configuration(reader, root, scenario);
    return read_claims(reader, root, scenario);
  }
  reader.keys(root, root_keys());
  if (!root["backend"]) return reader.fail(root, "the scenario has no backend", "backend: {type: s3, ...}");
  const auto section = [&](const char* key, const std::function<void(const YAML::Node&)>& read) {
    if (!root[key]) return;
    if (!root[key].IsMap())
      return reader.fail(root[key],
                         fmt::format("{} {}", key, root[key].IsNull() ? "has no value" : "is not a mapping"),
                         fmt::format("{}: {{...}}", key));
    read(root[key]);
  };
  std::shared_ptr<BackendConfig> backend;
  section("backend", [&](const YAML::Node& node) { backend = read_backend(reader, node); });
  if (!backend) return;
  const BackendOf backend_of = [&](const YAML::Node& node) { return read_backend(reader, node); };
  const BackendWith backend_with = [&](const YAML::Node& overrides) {
    auto changed = read_backend(reader, root["backend"]);
    if (root["store"]) changed->read_store(reader, root["store"]);
    changed->read_yaml(reader, overrides);
    reader.texts(overrides, kTextArguments);
    return changed;
  };
  const bool mixed = root["client"] && root["client"].IsSequence();
  if (!mixed) {
    section("client", [&](const YAML::Node& node) {
      read_client(reader, node, scenario, backend_with, backend_of);
      read_states(reader, root["backend"], node, scenario);
    });
  }
  section("operator",
          [&](const YAML::Node& node) { read_operator(reader, node, scenario.force_unlock, backend_with); });
  section("orchestrator", [&](const YAML::Node& node) {
    scenario.orchestrator.emplace();
    read_orchestrator(reader, node, *scenario.orchestrator);
  });
  section("store", [&](const YAML::Node& node) { backend->read_store(reader, node); });
  section("time", [&](const YAML::Node& node) { read_time(reader, node, scenario.time, scenario.timed); });
  section("faults", [&](const YAML::Node& node) { read_faults(reader, node, backend.get(), scenario); });
  read_initial(reader, root, scenario);
  read_initial_lock(reader, root, scenario);
  reader.number(root, "lock_sharers", 0, 2, scenario.lock_sharers);
  scenario.backend = AnyBackend(std::move(backend));
  if (mixed) {
    read_client(reader, root["client"], scenario, backend_with, backend_of);
    read_states(reader, root["backend"], root["client"], scenario);
  }
  check_objection(reader, root, scenario);
  if (!reader.error()) check_world(reader, root, scenario);
  read_claims(reader, root, scenario);
}

// The comment lines a file opens with are its description.
std::string leading_comment(std::string_view text) {
  std::string comment;
  while (text.starts_with('#')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(1, end - 1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (!comment.empty() && !line.empty()) comment += ' ';
    comment += line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return comment;
}

}  // namespace

void declare_root(YamlReader& reader) {
  for (const RootKey& root : kRootKeys)
    reader.declares(root.key, std::string(root.values), std::string(root.standard),
                    std::string(root.example));
}

std::expected<Scenario, InputError> parse_scenario(std::string_view text, const std::string& file,
                                                   std::string name) {
  Scenario scenario;
  scenario.name = std::move(name);
  scenario.file = file;
  scenario.description = printable(leading_comment(text));
  const std::string yaml(text);
  YamlStructure structure = examine_yaml(yaml, file);
  if (structure.error) return std::unexpected(*structure.error);
  YamlReader reader(file, std::move(structure.keys_without_value));
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (root.IsNull())
      return std::unexpected(
          InputError{{file, 1, 1}, "the scenario is empty", "backend: {type: s3, ...}", ""});
    read_root(reader, root, scenario);
  } catch (const YAML::Exception& error) {
    const auto line = static_cast<unsigned>(error.mark.line + 1);
    const auto column = static_cast<unsigned>(error.mark.column + 1);
    return std::unexpected(InputError{{file, line, column}, "broken YAML: " + error.msg, "", ""});
  }
  if (reader.error()) return std::unexpected(*reader.error());
  return scenario;
}

std::expected<Scenario, InputError> read_scenario(const std::filesystem::path& file) {
  const auto text = read_input_file(file, kScenarioFile);
  if (!text) return std::unexpected(text.error());
  return parse_scenario(*text, file.string(), printable(file.stem().string()));
}

}  // namespace lockstorm::scenarios
