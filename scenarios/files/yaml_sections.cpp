#include "scenarios/files/yaml_sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/fault_meanings.hpp"
#include "scenarios/files/yaml_timed.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

constexpr auto kLostConnections = sim::text_for_each<models::LostConnection>({"either", "close", "reset"});

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
  if (how != 0 && !backend.traits().tells_close_from_reset)
    reader.fail(node["as"], fmt::format("a {} client does the same after either", backend.type().name),
                "lose_response: 1", "only azurerm's and gcs's tell a closed connection from a reset one");
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
  check.emplace();
  for (const YAML::Node& item : node) {
    if (const auto property = read_property(reader, item)) check->insert(*property);
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
  static constexpr auto kVerdicts = sim::text_for_each<Expectation>({"held", "violated", "unknown"});
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

// Leaving out what does not apply would be a check of nothing that looks like one.
void refuse_meaningless(YamlReader& reader, const YAML::Node& check, const Scenario& scenario) {
  const checkers::PropertySet applicable = build_world(scenario)->applicable;
  for (const YAML::Node& item : check) {
    const auto property = read_property(reader, item);
    if (property && !applicable.contains(*property))
      return reader.fail(item, fmt::format("{} means nothing here", checkers::property_name(*property)),
                         "a property that applies to this backend and these clients");
  }
}

}  // namespace

void read_operator(YamlReader& reader, const YAML::Node& node, OperatorSettings& settings,
                   const OperatorsBlock& block_with) {
  static constexpr auto kSerials = std::to_array<std::string_view>({"old", "new"});
  std::vector<std::string_view> keys{"force_unlock", "target", "restored_serial", "block"};
  keys.insert(keys.end(), models::kHandActNames.begin(), models::kHandActNames.end());
  reader.keys(node, keys);
  reader.number(node, {"force_unlock", "how many times somebody runs force-unlock in a run"}, 0, 2,
                settings.force_unlock);
  std::size_t target = static_cast<std::size_t>(settings.target);
  reader.choice(node, {"target", "whose locks: of jobs that are gone, also of frozen ones, of any"},
                models::kUnlockTargetNames, target);
  settings.target = static_cast<models::UnlockTarget>(target);
  for (std::size_t act = 0; act < models::kHandActs; ++act)
    reader.number(node, {models::kHandActNames[act], models::kHandActMeanings[act]}, 0, 2,
                  settings.by_hand[act]);
  std::size_t serial = settings.new_serial ? 1 : 0;
  reader.choice(node,
                {"restored_serial",
                 "of what restore_state puts back: its own, or the next after that which stands there"},
                kSerials, serial);
  settings.new_serial = serial == 1;
  if (reader.declares({"block", "arguments of the backend block where force-unlock is run, if it is another"},
                      "a section", "the first jobs' block", "{use_lockfile: false}"))
    return;
  const YAML::Node block = node["block"];
  if (!block) return;
  if (!block.IsMap()) return reader.fail(block, "block is not a mapping", "block: {use_lockfile: false}");
  if (block["type"])
    return reader.fail(block["type"], "an operator's block of another type would look at another store",
                       "arguments of the same type",
                       "force-unlock there finds no lock of these jobs and changes nothing here");
  if (block_with) settings.block = AnyBackend(block_with(block));
}

void read_faults(YamlReader& reader, const YAML::Node& node, const BackendConfig* backend,
                 Scenario& scenario) {
  reader.keys(node, {sim::kFaultNames.begin(), sim::kFaultNames.end()});
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    const YAML::Node fault = node[std::string(sim::kFaultNames[kind])];
    if (static_cast<sim::Fault>(kind) == sim::Fault::lose_response && fault && fault.IsMap())
      read_lost_response(reader, fault, *backend, scenario);
    else
      reader.number(node, {sim::kFaultNames[kind], kFaultMeanings[kind]}, 0, 7, scenario.faults.count[kind]);
  }
}

void read_time(YamlReader& reader, const YAML::Node& node, TimeSettings& time,
               std::shared_ptr<const TimedSettings>& timed) {
  std::vector<std::string_view> keys = timed_keys();
  keys.insert(keys.begin(), {"ticks", "urgent"});
  reader.keys(node, keys);
  reader.number(
      node, {"ticks", "how long the clock runs; 0: there is none, and every timer may fire at any moment"}, 0,
      15, time.ticks);
  reader.flag(node, {"urgent", "time passes only while nobody can act, or all who can are frozen"},
              time.urgent);
  read_timed(reader, node, timed);
}

// `empty`, `existing`, or `{resources: 1}`: an existing one that records so many.
void read_initial(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  static constexpr auto kInitial = sim::text_for_each<InitialState>({"empty", "existing"});
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

void read_initial_lock(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  static constexpr auto kLocks = sim::text_for_each<InitialLock>({"none", "left", "nameless"});
  auto lock = static_cast<std::size_t>(scenario.initial_lock);
  reader.choice(root, "initial_lock", kLocks, lock);
  scenario.initial_lock = static_cast<InitialLock>(lock);
}

void read_claims(YamlReader& reader, const YAML::Node& root, Scenario& scenario) {
  if (root["check"]) read_check(reader, root["check"], scenario.check);
  if (root["expect"]) read_expect(reader, root["expect"], scenario);
  if (scenario.check && !reader.error()) refuse_meaningless(reader, root["check"], scenario);
}

}  // namespace lockstorm::scenarios
