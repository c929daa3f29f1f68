#include "cli/confirm/confirm_case.hpp"

#include <fmt/format.h>

#include "cli/confirm/confirm_script.hpp"
#include "cli/served_models.hpp"
#include "cli/temporary_folder.hpp"
#include "scenarios/story/tell.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::cli {
namespace {

using Kind = ConfirmResult::Kind;

Kind kind_of(wire::confirm::Outcome outcome) {
  switch (outcome) {
    case wire::confirm::Outcome::confirmed:
      return Kind::confirmed;
    case wire::confirm::Outcome::not_reproduced:
      return Kind::not_reproduced;
    case wire::confirm::Outcome::different:
      return Kind::different;
  }
  return Kind::failed;
}

std::map<std::string, std::string> secured_services() {
  std::map<std::string, std::string> secured;
  for (const ServedService& service : served_services()) {
    if (service.needs_tls()) secured.emplace(service.name, service.hosts);
  }
  return secured;
}

// Of all fleets: where two name the same service, it is the same.
ModelServers servers_of(const scenarios::Scenario& scenario) {
  ModelServers servers;
  for (const scenarios::Fleet& fleet : scenario.all_fleets()) {
    for (auto& server : served_models(*fleet.backend)) {
      const bool is_there = std::ranges::any_of(
          servers, [&](const auto& other) { return other->service() == server->service(); });
      if (!is_there) servers.push_back(std::move(server));
    }
  }
  return servers;
}

std::vector<std::string> names_of(const ConfirmCase& one, const scenarios::Counterexample& told) {
  if (one.property) return {std::string(property_name(*one.property))};
  std::vector<std::string> names;
  for (const checkers::Property property : told.violated) names.emplace_back(property_name(property));
  return names;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::confirmed:
      return "confirmed";
    case Kind::not_reproduced:
      return "not reproduced";
    case Kind::different:
      return "different";
    case Kind::cannot_be_forced:
      return "cannot be forced";
    case Kind::no_tool:
      return "no tool";
    case Kind::failed:
      return "failed";
  }
  return "";
}

ConfirmResult confirm_case(const ConfirmCase& one, const ConfirmTools& tools) {
  ConfirmResult result;
  result.scenario = one.scenario.name;
  result.replay = one.replay;
  const auto ended = [&](Kind kind, std::string why) {
    result.kind = kind;
    result.why = std::move(why);
    return result;
  };
  const auto world = scenarios::build_world(one.scenario);
  auto told = scenarios::tell(one.scenario, *world, one.schedule, one.property);
  if (!told) return ended(Kind::failed, told.error());
  result.properties = names_of(one, *told);
  result.told = *std::move(told);
  if (std::string why = objection_to_forcing(one.scenario); !why.empty())
    return ended(Kind::cannot_be_forced, std::move(why));
  const StoreNames names =
      tools.servers.empty() ? StoreNames{} : names_on(tools.servers, tools.environment, tools.unused_name());
  auto roles = roles_of(one.scenario, *result.told, names);
  if (!roles) return ended(Kind::cannot_be_forced, roles.error());
  const bool is_terraform = one.scenario.client.tool == models::Dialect::terraform;
  const std::filesystem::path& tool = is_terraform ? tools.terraform : tools.tofu;
  if (tool.empty())
    return ended(Kind::no_tool, fmt::format("there is no {}", is_terraform ? "terraform" : "tofu"));
  const TemporaryFolder directory;
  if (directory.path().empty()) return ended(Kind::failed, "no temporary directory can be made");
  const wire::confirm::Performance performance{script_of(*result.told),
                                               *std::move(roles),
                                               one.scenario.initial == scenarios::InitialState::existing,
                                               tool,
                                               directory.path(),
                                               secured_services(),
                                               tools.options};
  auto real = with_real_servers(servers_of(one.scenario), tools.servers, names, tools.environment);
  if (!real) return ended(Kind::failed, real.error());
  ModelServers& servers = *real;
  auto performed = wire::confirm::perform(performance, servers);
  if (!performed) return ended(Kind::failed, performed.error());
  result.performed = *std::move(performed);
  const wire::confirm::Direction& direction = result.performed->direction;
  if (direction.outcome != wire::confirm::Outcome::confirmed && outlives_an_interrupt(*result.told))
    return ended(
        Kind::cannot_be_forced,
        "a provider's call goes on after an interrupt, and Terraform ends the one that stands for it: " +
            direction.difference);
  return ended(kind_of(direction.outcome), direction.difference);
}

}  // namespace lockstorm::cli
