#include "scenarios/files/audit_name.hpp"
#include "scenarios/data/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kPrefix = "audit/";

std::string backend_part(const BackendConfig& backend) {
  std::string text(backend.type().name);
  for (const std::string& mode : backend.audit_modes()) text += "+" + mode;
  return text;
}

std::string jobs_part(const Scenario& scenario) {
  const ClientSettings& client = scenario.client;
  std::string text = fmt::format("jobs={}", client.count);
  if (scenario.initial == InitialState::empty) text += ",first-apply";
  if (client.runner == Runner::ephemeral) text += ",ephemeral";
  if (!client.lock) text += ",lock=false";
  if (client.lock_timeout.count() > 0) text += fmt::format(",lock-timeout={}ms", client.lock_timeout.count());
  return text;
}

std::string faults_part(const Scenario& scenario) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += text.empty() ? part : "," + part; };
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    for (unsigned i = 0; i < scenario.faults.count[kind]; ++i) add(std::string(sim::kFaultNames[kind]));
  }
  if (scenario.force_unlock.force_unlock > 0) {
    add(fmt::format("operator={}",
                    models::kUnlockTargetNames[static_cast<std::size_t>(scenario.force_unlock.target)]));
  }
  return text.empty() ? "no-faults" : text;
}

bool read_backend(std::string_view text, AnyBackend& backend) {
  const std::vector<std::string_view> parts = split(text, '+');
  const BackendType* type = backend_type_named(parts.front());
  if (type == nullptr) return false;
  std::unique_ptr<BackendConfig> config = type->defaults();
  for (const std::string_view mode : parts | std::views::drop(1)) {
    if (!config->read_audit_mode(mode)) return false;
  }
  backend = AnyBackend(std::move(config));
  return true;
}

bool read_jobs(std::string_view text, Scenario& scenario) {
  ClientSettings& client = scenario.client;
  for (const std::string_view part : split(text, ',')) {
    if (part.starts_with("jobs=")) {
      if (!read_number<std::uint16_t>(part.substr(5), 1, 6, client.count)) return false;
    } else if (part == "first-apply") {
      scenario.initial = InitialState::empty;
    } else if (part == "ephemeral") {
      client.runner = Runner::ephemeral;
    } else if (part == "lock=false") {
      client.lock = false;
    } else if (part.starts_with("lock-timeout=")) {
      const auto timeout = parse_duration(part.substr(13));
      if (!timeout) return false;
      client.lock_timeout = *timeout;
    } else {
      return false;
    }
  }
  return true;
}

bool read_fault(std::string_view text, Scenario& scenario) {
  if (text.starts_with("operator=")) {
    for (std::size_t i = 0; i < models::kUnlockTargetNames.size(); ++i) {
      if (models::kUnlockTargetNames[i] != text.substr(9)) continue;
      scenario.force_unlock = {1, static_cast<models::UnlockTarget>(i)};
      return true;
    }
  }
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (sim::kFaultNames[kind] == text) return ++scenario.faults.count[kind] <= 7;
  }
  return false;
}

bool read_faults(std::string_view text, Scenario& scenario) {
  if (text == "no-faults") return true;
  for (const std::string_view part : split(text, ',')) {
    if (!read_fault(part, scenario)) return false;
  }
  return true;
}

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
                          read_backend(parts[2], scenario.backend) && read_jobs(parts[3], scenario) &&
                          read_faults(parts[4], scenario);
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
