#include "scenarios/campaigns/inventory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>

#include "scenarios/data/fnv1a.hpp"
#include "scenarios/repository/completion.hpp"

namespace lockstorm::scenarios {
namespace {

// Whatever a report of the set-up depends on, but for places in files.
std::string identity(const AuditPlan& plan) {
  const Scenario& first = plan.configurations.front();
  return fmt::format("{}\n{}\n{}", hex(fingerprint(first)), first.name, fmt::join(plan.assumptions, "\n"));
}

class Inventarist {
 public:
  explicit Inventarist(const InventoryOptions& options) : options_(options) {}

  void add(const RootModule& root) {
    const auto completions = completions_of(
        root, {options_.completed_with, !options_.audit.settings.empty(), &options_.walk.read.environment});
    if (!completions) {
      inventory_.complaints.push_back(completions.error());
      return;
    }
    for (const Completion& completion : *completions) {
      TerraformConfiguration configuration = completion.configuration;
      if (configuration.backend) {
        for (const std::string& name : options_.without) configuration.backend->arguments.erase(name);
      }
      add_state(root, completion.by, std::move(configuration));
    }
  }

  Inventory take() && { return std::move(inventory_); }
  Inventory& inventory() { return inventory_; }

 private:
  // What jobs pass to the tool, Terragrunt's words last: they stand on the command line itself.
  void take_passed(const RootModule& root, AuditOptions& audit, TerraformConfiguration& configuration) const {
    const auto by = [](const ValueSource& source) {
      return source.where.file.empty()
                 ? source.what
                 : fmt::format("{}, {}:{}", source.what, source.where.file, source.where.line);
    };
    for (const CliArguments& passed : {cli_arguments(options_.walk.read.environment), root.passed}) {
      if (passed.lock_timeout && !audit.lock_timeout_is_given) {
        audit.lock_timeout = passed.lock_timeout->value;
        configuration.assumptions.push_back(
            fmt::format("jobs wait for the lock, as -lock-timeout says ({})", by(passed.lock_timeout->by)));
      }
      if (!passed.lock) continue;
      audit.lock = passed.lock->value;
      configuration.assumptions.push_back(
          fmt::format("jobs pass -lock={} ({})", audit.lock, by(passed.lock->by)));
    }
  }

  // What is said beside the configuration of the jobs that change the state.
  void take_known(const RootModule& root, AuditOptions& audit, TerraformConfiguration& configuration) const {
    if (!options_.jobs_at) return;
    const KnownJobs known = options_.jobs_at(root.directory);
    const auto take = [&](const auto& said, auto& option) {
      option = said->value;
      configuration.assumptions.push_back(said->told);
    };
    if (known.at_once && !audit.jobs_are_given) take(known.at_once, audit.jobs);
    if (known.lock_timeout && !audit.lock_timeout_is_given) take(known.lock_timeout, audit.lock_timeout);
    if (known.lock) take(known.lock, audit.lock);
  }

  void add_state(const RootModule& root, const std::string& completed_by,
                 TerraformConfiguration configuration) {
    AuditOptions audit = options_.audit;
    audit.tool = root.tool.tool;
    take_known(root, audit, configuration);
    take_passed(root, audit, configuration);
    auto plans = plan_audits(configuration, audit);
    if (!plans) {
      inventory_.complaints.push_back(plans.error());
      return;
    }
    for (AuditPlan& plan : *plans) {
      if (!plan.not_applicable.empty()) {
        inventory_.left_out.push_back({root.directory, std::move(plan.not_applicable)});
        continue;
      }
      const auto [known, is_new] = numbers_.try_emplace(identity(plan), inventory_.set_ups.size());
      AuditedState state{root.directory, completed_by, configuration, root.tool, plan.where};
      if (is_new) inventory_.set_ups.push_back({std::move(plan), {}});
      inventory_.set_ups[known->second].states.push_back(std::move(state));
    }
  }

  const InventoryOptions& options_;
  Inventory inventory_;
  boost::unordered_flat_map<std::string, std::size_t> numbers_;
};

}  // namespace

Inventory take_inventory(std::span<const std::filesystem::path> paths, const InventoryOptions& options) {
  FoundRoots found = find_roots(paths, options.walk);
  Inventarist inventarist(options);
  inventarist.inventory().left_out = std::move(found.left_out);
  inventarist.inventory().complaints = std::move(found.complaints);
  for (const RootModule& root : found.roots) inventarist.add(root);
  return std::move(inventarist).take();
}

}  // namespace lockstorm::scenarios
