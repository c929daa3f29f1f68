// RapidCheck generators and shrinkers for scenarios, budgets of faults, worlds of one's own services and
// clients, and runs. Header only: whoever includes it links rapidcheck.
//
//     RC_GTEST_PROP(MyFleet, NeverLosesAnUpdate, ()) {
//       const auto scenario = *gen::scenario({.backends = {"s3+lockfile", "gcs"}, .jobs = 3});
//       RC_ASSERT(violated_by(scenario, *gen::picks()).empty());
//     }
//
// A generated scenario is one of an audit's configurations: its name says all of it, and `lockstorm verify
// NAME` verifies it.
#pragma once

#include <rapidcheck.h>

#include <optional>
#include <ostream>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/files/audit_name.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// How RapidCheck prints a scenario: the command that verifies it.
inline void showValue(const Scenario& scenario, std::ostream& out) {
  out << "lockstorm verify '" << scenario.name << "'";
}

}  // namespace lockstorm::scenarios

namespace lockstorm::sim {

inline void showValue(const FaultBudget& budget, std::ostream& out) {
  const char* separator = "";
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (budget.count[kind] == 0) continue;
    out << separator << kFaultNames[kind] << ": " << unsigned{budget.count[kind]};
    separator = ", ";
  }
  if (budget.total() == 0) out << "no faults";
}

}  // namespace lockstorm::sim

namespace lockstorm::gen {

/// What scenarios are drawn from.
struct ScenarioBounds {
  /// "s3+lockfile": a backend type with its mode, as in the rows of `matrix`; empty: all of them.
  std::vector<std::string> backends{};
  std::uint16_t jobs = 2;  ///< at most
  unsigned faults = 1;     ///< at most, of all kinds together
  bool operators = true;   ///< somebody may force-unlock
  bool first_applies = true;
};

namespace detail {

// Sizes are what RapidCheck scales ranges with; ours are small already.
template <class T>
rc::Gen<T> up_to(T most) {
  return rc::gen::resize(100, rc::gen::inRange<T>(0, static_cast<T>(most + 1)));
}

inline std::vector<std::string> all_backends() {
  std::vector<std::string> names;
  for (const scenarios::BackendType* type : scenarios::backend_types()) {
    if (type->arguments.empty()) continue;  // no backend of the tools
    for (const auto mode : std::views::split(type->matrix_modes, ' ')) {
      const std::string_view text(mode.begin(), mode.end());
      names.push_back(std::string(type->name) + (text == "-" ? "" : "+" + std::string(text)));
    }
  }
  return names;
}

struct Draft {
  std::string tool;
  std::string backend;
  std::uint16_t jobs = 1;
  bool first_apply = false;
  std::vector<std::size_t> faults;
  int target = -1;  ///< of the operator; negative: nobody force-unlocks
};

inline std::string name_of(const Draft& draft) {
  static constexpr const char* kTargets[]{"dead", "unresponsive", "any"};
  std::string faults;
  for (const std::size_t kind : draft.faults)
    faults += (faults.empty() ? "" : ",") + std::string(sim::kFaultNames[kind]);
  if (draft.target >= 0)
    faults += (faults.empty() ? "" : ",") + std::string("operator=") + kTargets[draft.target];
  return "audit/" + draft.tool + "/" + draft.backend + "/jobs=" + std::to_string(draft.jobs) +
         (draft.first_apply ? ",first-apply/" : "/") + (faults.empty() ? "no-faults" : faults);
}

}  // namespace detail

/// At most `most` faults, of any kinds; shrinks towards none.
inline rc::Gen<sim::FaultBudget> fault_budget(unsigned most) {
  const auto kinds = rc::gen::mapcat(detail::up_to(most), [](unsigned count) {
    return rc::gen::container<std::vector<std::size_t>>(count, detail::up_to(sim::kFaultKinds - 1));
  });
  return rc::gen::map(kinds, [](const std::vector<std::size_t>& drawn) {
    sim::FaultBudget budget;
    for (const std::size_t kind : drawn) ++budget.count[kind];
    return budget;
  });
}

/// A scenario that the models accept; shrinks towards one job of Terraform on the first backend and no
/// faults.
inline rc::Gen<scenarios::Scenario> scenario(const ScenarioBounds& bounds = {}) {
  const std::vector<std::string> backends =
      bounds.backends.empty() ? detail::all_backends() : bounds.backends;
  const auto kinds = rc::gen::mapcat(detail::up_to(bounds.faults), [](unsigned count) {
    return rc::gen::container<std::vector<std::size_t>>(count, detail::up_to(sim::kFaultKinds - 1));
  });
  const auto draft = rc::gen::build<detail::Draft>(
      rc::gen::set(&detail::Draft::tool, rc::gen::element<std::string>("terraform", "opentofu")),
      rc::gen::set(&detail::Draft::backend, rc::gen::elementOf(backends)),
      rc::gen::set(&detail::Draft::jobs,
                   rc::gen::resize(
                       100, rc::gen::inRange<std::uint16_t>(1, static_cast<std::uint16_t>(bounds.jobs + 1)))),
      rc::gen::set(&detail::Draft::first_apply,
                   bounds.first_applies ? rc::gen::element(false, true) : rc::gen::just(false)),
      rc::gen::set(&detail::Draft::faults, kinds),
      rc::gen::set(&detail::Draft::target,
                   bounds.operators ? rc::gen::element(-1, -1, 0, 1, 2) : rc::gen::just(-1)));
  const auto read = rc::gen::map(draft, [](const detail::Draft& drawn) {
    const auto scenario = scenarios::scenario_of_audit_name(detail::name_of(drawn));
    return scenario ? std::optional(*scenario) : std::nullopt;
  });
  const auto accepted = rc::gen::suchThat(
      read, [](const std::optional<scenarios::Scenario>& scenario) { return scenario.has_value(); });
  return rc::gen::map(accepted,
                      [](std::optional<scenarios::Scenario> scenario) { return *std::move(scenario); });
}

/// What `sim::walk` makes a run of; shrinks towards nothing, and single picks towards the first step.
inline rc::Gen<std::vector<std::uint32_t>> picks() {
  return rc::gen::container<std::vector<std::uint32_t>>(detail::up_to<std::uint32_t>(255));
}

/// A world of one's own services and clients: of every class between one member and as many as it says, under
/// a budget of at most `faults` faults. Shrinks towards one member of each and no faults.
inline rc::Gen<sim::WorldSpec> world(sim::WorldSpec most, unsigned faults) {
  std::vector<std::uint16_t> counts;
  for (const sim::ProcessClass& one : most.classes) counts.push_back(one.count);
  const auto fewer = rc::gen::exec([counts] {
    std::vector<std::uint16_t> drawn;
    for (const std::uint16_t count : counts)
      drawn.push_back(
          *rc::gen::resize(100, rc::gen::inRange<std::uint16_t>(1, static_cast<std::uint16_t>(count + 1))));
    return drawn;
  });
  return rc::gen::map(rc::gen::pair(fewer, fault_budget(faults)),
                      [most = std::move(most)](const auto& drawn) {
                        sim::WorldSpec spec = most;
                        for (std::size_t i = 0; i < spec.classes.size(); ++i)
                          spec.classes[i].count = drawn.first[i];
                        spec.budget = drawn.second;
                        return spec;
                      });
}

}  // namespace lockstorm::gen

namespace lockstorm::sim {

inline void showValue(const WorldSpec& spec, std::ostream& out) {
  for (const ProcessClass& one : spec.classes) out << one.count << " " << one.name << ", ";
  showValue(spec.budget, out);
}

}  // namespace lockstorm::sim
