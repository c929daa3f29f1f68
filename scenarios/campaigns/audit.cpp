#include "scenarios/campaigns/audit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>

#include "scenarios/campaigns/audit_backend.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/config/config_files.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/audit_name.hpp"

namespace lockstorm::scenarios {
namespace {

Scenario configuration_of(const AuditPlan& plan, const Trouble& trouble) {
  Scenario scenario;
  scenario.backend = plan.backend;
  scenario.client.tool = plan.tool;
  scenario.client.count = plan.options.jobs;
  scenario.client.lock_timeout = plan.options.lock_timeout;
  scenario.client.lock = plan.options.lock;
  scenario.client.runner = plan.options.runner;
  return audit_configuration(std::move(scenario), trouble);
}

models::Dialect tool_of(const TerraformConfiguration& configuration) {
  return std::ranges::any_of(configuration.files, is_opentofus_own) ? models::Dialect::opentofu
                                                                    : models::Dialect::terraform;
}

// Terraform's own rule (internal/lang/eval.go, "Variables not allowed"): a backend block is read before there
// are any.
std::optional<InputError> refused_by_terraform(const TerraformConfiguration& configuration) {
  if (!configuration.uses_variables || configuration.uses_variables->is_json) return std::nullopt;
  const ReferenceInBlock& used = *configuration.uses_variables;
  return InputError{
      used.where,
      fmt::format("{} is not allowed here: Terraform takes neither variables nor functions in a "
                  "backend block",
                  told(used)),
      "a literal, or an argument that -backend-config gives", "--tool opentofu evaluates it"};
}

// The configurations of a plan; or why they cannot be.
std::optional<InputError> fill_in(AuditPlan& plan) {
  if (auto objection = objection_to(configuration_of(plan, Trouble{})))
    return InputError{plan.where, objection->problem, objection->expected, objection->hint};
  const Adversities expected = plan.options.faults & plan.backend->possible_adversities();
  for (const Trouble& trouble : troubles()) {
    if ((trouble.needs() & ~expected) == 0) plan.configurations.push_back(configuration_of(plan, trouble));
  }
  // What a name does not say could not be looked at again.
  const Scenario& first = plan.configurations.front();
  const auto again = scenario_of_audit_name(first.name);
  if (again && fingerprint(*again) == fingerprint(first)) return std::nullopt;
  return InputError{
      where_store_is_said(plan.options), "an audit of this backend cannot say that of its store",
      "a promise that names of configurations have", "write a scenario with that `store:`, and verify it"};
}

// Whether none of the causes known so far is enough for what happens in that configuration.
bool is_another_cause(const AuditFinding& finding, std::span<const VerifyResult> results,
                      std::size_t number) {
  const Adversities here = adversities_of(results[number].scenario);
  const auto is_enough = [&](std::size_t known) {
    return (adversities_of(results[known].scenario) & ~here) == 0;
  };
  return !is_enough(finding.configuration) && std::ranges::none_of(finding.also, is_enough);
}

}  // namespace

std::expected<Adversities, std::string> parse_adversities(std::string_view text) {
  std::vector<std::string_view> names;
  for (const AdversityName& known : kAdversityNames) names.push_back(known.name);
  if (text.empty()) {
    return std::unexpected(
        fmt::format("no kind of fault is named (an unset variable?); known are {}", fmt::join(names, ", ")));
  }
  Adversities set = 0;
  for (const auto range : std::views::split(text, ',')) {
    const std::string_view word(range.begin(), range.end());
    const auto* const found = std::ranges::find(kAdversityNames, word, &AdversityName::name);
    if (found == kAdversityNames.end()) {
      const std::string_view nearest = nearest_name(word, names);
      std::string problem =
          fmt::format("unknown kind of fault '{}'; known are {}", word, fmt::join(names, ", "));
      if (!nearest.empty()) problem += fmt::format("; did you mean '{}'?", nearest);
      return std::unexpected(problem);
    }
    set = static_cast<Adversities>(set | adversity_bit(found->kind));
  }
  return set;
}

std::expected<std::vector<AuditPlan>, InputError> plan_audits(const TerraformConfiguration& configuration,
                                                              const AuditOptions& options) {
  AuditPlan plan;
  plan.tool = options.tool.value_or(tool_of(configuration));
  if (plan.tool == models::Dialect::terraform) {
    if (auto refused = refused_by_terraform(configuration)) return std::unexpected(*std::move(refused));
  }
  std::expected<AuditBackend, InputError> backend = read_audit_backend(configuration, options, plan.tool);
  if (!backend) return std::unexpected(backend.error());
  plan.backend = backend->config;
  plan.assumptions = configuration.assumptions;
  plan.assumptions.insert(plan.assumptions.end(), backend->assumptions.begin(), backend->assumptions.end());
  if (configuration.backend) plan.where = configuration.backend->where;
  if (configuration.cloud) plan.where = configuration.cloud->where;
  if (configuration.state_store) plan.where = configuration.state_store->where;
  plan.options = options;
  plan.not_applicable = std::move(backend->not_applicable);
  std::vector<AuditPlan> plans{plan};
  if (!plan.not_applicable.empty()) return plans;
  for (const StoreDoubt& doubt : backend->doubts) {
    plans.front().premise = doubt.kept;
    plans.push_back(plan);
    plans.back().backend = AnyBackend(doubt.otherwise);
    plans.back().premise = doubt.broken;
    for (AuditPlan& one : plans)
      one.assumptions.push_back(
          fmt::format("{} ({}; --store {}=true or false decides)", one.premise, doubt.why, doubt.setting));
  }
  for (AuditPlan& one : plans) {
    if (auto objection = fill_in(one)) return std::unexpected(*objection);
  }
  return plans;
}

std::expected<AuditPlan, InputError> with_configurations(AuditPlan plan) {
  plan.configurations.clear();
  if (auto objection = fill_in(plan)) return std::unexpected(*std::move(objection));
  return plan;
}

std::expected<AuditPlan, InputError> plan_audit(const TerraformConfiguration& configuration,
                                                const AuditOptions& options) {
  auto plans = plan_audits(configuration, options);
  if (!plans) return std::unexpected(plans.error());
  return std::move(plans->front());
}

std::vector<AuditFinding> conclude_audit(std::span<const VerifyResult> results) {
  std::vector<AuditFinding> findings;
  for (const checkers::Property property : checkers::PropertySet::of_backends()) {
    AuditFinding finding{property, Verdict::held, 0, {}, {}};
    bool checked = false;
    for (std::size_t number = 0; number < results.size(); ++number) {
      const std::optional<Verdict> here = results[number].answer(finding.property);
      if (!here) continue;
      checked = true;
      if (*here == Verdict::held && results[number].verdict != Verdict::invalid)
        finding.held_in.push_back(number);
      if (finding.verdict == Verdict::violated && *here == Verdict::violated &&
          is_another_cause(finding, results, number))
        finding.also.push_back(number);
      if (worse(finding.verdict, *here) == finding.verdict) continue;
      finding.verdict = *here;
      finding.configuration = number;
    }
    if (checked) findings.push_back(std::move(finding));
  }
  return findings;
}

std::string_view configuration_state(const VerifyResult& result, const VerifyResult& first) {
  if (result.cannot_happen()) return "skipped";
  if (result.verdict == Verdict::held && result.properties.size() != first.properties.size()) return "known";
  return verdict_name(result.verdict);
}

Verdict audit_verdict(std::span<const VerifyResult> results) {
  Verdict verdict = Verdict::held;
  for (const VerifyResult& result : results) {
    if (!result.cannot_happen()) verdict = worse(verdict, result.verdict);
  }
  return verdict;
}

}  // namespace lockstorm::scenarios
