#include "scenarios/data/backend_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {

AnyBackend::AnyBackend() : config_(backend_types().front()->defaults()) {}

bool BackendType::has_argument(std::string_view argument, models::Dialect tool) const {
  return std::ranges::none_of(versions, [&](const ArgumentVersions& known) {
    const std::vector<std::string_view> names = split(known.names, ' ');
    const Availability& its = tool == models::Dialect::terraform ? known.terraform : known.opentofu;
    return !its.exists && std::ranges::find(names, argument) != names.end();
  });
}

const BackendType* backend_type_named(std::string_view name) {
  const auto found = std::ranges::find(backend_types(), name, &BackendType::name);
  return found == backend_types().end() ? nullptr : *found;
}

std::string availability_text(const BackendType& type) {
  const auto text = [](std::string_view tool, const Availability& availability) {
    if (!availability.exists) return fmt::format("not {}", tool);
    return availability.since.empty() ? std::string(tool)
                                      : fmt::format("{} from {}", tool, availability.since);
  };
  const auto everywhere = [](const Availability& a) { return a.exists && a.since.empty(); };
  if (everywhere(type.terraform) && everywhere(type.opentofu)) return {};
  return text("Terraform", type.terraform) + ", " + text("OpenTofu", type.opentofu);
}

namespace {

std::optional<Objection> objection_of_fleet(const Scenario& scenario) {
  const BackendType& type = scenario.backend->type();
  const bool terraform = scenario.client.tool == models::Dialect::terraform;
  if (!(terraform ? type.terraform : type.opentofu).exists) {
    return Objection{"client",
                     fmt::format("{} has no backend '{}'", tool_name(scenario.client.tool), type.name),
                     terraform ? "tool: opentofu" : "tool: terraform", ""};
  }
  if (auto objection = objection_to_commands(scenario)) return objection;
  return scenario.backend->objection(scenario);
}

}  // namespace

std::optional<Objection> objection_to(const Scenario& scenario) {
  for (const Fleet& fleet : scenario.all_fleets()) {
    Scenario of_fleet = scenario;
    of_fleet.client = fleet.client;
    of_fleet.backend = fleet.backend;
    if (auto objection = objection_of_fleet(of_fleet)) return objection;
    if (!fleet.client.migrate_to) continue;
    of_fleet.backend = fleet.client.migrate_to->backend;
    of_fleet.fleets.clear();
    of_fleet.client.migrate_to.reset();
    of_fleet.client.migrated = false;
    of_fleet.client.commands = {models::Command::apply};
    if (auto objection = objection_of_fleet(of_fleet)) return objection;
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
