#include "scenarios/files/yaml_orchestrator.hpp"

#include <yaml-cpp/yaml.h>

#include <array>

#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {
namespace {

using Rules = models::OrchestratorRules;

constexpr auto kTypes = std::to_array<std::string_view>({"custom", "atlantis", "digger", "terrateam", "hcp"});

// As they are usually set up, by their manuals: Atlantis' locking and repo_locks, Digger's pr_locks,
// Terrateam's lock_policy, HCP Terraform's runs of a workspace.
Rules rules_of_type(std::size_t type) {
  Rules rules;
  switch (type) {
    case 1:  // the project from `plan` on, the working directory in the memory of the server
      rules.directory_lock = Rules::Place::memory;
      break;
    case 2:  // the project from the plan to the merge; every job has a checkout of its own
      rules.directory_lock = Rules::Place::none;
      break;
    case 3:  // `strict`: from the apply to the merge; every job has a checkout of its own
      rules.locks_at = Rules::LocksAt::apply;
      rules.directory_lock = Rules::Place::none;
      break;
    case 4:  // runs of a workspace queue, each from its plan to the end of its apply
      rules.queues = true;
      rules.released_by = Rules::Release::apply;
      rules.directory_lock = Rules::Place::none;
      break;
    default:
      break;
  }
  return rules;
}

template <class Kind>
void read_kind(YamlReader& reader, const YAML::Node& node, const YamlKey& key,
               std::span<const std::string_view> names, Kind& kind) {
  auto number = static_cast<std::size_t>(kind);
  reader.choice(node, key, names, number);
  kind = static_cast<Kind>(number);
}

}  // namespace

void read_orchestrator(YamlReader& reader, const YAML::Node& node, Rules& rules) {
  static constexpr auto kMoments = sim::text_for_each<Rules::LocksAt>({"plan", "apply", "never"});
  static constexpr auto kOwners = sim::text_for_each<Rules::Owner>({"pull_request", "job"});
  static constexpr auto kPlaces = sim::text_for_each<Rules::Place>({"database", "memory", "none"});
  static constexpr std::span<const std::string_view> kLockPlaces(kPlaces.data(), 2);
  static constexpr auto kApprovals = sim::text_for_each<Rules::Approval>({"newest", "any", "none"});
  static constexpr auto kWithoutPlan = sim::text_for_each<Rules::WithoutPlan>({"refuses", "succeeds"});
  static constexpr auto kReleases = sim::text_for_each<Rules::Release>({"merge", "apply"});
  static constexpr auto kUnlocks = sim::text_for_each<Rules::Unlocks>({"own", "listed"});
  static constexpr auto kWithoutDatabase = sim::text_for_each<Rules::WithoutDatabase>({"refuses", "memory"});
  static constexpr auto kDeletes = sim::text_for_each<Rules::UnlockDeletes>({"directory", "workspace"});
  reader.keys(node, {"type", "locks_at", "lock_owner", "locks_in", "directory_lock", "replicas", "approval",
                     "without_plan", "released_by", "unlock", "unlock_deletes", "keeps_dropped_plans",
                     "queues", "database_failures", "without_database"});
  std::size_t type = 0;
  reader.choice(node, {"type", "whose usual rules hold where no other key says otherwise"}, kTypes, type);
  if (type != 0) rules = rules_of_type(type);
  read_kind(reader, node, {"locks_at", "when a pull request takes the project's lock"}, kMoments,
            rules.locks_at);
  read_kind(reader, node,
            {"lock_owner", "whose that lock is: job: not that of another job of the same pull request"},
            kOwners, rules.owner);
  read_kind(reader, node,
            {"locks_in", "where that lock is: in what all replicas have in common, or in the memory of each"},
            kLockPlaces, rules.locks_in);
  read_kind(
      reader, node,
      {"directory_lock",
       "where the lock is that keeps two jobs of a pull request out of one checkout, in which plans lie"},
      kPlaces, rules.directory_lock);
  reader.number(node, {"replicas", "servers that events go to, either of them each"}, 1,
                static_cast<std::int64_t>(models::Orchestrator::kReplicas), rules.replicas);
  read_kind(reader, node,
            {"approval", "what an apply asks for: an approval of the newest commit, of any, or none"},
            kApprovals, rules.approval);
  read_kind(reader, node, {"without_plan", "what an apply does that finds no plan"}, kWithoutPlan,
            rules.without_plan);
  read_kind(reader, node, {"released_by", "what gives the project's lock back, besides `unlock`"}, kReleases,
            rules.released_by);
  read_kind(
      reader, node,
      {"unlock", "how `unlock` deletes the lock: its own, or, in two requests, the one that was listed"},
      kUnlocks, rules.unlock);
  read_kind(reader, node,
            {"unlock_deletes", "whose plans go with a lock: of its directory, or of the whole workspace"},
            kDeletes, rules.unlock_deletes);
  reader.flag(
      node, {"keeps_dropped_plans", "the plan stays of a project that a new commit does not touch any more"},
      rules.keeps_dropped_plans);
  reader.flag(node, {"queues", "whoever finds the project taken waits for it"}, rules.queues);
  reader.number(node,
                {"database_failures", "how often a replica cannot reach the database of locks, at the most"},
                0, 2, rules.database_failures);
  read_kind(
      reader, node,
      {"without_database", "what it does then: nothing begins, or its own memory has its locks from then on"},
      kWithoutDatabase, rules.without_database);
}

}  // namespace lockstorm::scenarios
