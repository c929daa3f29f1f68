#include "scenarios/campaigns/inventory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>

#include "scenarios/data/fnv1a.hpp"
#include "scenarios/repository/candidates.hpp"

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

  void add(RootModule root) {
    TerraformConfiguration& configuration = root.configuration;
    if (configuration.backend) {
      configuration.backend = completed(*std::move(configuration.backend), options_.completed_with);
      for (const std::string& name : options_.without) configuration.backend->arguments.erase(name);
    }
    std::vector<Candidate> candidates;
    if (configuration.backend && options_.audit.settings.empty())
      candidates = candidates_near(root.directory, *configuration.backend);
    if (candidates.empty()) {
      add_state(root, "", configuration);
      return;
    }
    for (const Candidate& candidate : candidates) {
      TerraformConfiguration one = configuration;
      one.backend = completed(*std::move(one.backend), candidate.arguments);
      one.files.push_back(candidate.file.string());
      add_state(root, candidate.file.string(), std::move(one));
    }
  }

  Inventory take() && { return std::move(inventory_); }
  Inventory& inventory() { return inventory_; }

 private:
  void add_state(const RootModule& root, const std::string& completed_by,
                 const TerraformConfiguration& configuration) {
    AuditOptions audit = options_.audit;
    audit.tool = root.tool.tool;
    auto plans = plan_audits(configuration, audit);
    if (!plans) {
      inventory_.complaints.push_back(plans.error());
      return;
    }
    for (AuditPlan& plan : *plans) {
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
  for (RootModule& root : found.roots) inventarist.add(std::move(root));
  return std::move(inventarist).take();
}

}  // namespace lockstorm::scenarios
