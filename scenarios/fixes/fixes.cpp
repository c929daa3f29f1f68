#include "scenarios/fixes/fixes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/data/version_constraint.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kLockFileSince = "1.10";

// Why some version of the tool that may run here does not know the argument, a clause.
std::string version_without_lock_file(const AuditedState& state) {
  if (state.tool.version && allows_before(state.tool.version->version, 1, 10))
    return fmt::format("the tool that is pinned here, {}, has no use_lockfile, which came with {}",
                       state.tool.version->version, kLockFileSince);
  for (const auto& [constraint, where] : state.configuration.required_versions) {
    if (!allows_from(constraint, 1, 10))
      return fmt::format("required_version = \"{}\" lets in no version with use_lockfile, which came with {}",
                         constraint, kLockFileSince);
    if (allows_before(constraint, 1, 10))
      return fmt::format("required_version = \"{}\" lets in versions before {}, which refuse use_lockfile",
                         constraint, kLockFileSince);
  }
  return "";
}

bool turns_on(const BackendBlock& block, const std::string& name) {
  const auto found = block.arguments.find(name);
  if (found == block.arguments.end()) return false;
  const AttributeValue& value = found->second.value;
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* text = std::get_if<std::string>(&value))
    return !text->empty() && *text != "false" && *text != "0";
  return true;
}

void add_s3_fixes(const AuditedState& state, const BackendBlock& block, std::vector<Fix>& fixes) {
  const bool has_table = turns_on(block, "dynamodb_table");
  const bool has_file = turns_on(block, "use_lockfile");
  std::string version = version_without_lock_file(state);
  if (!has_file && !has_table)
    fixes.push_back({"a lock file beside the state", {{"use_lockfile", "true"}}, std::move(version)});
  else if (has_table) {
    std::string mixed =
        "jobs that still run with the old block lock in the table only, and no longer meet these";
    if (!version.empty()) mixed = version + "; " + mixed;
    fixes.push_back({"a lock file instead of the table, and so no digest",
                     {{"use_lockfile", "true"}, {"dynamodb_table", std::nullopt}},
                     std::move(mixed)});
  }
  fixes.push_back({"no request is sent again when its answer is lost",
                   {{"max_retries", "1"}},
                   "a single error of the store fails the job"});
}

}  // namespace

std::vector<Fix> fixes_for(const AuditedState& state) {
  std::vector<Fix> fixes;
  if (!state.configuration.backend) return fixes;
  const BackendBlock& block = *state.configuration.backend;
  if (block.type == "s3") add_s3_fixes(state, block, fixes);
  if (block.type == "consul" && block.arguments.contains("lock") && !turns_on(block, "lock"))
    fixes.push_back({"the state is locked", {{"lock", "true"}}, ""});
  return fixes;
}

TerraformConfiguration after_edits(TerraformConfiguration configuration,
                                   const std::vector<ArgumentEdit>& edits) {
  for (const ArgumentEdit& edit : edits) {
    auto& arguments = configuration.backend->arguments;
    if (!edit.value) {
      arguments.erase(edit.name);
      continue;
    }
    AttributeValue value =
        *edit.value == "true" ? AttributeValue(true) : AttributeValue(std::stod(*edit.value));
    arguments.insert_or_assign(edit.name, Attribute{std::move(value), configuration.backend->where});
  }
  return configuration;
}

bool FixEffect::is_better() const { return worst_gone && (!worst_come || *worst_come < *worst_gone); }

FixEffect effect_of(std::span<const Finding> before, std::span<const Finding> after) {
  FixEffect effect;
  const auto only_in = [](std::span<const Finding> these, std::span<const Finding> those,
                          std::vector<Rule>& rules, std::optional<Grade>& worst) {
    for (const Finding& finding : these) {
      if (finding.is_inherent || std::ranges::find(those, finding.rule, &Finding::rule) != those.end())
        continue;
      rules.push_back(finding.rule);
      worst = std::max(worst.value_or(finding.grade), finding.grade);
    }
  };
  only_in(before, after, effect.gone, effect.worst_gone);
  only_in(after, before, effect.come, effect.worst_come);
  return effect;
}

}  // namespace lockstorm::scenarios
