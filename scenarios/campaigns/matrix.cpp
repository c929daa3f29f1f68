#include "scenarios/campaigns/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <stdexcept>

#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

Scenario configuration(const AnyBackend& backend, models::Dialect tool, std::uint16_t clients,
                       const Trouble& trouble) {
  Scenario scenario;
  scenario.backend = backend;
  scenario.client.tool = tool;
  scenario.client.count = clients;
  return audit_configuration(std::move(scenario), trouble);
}

std::vector<Scenario> configurations(const AnyBackend& backend, models::Dialect tool) {
  std::vector<Scenario> all;
  for (const Trouble& trouble : troubles()) {
    if ((trouble.needs() & ~backend->possible_adversities()) == 0)
      all.push_back(configuration(backend, tool, 2, trouble));
  }
  return all;
}

// "lockfile+dynamodb" on top of the defaults.
AnyBackend backend_in_mode(const BackendType& type, std::string_view mode) {
  std::unique_ptr<BackendConfig> config = type.defaults();
  for (const auto part : std::views::split(mode, '+')) {
    const std::string_view name(part.begin(), part.end());
    if (name == "-" || config->read_audit_mode(name)) continue;
    throw std::logic_error(fmt::format("{} has no mode '{}', which its matrix_modes name", type.name, name));
  }
  return AnyBackend(std::shared_ptr<const BackendConfig>(std::move(config)));
}

// A protocol that is no backend of the tools is the same with either: one row.
bool is_wanted(const BackendType& type, models::Dialect tool, std::optional<models::Dialect> chosen) {
  if (type.arguments.empty()) return tool == chosen.value_or(models::Dialect::terraform);
  return type.available(tool) && chosen.value_or(tool) == tool;
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
  return configuration(backend, tool, clients, Trouble{});
}

std::vector<MatrixRow> plan_matrix(const MatrixChoice& choice) {
  std::vector<MatrixRow> rows;
  for (const BackendType* type : backend_types()) {
    if (!choice.backends.empty() && std::ranges::find(choice.backends, type->name) == choice.backends.end())
      continue;
    for (const models::Dialect tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
      if (!is_wanted(*type, tool, choice.tool)) continue;
      for (const BackendMode& mode : matrix_modes(*type))
        rows.push_back({tool, mode.name, configurations(mode.backend, tool)});
    }
  }
  return rows;
}

std::vector<MatrixCell> conclude_row(std::span<const VerifyResult> results) {
  std::vector<MatrixCell> cells;
  for (const checkers::Property property : checkers::PropertySet::of_backends()) {
    MatrixCell cell{property, Verdict::held, false, 0};
    for (std::size_t number = 0; number < results.size(); ++number) {
      const std::optional<Verdict> here = results[number].answer(cell.property);
      if (!here) continue;
      cell.applies = true;
      if (worse(cell.verdict, *here) == cell.verdict) continue;
      cell.verdict = *here;
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
  if (text.empty())
    text = scenario.clients() > 2 ? fmt::format("no faults, {} jobs", scenario.clients()) : "no faults";
  return scenario.initial == InitialState::empty ? text + ", first apply" : text;
}

}  // namespace lockstorm::scenarios
