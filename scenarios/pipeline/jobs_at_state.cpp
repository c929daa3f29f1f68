#include "scenarios/pipeline/jobs_at_state.hpp"

#include <algorithm>
#include <vector>

#include "scenarios/pipeline/state_directories.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// A run, and those of its commands that change the state.
struct Changing {
  RunOf run;
  std::vector<const Command*> commands;
};

std::vector<Changing> changing(const std::vector<RunOf>& runs, const StateDirectory& directory) {
  std::vector<Changing> found;
  for (const RunOf& run : runs) {
    std::vector<const Command*> commands;
    for (const Command* command : run.writers)
      if (directory.may_be_of(*command)) commands.push_back(command);
    if (!commands.empty()) found.push_back({run, std::move(commands)});
  }
  return found;
}

// A command that nobody sees any more, or on a machine that comes back, works beside the next run's.
bool outlives_its_job(const Changing& one) {
  if (one.run.job().fragile_machine) return true;
  const bool is_ci = one.run.job().system <= System::jenkins;
  return is_ci && std::ranges::any_of(one.commands, [](const Command* command) {
           return command->hears == Hears::nothing_unseen;
         });
}

// Of each two, also of two that are started in the same way.
bool are_kept_apart(const std::vector<Changing>& all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = i; k < all.size(); ++k)
      if (can_overlap(all[i].run, all[k].run)) return false;
  return true;
}

// Those who do not wait decide, and among those who do the least patient.
std::chrono::seconds shortest_wait(const std::vector<Changing>& all) {
  std::chrono::seconds shortest = std::chrono::seconds::max();
  for (const Changing& one : all)
    for (const Command* command : one.commands)
      shortest = std::min(shortest, command->lock_timeout.value_or(std::chrono::seconds(0)));
  return shortest;
}

}  // namespace

JobsAtState::JobsAtState(const Pipeline& pipeline) : pipeline_(&pipeline), runs_(distinct_runs(pipeline)) {}

KnownJobs JobsAtState::operator()(const std::filesystem::path& directory) const {
  const std::vector<Changing> all = changing(runs_, StateDirectory(*pipeline_, directory));
  KnownJobs known;
  if (all.empty()) return known;
  const bool are_apart = are_kept_apart(all);
  if (are_apart) {
    const bool is_one = std::ranges::none_of(all, outlives_its_job);
    known.at_once = {is_one ? std::uint16_t{1} : std::uint16_t{2},
                     is_one ? "one job at a time: the CI files keep runs apart (`lockstorm pipeline`)"
                            : "two jobs at once: the CI files keep runs apart, but one that was cut off may "
                              "live on beside its successor (`lockstorm pipeline`)"};
  }
  if (const std::chrono::seconds wait = shortest_wait(all); wait.count() > 0)
    known.lock_timeout = {wait, "jobs wait for the lock, as -lock-timeout says in the CI files"};
  const bool is_off = std::ranges::any_of(all, [](const Changing& one) {
    return std::ranges::any_of(one.commands, [](const Command* c) { return c->lock_off.has_value(); });
  });
  if (is_off) known.lock = {false, "jobs pass -lock=false, as some do in the CI files"};
  return known;
}

}  // namespace lockstorm::scenarios::pipeline
