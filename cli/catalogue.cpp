#include "cli/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "checkers/judge.hpp"
#include "checkers/properties.hpp"
#include "models/terraform/command.hpp"
#include "models/terraform/milestone.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/fault_meanings.hpp"
#include "scenarios/hunt/portfolio.hpp"
#include "sim/faults.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::cli {
namespace {

// Services that are there whatever the backend.
constexpr std::array<scenarios::BackendService, 2> kCommonServices{{
    {"cloud", "the infrastructure that applies create, read and update"},
    {"ci", "the CI system as an operator sees it: which jobs run, are silent, are gone"},
}};

constexpr auto kCommandMeanings = sim::text_for_each<models::Command>({
    "refreshes, plans and changes the infrastructure under the lock, and saves the state",
    "reads state and infrastructure under the lock",
    "same, and leaves a plan file for `apply PLANFILE`",
    "applies a plan file unless the state's lineage or serial has changed since",
    "deletes what the state records",
    "writes what the provider reports to the state",
    "takes a resource that exists into the state",
    "reads the state without a lock, for `state push`",
    "writes a pulled or errored state unless lineage or serial forbid it",
    "same, whatever lineage and serial are",
    "renames a resource in the state",
    "makes the state forget a resource that goes on existing",
    "creates the workspace under an `init` lock of its own",
    "same, and is meant to store a given state in it",
    "deletes the workspace if it is empty, after it has let go of the lock",
    "same, also when it is not empty",
    "copies the state to the backend `migrate_to`, under both locks",
    "reads the state; azurerm, gcs and kubernetes create it under an `init` lock where there is none",
    "no command of the tools: a person sets the stored digest to that of the state, if it has not changed "
    "since",
    "a commit is pushed to the job's pull request that changes what it plans",
    "the same, by one after which the pull request does not touch it any more",
    "somebody approves the newest commit of the pull request",
    "merges the pull request: its lock and its plans go",
    "gives the pull request's lock and plan up, as somebody asks for in a comment",
    "the same for another directory of the pull request",
});

CatalogueItem backend_item(const scenarios::BackendType& type) {
  std::string details;
  if (const std::string tools = availability_text(type); !tools.empty()) details = tools + "\n";
  return {"backend", type.name, type.summary, details};
}

// Of `judge --model`, in the order of checkers::Model.
constexpr auto kModelMeanings = sim::text_for_each<checkers::Model>({
    "read, write V: linearizable, key by key",
    "read, write V, cas [OLD NEW]: linearizable, key by key",
    "acquire, release: linearizable",
    "acquire, release, by the same owner also twice: linearizable",
    "acquire with a token that must rise, release: linearizable",
    "get, put, append of texts: linearizable, key by key",
    "read, write of {lineage, serial}: linearizable, and a write keeps the lineage and raises the serial",
    "acquire, release, evict, crash: who had the lock, who took it from whom, how long others waited",
    "read, append E, write, txn: lost updates, forks and stale reads in linear time",
    "a lock's and a state's operations: each by its own model, and who wrote while another held the lock",
});

// What `audit` and `matrix` put every backend through, as far as it can befall it.
CatalogueItem troubles_item() {
  std::string details;
  for (const scenarios::Trouble& trouble : scenarios::troubles()) {
    scenarios::Scenario scenario;
    add_trouble(scenario, trouble);
    details += fmt::format("  {}  {}\n", trouble.adverse_events(), scenarios::adversity_text(scenario));
  }
  return {
      "table", "troubles",
      "what `audit` and `matrix` put every backend through as far as it can befall it, each with two jobs, "
      "or three: how many adverse events, and which",
      details};
}

// Backends may share a service: it is listed where it first comes up.
void add_services(std::span<const scenarios::BackendService> services, std::vector<CatalogueItem>& items) {
  for (const scenarios::BackendService& service : services) {
    const auto is_it = [&](const CatalogueItem& item) {
      return item.kind == "service" && item.name == service.name;
    };
    if (std::ranges::none_of(items, is_it)) items.push_back({"service", service.name, service.summary, ""});
  }
}

}  // namespace

const std::vector<CatalogueItem>& catalogue() {
  static const std::vector<CatalogueItem> items = [] {
    std::vector<CatalogueItem> all;
    for (const scenarios::BackendType* type : scenarios::backend_types()) all.push_back(backend_item(*type));
    for (const scenarios::BackendType* type : scenarios::backend_types()) add_services(type->services, all);
    add_services(kCommonServices, all);
    for (std::size_t i = 0; i < kCommandMeanings.size(); ++i)
      all.push_back({"command", models::command_names()[i], kCommandMeanings[i], ""});
    for (const checkers::PropertyInfo& info : checkers::kPropertyInfo)
      all.push_back({"property", info.name, info.violated_when, ""});
    for (std::size_t i = 0; i < sim::kFaultKinds; ++i)
      all.push_back({"fault", sim::kFaultNames[i], scenarios::kFaultMeanings[i], ""});
    for (std::size_t i = 0; i < models::kGoals; ++i) {
      const auto goal = static_cast<models::Goal>(i);
      all.push_back({"goal", models::goal_name(goal), models::goal_meaning(goal),
                     fmt::format("  expect: {{reached: [{}]}}  some run of the scenario must reach it\n",
                                 models::goal_name(goal))});
    }
    for (const scenarios::StrategyInfo& info : scenarios::strategies())
      all.push_back({"strategy", info.name, info.does, ""});
    for (std::size_t i = 0; i < kModelMeanings.size(); ++i)
      all.push_back({"model", checkers::model_names()[i], kModelMeanings[i], ""});
    all.push_back(
        {"format", "scenario", "every key of a scenario file, with its meaning, range and default", ""});
    all.push_back(troubles_item());
    return all;
  }();
  return items;
}

}  // namespace lockstorm::cli
