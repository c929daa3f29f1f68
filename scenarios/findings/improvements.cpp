#include "scenarios/findings/improvements.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "scenarios/search/verify.hpp"
#include "scenarios/search/what_if.hpp"

namespace lockstorm::scenarios {
namespace {

// The plan with other settings; nothing where the tools or the models would refuse it.
std::optional<AuditPlan> changed_plan(const AuditPlan& plan, auto&& edit) {
  AuditPlan changed = plan;
  edit(changed);
  auto filled = with_configurations(std::move(changed));
  if (!filled) return std::nullopt;
  return *std::move(filled);
}

void add_backend_changes(const AuditPlan& plan, std::vector<PossibleChange>& changes) {
  for (BackendChange& change : plan.backend->changes()) {
    std::string how = as_arguments(change.settings, plan.backend->type());
    if (how.empty()) continue;
    auto changed = changed_plan(plan, [&](AuditPlan& one) { one.backend = AnyBackend(change.backend); });
    if (changed)
      changes.push_back({std::move(change.rule), std::move(how),
                         std::string(change.stops_retries ? kPriceOfNoRetries : ""), *std::move(changed)});
  }
}

bool has(std::span<const Finding> findings, const Rule& rule) {
  return std::ranges::any_of(findings, [&](const Finding& one) { return one.rule == rule; });
}

// Whether the old set-up violates it by that very cause, whatever else violates it.
bool was_there(const AuditPlan& before, const Rule& rule) {
  for (const Scenario& configuration : before.configurations) {
    if (&trouble_of(configuration) != rule.cause) continue;
    Scenario asked = configuration;
    asked.check = checkers::PropertySet{rule.property};
    const VerifyResult result = verify(asked, {.explain = false});
    return result.answer(rule.property) == Verdict::violated;
  }
  return false;
}

Grade worst_of(std::span<const Finding> findings) {
  Grade worst = Grade::info;
  for (const Finding& finding : findings) worst = std::max(worst, finding.grade);
  return worst;
}

// How much findings weigh together: any number of lesser ones is less than one of the next grade.
std::array<std::size_t, sim::kCountOf<Grade>> weight_of(std::span<const Finding> findings) {
  std::array<std::size_t, sim::kCountOf<Grade>> weight{};
  for (const Finding& finding : findings)
    ++weight[sim::kCountOf<Grade> - 1 - static_cast<std::size_t>(finding.grade)];
  return weight;
}

}  // namespace

std::vector<PossibleChange> possible_changes(const AuditPlan& plan) {
  std::vector<PossibleChange> changes;
  add_backend_changes(plan, changes);
  if (plan.options.jobs > 1) {
    if (auto changed = changed_plan(plan, [](AuditPlan& one) { one.options.jobs = 1; }))
      changes.push_back({std::string(kOneJobAtATime), "`--jobs-in-ci 1`", std::string(kPriceOfOneJob),
                         *std::move(changed)});
  }
  if (plan.tool == models::Dialect::terraform) {
    if (auto changed = changed_plan(plan, [](AuditPlan& one) { one.tool = models::Dialect::opentofu; }))
      changes.push_back({"OpenTofu instead of Terraform", "`--tool opentofu`", "another tool in every job",
                         *std::move(changed)});
  }
  return changes;
}

bool Improvement::helps() const {
  return !turned.empty() && (opened.empty() || worst_of(opened) < worst_of(turned));
}

Improvement improvement_of(const PossibleChange& change, const Audited& before,
                           std::span<const Finding> after) {
  Improvement improvement{change.rule, change.how, change.price, {}, {}};
  for (const Finding& finding : before.findings) {
    if (!finding.is_inherent && !has(after, finding.rule)) improvement.turned.push_back(finding);
  }
  for (const Finding& finding : after) {
    if (!finding.is_inherent && !has(before.findings, finding.rule) && !was_there(before.plan, finding.rule))
      improvement.opened.push_back(finding);
  }
  return improvement;
}

std::vector<Improvement> ranked(std::vector<Improvement> improvements) {
  std::erase_if(improvements, [](const Improvement& one) { return !one.helps(); });
  std::ranges::stable_sort(improvements, [](const Improvement& a, const Improvement& b) {
    const auto turned_a = weight_of(a.turned);
    const auto turned_b = weight_of(b.turned);
    if (turned_a != turned_b) return turned_a > turned_b;
    return a.price.empty() && !b.price.empty();
  });
  return improvements;
}

}  // namespace lockstorm::scenarios
