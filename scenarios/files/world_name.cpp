#include "scenarios/files/world_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/name_parts.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kMixed = "mixed/";
constexpr std::string_view kAfter = "after/";
constexpr std::string_view kThen = "/then/";
constexpr std::string_view kLongAgo = ",long-ago";
constexpr std::size_t kMostFleets = 4;
// Each is a world to explore before the next can begin.
constexpr std::size_t kMostBeginnings = 8;

std::string places_part(const Fleet& fleet) {
  std::string text = backend_part(*fleet.backend);
  if (const auto& target = fleet.client.migrate_to)
    text += (target->same_state ? ">" : ">>") + backend_part(*target->backend);
  return text;
}

std::string commands_part(const ClientSettings& client) {
  std::vector<std::string> names;
  for (const models::Command command : client.commands) {
    names.emplace_back(models::command_name(command));
    std::ranges::replace(names.back(), ' ', '_');
  }
  return fmt::format("{}", fmt::join(names, ";"));
}

std::string fleet_part(const Scenario& scenario, const Fleet& fleet) {
  Scenario alone = scenario;
  alone.client = fleet.client;
  std::string jobs = jobs_part(alone);
  const ClientSettings& client = fleet.client;
  if (client.commands != std::vector{models::Command::apply}) jobs += ",run=" + commands_part(client);
  if (client.resources != 1) jobs += fmt::format(",resources={}", client.resources);
  if (client.migrated) jobs += ",migrated";
  if (client.inherits) jobs += ",inherits";
  if (client.spared) jobs += ",spared";
  if (client.retries != 0) jobs += fmt::format(",retries={}", client.retries);
  return fmt::format("{}/{}/{}", tool_key(client.tool), places_part(fleet), jobs);
}

bool read_places(std::string_view text, Fleet& fleet) {
  const std::size_t arrow = text.find('>');
  if (!read_backend_part(text.substr(0, arrow), fleet.backend)) return false;
  if (arrow == std::string_view::npos) return true;
  const bool same_state = !text.substr(arrow).starts_with(">>");
  MigrationTarget target{{}, same_state};
  if (!read_backend_part(text.substr(arrow + (same_state ? 1 : 2)), target.backend)) return false;
  fleet.client.migrate_to = std::move(target);
  return true;
}

bool read_commands_part(std::string_view text, std::vector<models::Command>& commands) {
  commands.clear();
  for (const std::string_view part : split(text, ';')) {
    std::string name(part);
    std::ranges::replace(name, '_', ' ');
    const auto command = models::command_named(name);
    if (!command) return false;
    commands.push_back(*command);
  }
  return !commands.empty();
}

bool read_fleet_word(std::string_view word, Scenario& scenario) {
  ClientSettings& client = scenario.client;
  if (word.starts_with("run=")) return read_commands_part(word.substr(4), client.commands);
  if (word.starts_with("resources="))
    return read_number<std::uint8_t>(word.substr(10), 1, models::kMaxResources, client.resources);
  if (word.starts_with("retries=")) return read_number<std::uint8_t>(word.substr(8), 1, 7, client.retries);
  if (word == "migrated") return client.migrated = true;
  if (word == "inherits") return client.inherits = true;
  if (word == "spared") return client.spared = true;
  return read_job_word(word, scenario);
}

bool read_fleet(std::string_view tool, std::string_view places, std::string_view jobs, Scenario& scenario) {
  Fleet fleet;
  if (tool != "terraform" && tool != "opentofu") return false;
  if (!read_places(places, fleet)) return false;
  Scenario alone = scenario;
  alone.client = fleet.client;
  alone.client.tool = tool == "terraform" ? models::Dialect::terraform : models::Dialect::opentofu;
  for (const std::string_view word : split(jobs, ',')) {
    if (!read_fleet_word(word, alone)) return false;
  }
  scenario.initial = alone.initial;
  fleet.client = std::move(alone.client);
  scenario.fleets.push_back(std::move(fleet));
  return true;
}

