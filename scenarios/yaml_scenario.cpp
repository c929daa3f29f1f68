#include "scenarios/yaml_scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <sstream>

#include "scenarios/audit_name.hpp"
#include "scenarios/backends/backend_type.hpp"
#include "scenarios/world.hpp"
#include "scenarios/yaml_client.hpp"
#include "scenarios/yaml_fleet_places.hpp"
#include "scenarios/yaml_reader.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

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
  return backend;
}

void check_objection(YamlReader& reader, const YAML::Node& root, const Scenario& scenario) {
  if (const std::optional<Objection> objection = objection_to(scenario)) {
    const YAML::Node section = root[objection->section];
    reader.fail(section ? section : root, objection->problem, objection->expected, objection->hint);
  }
}

void read_operator(YamlReader& reader, const YAML::Node& node, OperatorSettings& settings) {
  static constexpr std::array<std::string_view, 3> kTargets{"dead", "unresponsive", "any"};
  reader.keys(node, {"force_unlock", "target"});
  reader.number(node, "force_unlock", 0, 2, settings.force_unlock);
  std::size_t target = static_cast<std::size_t>(settings.target);
  reader.choice(node, "target", kTargets, target);
  settings.target = static_cast<models::UnlockTarget>(target);
}

constexpr std::array<std::string_view, 3> kLostConnections{"either", "close", "reset"};

// `lose_response: {count: 1, as: close}`: how the connection ends on which the answer does not come.
void read_lost_response(YamlReader& reader, const YAML::Node& node, const BackendConfig& backend,
                        Scenario& scenario) {
  reader.keys(node, {"count", "as"});
  std::uint8_t& count = scenario.faults[sim::Fault::lose_response];
  count = 1;
  reader.number(node, "count", 0, 7, count);
  auto how = static_cast<std::size_t>(scenario.lost_connection);
  reader.choice(node, "as", kLostConnections, how);
  scenario.lost_connection = static_cast<models::LostConnection>(how);
  if (how != 0 && !backend.tells_close_from_reset())
    reader.fail(node["as"], fmt::format("a {} client does the same after either", backend.type().name),
                "lose_response: 1", "only azurerm's and gcs's tell a closed connection from a reset one");
}

void read_faults(YamlReader& reader, const YAML::Node& node, const BackendConfig& backend,
                 Scenario& scenario) {
  reader.keys(node, {sim::kFaultNames.begin(), sim::kFaultNames.end()});
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    const YAML::Node fault = node[std::string(sim::kFaultNames[kind])];
    if (static_cast<sim::Fault>(kind) == sim::Fault::lose_response && fault && fault.IsMap())
      read_lost_response(reader, fault, backend, scenario);
    else
      reader.number(node, sim::kFaultNames[kind], 0, 7, scenario.faults.count[kind]);
  }
}

std::optional<Property> read_property(YamlReader& reader, const YAML::Node& node) {
  std::vector<std::string_view> names;
  for (const auto& info : checkers::kPropertyInfo) names.push_back(info.name);
  const std::string name = reader.scalar(node, "a property name");
  const std::optional<Property> property = checkers::property_named(name);
  if (!property) reader.unknown_name(node, "property", name, names);
  return property;
}

void read_check(YamlReader& reader, const YAML::Node& node, std::optional<checkers::PropertySet>& check) {
  if (!node.IsSequence())
    return reader.fail(node, "check is not a list", "check: [mutual-exclusion, no-lost-update]");
  if (node.size() == 0)
    return reader.fail(node, "check names no property", "check: [mutual-exclusion, no-lost-update]");
  check = 0;
  for (const YAML::Node& item : node) {
    if (const auto property = read_property(reader, item)) {
      *check = static_cast<checkers::PropertySet>(*check | checkers::property_bit(*property));
    }
  }
}

