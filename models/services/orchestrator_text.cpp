// The orchestrator in words, and the facts of its calls.
#include <fmt/format.h>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/orchestrator.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

std::string plan_text(const Orchestrator::Plan& plan) {
  return plan.commit == 0 ? std::string() : fmt::format("plan of commit {}", plan.commit);
}

constexpr auto kStatusNames = sim::text_for_each<Orchestrator::Status>(
    {"ok", "locked by another pull request", "locked by another job of this pull request",
     "somebody works in the directory", "not approved", "no plan", "merged already",
     "the database of locks cannot be reached"});

}  // namespace

std::string_view Orchestrator::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>(
      {"push", "approve", "begin", "store plan", "read plan", "report", "merge", "list locks", "unlock"});
  return kNames[request.index()];
}

sim::RequestFacts Orchestrator::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"pull request"},
      {"pull request"},
      {"directory"},
      {"plan"},
      {"plan"},
      {"pull request"},
      {"pull request"},
      {"project's lock"},
      {"project's lock"},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts Orchestrator::told(const Request&, const Response& response) {
  return {std::string(kStatusNames[static_cast<std::size_t>(response.status)]),
          response.status != Status::ok,
          {},
          version_facts(response.plan.prior)};
}

std::string Orchestrator::Push::describe(const sim::ProcessNames&) const {
  return fmt::format("push a commit to pull request {} that {} the project", pull,
                     touches != 0 ? "changes" : "does not touch");
}
std::string Orchestrator::Approve::describe(const sim::ProcessNames&) const {
  return fmt::format("approve pull request {}", pull);
}
std::string Orchestrator::Begin::describe(const sim::ProcessNames&) const {
  return fmt::format("begin {} of pull request {} (replica {})", applies != 0 ? "the apply" : "a plan", pull,
                     replica + 1);
}
std::string Orchestrator::StorePlan::describe(const sim::ProcessNames&) const {
  return fmt::format("store the {} for pull request {}", plan_text(plan), pull);
}
std::string Orchestrator::ReadPlan::describe(const sim::ProcessNames&) const {
  return fmt::format("take the plan of pull request {} to apply it", pull);
}
std::string Orchestrator::End::describe(const sim::ProcessNames&) const {
  constexpr auto kResults =
      sim::text_for_each<Result>({"planned", "failed", "applied", "success: there was no plan to apply"});
  return fmt::format("report on pull request {}: {}", pull, kResults[static_cast<std::size_t>(result)]);
}
std::string Orchestrator::Merge::describe(const sim::ProcessNames&) const {
  return fmt::format("merge pull request {}", pull);
}
std::string Orchestrator::ListLocks::describe(const sim::ProcessNames&) const { return "list locks"; }
std::string Orchestrator::Unlock::describe(const sim::ProcessNames&) const {
  if (neighbour != 0) return fmt::format("unlock another directory of pull request {}", pull);
  return fmt::format("delete {} lock of the project, and the plan of pull request {}",
                     only_own != 0 ? "its" : "whichever", pull);
}

std::string Orchestrator::Response::describe(const sim::ProcessNames&) const {
  if (plan.commit != 0) return plan_text(plan);
  if (commit != 0) return fmt::format("commit {} is checked out", commit);
  if (pull != 0) return fmt::format("pull request {} has the project", pull);
  return std::string(kStatusNames[static_cast<std::size_t>(status)]);
}

std::string Orchestrator::Value::describe(const sim::ProcessNames& names) const {
  std::string text;
  const auto add = [&](std::string part) {
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  };
  for (std::size_t i = 0; i < kPulls; ++i) {
    const Pull& pull = pulls.at(i);
    const bool is_untouched = pull == Pull{} && plans.at(i).commit == 0;
    if (i > 0 && is_untouched) continue;
    add(fmt::format("pull request {}: commit {}{}{}{}", i + 1, pull.head,
                    pull.approved != 0 ? fmt::format(", {} approved", pull.approved) : "",
                    pull.applied != 0 ? fmt::format(", {} applied", pull.applied) : "",
                    pull.merged != 0 ? ", merged" : ""));
    add(plan_text(plans.at(i)));
  }
  for (const Lock& lock : locks) {
    if (lock.pull != 0) add(fmt::format("project: pull request {}", lock.pull));
  }
  for (std::size_t i = 0; i < kReplicas; ++i) {
    const FallBack& instead = without_database.at(i);
    if (instead.happened == 0) continue;
    add(fmt::format("replica {} has its locks in memory", i + 1));
    if (instead.lock.pull != 0) add(fmt::format("project there: pull request {}", instead.lock.pull));
  }
  for (const auto& replica : directories) {
    for (const sim::Who& who : replica) {
      if (!who.is_nobody()) add(fmt::format("directory: {}", names.name(who)));
    }
  }
  return text;
}

}  // namespace lockstorm::models
