#include "scenarios/search/what_if.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include "scenarios/search/reached.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/people.hpp"
#include "scenarios/world/rights.hpp"

namespace lockstorm::scenarios {
namespace {

using models::UnlockTarget;

void on_every_fleet(Scenario& scenario, const auto& edit) {
  edit(scenario.client);
  for (Fleet& fleet : scenario.fleets) edit(fleet.client);
}

// "operator: {delete_lock: 0, restore_state: 0}", as it is typed.
std::string no_acts_by_hand(const Scenario& scenario) {
  std::string acts;
  for (std::size_t act = 0; act < models::kHandActs; ++act) {
    if (scenario.force_unlock.by_hand[act] == 0) continue;
    acts += (acts.empty() ? "" : ", ") + std::string(models::kHandActNames[act]) + ": 0";
  }
  return "operator: {" + acts + "}";
}

std::vector<WhatIf> operator_rules(const Scenario& scenario) {
  std::vector<WhatIf> changes;
  const OperatorSettings& people = scenario.force_unlock;
  const bool takes_locks = people.force_unlock > 0 ||
                           people.by_hand[static_cast<std::size_t>(models::HandAct::delete_lock)] > 0 ||
                           people.by_hand[static_cast<std::size_t>(models::HandAct::break_lease)] > 0;
  const auto add = [&](UnlockTarget target, std::string rule, std::string setting, std::string price) {
    if (!takes_locks || target >= scenario.force_unlock.target) return;
    WhatIf& change =
        changes.emplace_back(std::move(rule), std::move(setting), "", scenario, std::move(price));
    change.scenario.force_unlock.target = target;
  };
  add(UnlockTarget::unresponsive, "force-unlock only jobs that show no sign of life",
      "operator: {target: unresponsive}", "somebody has to look at the job first");
  add(UnlockTarget::dead, "force-unlock only jobs that are known to be dead", "operator: {target: dead}",
      "the lock of a job that hangs stays until the job is ended");
  return changes;
}

std::vector<WhatIf> rules_for_jobs(const Scenario& scenario, checkers::Property property) {
  std::vector<WhatIf> changes;
  if (scenario.faults[sim::Fault::interrupt] > 1) {
    WhatIf& change =
        changes.emplace_back("one interrupt, and then patience", "faults: {interrupt: 1}", "", scenario,
                             "a cancelled job goes on until what it has begun is done");
    change.scenario.faults[sim::Fault::interrupt] = 1;
  }
  // Where the first apply is over nothing is created any more; it can be killed all the same.
  if (scenario.initial == InitialState::empty && property != checkers::Property::no_drift) {
    WhatIf& change = changes.emplace_back("the first apply runs alone, before there are several jobs",
                                          "initial_state: existing", "", scenario);
    change.scenario.initial = InitialState::existing;
  }
  const auto fleets = scenario.all_fleets();
  if (std::ranges::any_of(fleets, [](const Fleet& fleet) { return !fleet.client.lock; })) {
    WhatIf& change = changes.emplace_back("no -lock=false", "client: {lock: true}", "", scenario);
    on_every_fleet(change.scenario, [](ClientSettings& client) { client.lock = true; });
  }
  return changes;
}

bool requests_fail(const Scenario& scenario) {
  using enum sim::Fault;
  return std::ranges::any_of(std::array{lose_request, lose_response, late_request, server_error, throttle},
                             [&](sim::Fault fault) { return scenario.faults[fault] > 0; });
}

bool is_argument_of(std::string_view name, const BackendType& type) {
  return std::ranges::any_of(std::views::split(type.arguments, ' '), [&](const auto range) {
    return std::string_view(range.begin(), range.end()) == name;
  });
}

std::vector<WhatIf> backend_changes(const Scenario& scenario) {
  std::vector<WhatIf> changes;
  // Blocks of fleets, and of an operator, may differ.
  if (!scenario.fleets.empty() || scenario.force_unlock.block) return changes;
  for (BackendChange& change : scenario.backend->changes()) {
    if (change.stops_retries && !requests_fail(scenario)) continue;
    WhatIf& what_if = changes.emplace_back(std::move(change.rule), change.settings.as_sections(),
                                           as_arguments(change.settings, scenario.backend->type()), scenario);
    what_if.scenario.backend = AnyBackend(std::move(change.backend));
    if (change.stops_retries) what_if.price = kPriceOfNoRetries;
  }
  return changes;
}

std::vector<WhatIf> last_resorts(const Scenario& scenario) {
  std::vector<WhatIf> changes;
  const bool uses_terraform = std::ranges::any_of(scenario.all_fleets(), [](const Fleet& fleet) {
    return fleet.client.tool == models::Dialect::terraform;
  });
  if (uses_terraform) {
    WhatIf& change = changes.emplace_back("OpenTofu instead of Terraform", "client: {tool: opentofu}",
                                          "`--tool opentofu`", scenario);
    on_every_fleet(change.scenario, [](ClientSettings& client) { client.tool = models::Dialect::opentofu; });
  }
  if (scenario.force_unlock.force_unlock > 0) {
    WhatIf& change =
        changes.emplace_back("nobody runs force-unlock", "operator: {force_unlock: 0}", "", scenario,
                             scenario.backend->traits().lock_ends_by_itself
                                 ? "others wait until the lock of a killed job has ended"
                                 : "the lock of a killed job stays, and nobody gets in");
    change.is_conduct = true;
    change.scenario.force_unlock.force_unlock = 0;
  }
  if (scenario.force_unlock.acts_by_hand() > 0) {
    WhatIf& change =
        changes.emplace_back("nobody touches the store by hand", no_acts_by_hand(scenario), "", scenario);
    change.is_conduct = true;
    change.scenario.force_unlock.by_hand = {};
  }
  if (scenario.fleets.empty() && scenario.client.count > 1) {
    WhatIf& change = changes.emplace_back(std::string(kOneJobAtATime), "client: {count: 1}",
                                          "`--jobs-in-ci 1`", scenario, std::string(kPriceOfOneJob));
    change.scenario.client.count = 1;
  }
  return changes;
}

std::string joined(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() ? one + other : one + "; " + other;
}

}  // namespace

std::string as_arguments(const ChangedSettings& settings, const BackendType& type) {
  const auto is_known = [&](const ChangedSetting& one) { return is_argument_of(one.key, type); };
  if (!settings.store.empty() || !std::ranges::all_of(settings.backend, is_known)) return {};
  std::string text;
  for (const auto& [key, value] : settings.backend) {
    if (!text.empty()) text += " and ";
    if (value == "false") {
      text += "no `" + key + "`";
    } else if (key.ends_with("_table")) {
      text += "a `" + key + "`";
    } else {
      text += "`" + key + " = " + value + "`";
    }
  }
  return text;
}

std::vector<WhatIf> what_ifs(const Scenario& scenario, checkers::Property property) {
  std::vector<WhatIf> all = operator_rules(scenario);
  const std::vector<WhatIf> rules = all;
  const std::vector<WhatIf> fences = backend_changes(scenario);
  for (WhatIf& change : rules_for_jobs(scenario, property)) all.push_back(std::move(change));
  for (WhatIf& change : all) change.is_conduct = true;
  all.insert(all.end(), fences.begin(), fences.end());
  for (WhatIf& change : last_resorts(scenario)) all.push_back(std::move(change));
  for (const WhatIf& fence : fences) {
    for (const WhatIf& rule : rules) {
      WhatIf& both = all.emplace_back(fence.rule + ", and " + rule.rule, fence.setting + ", " + rule.setting,
                                      fence.in_audit, fence.scenario, joined(fence.price, rule.price));
      both.scenario.force_unlock = rule.scenario.force_unlock;
    }
  }
  std::erase_if(all, [](const WhatIf& change) {
    return objection_to(change.scenario) || objection_to_people(change.scenario) ||
           objection_to_rights(change.scenario);
  });
  return all;
}

namespace {

bool everybody_succeeds(const World& world, const std::vector<models::Command>& never,
                        std::size_t max_states) {
  return never_succeeds(find_calm_runs(world, never, max_states).reached, never) == nullptr;
}

}  // namespace

std::vector<TriedChange> try_changes(const Scenario& scenario, checkers::Property property,
                                     std::size_t max_states) {
  std::vector<TriedChange> tried;
  for (WhatIf& change : what_ifs(scenario, property)) {
    change.scenario.check = checkers::PropertySet{property};
    const auto world = build_world(change.scenario);
    // Where the property means nothing it does not hold either.
    if (!world->checked.contains(property)) continue;
    const Refutation found = refute(*world, property, max_states);
    Verdict verdict = found.verdict;
    // Where a job never succeeds nothing is violated either, and nobody is helped.
    if (verdict == Verdict::held && !everybody_succeeds(*world, change.scenario.never, max_states))
      verdict = Verdict::invalid;
    tried.push_back({std::move(change.rule), std::move(change.setting), std::move(change.in_audit),
                     std::move(change.price), verdict, found.states, change.is_conduct});
    if (verdict == Verdict::held) break;
  }
  return tried;
}

}  // namespace lockstorm::scenarios