// Commands that are to succeed in no run: such as some client runs.
void read_never(YamlReader& reader, const YAML::Node& node, Scenario& scenario) {
  if (!node.IsSequence() || node.size() == 0)
    return reader.fail(node, "never is not a list of commands", "never: [apply]");
  for (const YAML::Node& item : node) {
    const std::string name = reader.scalar(item, "a command");
    const auto command = models::command_named(name);
    if (!command) return reader.unknown_name(item, "command", name, models::command_names());
    const auto runs_it = [&](const Fleet& fleet) { return runs_command(fleet.client, *command); };
    if (std::ranges::none_of(scenario.all_fleets(), runs_it))
      return reader.fail(item, fmt::format("no client runs '{}'", name), "a command of some client");
    scenario.never.push_back(*command);
  }
}

void read_reached(YamlReader& reader, const YAML::Node& node, std::vector<models::Goal>& reached) {
  if (!node.IsSequence() || node.size() == 0)
    return reader.fail(node, "reached is not a list of goals",
                       fmt::format("reached: [{}]", fmt::join(models::goal_names(), ", ")));
  for (const YAML::Node& item : node) {
    const std::string name = reader.scalar(item, "a goal");
    const auto goal = models::goal_named(name);
    if (!goal) return reader.unknown_name(item, "goal", name, models::goal_names());
    reached.push_back(*goal);
  }
}

void read_expect(YamlReader& reader, const YAML::Node& node, Scenario& scenario) {
  static constexpr std::array<std::string_view, 3> kVerdicts{"held", "violated", "unknown"};
  if (!node.IsMap()) return reader.fail(node, "expect is not a mapping", "expect: {mutual-exclusion: held}");
  for (const auto& entry : node) {
    const std::string key = reader.scalar(entry.first, "a property name, never or reached");
    if (key == "never" || key == "reached") {
      if (key == "never" ? !scenario.never.empty() : !scenario.reached.empty())
        return reader.fail(entry.first, fmt::format("'{}' stands twice", key), "each key once");
      if (key == "never") {
        read_never(reader, entry.second, scenario);
      } else {
        read_reached(reader, entry.second, scenario.reached);
      }
      continue;
    }
    const auto property = read_property(reader, entry.first);
    if (!property) return;
    const std::string verdict = reader.scalar(entry.second, "held, violated or unknown");
    const auto* const known = std::ranges::find(kVerdicts, verdict);
    if (known == kVerdicts.end()) return reader.unknown_name(entry.second, "verdict", verdict, kVerdicts);
    if (!scenario.expect.emplace(*property, static_cast<Expectation>(known - kVerdicts.begin())).second)
      return reader.fail(entry.first, fmt::format("'{}' stands twice", entry.first.Scalar()),
                         "each property once");
  }
}

void read_time(YamlReader& reader, const YAML::Node& node, TimeSettings& time) {
  reader.keys(node, {"ticks", "urgent"});
  reader.number(node, "ticks", 0, 15, time.ticks);
  reader.flag(node, "urgent", time.urgent);
}

// `configuration: audit/...`: everything but what is checked is that of an audit's or the matrix's
// configuration.
void read_named_configuration(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  reader.keys(root, {"configuration", "check", "expect"});
  const std::string name = reader.scalar(root["configuration"], "the name of an audit's configuration");
  std::expected<Scenario, InputError> named = scenario_of_audit_name(name);
  if (!named)
    return reader.fail(root["configuration"], named.error().problem, named.error().expected,
                       named.error().hint);
  named->name = std::move(scenario.name);
  named->description = std::move(scenario.description);
  scenario = std::move(*named);
}

// Leaving out what does not apply would be a check of nothing that looks like one.
void refuse_meaningless(YamlReader& reader, const YAML::Node& check, const Scenario& scenario) {
  const checkers::PropertySet applicable = build_world(scenario)->applicable;
  for (const YAML::Node& item : check) {
    const auto property = read_property(reader, item);
    if (property && (applicable & checkers::property_bit(*property)) == 0)
      return reader.fail(item, fmt::format("{} means nothing here", checkers::property_name(*property)),
                         "a property that applies to this backend and these clients");
  }
}

