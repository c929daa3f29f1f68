#include "scenarios/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <ranges>

#include "scenarios/audit_name.hpp"
#include "scenarios/backends/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::Fault;

// One kind of adverse event of the standard budget.
enum class Event : std::uint8_t { crash, lose_response, pause, force_unlock, interrupt };
constexpr std::array<Event, 5> kEvents{Event::crash, Event::lose_response, Event::pause, Event::force_unlock,
                                       Event::interrupt};

void add_event(Scenario& scenario, Event event) {
  switch (event) {
    case Event::crash:
      ++scenario.faults[Fault::crash];
      break;
    case Event::lose_response:
      ++scenario.faults[Fault::lose_response];
      break;
    case Event::pause:
      ++scenario.faults[Fault::pause];
      break;
    case Event::force_unlock:  // by an operator who removes the locks of jobs that show no sign of life
      scenario.force_unlock = {1, models::UnlockTarget::unresponsive};
      break;
    case Event::interrupt:
      ++scenario.faults[Fault::interrupt];
      break;
  }
}

Scenario configuration(const AnyBackend& backend, models::Dialect tool, std::uint16_t clients,
                       std::span<const Event> events, InitialState initial = InitialState::existing) {
  Scenario scenario;
  scenario.initial = initial;
  scenario.backend = backend;
  scenario.client.tool = tool;
  scenario.client.count = clients;
  for (const Event event : events) add_event(scenario, event);
  scenario.backend->prepare_audit(scenario);
  scenario.name = audit_name(scenario);
  return scenario;
}

std::vector<Scenario> configurations(const AnyBackend& backend, models::Dialect tool) {
  std::vector<Scenario> all{configuration(backend, tool, 3, {}),
                            configuration(backend, tool, 3, {}, InitialState::empty)};
  for (const InitialState initial : {InitialState::existing, InitialState::empty}) {
    for (const Event event : kEvents) all.push_back(configuration(backend, tool, 2, {{event}}, initial));
  }
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    for (std::size_t k = i + 1; k < kEvents.size(); ++k)
      all.push_back(configuration(backend, tool, 2, {{kEvents[i], kEvents[k]}}));
  }
  return all;
}

// "lockfile+dynamodb" on top of the defaults.
AnyBackend backend_in_mode(const BackendType& type, std::string_view mode) {
  std::unique_ptr<BackendConfig> config = type.defaults();
  for (const auto part : std::views::split(mode, '+')) {
    const std::string_view name(part.begin(), part.end());
    [[maybe_unused]] const bool known = name == "-" || config->read_audit_mode(name);
    assert(known && "BackendType::matrix_modes names a mode that read_audit_mode does not know");
  }
  return AnyBackend(std::shared_ptr<const BackendConfig>(std::move(config)));
}

}  // namespace

std::vector<BackendMode> matrix_modes(const BackendType& type) {
  std::vector<BackendMode> modes;
  for (const auto range : std::views::split(type.matrix_modes, ' ')) {
    const std::string_view mode(range.begin(), range.end());
    modes.push_back({std::string(type.name), backend_in_mode(type, mode)});
    if (mode != "-") modes.back().name += "+" + std::string(mode);
  }
  return modes;
}

Scenario calm_configuration(const AnyBackend& backend, models::Dialect tool, std::uint16_t clients) {
  return configuration(backend, tool, clients, {});
}

std::vector<MatrixRow> plan_matrix(const MatrixChoice& choice) {
  std::vector<MatrixRow> rows;
  for (const BackendType* type : backend_types()) {
    if (type->arguments.empty()) continue;  // no backend of the tools
    if (!choice.backends.empty() && std::ranges::find(choice.backends, type->name) == choice.backends.end())
      continue;
    for (const models::Dialect tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
      if (!type->available(tool) || choice.tool.value_or(tool) != tool) continue;
      for (const BackendMode& mode : matrix_modes(*type))
        rows.push_back({tool, mode.name, configurations(mode.backend, tool)});
    }
  }
  return rows;
}

std::vector<MatrixCell> conclude_row(std::span<const VerifyResult> results) {
  std::vector<MatrixCell> cells;
  for (std::size_t i = 0; i < checkers::kProperties; ++i) {
    MatrixCell cell{static_cast<checkers::Property>(i), Verdict::held, false, 0};
    for (std::size_t number = 0; number < results.size(); ++number) {
      const auto verdict = results[number].properties.find(cell.property);
      if (verdict == results[number].properties.end()) continue;
      cell.applies = true;
      if (worse(cell.verdict, verdict->second) == cell.verdict) continue;
      cell.verdict = verdict->second;
      cell.configuration = number;
    }
    cells.push_back(cell);
  }
  return cells;
}

unsigned adverse_events(const Scenario& scenario) {
  return scenario.faults.total() + scenario.force_unlock.force_unlock;
}

std::string adversity_text(const Scenario& scenario) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " + ") + part; };
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    const unsigned count = scenario.faults.count[kind];
    if (count > 0)
      add(count == 1 ? std::string(sim::kFaultNames[kind])
                     : fmt::format("{} {}", count, sim::kFaultNames[kind]));
  }
  if (scenario.force_unlock.force_unlock > 0)
    add(fmt::format("force-unlock of a{} job",
                    scenario.force_unlock.target == models::UnlockTarget::dead ? " dead" : "n unresponsive"));
  if (text.empty()) text = "no faults";
  return scenario.initial == InitialState::empty ? text + ", first apply" : text;
}

}  // namespace lockstorm::scenarios
