#include "scenarios/files/audit_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/files/name_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kPrefix = "audit/";

}  // namespace

std::string audit_name(const Scenario& scenario) {
  return fmt::format("{}{}/{}/{}/{}", kPrefix, tool_key(scenario.client.tool),
                     backend_part(*scenario.backend), jobs_part(scenario), faults_part(scenario));
}

bool is_audit_name(std::string_view name) { return name.starts_with(kPrefix); }

std::expected<Scenario, InputError> scenario_of_audit_name(std::string_view name) {
  Scenario scenario;
  scenario.name = name;
  const std::vector<std::string_view> parts = split(name, '/');
  const bool understood = parts.size() == 5 && std::ranges::none_of(parts, &std::string_view::empty) &&
                          (parts[1] == "terraform" || parts[1] == "opentofu") &&
                          read_backend_part(parts[2], scenario.backend) &&
                          read_jobs_part(parts[3], scenario) && read_faults_part(parts[4], scenario);
  if (understood) {
    scenario.client.tool = parts[1] == "terraform" ? models::Dialect::terraform : models::Dialect::opentofu;
    scenario.backend->prepare_audit(scenario);
  }
  if (!understood || objection_to(scenario)) {
    return std::unexpected(InputError{{std::string(name), 0, 0},
                                      "no configuration of an audit",
                                      "for example audit/terraform/s3+lockfile/jobs=2/crash,operator=dead",
                                      "`lockstorm audit PATH` prints these names"});
  }
  return scenario;
}

}  // namespace lockstorm::scenarios