InputError no_such_world(std::string_view name, std::string problem) {
  return {{std::string(name), 0, 0},
          std::move(problem),
          "for example mixed/terraform/s3+dynamodb/jobs=1/terraform/s3+lockfile/jobs=1/no-faults",
          "`lockstorm compare` and `lockstorm advise` print these names"};
}

std::expected<Scenario, InputError> scenario_of_mixed_name(std::string_view name) {
  Scenario scenario;
  const std::vector<std::string_view> parts = split(name, '/');
  const std::size_t fleets = (parts.size() - 2) / 3;
  bool understood = parts.size() % 3 == 2 && fleets >= 1 && fleets <= kMostFleets;
  for (std::size_t i = 0; understood && i < fleets; ++i)
    understood = read_fleet(parts[1 + 3 * i], parts[2 + 3 * i], parts[3 + 3 * i], scenario);
  if (!understood || !read_faults_part(parts.back(), scenario))
    return std::unexpected(no_such_world(name, "no world of several jobs"));
  scenario.client = scenario.fleets.front().client;
  scenario.backend = scenario.fleets.front().backend;
  const std::string& type = std::string(scenario.backend->type().name);
  const bool is_one_type = std::ranges::all_of(
      scenario.fleets, [&](const Fleet& fleet) { return fleet.backend->type().name == type; });
  if (!is_one_type || objection_to(scenario))
    return std::unexpected(no_such_world(name, "no world that can be"));
  return scenario;
}

std::expected<Scenario, InputError> scenario_of_name(std::string_view name, std::size_t beginnings);

std::expected<Scenario, InputError> scenario_of_later_name(std::string_view name, std::size_t beginnings) {
  const std::size_t then = name.rfind(kThen);
  const std::size_t slash = name.find('/', kAfter.size());
  if (then == std::string_view::npos || slash >= then || beginnings == 0)
    return std::unexpected(no_such_world(name, "no world that begins where another has ended"));
  std::string_view number = name.substr(kAfter.size(), slash - kAfter.size());
  const bool long_ago = number.ends_with(kLongAgo);
  if (long_ago) number.remove_suffix(kLongAgo.size());
  std::uint32_t ending = 0;
  auto earlier = scenario_of_name(name.substr(slash + 1, then - slash - 1), beginnings - 1);
  if (!earlier) return earlier;
  auto scenario = scenario_of_name(name.substr(then + kThen.size()), 0);
  if (!scenario) return scenario;
  auto endings = endings_of(*earlier, long_ago);
  if (!endings) return std::unexpected(no_such_world(name, endings.error()));
  if (!read_number<std::uint32_t>(number, 0, static_cast<std::uint32_t>(endings->size()) - 1, ending))
    return std::unexpected(no_such_world(
        name, fmt::format("the earlier world has {} endings, numbered from 0", endings->size())));
  scenario->begins = std::make_shared<const Beginning>(std::move((*endings)[ending].left));
  return scenario;
}

std::expected<Scenario, InputError> scenario_of_name(std::string_view name, std::size_t beginnings) {
  auto scenario = name.starts_with(kAfter)   ? scenario_of_later_name(name, beginnings)
                  : name.starts_with(kMixed) ? scenario_of_mixed_name(name)
                                             : scenario_of_audit_name(name);
  if (scenario) scenario->name = name;
  return scenario;
}

}  // namespace

std::string world_name(const Scenario& scenario) {
  const std::string begins = scenario.begins ? name_prefix(*scenario.begins) : std::string();
  if (is_plain(scenario)) return begins + audit_name(scenario);
  std::string fleets;
  for (const Fleet& fleet : scenario.all_fleets()) fleets += fleet_part(scenario, fleet) + "/";
  return fmt::format("{}{}{}{}", begins, kMixed, fleets, faults_part(scenario));
}

bool is_world_name(std::string_view name) {
  return is_audit_name(name) || name.starts_with(kMixed) || name.starts_with(kAfter);
}

std::expected<Scenario, InputError> scenario_of_world_name(std::string_view name) {
  return scenario_of_name(name, kMostBeginnings);
}

}  // namespace lockstorm::scenarios