void read_claims(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  if (root["check"]) read_check(reader, root["check"], scenario.check);
  if (root["expect"]) read_expect(reader, root["expect"], scenario);
  if (scenario.check && !reader.error()) refuse_meaningless(reader, root["check"], scenario);
}

// `empty`, `existing`, or `{resources: 1}`: an existing one that records so many.
void read_initial(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  static constexpr std::array<std::string_view, 2> kInitial{"empty", "existing"};
  if (const YAML::Node node = root["initial_state"]; node && node.IsMap()) {
    reader.keys(node, {"resources"});
    std::uint8_t recorded = scenario.resources();
    reader.number(node, "resources", 0, models::kMaxResources, recorded);
    scenario.recorded = recorded;
    return;
  }
  auto initial = static_cast<std::size_t>(scenario.initial);
  reader.choice(root, "initial_state", kInitial, initial);
  scenario.initial = static_cast<InitialState>(initial);
}

void read_root(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  if (!root.IsMap())
    return reader.fail(root, "a scenario is a mapping", "backend: {type: s3}, client: {...}, ...");
  if (root["configuration"]) {
    read_named_configuration(reader, root, scenario);
    return read_claims(reader, root, scenario);
  }
  reader.keys(
      root, {"backend", "client", "operator", "store", "initial_state", "time", "faults", "check", "expect"});
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
    return changed;
  };
  const bool mixed = root["client"] && root["client"].IsSequence();
  if (!mixed)
    section("client",
            [&](const YAML::Node& node) { read_client(reader, node, scenario, backend_with, backend_of); });
  section("operator", [&](const YAML::Node& node) { read_operator(reader, node, scenario.force_unlock); });
  section("store", [&](const YAML::Node& node) { backend->read_store(reader, node); });
  section("time", [&](const YAML::Node& node) { read_time(reader, node, scenario.time); });
  section("faults", [&](const YAML::Node& node) { read_faults(reader, node, *backend, scenario); });
  read_initial(reader, root, scenario);
  scenario.backend = AnyBackend(std::move(backend));
  if (mixed) {
    read_client(reader, root["client"], scenario, backend_with, backend_of);
    check_one_state(reader, root["backend"], root["client"]);
  }
  check_objection(reader, root, scenario);
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
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    return std::unexpected(
        InputError{{file.string(), 0, 0}, "is a directory", "a scenario file (*.yaml)", ""});
  }
  std::ifstream stream(file);
  if (!stream)
    return std::unexpected(InputError{{file.string(), 0, 0},
                                      "cannot be read",
                                      "a readable scenario file",
                                      "check the path and its permissions"});
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_scenario(text.str(), file.string(), file.stem().string());
}

std::expected<std::chrono::milliseconds, std::string> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}}};
  const std::string expected = "a duration such as 90s, 5m or 1h30m";
  if (text.empty()) return std::unexpected(expected);
  double total_ms = 0;
  while (!text.empty()) {
    double value = 0;
    const bool is_number = text.front() == '.' || (text.front() >= '0' && text.front() <= '9');  // not "inf"
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !is_number) return std::unexpected(expected);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() && value == 0 && total_ms == 0) break;
    if (text.empty())
      return std::unexpected(fmt::format("{} with its unit, which the tools demand too", expected));
    const auto unit =
        std::ranges::find_if(kUnits, [&](const auto& known) { return text.starts_with(known.first); });
    if (unit == kUnits.end()) return std::unexpected(expected);
    total_ms += value * unit->second;
    text.remove_prefix(unit->first.size());
  }
  if (total_ms > 3.6e6 * 24 * 365) return std::unexpected("a duration below a year");
  return std::chrono::milliseconds(static_cast<std::int64_t>(total_ms));
}

}  // namespace lockstorm::scenarios
