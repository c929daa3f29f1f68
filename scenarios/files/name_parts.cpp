#include "scenarios/files/name_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {
namespace {

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

}  // namespace

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

bool read_backend_part(std::string_view text, AnyBackend& backend) {
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

bool read_job_word(std::string_view word, Scenario& scenario) {
  ClientSettings& client = scenario.client;
  if (word.starts_with("jobs=")) return read_number<std::uint16_t>(word.substr(5), 1, 6, client.count);
  if (word == "first-apply") {
    scenario.initial = InitialState::empty;
  } else if (word == "ephemeral") {
    client.runner = Runner::ephemeral;
  } else if (word == "lock=false") {
    client.lock = false;
  } else if (word.starts_with("lock-timeout=")) {
    const auto timeout = parse_duration(word.substr(13));
    if (!timeout) return false;
    client.lock_timeout = *timeout;
  } else {
    return false;
  }
  return true;
}

bool read_jobs_part(std::string_view text, Scenario& scenario) {
  return std::ranges::all_of(split(text, ','),
                             [&](std::string_view word) { return read_job_word(word, scenario); });
}

bool read_faults_part(std::string_view text, Scenario& scenario) {
  if (text == "no-faults") return true;
  for (const std::string_view part : split(text, ',')) {
    if (!read_fault(part, scenario)) return false;
  }
  return true;
}

}  // namespace lockstorm::scenarios
